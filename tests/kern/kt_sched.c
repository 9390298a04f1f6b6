/* SPDX-License-Identifier: MIT */
/* Threads: order, shares, waiting, ending. */
#include <debug/ktest.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <sched/kthread.h>
#include <sched/msg.h>
#include <sched/runq.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/park.h>

#define NORDER 4

struct order {
	char text[64]; /* PRIVATE(who runs): one core, no preemption */
	unsigned n;
	uint32_t done; /* ATOMIC */
	uint32_t next_id;
};

static void order_worker(void *arg)
{
	struct order *o = arg;
	char me = (char)('a' + o->next_id++);
	unsigned i;

	for (i = 0; i < 3; i++) {
		o->text[o->n++] = me;
		sched_yield();
	}
	atomic_inc_relaxed(&o->done);
}

KTEST(yielding_threads_take_turns)
{
	static struct order o;
	unsigned i;

	if (core_count_online() != 1) {
		KSKIP("needs one core");
		return;
	}
	memset(&o, 0, sizeof(o));
	for (i = 0; i < NORDER; i++)
		KREQUIRE(kthread_spawn("kt_order", order_worker, &o, NULL) ==
			 0);
	while (atomic_load_acquire(&o.done) < NORDER)
		sched_yield();
	KCHECK(strcmp(o.text, "abcdabcdabcd") == 0);
}

struct share {
	nsec_t ran;
	uint32_t *stop; /* ATOMIC */
	uint32_t *done; /* ATOMIC */
};

static void share_worker(void *arg)
{
	struct share *s = arg;

	while (atomic_load_relaxed(s->stop) == 0)
		sched_point();
	s->ran = current_thread()->acct.run_ns;
	atomic_inc_relaxed(s->done);
}

KTEST(weights_share_the_core)
{
	static uint32_t stop, done;
	static struct share s[2];
	struct thread *t[2];
	unsigned i;

	stop = 0;
	done = 0;
	for (i = 0; i < 2; i++) {
		s[i] = (struct share){ 0, &stop, &done };
		KREQUIRE(kthread_spawn("kt_share", share_worker, &s[i],
				       &t[i]) == 0);
	}
	thread_set_nice(t[1], 5); /* weight 335 of 1024 */
	KCHECK(sleep_until(clock_monotonic() + 150 * NSEC_PER_MSEC) == 0);
	atomic_store_release(&stop, 1);
	while (atomic_load_acquire(&done) < 2)
		sched_yield();
	KCHECK(s[0].ran > 2 * s[1].ran);
	KCHECK(s[0].ran < 5 * s[1].ran);
	thread_put(t[0]);
	thread_put(t[1]);
}

struct sleeper {
	struct waitq wq;
	struct spinlock lock;
	struct thread *thread;
	bool go;	 /* GUARDED_BY(lock) */
	nsec_t deadline; /* IMMUTABLE */
	err_t err;	 /* PRIVATE(sleeper) until done */
	uint32_t done;	 /* ATOMIC */
};

static void sleeper_main(void *arg)
{
	struct sleeper *s = arg;
	err_t err = 0;

	spin_lock(&s->lock);
	while (!s->go && err == 0)
		err = waitq_sleep(&s->wq, &s->lock, WAIT_EVENT, s->deadline);
	spin_unlock(&s->lock);
	s->err = err;
	atomic_store_release(&s->done, 1);
}

static err_t sleeper_start(struct sleeper *s, nsec_t deadline)
{
	memset(s, 0, sizeof(*s));
	waitq_init(&s->wq);
	spin_init(&s->lock, RANK_PROC);
	s->deadline = deadline;
	return kthread_spawn("kt_sleep", sleeper_main, s, &s->thread);
}

static void sleeper_join(struct sleeper *s)
{
	while (atomic_load_acquire(&s->done) == 0)
		sched_yield();
	thread_put(s->thread);
}

static void until_waiting(struct sleeper *s)
{
	while (s->thread->state != THREAD_WAITING)
		sched_yield();
}

KTEST(waitq_wakes_a_sleeper)
{
	static struct sleeper s;

	KREQUIRE(sleeper_start(&s, NO_DEADLINE) == 0);
	until_waiting(&s);
	KCHECK(!waitq_empty(&s.wq));
	KCHECK(s.thread->reason == WAIT_EVENT);
	KCHECK(thread_letter(s.thread) == 'S');
	waitq_wake_all(&s.wq); /* for nothing: it sleeps again */
	sched_yield();
	until_waiting(&s);
	KCHECK(s.done == 0);
	spin_lock(&s.lock);
	s.go = true;
	waitq_wake_one(&s.wq);
	spin_unlock(&s.lock);
	sleeper_join(&s);
	KCHECK(s.err == 0);
	KCHECK(waitq_empty(&s.wq));
}

KTEST(waitq_times_out)
{
	static struct sleeper s;
	nsec_t deadline = clock_monotonic() + 3 * NSEC_PER_MSEC;

	KREQUIRE(sleeper_start(&s, deadline) == 0);
	sleeper_join(&s);
	KCHECK(s.err == -ETIMEDOUT);
	KCHECK(clock_monotonic() >= deadline);
	KCHECK(waitq_empty(&s.wq));
	/* A deadline in the past needs no timer. */
	KREQUIRE(sleeper_start(&s, 1) == 0);
	sleeper_join(&s);
	KCHECK(s.err == -ETIMEDOUT);
}

KTEST(kill_ends_a_wait)
{
	static struct sleeper s;

	KREQUIRE(sleeper_start(&s, NO_DEADLINE) == 0);
	until_waiting(&s);
	thread_set_work(s.thread, WORK_RESCHED); /* does not end it */
	sched_yield();
	KCHECK(s.thread->state == THREAD_WAITING);
	thread_set_work(s.thread, WORK_KILL);
	sleeper_join(&s);
	KCHECK(s.err == -EINTR);
	KCHECK(waitq_empty(&s.wq));
}

KTEST(wake_one_wakes_the_first)
{
	static struct sleeper s[3];
	unsigned i;

	/* Three sleepers on the queue of the first. */
	for (i = 0; i < 3; i++) {
		KREQUIRE(sleeper_start(&s[i], NO_DEADLINE) == 0);
		until_waiting(&s[i]);
	}
	for (i = 0; i < 3; i++) {
		spin_lock(&s[i].lock);
		s[i].go = true;
		spin_unlock(&s[i].lock);
		waitq_wake_one(&s[i].wq);
		sleeper_join(&s[i]);
		KCHECK(s[i].err == 0);
	}
}

KTEST(wake_before_the_wait_is_not_lost)
{
	thread_prepare_wait(WAIT_POLL);
	thread_wake(current_thread());
	KCHECK(thread_wait(NO_DEADLINE) == 0);
	thread_finish_wait();
	/* And does not leak into the next wait. */
	thread_prepare_wait(WAIT_POLL);
	KCHECK(thread_wait(clock_monotonic() + NSEC_PER_MSEC) == -ETIMEDOUT);
	thread_finish_wait();
}

static void count_exit(void *arg)
{
	uint32_t *n = arg;

	atomic_inc_relaxed(n);
}

KTEST(thousand_threads_come_and_go)
{
	static uint32_t n;
	unsigned i;

	n = 0;
	for (i = 0; i < 1000; i++) {
		KREQUIRE(kthread_spawn("kt_exit", count_exit, &n, NULL) == 0);
		if (i % 50 == 0)
			sched_yield();
	}
	while (atomic_load_acquire(&n) < 1000)
		sched_yield();
	KCHECK(core_has_spare());
}

struct canary_check {
	uint32_t done; /* ATOMIC */
};

/* Functions with arrays carry the stack check across switches. */
static __noinline void deep(struct canary_check *c, unsigned depth)
{
	volatile char here[48];

	here[0] = (char)depth;
	sched_yield();
	here[1] = here[0];
	if (depth != 0)
		deep(c, depth - 1);
	sched_yield();
}

static void canary_worker(void *arg)
{
	struct canary_check *c = arg;

	deep(c, 10);
	atomic_inc_relaxed(&c->done);
}

KTEST(stack_check_follows_the_stack)
{
	static struct canary_check c;
	unsigned i;

	c.done = 0;
	for (i = 0; i < 4; i++)
		KREQUIRE(kthread_spawn("kt_canary", canary_worker, &c, NULL) ==
			 0);
	while (atomic_load_acquire(&c.done) < 4)
		sched_yield();
}

static void set_flag(void *arg)
{
	atomic_store_release((uint32_t *)arg, 1);
}

KTEST(messages_and_work_run)
{
	static uint32_t immediate, routine, work;
	static struct core_msg mi, mr, mw;

	immediate = routine = work = 0;
	core_msg_init(&mi, set_flag, &immediate);
	core_msg_init(&mr, set_flag, &routine);
	core_msg_init(&mw, set_flag, &work);
	KCHECK(core_send_immediate(core_id(), &mi));
	KCHECK(core_send(core_id(), &mr));
	KCHECK(!core_send(core_id(), &mr)); /* on its way already */
	sched_point();
	KCHECK(atomic_load_acquire(&routine) == 1);
	KCHECK(work_defer(&mw));
	KCHECK(sleep_until(clock_monotonic() + 3 * NSEC_PER_MSEC) == 0);
	KCHECK(atomic_load_acquire(&work) == 1);
	KCHECK(atomic_load_acquire(&immediate) == 1);
}

KTEST(idle_time_is_counted)
{
	struct sched_stats a, b;

	sched_get_stats(core_id(), &a);
	KCHECK(sleep_until(clock_monotonic() + 20 * NSEC_PER_MSEC) == 0);
	sched_get_stats(core_id(), &b);
	KCHECK(b.idle_ns - a.idle_ns > 10 * NSEC_PER_MSEC);
	KCHECK(b.switches > a.switches);
	KCHECK(b.running >= 1);
}
