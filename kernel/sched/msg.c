/* SPDX-License-Identifier: MIT */
/*
 * Kernel messages.
 *
 * PURPOSE  Work that one core asks of another (or of itself, later).
 * OBJECTS  struct core_msg, the sender's memory; two queues on each core.
 *          A queue is one list for all senders, so messages of a pair of
 *          cores stay in order.
 * LOCKING  msg_lock (MSG), interrupts off; not held while a message runs.
 * LIFETIME `queued` is cleared before fn is called: from then on the message
 *          may be sent again, and fn may free it.
 */
#include <arch/timer.h>
#include <debug/trace.h>
#include <lib/atomic.h>
#include <sched/msg.h>

#include "sched_impl.h"

void msg_core_init(struct core *c)
{
	spin_init(&c->msg_lock, RANK_MSG);
	c->immediate = (struct msg_queue){ NULL, NULL };
	c->routine = (struct msg_queue){ NULL, NULL };
}

static void push(struct msg_queue *q, struct core_msg *m)
{
	m->next = NULL;
	if (q->head == NULL)
		atomic_store_relaxed(&q->head, m);
	else
		q->tail->next = m;
	q->tail = m;
}

static struct core_msg *pop(struct msg_queue *q)
{
	struct core_msg *m = q->head;

	if (m != NULL)
		atomic_store_relaxed(&q->head, m->next);
	return m;
}

/* False: it is on its way already. */
static bool claim(struct core_msg *m)
{
	/* Pairs with the release in run(): its fn sees what we wrote. */
	return atomic_xchg(&m->queued, 1) == 0;
}

static void enqueue(struct core *c, struct msg_queue *q, struct core_msg *m)
{
	irqflags_t flags = spin_lock_irqsave(&c->msg_lock);

	push(q, m);
	spin_unlock_irqrestore(&c->msg_lock, flags);
}

static void run(struct core *c, struct core_msg *m)
{
	void (*fn)(void *) = m->fn;
	void *arg = m->arg;

	c->messages++;
	trace(TR_MESSAGE, (uintptr_t)fn, (uintptr_t)arg, c->id);
	atomic_store_release(&m->queued, 0);
	fn(arg);
}

static struct core_msg *next_of(struct core *c, struct msg_queue *q)
{
	struct core_msg *m;
	irqflags_t flags;

	if (atomic_load_relaxed(&q->head) == NULL)
		return NULL;
	flags = spin_lock_irqsave(&c->msg_lock);
	m = pop(q);
	spin_unlock_irqrestore(&c->msg_lock, flags);
	return m;
}

bool core_send_immediate(coreid_t core, struct core_msg *m)
{
	struct core *c = core_of(core);

	if (!claim(m))
		return false;
	enqueue(c, &c->immediate, m);
	core_ipi(core);
	return true;
}

bool core_send(coreid_t core, struct core_msg *m)
{
	struct core *c = core_of(core);

	if (!claim(m))
		return false;
	enqueue(c, &c->routine, m);
	if (core == core_id())
		atomic_or_relaxed(&current_thread()->work, WORK_MSG);
	else
		core_ipi(core);
	return true;
}

void msg_run_immediate(struct core *c)
{
	struct core_msg *m;

	while ((m = next_of(c, &c->immediate)) != NULL)
		run(c, m);
}

void core_msg_drain_immediate(void)
{
	irqflags_t flags = irq_save();

	msg_run_immediate(this_core());
	irq_restore(flags);
}

void msg_run_routine(struct core *c)
{
	struct core_msg *m;

	while ((m = next_of(c, &c->routine)) != NULL)
		run(c, m);
}
