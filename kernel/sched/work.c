/* SPDX-License-Identifier: MIT */
/*
 * Deferred work: a kernel thread on each core that may sleep.
 *
 * Work of one core runs in order, one piece at a time; a piece that sleeps
 * delays those behind it, so nothing here waits for other work.
 */
#include <lib/atomic.h>
#include <lib/string.h>
#include <sched/msg.h>
#include <sched/waitq.h>
#include <sync/park.h>

#include "sched_impl.h"

static struct core_msg *take(struct core *c)
{
	irqflags_t flags = spin_lock_irqsave(&c->work_lock);
	struct core_msg *m = c->work.head;

	if (m != NULL)
		c->work.head = m->next;
	spin_unlock_irqrestore(&c->work_lock, flags);
	return m;
}

static void worker_main(void *arg)
{
	struct core *c = arg;
	struct core_msg *m;

	for (;;) {
		thread_prepare_wait(WAIT_WORK);
		m = take(c);
		if (m == NULL) {
			thread_wait_uninterruptible();
			continue;
		}
		thread_finish_wait();
		atomic_store_release(&m->queued, 0);
		m->fn(m->arg);
		sched_point();
	}
}

bool work_defer(struct core_msg *m)
{
	struct core *c = this_core();
	irqflags_t flags;

	/* Pairs with the release in worker_main(). */
	if (atomic_xchg(&m->queued, 1) != 0)
		return false;
	m->next = NULL;
	flags = spin_lock_irqsave(&c->work_lock);
	if (c->work.head == NULL)
		c->work.head = m;
	else
		c->work.tail->next = m;
	c->work.tail = m;
	spin_unlock_irqrestore(&c->work_lock, flags);
	/* Before it exists, work waits for its first look. */
	if (c->worker != NULL)
		thread_wake(c->worker);
	return true;
}

err_t work_core_start(struct core *c)
{
	struct thread *t;
	err_t err = kthread_spawn_early("worker", worker_main, c, &t);

	if (err)
		return err;
	memset(t->affinity, 0, sizeof(t->affinity));
	t->affinity[c->id / 64] = UINT64_C(1) << (c->id % 64);
	c->worker = t;
	thread_start(t);
	return 0;
}
