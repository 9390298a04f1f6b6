/* SPDX-License-Identifier: MIT */
/*
 * How a thread stops running until something happens.
 *
 * PURPOSE  The one place where RUNNING becomes WAITING, and back.
 * OBJECTS  Two tokens in each thread, so that a wake that comes before the
 *          wait is not lost: wake_token for waits on conditions, park_token
 *          for mutexes.  They are apart because a condition may be tested
 *          under a mutex: parking there must not eat the wake.
 * LOCKING  thread->lock (THREAD), interrupts off, for tokens and state.
 *
 * No wake is lost: the waker changes the condition, then sets the token under
 * the lock; the waiter clears the token, then tests the condition, then looks
 * at the token under the lock before it becomes WAITING.
 */
#include <lib/atomic.h>
#include <lib/err.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/park.h>

#include "sched_impl.h"

struct wait_timer {
	struct timer timer;
	struct thread *thread; /* IMMUTABLE; borrowed: it sits in its wait */
};

void thread_prepare_wait(enum wait_reason why)
{
	struct thread *t = current_thread();

	t->reason = why;
	/* A full barrier: the condition is read after this. */
	(void)__atomic_exchange_n(&t->wake_token, false, __ATOMIC_SEQ_CST);
}

void thread_finish_wait(void)
{
	struct thread *t = current_thread();

	t->reason = WAIT_NONE;
	t->wait_object = NULL;
}

/* Why the wait is over, or -EAGAIN: it is not. */
static inline err_t verdict(const struct thread *t, uint32_t mask)
{
	if (t->wake_token)
		return 0;
	if ((thread_work(t) & mask) != 0)
		return -EINTR;
	if (t->woken_by_timeout)
		return -ETIMEDOUT;
	return -EAGAIN;
}

/* t->lock held, interrupts off, nothing has come yet. */
static inline void block(struct thread *t, uint32_t mask) RELEASES(&t->lock)
{
	t->wait_mask = mask;
	thread_set_state(t, THREAD_WAITING);
	spin_unlock(&t->lock);
	sched_switch(this_core(), LEAVE_KEEP, NULL);
	irq_enable();
	sched_cleanup(this_core());
}

static err_t wait_for_wake(struct thread *t, uint32_t mask)
{
	err_t err;

	irq_disable();
	spin_lock(&t->lock);
	err = verdict(t, mask);
	if (err != -EAGAIN) {
		spin_unlock(&t->lock);
		irq_enable();
		return err;
	}
	block(t, mask);
	err = verdict(t, mask);
	return err == -EAGAIN ? 0 : err;
}

static void wait_timeout(struct timer *timer)
{
	struct wait_timer *wt = container_of(timer, struct wait_timer, timer);
	struct thread *t = wt->thread;
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->woken_by_timeout = true;
	if (t->state == THREAD_WAITING && !t->parked)
		sched_make_runnable(t);
	spin_unlock_irqrestore(&t->lock, flags);
}

static __noinline err_t wait_with_deadline(struct thread *t, uint32_t mask,
					   nsec_t deadline)
{
	struct wait_timer wt = { .thread = t };
	err_t err;

	if (deadline <= clock_now()) {
		err = verdict(t, mask);
		irq_enable(); /* waitq_sleep() comes with them off */
		return err == -EAGAIN ? -ETIMEDOUT : err;
	}
	timer_init(&wt.timer, wait_timeout);
	timer_arm(&wt.timer, deadline);
	err = wait_for_wake(t, mask);
	timer_cancel(&wt.timer);
	t->woken_by_timeout = false;
	return err;
}

static inline err_t wait_common(nsec_t deadline, uint32_t mask)
{
	struct thread *t = current_thread();

	assert_may_sleep();
	if (deadline == NO_DEADLINE)
		return wait_for_wake(t, mask);
	return wait_with_deadline(t, mask, deadline);
}

err_t thread_wait(nsec_t deadline)
{
	return wait_common(deadline, WORK_INTERRUPT);
}

err_t thread_wait_killable(nsec_t deadline)
{
	return wait_common(deadline, WORK_KILL);
}

void thread_wait_uninterruptible(void)
{
	err_t err = wait_common(NO_DEADLINE, 0);

	kassert_dbg(err == 0);
	(void)err;
}

void thread_wake_irqs_off(struct thread *t)
{
	spin_lock(&t->lock);
	t->wake_token = true;
	if (t->state == THREAD_WAITING && !t->parked)
		sched_make_runnable(t);
	spin_unlock(&t->lock);
}

void thread_wake(struct thread *t)
{
	irqflags_t flags = irq_save();

	thread_wake_irqs_off(t);
	irq_restore(flags);
}

void sched_park(struct spinlock *l)
{
	struct thread *t = current_thread();
	enum wait_reason reason = t->reason;

	kassert_dbg(irq_enabled());
	t->reason = WAIT_MUTEX;
	t->park_token = false; /* unpark() comes under @l */
	spin_unlock(l);

	irq_disable();
	spin_lock(&t->lock);
	if (t->park_token) {
		spin_unlock(&t->lock);
		irq_enable();
	} else {
		t->parked = true;
		block(t, 0);
		t->parked = false;
	}
	t->reason = reason;
}

void sched_unpark(struct thread *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->park_token = true;
	if (t->state == THREAD_WAITING && t->parked)
		sched_make_runnable(t);
	spin_unlock_irqrestore(&t->lock, flags);
}

err_t sleep_until(nsec_t deadline)
{
	err_t err;

	do {
		thread_prepare_wait(WAIT_TIMER);
		err = thread_wait(deadline);
	} while (err == 0);
	thread_finish_wait();
	return err == -ETIMEDOUT ? 0 : err;
}
