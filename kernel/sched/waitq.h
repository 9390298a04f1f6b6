/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a condition.
 *
 *	spin_lock(&obj->lock);
 *	while (!condition) {
 *		err = waitq_sleep(&obj->wq, &obj->lock, WAIT_PIPE, NO_DEADLINE);
 *		if (err)
 *			break;
 *	}
 *	spin_unlock(&obj->lock);
 *
 * The waker changes the condition under obj->lock, then wakes: no wakeup is
 * lost, because the sleeper is on the queue before the lock is dropped.
 *
 * For several queues at once (poll) or a mutex as the outer lock, use
 * waiters directly:
 *
 *	waiter_init(&w);
 *	waitq_add(&wq1, &w) ... any number, each with its own waiter
 *	for (;;) {
 *		thread_prepare_wait(WAIT_POLL);   clears the wake token
 *		if (condition) break;
 *		err = thread_wait(deadline);      returns at once if woken since
 *		if (err) break;
 *	}
 *	thread_finish_wait();
 *	waitq_remove(&wq1, &w) ...
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/types.h>
#include <sched/thread.h>
#include <sync/mutex.h>
#include <sync/spinlock.h>

#define NO_DEADLINE UINT64_MAX

struct waitq {
	struct spinlock lock; /* rank WAITQ; taken in irq context too */
	struct list waiters;  /* GUARDED_BY(lock) */
};

struct waiter {
	struct list link;      /* GUARDED_BY(queue's lock) */
	struct thread *thread; /* IMMUTABLE while queued */
	struct waitq *wq;      /* PRIVATE(the waiting thread) */
	/*
	 * Called by the waker under the queue's lock instead of waking the
	 * thread, when not NULL (epoll).  Returns true if it took the wake.
	 */
	bool (*func)(struct waiter *w, unsigned events);
	bool exclusive;	 /* wake_one stops after this one */
	bool autoremove; /* a wake takes it off the queue */
};

#define WAITQ_INIT(q) \
	{ \
		.lock = SPINLOCK_INIT(WAITQ), \
		.waiters = LIST_INIT((q).waiters) \
	}

void waitq_init(struct waitq *wq);
bool waitq_empty(const struct waitq *wq); /* a hint without the lock */

/*
 * Deadlines are absolute, in clock_monotonic() nanoseconds.
 * Context: thread, sleeps.  Locks: @l held; dropped while asleep, held again
 *          on return.
 * Returns: 0 (woken: test the condition again); -EINTR when WORK_INTERRUPT
 *          bits are set (signal, kill, stop); -ETIMEDOUT.
 */
__must_check err_t waitq_sleep(struct waitq *wq, struct spinlock *l,
			       enum wait_reason why, nsec_t deadline)
	REQUIRES(l);
/* The same with a mutex as the outer lock. */
__must_check err_t waitq_sleep_mutex(struct waitq *wq, struct mutex *m,
				     enum wait_reason why, nsec_t deadline)
	REQUIRES(m);
/* Not ended by signals, only by WORK_KILL (-EINTR) or the event. */
__must_check err_t waitq_sleep_killable(struct waitq *wq, struct spinlock *l,
					enum wait_reason why) REQUIRES(l);
/* Any context.  A woken thread runs at its priority's next turn. */
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);
/* With an event mask that func-waiters see (POLL*). */
void waitq_wake_events(struct waitq *wq, unsigned events);

void waiter_init(struct waiter *w);
void waitq_add(struct waitq *wq, struct waiter *w);
void waitq_remove(struct waitq *wq, struct waiter *w);
void thread_prepare_wait(enum wait_reason why);
__must_check err_t thread_wait(nsec_t deadline);
/* Only WORK_KILL or a wake ends it. */
__must_check err_t thread_wait_killable(nsec_t deadline);
/* Nothing but the wake ends it. */
void thread_wait_uninterruptible(void);
void thread_finish_wait(void);
/*
 * Between prepare and wait the condition may be tested under mutexes (parking
 * on one does not eat the wake), but not with another waitq_sleep().
 */
/* Make a WAITING thread runnable, or give it a wake token.  Any context. */
void thread_wake(struct thread *t);
/* The same with interrupts off, as under the lock of a waitq. */
void thread_wake_irqs_off(struct thread *t);

/* Plain sleep: 0 at the deadline, -EINTR. */
__must_check err_t sleep_until(nsec_t deadline);
