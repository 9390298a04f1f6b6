/* SPDX-License-Identifier: MIT */
/* Memory devices: null, zero, full, random, urandom, kmsg. */
#include <debug/log.h>
#include <dev/mem.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/fmt.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <mm/vmobj.h>
#include <ns/chardev.h>
#include <obj/desc.h>
#include <proc/signal.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/krandom.h>
#include <sync/park.h>

#define MEM_MAJOR 1u
#define BATCH	  65536u
#define POOL_BITS 256
#define GET_COUNT 0x80045200u /* RNDGETENTCNT */
#define ADD_COUNT 0x40045201u /* RNDADDTOENTCNT */
/* More than can be mapped. */
#define ZERO_SIZE (UINT64_C(1) << 47)

/* --- null, zero, full --- */

static err_t null_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	(void)d;
	(void)u;
	(void)pos;
	(void)done;
	return 0;
}

static err_t null_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	(void)d;
	(void)pos;
	*done = u->left;
	return 0;
}

static err_t null_seek(struct desc *d, int64_t off, int whence, uint64_t *out)
{
	(void)d;
	(void)off;
	(void)whence;
	*out = 0;
	return 0;
}

static __noinline err_t zero_long(struct uio *u, size_t *done)
{
	size_t n;
	err_t err = 0;

	while (u->left != 0 && !err) {
		n = 0;
		err = uio_put_zero(u, min_t(size_t, u->left, BATCH), &n);
		*done += n;
		if (!err && u->left != 0 && signal_interrupted())
			err = -ERESTARTSYS;
		sched_point();
	}
	return err;
}

static err_t zero_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	(void)d;
	(void)pos;
	if (unlikely(u->left > BATCH))
		return zero_long(u, done);
	return uio_put_zero(u, u->left, done);
}

static err_t zero_map(struct desc *d, unsigned prot, bool shared,
		      struct vmobj **out)
{
	(void)d;
	(void)prot;
	(void)shared;
	return vmobj_create_anon(ZERO_SIZE, out);
}

static err_t full_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	(void)d;
	(void)u;
	(void)pos;
	(void)done;
	return -ENOSPC;
}

static const struct desc_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.seek = null_seek,
	.nopos_lock = true,
};

static const struct desc_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.seek = null_seek,
	.map = zero_map,
	.nopos_lock = true,
};

static const struct desc_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.seek = null_seek,
	.nopos_lock = true,
};

/* --- random, urandom: one generator, always seeded --- */

static err_t random_read(struct desc *d, struct uio *u, uint64_t *pos,
			 size_t *done)
{
	uint8_t chunk[256];
	size_t n, got;
	err_t err = 0;

	(void)d;
	(void)pos;
	while (u->left != 0 && !err) {
		n = min_t(size_t, u->left, sizeof(chunk));
		got = 0;
		krandom_bytes(chunk, n);
		err = uio_put(u, chunk, n, &got);
		*done += got;
		if (!err && u->left != 0 && *done % BATCH == 0 &&
		    signal_interrupted())
			err = -ERESTARTSYS;
		sched_point();
	}
	mem_wipe(chunk, sizeof(chunk));
	return err;
}

static err_t random_write(struct desc *d, struct uio *u, uint64_t *pos,
			  size_t *done)
{
	uint8_t chunk[256];
	size_t got;
	err_t err = 0;

	(void)d;
	(void)pos;
	while (u->left != 0 && !err) {
		got = 0;
		err = uio_get(u, chunk, min_t(size_t, u->left, sizeof(chunk)),
			      &got);
		krandom_mix(chunk, got);
		*done += got;
		sched_point();
	}
	return err;
}

static err_t random_control(struct desc *d, unsigned cmd, void *arg)
{
	switch (cmd) {
	case GET_COUNT:
		*(int *)arg = POOL_BITS;
		return 0;
	case ADD_COUNT:
		if (!cred_is_root(d->cred))
			return -EPERM;
		return *(int *)arg < 0 ? -EINVAL : 0;
	default:
		return -ENOTTY;
	}
}

static const struct desc_ops random_ops = {
	.read = random_read,
	.write = random_write,
	.seek = null_seek,
	.control = random_control,
	.nopos_lock = true,
};

/* --- kmsg: one log line a read, "level,number,microseconds,-;text" --- */

#define KMSG_LINE 512u
#define KMSG_POLL (200 * NSEC_PER_MSEC)

/* The line at *@pos without its newline; 0 when there is none. */
static size_t next_line(uint64_t *pos, char *buf)
{
	size_t at = *pos, n, len;
	const char *end;

	n = klog_read(&at, buf, KMSG_LINE);
	if (n == 0)
		return 0;
	end = memchr(buf, '\n', n);
	len = end != NULL ? (size_t)(end - buf) : n;
	*pos = at - n + len + (end != NULL ? 1 : 0);
	return len;
}

/* "[    1.000002] text" becomes a record. */
static size_t make_record(char *out, size_t size, const char *line, size_t n,
			  uint64_t number)
{
	uint64_t us = 0;
	size_t i = 0;

	if (n != 0 && line[0] == '[') {
		for (i = 1; i < n && line[i] != ']'; i++)
			if (line[i] >= '0' && line[i] <= '9')
				us = us * 10 + (uint64_t)(line[i] - '0');
		i = min_t(size_t, i + 2, n);
	}
	return kscnprintf(out, size, "6,%llu,%llu,-;%.*s\n",
			  (unsigned long long)number, (unsigned long long)us,
			  (int)(n - i), line + i);
}

static err_t kmsg_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	char line[KMSG_LINE];
	char *record;
	uint64_t at = *pos;
	size_t n, len;
	err_t err = 0;

	while ((n = next_line(&at, line)) == 0 && at == *pos && !err) {
		if ((atomic_load_relaxed(&d->flags) & DESC_NONBLOCK) != 0)
			return -EAGAIN;
		/* The log wakes nobody: it is written in any context. */
		err = sleep_until(clock_monotonic() + KMSG_POLL);
	}
	if (err)
		return err == -EINTR ? -ERESTARTSYS : err;
	record = kmalloc(KMSG_LINE + 64);
	if (record == NULL)
		return -ENOMEM;
	len = make_record(record, KMSG_LINE + 64, line, n, *pos);
	if (len > u->left)
		err = -EINVAL;
	else
		err = uio_put(u, record, len, done);
	if (!err)
		*pos = at;
	kfree(record);
	return err;
}

static err_t kmsg_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	char line[KMSG_LINE];
	size_t total = u->left, n = 0;
	const char *s = line;
	err_t err;

	(void)d;
	(void)pos;
	err = uio_get(u, line, min_t(size_t, total, sizeof(line) - 1), &n);
	if (err)
		return err;
	while (n != 0 && line[n - 1] == '\n')
		n--;
	line[n] = '\0';
	if (line[0] == '<' && strchr(line, '>') != NULL)
		s = strchr(line, '>') + 1;
	klog("%s", s);
	*done = total;
	return 0;
}

static err_t kmsg_seek(struct desc *d, int64_t off, int whence, uint64_t *out)
{
	if (off != 0)
		return -ESPIPE;
	mutex_lock(&d->pos_lock);
	d->pos = whence == 2 ? klog_end() : 0;
	*out = 0;
	mutex_unlock(&d->pos_lock);
	return 0;
}

static const struct desc_ops kmsg_ops = {
	.read = kmsg_read,
	.write = kmsg_write,
	.seek = kmsg_seek,
};

/* --- nodes --- */

static err_t mem_open(struct desc *d, uint64_t rdev)
{
	static const struct desc_ops *const ops[] = {
		[3] = &null_ops,   [5] = &zero_ops,   [7] = &full_ops,
		[8] = &random_ops, [9] = &random_ops, [11] = &kmsg_ops,
	};
	uint32_t minor = DEV_MINOR(rdev);

	if (minor >= array_size(ops) || ops[minor] == NULL)
		return -ENXIO;
	d->ops = ops[minor];
	return 0;
}

#define MEM_NODE(minor, name_, mode_) \
	{ \
		.major = MEM_MAJOR, .minor_first = (minor), .minor_count = 1, \
		.name = (name_), .mode = (mode_), .open = mem_open \
	}

static struct chardev nodes[] = {
	MEM_NODE(3, "null", 0666),    MEM_NODE(5, "zero", 0666),
	MEM_NODE(7, "full", 0666),    MEM_NODE(8, "random", 0666),
	MEM_NODE(9, "urandom", 0666), MEM_NODE(11, "kmsg", 0644),
};

void mem_devices_init(void)
{
	unsigned i;

	for (i = array_size(nodes); i-- != 0;)
		chardev_register(&nodes[i]);
}
