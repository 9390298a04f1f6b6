/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Terminals, as POSIX describes them: a line discipline between a device
 *   below and the programs above, and job control.
 *
 * OBJECTS
 *   struct tty         one terminal; never freed
 *   struct tty_device  what the driver below offers (tty.h)
 *
 * HOW IT GOES
 *   Bytes typed come in the driver's interrupt and go into the raw ring; a
 *   worker thread takes them through the line discipline (ldisc.c), because
 *   they may mean signals, which only thread context may send.  When a
 *   program does not read, the worker stops, the raw ring fills, and the
 *   driver is throttled.  Output goes through tty_out.c into the driver's
 *   ring; a writer that finds no room sleeps.
 *
 * LOCKING
 *   t->lock (TTY, irq) guards all of the state; it is held for one chunk at
 *   a time and never across a copy from or to a program, a sleep, or a
 *   signal.  The raw ring has one producer, the interrupt, and is consumed
 *   under the lock.  One write call goes out in one piece: t->writer says
 *   whose turn it is.  Under the lock come the device's lock and wait queues.
 *
 * LIFETIME
 *   A hang-up counts t->hangups up; a description that remembers an older
 *   count is dead: it reads end of file, and everything else is -EIO.
 */
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <obj/poll.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <sched/timer.h>

#include "tty_impl.h"

#define WORK_BATCH    64u
#define THROTTLE_ROOM 256u /* less than this is free: stop the device */
#define TENTH	      (NSEC_PER_SEC / 10)

static struct tty *console; /* ATOMIC */

struct tty *tty_console(void)
{
	return atomic_load_acquire(&console);
}

void tty_set_console(struct tty *t)
{
	atomic_store_release(&console, t);
}

uint64_t tty_rdev(const struct tty *t)
{
	return t->rdev;
}

int32_t tty_foreground(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	int32_t pgid = t->pgid;

	spin_unlock_irqrestore(&t->lock, flags);
	return pgid;
}

void tty_set_size(struct tty *t, uint16_t rows, uint16_t columns)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->winsize = (struct linux_winsize){ rows, columns, 0, 0 };
	spin_unlock_irqrestore(&t->lock, flags);
}

/* --- input from the device --- */

void tty_input_irq(struct tty *t, const uint8_t *s, size_t n)
{
	irqflags_t flags;

	/* What does not fit is lost: the device did not stop in time. */
	(void)ring_write(&t->raw, s, n);
	if (ring_free(&t->raw) < THROTTLE_ROOM) {
		flags = spin_lock_irqsave(&t->lock);
		t->throttled = true;
		t->dev->throttle(t->dev, true);
		spin_unlock_irqrestore(&t->lock, flags);
	}
	(void)work_defer(&t->work);
}

void tty_output_ready_irq(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	tty_echo_flush(t);
	spin_unlock_irqrestore(&t->lock, flags);
	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
}

/* One batch through the line discipline; *@signo ends it. */
static bool input_batch_locked(struct tty *t, int *signo)
{
	unsigned n = 0;
	uint8_t c;

	*signo = 0;
	while (n < WORK_BATCH && *signo == 0 && ldisc_has_room(t) &&
	       ring_get(&t->raw, &c)) {
		*signo = ldisc_input(t, c);
		n++;
	}
	tty_echo_flush(t);
	if (t->throttled && ring_free(&t->raw) >= TTY_RAW / 2) {
		t->throttled = false;
		t->dev->throttle(t->dev, false);
	}
	return n != 0;
}

static void input_work(void *arg)
{
	struct tty *t = arg;
	irqflags_t flags;
	bool some;
	int signo;

	do {
		flags = spin_lock_irqsave(&t->lock);
		some = input_batch_locked(t, &signo);
		spin_unlock_irqrestore(&t->lock, flags);
		if (some)
			waitq_wake_events(&t->in_wq, POLL_IN | POLL_RDNORM);
		if (signo != 0)
			tty_signal(t, signo);
	} while (some);
}

/* --- waiting --- */

err_t tty_wait(struct tty *t, struct waitq *wq,
	       bool (*ready)(struct tty *t, const void *arg), const void *arg,
	       nsec_t deadline)
{
	struct waiter w;
	irqflags_t flags;
	err_t err = 0;
	bool done;

	waiter_init(&w);
	waitq_add(wq, &w);
	for (;;) {
		thread_prepare_wait(WAIT_TTY);
		flags = spin_lock_irqsave(&t->lock);
		done = ready(t, arg);
		spin_unlock_irqrestore(&t->lock, flags);
		if (done || err)
			break;
		err = thread_wait(deadline);
	}
	thread_finish_wait();
	waitq_remove(wq, &w);
	if (done)
		return 0;
	return err == -EINTR ? -ERESTARTSYS : err;
}

static bool nonblocking(const struct desc *d)
{
	return (atomic_load_relaxed(&d->flags) & DESC_NONBLOCK) != 0;
}

/* --- reading --- */

struct read_wait {
	const struct desc *d;
	uint32_t want; /* bytes, without ICANON */
};

static bool input_ready(struct tty *t, const void *arg)
{
	const struct read_wait *rw = arg;

	if (tty_hung_up(t, rw->d))
		return true;
	if (tty_flag(t->termios.c_lflag, ICANON))
		return t->lines != 0;
	return t->head - t->tail >= rw->want;
}

/* VMIN and VTIME as a read wants them: bytes to wait for, and how long. */
struct read_mode {
	bool canonical;
	uint32_t min;
	nsec_t time;
};

static struct read_mode read_mode(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	struct read_mode m = {
		.canonical = tty_flag(t->termios.c_lflag, ICANON),
		.min = t->termios.c_cc[VMIN],
		.time = t->termios.c_cc[VTIME] * TENTH,
	};

	spin_unlock_irqrestore(&t->lock, flags);
	return m;
}

/*
 * Until something is there, for a read that has @done bytes.  *@over: the
 * read ends here without an error.
 */
static err_t wait_for_input(struct tty *t, struct desc *d, size_t done,
			    size_t left, bool *over)
{
	struct read_mode m = read_mode(t);
	struct read_wait rw = { d, 1 };
	nsec_t deadline = NO_DEADLINE;
	irqflags_t flags;
	bool ready;
	err_t err;

	if (!m.canonical && done != 0 && done >= m.min) {
		*over = true;
		return 0;
	}
	if (!m.canonical && m.time == 0 && m.min > done)
		rw.want = (uint32_t)min_t(size_t, m.min - done, left);
	flags = spin_lock_irqsave(&t->lock);
	ready = input_ready(t, &rw);
	spin_unlock_irqrestore(&t->lock, flags);
	if (ready)
		return 0;
	if (!m.canonical && m.min == 0 && m.time == 0) {
		*over = true;
		return 0;
	}
	if (nonblocking(d)) {
		/* What there is, if there is less than VMIN. */
		rw.want = 1;
		flags = spin_lock_irqsave(&t->lock);
		ready = input_ready(t, &rw);
		spin_unlock_irqrestore(&t->lock, flags);
		return ready ? 0 : -EAGAIN;
	}
	/* With VMIN, time counts from the first byte on. */
	if (!m.canonical && m.time != 0 && (m.min == 0 || done != 0))
		deadline = clock_monotonic() + m.time;
	err = tty_wait(t, &t->in_wq, input_ready, &rw, deadline);
	if (err == -ETIMEDOUT) {
		*over = true;
		err = 0;
	}
	return err;
}

static err_t take_some(struct tty *t, struct uio *u, size_t *done, bool *over)
{
	uint8_t chunk[TTY_CHUNK];
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	size_t n =
		ldisc_take(t, chunk, min_t(size_t, u->left, TTY_CHUNK), over);
	bool more = !ring_empty(&t->raw);
	size_t put = 0;
	err_t err = 0;

	spin_unlock_irqrestore(&t->lock, flags);
	/* Room was made for bytes that wait. */
	if (more)
		(void)work_defer(&t->work);
	if (n != 0)
		err = uio_put(u, chunk, n, &put);
	*done += put;
	return err;
}

static err_t tty_read(struct desc *d, struct uio *u, uint64_t *pos,
		      size_t *done)
{
	struct tty *t = d->data;
	bool over = false;
	err_t err;

	(void)pos;
	if (tty_hung_up(t, d) || u->left == 0)
		return 0;
	err = tty_job_check(t, 21); /* SIGTTIN */
	while (!err && !over && u->left != 0) {
		err = wait_for_input(t, d, *done, u->left, &over);
		if (err || over || tty_hung_up(t, d))
			break;
		err = take_some(t, u, done, &over);
	}
	return err;
}

/* --- writing --- */

static bool output_ready(struct tty *t, const void *arg)
{
	return tty_hung_up(t, arg) || (!t->stopped && ring_empty(&t->echo) &&
				       t->dev->write_room(t->dev) >= 16);
}

static bool turn_free(struct tty *t, const void *arg)
{
	(void)arg;
	if (t->writer != NULL)
		return false;
	t->writer = current_thread();
	return true;
}

static err_t begin_write(struct tty *t, struct desc *d)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	bool mine = turn_free(t, NULL);

	spin_unlock_irqrestore(&t->lock, flags);
	if (mine)
		return 0;
	if (nonblocking(d))
		return -EAGAIN;
	return tty_wait(t, &t->out_wq, turn_free, NULL, NO_DEADLINE);
}

static void end_write(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->writer = NULL;
	spin_unlock_irqrestore(&t->lock, flags);
	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
}

/* All of @s, sleeping for room. */
static err_t write_chunk(struct tty *t, struct desc *d, const uint8_t *s,
			 size_t n, size_t *done)
{
	irqflags_t flags;
	size_t sent;
	err_t err = 0;

	while (n != 0 && !err) {
		if (tty_hung_up(t, d))
			return -EIO;
		flags = spin_lock_irqsave(&t->lock);
		sent = tty_output(t, s, n);
		spin_unlock_irqrestore(&t->lock, flags);
		s += sent;
		n -= sent;
		*done += sent;
		if (sent != 0 || n == 0)
			continue;
		err = nonblocking(d) ? -EAGAIN
				     : tty_wait(t, &t->out_wq, output_ready, d,
						NO_DEADLINE);
	}
	return err;
}

static err_t tty_write(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	struct tty *t = d->data;
	uint8_t chunk[TTY_CHUNK];
	size_t n, got;
	err_t err = 0, fault;

	(void)pos;
	if (tty_hung_up(t, d))
		return -EIO;
	if (tty_flag(atomic_load_relaxed(&t->termios.c_lflag), TOSTOP))
		err = tty_job_check(t, 22); /* SIGTTOU */
	if (!err)
		err = begin_write(t, d);
	if (err)
		return err;
	while (u->left != 0 && !err) {
		n = min_t(size_t, u->left, TTY_CHUNK);
		got = 0;
		fault = uio_get(u, chunk, n, &got);
		err = write_chunk(t, d, chunk, got, done);
		if (!err)
			err = fault;
	}
	end_write(t);
	return err;
}

static bool drained(struct tty *t, const void *arg)
{
	(void)arg;
	return t->dev->pending(t->dev) == 0 && ring_empty(&t->echo);
}

err_t tty_drain(struct tty *t)
{
	return tty_wait(t, &t->out_wq, drained, NULL, NO_DEADLINE);
}

static unsigned tty_poll(struct desc *d, struct poll_table *pt)
{
	struct tty *t = d->data;
	struct read_wait rw = { d, 1 };
	struct read_mode m = read_mode(t);
	irqflags_t flags;
	unsigned events = 0;

	poll_wait(pt, &t->in_wq);
	poll_wait(pt, &t->out_wq);
	if (tty_hung_up(t, d))
		return POLL_IN | POLL_OUT | POLL_ERR | POLL_HUP | POLL_RDNORM |
		       POLL_WRNORM;
	if (m.time == 0 && m.min != 0)
		rw.want = m.min;
	flags = spin_lock_irqsave(&t->lock);
	if (input_ready(t, &rw))
		events |= POLL_IN | POLL_RDNORM;
	if (output_ready(t, d))
		events |= POLL_OUT | POLL_WRNORM;
	spin_unlock_irqrestore(&t->lock, flags);
	return events;
}

const struct desc_ops tty_ops = {
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.control = tty_control,
	.stream = true,
	.nopos_lock = true,
};

/* --- opening and making --- */

err_t tty_open(struct tty *t, struct desc *d, bool may_acquire, bool never_hung)
{
	irqflags_t flags;
	bool refused;

	flags = spin_lock_irqsave(&t->lock);
	refused = t->exclusive && !cred_is_root(d->cred);
	d->version = never_hung ? TTY_NEVER_HUNG : t->hangups;
	spin_unlock_irqrestore(&t->lock, flags);
	if (refused)
		return -EBUSY;
	d->ops = &tty_ops;
	d->data = t;
	if (may_acquire && desc_readable(d))
		tty_job_acquire(t);
	return 0;
}

err_t tty_create(struct tty_device *dev, const char *name, uint64_t rdev,
		 struct tty **out)
{
	struct tty *t = kzalloc(sizeof(*t));

	if (t == NULL)
		return -ENOMEM;
	spin_init(&t->lock, RANK_TTY);
	t->dev = dev;
	t->name = name;
	t->rdev = rdev;
	t->winsize = (struct linux_winsize){ 24, 80, 0, 0 };
	ring_init(&t->raw, t->raw_buf, TTY_RAW);
	ring_init(&t->echo, t->echo_buf, TTY_ECHO);
	core_msg_init(&t->work, input_work, t);
	waitq_init(&t->in_wq);
	waitq_init(&t->out_wq);
	ldisc_init(t);
	*out = t;
	return 0;
}
