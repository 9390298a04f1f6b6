/* SPDX-License-Identifier: MIT */
/*
 * Queues of threads that wait for a condition.
 *
 * PURPOSE  waitq_sleep() for the usual case: one condition under one lock;
 *          waiters of their own for several queues at once (poll).
 * OBJECTS  struct waitq; struct waiter, on the stack of who waits.  Waiters
 *          that do not exclude others stand in front, exclusive ones behind
 *          in the order of arrival.
 * LOCKING  wq->lock (WAITQ, also taken in interrupts).  A waker holds it
 *          while it wakes, and a sleeper takes it before it goes on: so
 *          neither the waiter nor its thread vanishes under the waker.
 */
#include <arch/cpu.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <sched/waitq.h>

void waitq_init(struct waitq *wq)
{
	spin_init(&wq->lock, RANK_WAITQ);
	list_init(&wq->waiters);
}

bool waitq_empty(const struct waitq *wq)
{
	return atomic_load_relaxed(&wq->waiters.next) == &wq->waiters;
}

void waiter_init(struct waiter *w)
{
	*w = (struct waiter){ .thread = current_thread() };
	list_init(&w->link);
}

void waitq_add(struct waitq *wq, struct waiter *w)
{
	irqflags_t flags = spin_lock_irqsave(&wq->lock);

	w->wq = wq;
	if (w->exclusive)
		list_add_tail(&wq->waiters, &w->link);
	else
		list_add(&wq->waiters, &w->link);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void waitq_remove(struct waitq *wq, struct waiter *w)
{
	irqflags_t flags = spin_lock_irqsave(&wq->lock);

	list_del(&w->link); /* harmless if a wake took it off */
	spin_unlock_irqrestore(&wq->lock, flags);
}

/* Wakes until @nr exclusive waiters took it. */
static __noinline void wake(struct waitq *wq, unsigned events, unsigned nr)
{
	irqflags_t flags = spin_lock_irqsave(&wq->lock);
	struct list *it, *tmp;
	struct waiter *w;
	bool exclusive, took;

	list_foreach_safe(it, tmp, &wq->waiters) {
		w = list_entry(it, struct waiter, link);
		exclusive = w->exclusive;
		took = true;
		if (w->func != NULL) {
			took = w->func(w, events);
		} else {
			if (w->autoremove)
				list_del(&w->link);
			thread_wake_irqs_off(w->thread);
		}
		if (exclusive && took && --nr == 0)
			break;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
}

/*
 * The condition was written before, the queue is read after the barrier; a
 * waiter enters the queue, then reads the condition.
 */
static inline bool nobody(const struct waitq *wq)
{
	barrier_full();
	return waitq_empty(wq);
}

void waitq_wake_one(struct waitq *wq)
{
	if (!nobody(wq))
		wake(wq, 0, 1);
}

void waitq_wake_all(struct waitq *wq)
{
	if (!nobody(wq))
		wake(wq, 0, UINT32_MAX);
}

void waitq_wake_events(struct waitq *wq, unsigned events)
{
	if (!nobody(wq))
		wake(wq, events, UINT32_MAX);
}

/*
 * Interrupts are on here, as everywhere where one may sleep; they stay off
 * from begin() until the wait, which needs them off anyway.
 */
static inline void begin(struct waitq *wq, struct waiter *w,
			 enum wait_reason why)
{
	w->thread = current_thread();
	w->wq = wq;
	w->func = NULL;
	w->exclusive = true;
	w->autoremove = true;
	thread_prepare_wait(why);
	irq_disable();
	spin_lock(&wq->lock);
	list_add_tail(&wq->waiters, &w->link);
	spin_unlock(&wq->lock);
}

/*
 * A wake that took us off the queue was meant for us alone, so it counts even
 * when a signal or the deadline came too: the caller looks at its condition
 * and meets the error at its next sleep.
 */
static inline err_t end(struct waitq *wq, struct waiter *w, err_t err)
{
	irq_disable();
	spin_lock(&wq->lock);
	if (unlikely(list_linked(&w->link)))
		list_del(&w->link);
	else
		err = 0;
	spin_unlock(&wq->lock);
	irq_enable();
	thread_finish_wait();
	return err;
}

err_t waitq_sleep(struct waitq *wq, struct spinlock *l, enum wait_reason why,
		  nsec_t deadline)
{
	struct waiter w;
	err_t err;

	kassert_dbg(irq_enabled());
	begin(wq, &w, why);
	spin_unlock(l);
	err = end(wq, &w, thread_wait(deadline));
	spin_lock(l);
	return err;
}

err_t waitq_sleep_mutex(struct waitq *wq, struct mutex *m, enum wait_reason why,
			nsec_t deadline)
{
	struct waiter w;
	err_t err;

	kassert_dbg(irq_enabled());
	begin(wq, &w, why);
	irq_enable();
	mutex_unlock(m);
	err = end(wq, &w, thread_wait(deadline));
	mutex_lock(m);
	return err;
}

err_t waitq_sleep_killable(struct waitq *wq, struct spinlock *l,
			   enum wait_reason why)
{
	struct waiter w;
	err_t err;

	kassert_dbg(irq_enabled());
	begin(wq, &w, why);
	spin_unlock(l);
	err = end(wq, &w, thread_wait_killable(NO_DEADLINE));
	spin_lock(l);
	return err;
}
