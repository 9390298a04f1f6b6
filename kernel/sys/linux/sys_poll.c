/* SPDX-License-Identifier: MIT */
/*
 * poll and select: waiting for readiness of many descriptors.
 *
 * Both become a list of struct poll_item.  The first round over the list
 * puts a waiter on every queue; later rounds only look.  The descriptions
 * are referenced until the waiters are gone.
 */
#include <abi/linux/poll.h>
#include <mm/slab.h>
#include <obj/poll.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>
#include <sched/waitq.h>
#include <sync/park.h>

#include "linux_impl.h"

#define FAST_ITEMS 6

#define SET_IN	(POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR)
#define SET_OUT (POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR)
#define SET_EX	POLLPRI

struct poll_item {
	struct desc *d;
	int fd;
	unsigned want, got;
	bool counted; /* as in struct borrowed */
};

static int64_t look(struct poll_item *v, unsigned n, struct poll_table *pt)
{
	int64_t count = 0;

	for (unsigned i = 0; i < n; i++) {
		struct desc *d = v[i].d;
		unsigned is;

		if (d == NULL) {
			count += v[i].got != 0;
			continue;
		}
		is = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
		if (d->ops->poll != NULL)
			is = d->ops->poll(d, pt);
		v[i].got = is & (v[i].want | POLLERR | POLLHUP);
		if (v[i].got != 0) {
			count++;
			pt = NULL;
		}
		if ((i & 63) == 63)
			sched_point();
	}
	return count;
}

/* @deadline 0: do not wait.  Returns: how many are ready, 0, or -E*. */
static int64_t poll_items(struct poll_item *v, unsigned n, nsec_t deadline)
{
	struct poll_table table, *pt = &table;
	int64_t count;
	err_t err = 0;

	if (deadline == 0) {
		count = look(v, n, NULL);
		if (count == 0 && signal_interrupted())
			count = -ERESTARTNOHAND;
		return count;
	}
	poll_table_init(&table);
	for (;;) {
		thread_prepare_wait(WAIT_POLL);
		count = look(v, n, pt);
		pt = NULL;
		if (count == 0 && table.err != 0)
			count = table.err;
		if (count == 0 && signal_interrupted())
			count = -ERESTARTNOHAND;
		if (count != 0 || err == -ETIMEDOUT)
			break;
		err = thread_wait(deadline);
	}
	thread_finish_wait();
	poll_table_fini(&table);
	return count;
}

/* The description of v->fd, borrowed as by read(); false: a bad handle. */
static inline bool item_get(struct poll_item *v)
{
	struct borrowed b = handle_borrow(my_handles(), v->fd);

	if (b.d == NULL)
		return false;
	if ((b.d->mode & DESC_PATH) != 0) {
		handle_return(b);
		return false;
	}
	v->d = b.d;
	v->counted = b.counted;
	return true;
}

static void items_put(struct poll_item *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (v[i].counted)
			desc_put(v[i].d);
	}
}

/* --- poll --- */

static void items_from_fds(struct poll_item *v, const struct linux_pollfd *f,
			   unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		v[i] = (struct poll_item){ .fd = f[i].fd,
					   .want = (uint16_t)f[i].events };
		if (f[i].fd >= 0 && !item_get(&v[i]))
			v[i].got = POLLNVAL;
	}
}

static int64_t poll_fds(uint64_t addr, uint64_t n, nsec_t deadline)
{
	struct poll_item fast_items[FAST_ITEMS], *v = fast_items;
	struct linux_pollfd fast_fds[FAST_ITEMS], *f = fast_fds;
	int64_t ret;

	if (n > fd_limit() || n > INT32_MAX)
		return -EINVAL;
	if (n > FAST_ITEMS) {
		v = kcalloc(n, sizeof(*v) + sizeof(*f));
		if (v == NULL)
			return -ENOMEM;
		f = (void *)(v + n);
	}
	ret = copy_from_user(f, UPTR_CONST(void, addr), n * sizeof(*f));
	if (ret != 0)
		goto out;
	items_from_fds(v, f, (unsigned)n);
	ret = poll_items(v, (unsigned)n, deadline);
	items_put(v, (unsigned)n);
	for (unsigned i = 0; i < n; i++)
		f[i].revents = (int16_t)v[i].got;
	if (copy_to_user(UPTR(void, addr), f, n * sizeof(*f)) != 0)
		ret = -EFAULT;
out:
	if (v != fast_items)
		kfree(v);
	return ret;
}

static int64_t poll_again(struct restart_block *rb)
{
	int64_t ret = poll_fds(rb->arg[0], rb->arg[1], rb->arg[2]);

	return ret == -ERESTARTNOHAND ? -ERESTART_RESTARTBLOCK : ret;
}

int64_t linux_poll(struct regs *r)
{
	int32_t ms = arg_int(ARG2(r));
	nsec_t deadline = NO_DEADLINE;
	struct restart_block *rb;
	int64_t ret;

	if (ms == 0)
		deadline = 0;
	else if (ms > 0)
		deadline = deadline_after((nsec_t)ms * NSEC_PER_MSEC);
	ret = poll_fds(ARG0(r), (uint32_t)ARG1(r), deadline);
	if (ret != -ERESTARTNOHAND)
		return ret;
	rb = &thread_attr(current_thread())->restart;
	rb->fn = poll_again;
	rb->arg[0] = ARG0(r);
	rb->arg[1] = (uint32_t)ARG1(r);
	rb->arg[2] = deadline;
	return -ERESTART_RESTARTBLOCK;
}

/* Tells how much of the time is left; a failure to do so is no error. */
static int64_t tell_left(int64_t ret, nsec_t deadline, uint64_t to, bool usec)
{
	nsec_t now = clock_monotonic();
	nsec_t left = deadline > now ? deadline - now : 0;
	struct linux_timespec ts = ns_timespec(left);
	err_t err;

	if (to == 0 || deadline == 0 || deadline == NO_DEADLINE)
		return ret;
	if (usec)
		ts.tv_nsec /= (int64_t)NSEC_PER_USEC;
	err = put_user(UPTR(struct linux_timespec, to), &ts);
	return err && ret == -ERESTARTNOHAND ? -EINTR : ret;
}

static err_t deadline_from(const struct linux_timespec *ts, nsec_t *deadline)
{
	nsec_t span;

	if (!timespec_valid(ts))
		return -EINVAL;
	span = timespec_ns(ts);
	*deadline = span == 0 ? 0 : deadline_after(span);
	return 0;
}

static err_t timespec_deadline(uint64_t addr, nsec_t *deadline)
{
	struct linux_timespec ts;
	err_t err;

	*deadline = NO_DEADLINE;
	if (addr == 0)
		return 0;
	err = timespec_get(addr, &ts);
	return err ? err : deadline_from(&ts, deadline);
}

static err_t use_mask(uint64_t set, uint64_t size)
{
	uint64_t mask;
	err_t err;

	if (set == 0)
		return 0;
	err = sigmask_get(set, size, &mask);
	if (err == 0)
		signal_mask_during_call(mask);
	return err;
}

int64_t linux_ppoll(struct regs *r)
{
	nsec_t deadline = 0;
	err_t err;

	err = timespec_deadline(ARG2(r), &deadline);
	if (err == 0)
		err = use_mask(ARG3(r), ARG4(r));
	if (err)
		return err;
	return tell_left(poll_fds(ARG0(r), (uint32_t)ARG1(r), deadline),
			 deadline, ARG2(r), false);
}

/* --- select --- */

struct fd_sets {
	unsigned n; /* descriptors looked at */
	size_t words;
	uint64_t *in[3]; /* then the results, in place */
};

static void sets_put(struct fd_sets *s)
{
	kfree(s->in[0]);
}

static err_t sets_get(struct fd_sets *s, const uint64_t addr[3])
{
	err_t err = 0;

	s->words = div_round_up(s->n, 64u);
	s->in[0] = kcalloc(3 * s->words + 1, sizeof(uint64_t));
	if (s->in[0] == NULL)
		return -ENOMEM;
	s->in[1] = s->in[0] + s->words;
	s->in[2] = s->in[1] + s->words;
	for (unsigned i = 0; i < 3 && err == 0; i++) {
		if (addr[i] != 0)
			err = copy_from_user(s->in[i],
					     UPTR_CONST(void, addr[i]),
					     s->words * 8);
	}
	if (err)
		sets_put(s);
	return err;
}

static unsigned wanted(const struct fd_sets *s, unsigned fd)
{
	unsigned w = fd / 64, b = fd % 64;

	return ((s->in[0][w] >> b & 1) ? SET_IN : 0) |
	       ((s->in[1][w] >> b & 1) ? SET_OUT : 0) |
	       ((s->in[2][w] >> b & 1) ? SET_EX : 0);
}

static unsigned sets_count(const struct fd_sets *s)
{
	unsigned n = 0;

	for (unsigned fd = 0; fd < s->n; fd++)
		n += wanted(s, fd) != 0;
	return n;
}

/* The items of all descriptors in the sets: 0, -EBADF. */
static err_t items_from_sets(struct poll_item *v, unsigned max, unsigned *n,
			     const struct fd_sets *s)
{
	*n = 0;
	for (unsigned fd = 0; fd < s->n && *n < max; fd++) {
		unsigned want = wanted(s, fd);

		if (want == 0)
			continue;
		v[*n] = (struct poll_item){ .fd = (int)fd, .want = want };
		if (!item_get(&v[*n]))
			return -EBADF;
		++*n;
	}
	return 0;
}

/* The sets become what is ready; returns the number of bits. */
static int64_t sets_from_items(struct fd_sets *s, const struct poll_item *v,
			       unsigned n)
{
	static const unsigned kind[3] = { SET_IN, SET_OUT, SET_EX };
	int64_t bits = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned w = (unsigned)v[i].fd / 64;
		uint64_t bit = UINT64_C(1) << (v[i].fd % 64);

		for (unsigned k = 0; k < 3; k++) {
			if ((s->in[k][w] & bit) == 0)
				continue;
			if (v[i].got & kind[k])
				bits++;
			else
				s->in[k][w] &= ~bit;
		}
	}
	return bits;
}

static int64_t select_items(struct fd_sets *s, nsec_t deadline)
{
	unsigned max = sets_count(s), n;
	struct poll_item *v = kcalloc(max + 1, sizeof(*v));
	int64_t ret;

	if (v == NULL)
		return -ENOMEM;
	ret = items_from_sets(v, max, &n, s);
	/* HUP and ERR count only for the sets that name them. */
	if (ret == 0)
		ret = poll_items(v, n, deadline);
	if (ret >= 0)
		ret = sets_from_items(s, v, n);
	items_put(v, n);
	kfree(v);
	return ret;
}

static int64_t do_select(int n, const uint64_t addr[3], nsec_t deadline)
{
	uint64_t most = fd_limit();
	struct fd_sets s;
	int64_t ret;

	if (n < 0)
		return -EINVAL;
	s.n = (unsigned)min_t(uint64_t, (uint64_t)n, max_t(uint64_t, most, 64));
	ret = sets_get(&s, addr);
	if (ret != 0)
		return ret;
	/* Bits behind the last descriptor asked for do not count. */
	if (s.n % 64 != 0) {
		for (unsigned i = 0; i < 3; i++)
			s.in[i][s.words - 1] &= (UINT64_C(1) << (s.n % 64)) - 1;
	}
	ret = select_items(&s, deadline);
	for (unsigned i = 0; i < 3 && ret >= 0; i++) {
		if (addr[i] != 0 && copy_to_user(UPTR(void, addr[i]), s.in[i],
						 s.words * 8) != 0)
			ret = -EFAULT;
	}
	sets_put(&s);
	return ret;
}

int64_t linux_select(struct regs *r)
{
	uint64_t addr[3] = { ARG1(r), ARG2(r), ARG3(r) };
	nsec_t deadline = NO_DEADLINE;
	struct linux_timespec ts;
	struct linux_timeval tv;
	err_t err;

	if (ARG4(r) != 0) {
		err = get_user(&tv, UPTR_CONST(struct linux_timeval, ARG4(r)));
		if (err)
			return err;
		ts.tv_sec = tv.tv_sec + tv.tv_usec / 1000000;
		ts.tv_nsec = tv.tv_usec % 1000000 * 1000;
		err = deadline_from(&ts, &deadline);
		if (err)
			return err;
	}
	return tell_left(do_select(arg_int(ARG0(r)), addr, deadline), deadline,
			 ARG4(r), true);
}

int64_t linux_pselect6(struct regs *r)
{
	uint64_t addr[3] = { ARG1(r), ARG2(r), ARG3(r) };
	struct linux_sigset_arg sig = { 0, 0 };
	nsec_t deadline = 0;
	err_t err = 0;

	if (ARG5(r) != 0)
		err = get_user(&sig,
			       UPTR_CONST(struct linux_sigset_arg, ARG5(r)));
	if (err == 0)
		err = timespec_deadline(ARG4(r), &deadline);
	if (err == 0)
		err = use_mask(sig.set, sig.size);
	if (err)
		return err;
	return tell_left(do_select(arg_int(ARG0(r)), addr, deadline), deadline,
			 ARG4(r), false);
}
