/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Bytes from and to the host, untouched.  Output goes to debug ports, which
 *   take any number at once.  Input comes over COM2 in frames: a length byte
 *   1 to 255 and that many bytes; length 0 is the end of the file.
 *
 * HOW IT GOES
 *   The interrupt takes frames apart and fills a ring; nearly full, it
 *   throttles the port and the host waits.  To programs all three are pipes:
 *   they have no terminal's control calls and cannot be seeked.
 *
 * LOCKING
 *   in.lock (TTY, irq) guards the frame state and the reader's side.
 */
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <debug/log.h>
#include <dev/hostio.h>
#include <dev/uart.h>
#include <gen/requests.h>
#include <lib/atomic.h>
#include <lib/cmdline.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/ring.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <obj/desc.h>
#include <obj/poll.h>
#include <proc/signal.h>
#include <sched/waitq.h>
#include <sync/park.h>

#define PORT_STDOUT  0xea
#define PORT_STDERR  0xeb
#define PORT_CONTROL 0xec
#define IN_SIZE	     16384u
#define IN_LOW	     1024u /* less free than this: the host waits */
#define SMALL	     256u
#define CHUNK	     4096u
#define FIONREAD_CMD 0x541bu

static struct {
	struct spinlock lock; /* rank TTY, irq */
	struct uart *uart;    /* IMMUTABLE after boot; NULL: no hostio */
	struct ring ring;     /* GUARDED_BY(lock) */
	unsigned frame_left;  /* GUARDED_BY(lock) */
	bool throttled;	      /* GUARDED_BY(lock) */
	bool eof;	      /* GUARDED_BY(lock) */
	struct waitq wq;      /* has its own lock */
	uint8_t buf[IN_SIZE]; /* GUARDED_BY(lock) */
} in = {
	.lock = SPINLOCK_INIT(TTY),
	.wq = WAITQ_INIT(in.wq),
};

void hostio_report(const char *line)
{
	debug_port_write(PORT_CONTROL, line, strlen(line));
}

/* --- input --- */

static void unframe_locked(const uint8_t *s, size_t n)
{
	size_t len;

	while (n != 0 && !in.eof) {
		if (in.frame_left == 0) {
			in.frame_left = *s++;
			n--;
			in.eof = in.frame_left == 0;
			continue;
		}
		len = min_t(size_t, n, in.frame_left);
		(void)ring_write(&in.ring, s, len);
		in.frame_left -= (unsigned)len;
		s += len;
		n -= len;
	}
}

static void input(void *arg, const uint8_t *s, size_t n)
{
	irqflags_t flags = spin_lock_irqsave(&in.lock);

	(void)arg;
	unframe_locked(s, n);
	if (ring_free(&in.ring) < IN_LOW && !in.throttled) {
		in.throttled = true;
		uart_throttle(in.uart, true);
	}
	spin_unlock_irqrestore(&in.lock, flags);
	waitq_wake_events(&in.wq, POLL_IN | POLL_RDNORM);
}

static size_t take(uint8_t *to, size_t n, bool *eof)
{
	irqflags_t flags = spin_lock_irqsave(&in.lock);

	n = ring_read(&in.ring, to, n);
	*eof = in.eof && n == 0;
	if (in.throttled && ring_free(&in.ring) >= IN_SIZE / 2) {
		in.throttled = false;
		uart_throttle(in.uart, false);
	}
	spin_unlock_irqrestore(&in.lock, flags);
	return n;
}

static unsigned readable(bool *eof)
{
	irqflags_t flags = spin_lock_irqsave(&in.lock);
	unsigned n = ring_used(&in.ring);

	*eof = in.eof;
	spin_unlock_irqrestore(&in.lock, flags);
	return n;
}

static err_t wait_for_input(void)
{
	struct waiter w;
	bool eof, done;
	err_t err = 0;

	waiter_init(&w);
	waitq_add(&in.wq, &w);
	for (;;) {
		thread_prepare_wait(WAIT_PIPE);
		done = readable(&eof) != 0 || eof;
		if (done || err)
			break;
		err = thread_wait(NO_DEADLINE);
	}
	thread_finish_wait();
	waitq_remove(&in.wq, &w);
	return done ? 0 : err == -EINTR ? -ERESTARTSYS : err;
}

/* Like a pipe: what is there, and sleep only for the first byte. */
static err_t in_read(struct desc *d, struct uio *u, uint64_t *pos, size_t *done)
{
	uint8_t chunk[SMALL];
	bool eof = false;
	size_t n, put;
	err_t err = 0;

	(void)pos;
	while (u->left != 0 && !eof && !err) {
		n = take(chunk, min_t(size_t, u->left, SMALL), &eof);
		if (n != 0) {
			put = 0;
			err = uio_put(u, chunk, n, &put);
			*done += put;
			sched_point();
			continue;
		}
		if (eof || *done != 0)
			break;
		if ((atomic_load_relaxed(&d->flags) & DESC_NONBLOCK) != 0)
			return -EAGAIN;
		err = wait_for_input();
	}
	return err;
}

static unsigned in_poll(struct desc *d, struct poll_table *pt)
{
	unsigned events = 0;
	bool eof;

	(void)d;
	poll_wait(pt, &in.wq);
	if (readable(&eof) != 0)
		events |= POLL_IN | POLL_RDNORM;
	if (eof)
		events |= POLL_HUP;
	return events;
}

static err_t in_control(struct desc *d, unsigned cmd, void *arg)
{
	bool eof;

	(void)d;
	if (cmd != FIONREAD_CMD)
		return -ENOTTY;
	*(int *)arg = (int)readable(&eof);
	return 0;
}

/* --- output --- */

/* From the program through a small buffer, or a page for what is long. */
static err_t send(uint16_t port, struct uio *u, size_t *done)
{
	uint8_t small[SMALL];
	size_t size = SMALL, got;
	uint8_t *page = NULL;
	err_t err = 0;

	if (u->left > SMALL)
		page = kmalloc(CHUNK);
	if (page != NULL)
		size = CHUNK;
	while (u->left != 0 && !err) {
		uint8_t *buf = page != NULL ? page : small;

		got = 0;
		err = uio_get(u, buf, min(u->left, size), &got);
		debug_port_write(port, buf, got);
		*done += got;
		if (!err && u->left != 0 && signal_interrupted())
			err = -ERESTARTSYS;
		sched_point();
	}
	kfree(page);
	return err;
}

static err_t out_write(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	(void)d;
	(void)pos;
	return send(PORT_STDOUT, u, done);
}

static err_t err_write(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	(void)d;
	(void)pos;
	return send(PORT_STDERR, u, done);
}

static unsigned out_poll(struct desc *d, struct poll_table *pt)
{
	(void)d;
	(void)pt;
	return POLL_OUT | POLL_WRNORM;
}

/* --- nodes: three pipes without a name --- */

static const struct desc_ops stream_ops[3] = {
	{ .read = in_read,
	  .poll = in_poll,
	  .control = in_control,
	  .stream = true,
	  .nopos_lock = true },
	{ .write = out_write,
	  .poll = out_poll,
	  .stream = true,
	  .nopos_lock = true },
	{ .write = err_write,
	  .poll = out_poll,
	  .stream = true,
	  .nopos_lock = true },
};

static struct node stream_nodes[3]; /* IMMUTABLE after boot */

/* Opened again through /dev/stdin and its like. */
static err_t stream_open(struct node *n, struct req_open *r)
{
	r->desc->ops = &stream_ops[n - stream_nodes];
	return 0;
}

static err_t stream_nameof(struct node *n, struct req_nameof *r)
{
	static const char *const names[3] = { "pipe:[1]", "pipe:[2]",
					      "pipe:[3]" };
	const char *name = names[n - stream_nodes];

	r->len = strlen(name);
	if (r->buf.size < r->len)
		return -ENAMETOOLONG;
	memcpy(r->buf.p, name, r->len);
	r->dir = NULL;
	return 0;
}

static void stream_release(struct node *n)
{
	(void)n;
}

static const struct node_ops stream_node_ops = {
	.open = stream_open,
	.nameof = stream_nameof,
};

static struct server stream_server = {
	.type = "hostio",
	.magic = 0x50495045, /* PIPEFS_MAGIC */
	.ref = { 1 },
	.release = stream_release,
};

err_t hostio_open_std(const struct cred *c, struct desc *out[3])
{
	unsigned i;
	err_t err;

	if (in.uart == NULL)
		return -ENXIO;
	for (i = 0; i < 3; i++) {
		err = desc_create(&stream_ops[i], &stream_nodes[i], NULL, c,
				  i == 0 ? DESC_RDONLY : DESC_WRONLY, &out[i]);
		if (err)
			goto undo;
	}
	return 0;
undo:
	while (i-- != 0)
		desc_put(out[i]);
	return err;
}

void hostio_init(void)
{
	static const struct uart_client client = { input, NULL };
	char word[8];
	unsigned i;
	err_t err;

	if (!cmdline_find(boot_cmdline(), "hostio", word, sizeof(word)))
		return;
	stream_server.dev = server_new_dev();
	for (i = 0; i < 3; i++) {
		node_init(&stream_nodes[i], &stream_node_ops, &stream_server,
			  MODE_FIFO | 0600);
		stream_nodes[i].attr.ino = i + 1;
	}
	ring_init(&in.ring, in.buf, IN_SIZE);
	err = uart_open(UART_COM2, &client, NULL, &in.uart);
	if (err) {
		in.uart = NULL;
		klog_at(KLOG_WARN, "hostio: no COM2: %s", err_name(err));
	}
}
