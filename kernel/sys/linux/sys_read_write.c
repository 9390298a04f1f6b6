/* SPDX-License-Identifier: MIT */
/* Bytes in and out of descriptors: read, write and their vectors. */
#include <abi/linux/signal.h>
#include <abi/linux/uio.h>
#include <lib/atomic.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <proc/signal.h>

#include "linux_impl.h"

#define FAST_SEGS 8

/* Codes and signals that only a program sees. */
int64_t sys_io_result(int64_t ret)
{
	if (ret == -EINTR)
		return -ERESTARTSYS;
	if (ret == -EPIPE) {
		struct sig_info info = { .signo = SIGPIPE, .code = SI_USER };

		info.pid = proc_pid(self_proc());
		info.uid = current_cred()->uid;
		/* Out of memory still leaves the signal pending. */
		if (signal_thread(current_thread(), &info) != 0)
			signal_proc_simple(self_proc(), SIGPIPE);
	}
	return ret;
}

static inline int64_t io_done(int64_t ret)
{
	return likely(ret >= 0) ? ret : sys_io_result(ret);
}

err_t fsize_limit(const struct desc *d, uint64_t pos, size_t *len)
{
	uint64_t limit = proc_limit(self_proc(), LIMIT_FSIZE);

	if (likely(limit == LIMIT_INFINITY) || d->node == NULL ||
	    !node_is(d->node, MODE_REG))
		return 0;
	if (d->flags & DESC_APPEND)
		pos = atomic_load_relaxed(&d->node->attr.size);
	if (pos >= limit) {
		struct sig_info info = { .signo = SIGXFSZ };

		if (*len == 0)
			return 0;
		info.pid = proc_pid(self_proc());
		info.uid = current_cred()->uid;
		if (signal_thread(current_thread(), &info) != 0)
			signal_proc_simple(self_proc(), SIGXFSZ);
		return -EFBIG;
	}
	*len = min_t(size_t, *len, limit - pos);
	return 0;
}

/* What is wrong with a range that a program gave: the mode comes first. */
static int64_t bad_range(const struct desc *d, bool write)
{
	uint32_t acc = d->mode & DESC_ACCMODE;

	if ((d->mode & DESC_PATH) || acc == (write ? DESC_RDONLY : DESC_WRONLY))
		return -EBADF;
	return -EFAULT;
}

int64_t linux_read(struct regs *r)
{
	struct borrowed b = handle_borrow(my_handles(), arg_int(ARG0(r)));
	vaddr_t addr = ARG1(r);
	size_t len = ARG2(r);
	struct uio u;
	int64_t ret;

	if (unlikely(b.d == NULL))
		return -EBADF;
	if (unlikely(!user_range_ok(addr, len))) {
		ret = bad_range(b.d, false);
	} else {
		if (unlikely(len > LINUX_RW_MAX))
			len = LINUX_RW_MAX;
		uio_init_user(&u, addr, len);
		ret = desc_read_quick(b.d, &u);
	}
	handle_return(b);
	return io_done(ret);
}

int64_t linux_write(struct regs *r)
{
	struct borrowed b = handle_borrow(my_handles(), arg_int(ARG0(r)));
	vaddr_t addr = ARG1(r);
	size_t len = ARG2(r);
	struct uio u;
	int64_t ret;

	if (unlikely(b.d == NULL))
		return -EBADF;
	if (unlikely(!user_range_ok(addr, len))) {
		ret = bad_range(b.d, true);
		goto out;
	}
	if (unlikely(len > LINUX_RW_MAX))
		len = LINUX_RW_MAX;
	if (b.d->node != NULL && node_is(b.d->node, MODE_REG) &&
	    (b.d->mode & DESC_ACCMODE) != DESC_RDONLY) {
		ret = fsize_limit(b.d, atomic_load_relaxed(&b.d->pos), &len);
		if (ret != 0)
			goto out;
	}
	uio_init_user(&u, addr, len);
	ret = desc_write_quick(b.d, &u);
out:
	handle_return(b);
	return io_done(ret);
}

/* A description that pread and pwrite may use at @pos. */
static int64_t position_ok(const struct desc *d, int64_t pos)
{
	if (pos < 0)
		return -EINVAL;
	if (d->mode & DESC_PATH)
		return -EBADF;
	return d->ops->stream ? -ESPIPE : 0;
}

static int64_t io_at(struct desc *d, struct uio *u, uint64_t pos, bool write)
{
	size_t len = u->left;
	err_t err;

	if (!write)
		return desc_read_at(d, u, pos);
	err = fsize_limit(d, pos, &len);
	if (err)
		return err;
	u->left = len;
	return desc_write_at(d, u, pos);
}

static int64_t one_at(struct regs *r, bool write)
{
	struct uio u;
	struct borrowed b;
	int64_t ret;

	if ((int64_t)ARG3(r) < 0)
		return -EINVAL;
	b = handle_borrow(my_handles(), arg_int(ARG0(r)));
	if (b.d == NULL)
		return -EBADF;
	ret = position_ok(b.d, (int64_t)ARG3(r));
	if (ret == 0 && !user_range_ok(ARG1(r), ARG2(r)))
		ret = bad_range(b.d, write);
	if (ret == 0) {
		uio_init_user(&u, ARG1(r),
			      min_t(size_t, ARG2(r), LINUX_RW_MAX));
		ret = io_at(b.d, &u, ARG3(r), write);
	}
	handle_return(b);
	return io_done(ret);
}

int64_t linux_pread64(struct regs *r)
{
	return one_at(r, false);
}

int64_t linux_pwrite64(struct regs *r)
{
	return one_at(r, true);
}

/* --- vectors --- */

struct segs {
	struct uio_seg fast[FAST_SEGS];
	struct uio_seg *v;
	unsigned n;
	size_t total;
};

_Static_assert(sizeof(struct uio_seg) == sizeof(struct linux_iovec) &&
		       offsetof(struct uio_seg, len) ==
			       offsetof(struct linux_iovec, iov_len),
	       "segments are read in place");

static void segs_put(struct segs *s)
{
	if (s->v != s->fast)
		kfree(s->v);
}

static err_t segs_check(struct segs *s)
{
	s->total = 0;
	for (unsigned i = 0; i < s->n; i++) {
		if ((int64_t)s->v[i].len < 0)
			return -EINVAL;
		if (!user_range_ok(s->v[i].addr, s->v[i].len))
			return -EFAULT;
		s->v[i].len =
			min_t(size_t, s->v[i].len, LINUX_RW_MAX - s->total);
		s->total += s->v[i].len;
	}
	return 0;
}

static err_t segs_get(struct segs *s, uint64_t addr, uint64_t n)
{
	err_t err;

	if (n > LINUX_IOV_MAX)
		return -EINVAL;
	s->n = (unsigned)n;
	s->v = s->fast;
	if (n > FAST_SEGS) {
		s->v = kmalloc(n * sizeof(s->v[0]));
		if (s->v == NULL)
			return -ENOMEM;
	}
	err = copy_from_user(s->v, UPTR_CONST(void, addr), n * sizeof(s->v[0]));
	if (err == 0)
		err = segs_check(s);
	if (err)
		segs_put(s);
	return err;
}

/* @pos is -1 for the description's own. */
static int64_t vector_io(struct desc *d, uint64_t addr, uint64_t n, int64_t pos,
			 bool write)
{
	struct segs s;
	struct uio u;
	int64_t ret;

	if ((d->mode & DESC_PATH) ||
	    (d->mode & DESC_ACCMODE) == (write ? DESC_RDONLY : DESC_WRONLY))
		return -EBADF;
	ret = segs_get(&s, addr, n);
	if (ret != 0)
		return ret;
	uio_init_segs(&u, s.v, s.n, s.total);
	if (pos >= 0) {
		ret = io_at(d, &u, (uint64_t)pos, write);
	} else if (write) {
		size_t len = u.left;

		ret = fsize_limit(d, atomic_load_relaxed(&d->pos), &len);
		u.left = len;
		if (ret == 0)
			ret = desc_write(d, &u);
	} else {
		ret = desc_read(d, &u);
	}
	segs_put(&s);
	return ret;
}

static int64_t vector_call(struct regs *r, int64_t pos, bool write)
{
	struct borrowed b = handle_borrow(my_handles(), arg_int(ARG0(r)));
	int64_t ret = 0;

	if (b.d == NULL)
		return -EBADF;
	if (pos >= 0)
		ret = position_ok(b.d, pos);
	if (ret == 0)
		ret = vector_io(b.d, ARG1(r), ARG2(r), pos, write);
	handle_return(b);
	return io_done(ret);
}

int64_t linux_readv(struct regs *r)
{
	return vector_call(r, -1, false);
}

int64_t linux_writev(struct regs *r)
{
	return vector_call(r, -1, true);
}

int64_t linux_preadv(struct regs *r)
{
	int64_t pos = (int64_t)ARG3(r);

	return pos < 0 ? -EINVAL : vector_call(r, pos, false);
}

int64_t linux_pwritev(struct regs *r)
{
	int64_t pos = (int64_t)ARG3(r);

	return pos < 0 ? -EINVAL : vector_call(r, pos, true);
}

/* No flag changes what files in memory do, but the unknown are refused. */
static int64_t vector2(struct regs *r, bool write)
{
	int64_t pos = (int64_t)ARG3(r);
	uint32_t flags = (uint32_t)ARG5(r);
	uint32_t known = RWF_HIPRI | RWF_DSYNC | RWF_SYNC;

	if (pos < -1)
		return -EINVAL;
	if (flags & ~known)
		return -EOPNOTSUPP;
	return vector_call(r, pos, write);
}

int64_t linux_preadv2(struct regs *r)
{
	return vector2(r, false);
}

int64_t linux_pwritev2(struct regs *r)
{
	return vector2(r, true);
}

/* --- the offset --- */

int64_t linux_lseek(struct regs *r)
{
	struct borrowed b = handle_borrow(my_handles(), arg_int(ARG0(r)));
	uint32_t whence = (uint32_t)ARG2(r);
	uint64_t pos = 0;
	int64_t ret;

	if (b.d == NULL)
		return -EBADF;
	if (b.d->mode & DESC_PATH)
		ret = -EBADF;
	else if (whence > SEEK_HOLE)
		ret = -EINVAL;
	else if (b.d->ops->stream || b.d->ops->seek == NULL)
		ret = -ESPIPE;
	else
		ret = b.d->ops->seek(b.d, (int64_t)ARG1(r), (int)whence, &pos);
	handle_return(b);
	return ret != 0 ? ret : (int64_t)pos;
}
