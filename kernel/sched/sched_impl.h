/* SPDX-License-Identifier: MIT */
/* Between the files of sched/. */
#pragma once

#include <arch/cpu.h>
#include <debug/trace.h>
#include <lib/assert.h>
#include <lib/types.h>
#include <sched/core.h>
#include <sched/kthread.h>
#include <sched/thread.h>

#define ON_CORE_NONE UINT32_MAX

/* How a thread leaves its core. */
enum leave {
	LEAVE_KEEP, /* inside the kernel: takes its stack along */
	LEAVE_USER, /* all of it is in uctx: the stack stays */
	LEAVE_DEAD, /* for ever */
};

extern const uint64_t thread_legal_edges; /* byte `to`, bit `from` */
__noreturn __cold void thread_bad_edge(const struct thread *t,
				       enum thread_state to);

/* The only writer of t->state.  Panics if the table has no such edge. */
static __always_inline void thread_set_state(struct thread *t,
					     enum thread_state to)
{
	enum thread_state from = t->state;

	if (unlikely((thread_legal_edges >> (8 * to) >> from & 1) == 0))
		thread_bad_edge(t, to);
	__atomic_store_n(&t->state, to, __ATOMIC_RELAXED);
	trace(TR_THREAD_STATE, t->tid, from, to);
}

/*
 * Give this core to someone.  The state of the current thread says where it
 * goes: RUNNABLE to the run queue, WAITING and DEAD nowhere.  @r is the frame
 * of user registers with LEAVE_USER: on return it is another thread's.
 * Interrupts off; no locks.  Afterwards call sched_cleanup().
 */
void sched_switch(struct core *c, enum leave how, struct regs *r);
/* With interrupts on: drop what the last switch left behind. */
void sched_cleanup_slow(struct core *c);
static inline void sched_cleanup(struct core *c)
{
	if (unlikely(c->dead != NULL || c->leaving != NULL))
		sched_cleanup_slow(c);
}

/* @t->lock held, interrupts off: a WAITING thread becomes RUNNABLE. */
void sched_make_runnable(struct thread *t) REQUIRES(&t->lock);
/* First entry of a new thread; interrupts off. */
void sched_thread_main(void *arg);

/* Time: clock.c */
extern uint64_t clock_tsc_base, clock_mult;
static inline nsec_t clock_now(void)
{
	__extension__ typedef unsigned __int128 u128;

	return (nsec_t)(((u128)(cpu_tsc() - clock_tsc_base) * clock_mult) >>
			32);
}

/* Timer: timer.c.  Interrupts off. */
void timer_core_init(struct core *c);
void timer_expire(struct core *c, nsec_t now);
/* Have a timer interrupt no later than @when. */
void timer_want_sooner(struct core *c, nsec_t when, nsec_t now);
static inline void timer_want(struct core *c, nsec_t when, nsec_t now)
{
	if (when < c->timer_armed)
		timer_want_sooner(c, when, now);
}

/* After a timer interrupt: set it for whatever is next. */
void timer_reprogram(struct core *c, nsec_t now);

/* Messages and work. */
void msg_core_init(struct core *c);
void msg_run_routine(struct core *c);
void msg_run_immediate(struct core *c);
static inline bool msg_pending(const struct core *c)
{
	return __atomic_load_n(&c->routine.head, __ATOMIC_RELAXED) != NULL;
}
__must_check err_t work_core_start(struct core *c);
void idle_main(void *arg);

/* Statistics. */
extern uint64_t sched_nthreads; /* ATOMIC */
void load_update(struct core *c, nsec_t now);
void acct_sample(struct core *c, nsec_t now);
/* The thread ends: fix its split of user and system time. */
void acct_finish(struct thread *t);
extern struct thread boot_thread;
/* park_ops */
void sched_park(struct spinlock *l) RELEASES(l);
void sched_unpark(struct thread *t);
void sched_point_now(void);
bool sched_dying_now(void);
void sched_epoch_kick(void);
/* kthread_spawn() for sched_start(): not started yet. */
__must_check err_t kthread_spawn_early(const char *name, void (*fn)(void *),
				       void *arg, struct thread **out);
