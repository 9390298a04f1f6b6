/* SPDX-License-Identifier: MIT */
/*
 * Timers.
 *
 * PURPOSE  Call a function at a time, O(log n) in the timers that wait.
 * OBJECTS  struct timer; one queue per core, ordered by deadline.
 * STATES   IDLE, PENDING in the queue of t->core; while fn runs it is IDLE
 *          again (fn may arm it) and the queue's `running` points to it.
 * LOCKING  The queue's lock (TIMER), interrupts off; not held during fn.
 *          t->core only changes under the locks of the old and new queue.
 * LIFETIME The owner keeps the timer until timer_cancel() has returned.
 *
 * The hardware timer of a core is set for whatever comes first: a timer, the
 * end of the slice if somebody waits for the core, a sample of where time
 * goes.  It is never moved back when the reason goes away: an interrupt that
 * finds nothing to do is cheaper than setting it twice for each sleep.
 */
#include <arch/timer.h>
#include <lib/atomic.h>
#include <sched/timer.h>

#include "sched_impl.h"

enum {
	TIMER_IDLE,
	TIMER_PENDING
};

/* Called in one interrupt; the rest comes with the next, at once. */
#define TIMERS_A_TIME 64

static inline struct timer *timer_at(struct rb_node *n)
{
	return rb_entry(n, struct timer, node);
}

void timer_core_init(struct core *c)
{
	spin_init(&c->timers.lock, RANK_TIMER);
	rb_root_init(&c->timers.tree);
	c->timers.first = NULL;
	c->timers.running = NULL;
	c->timer_armed = NSEC_NEVER;
	c->sample_at = NSEC_NEVER;
}

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	rb_node_init(&t->node);
	t->deadline = 0;
	t->fn = fn;
	t->core = core_id();
	t->state = TIMER_IDLE;
}

/* Equal deadlines fire in the order in which they were armed. */
static void insert(struct timer_queue *q, struct timer *t)
{
	struct rb_node **link = &q->tree.node, *parent = NULL;
	bool leftmost = true;

	while (*link != NULL) {
		parent = *link;
		if (t->deadline < timer_at(parent)->deadline) {
			link = &parent->left;
		} else {
			link = &parent->right;
			leftmost = false;
		}
	}
	if (leftmost)
		q->first = &t->node;
	rb_insert(&q->tree, &t->node, parent, link, NULL);
	t->state = TIMER_PENDING;
}

static void erase(struct timer_queue *q, struct timer *t)
{
	if (q->first == &t->node)
		q->first = rb_next(&t->node);
	rb_erase(&q->tree, &t->node, NULL);
	t->state = TIMER_IDLE;
}

/* The queue that @t belongs to, locked; interrupts are off. */
static struct timer_queue *lock_queue(struct timer *t)
	NO_TSA /* which lock it is depends on t->core */
{
	struct core *c;

	for (;;) {
		coreid_t core = atomic_load_relaxed(&t->core);

		c = core_of(core);
		spin_lock(&c->timers.lock);
		if (likely(t->core == core))
			return &c->timers;
		spin_unlock(&c->timers.lock);
	}
}

void timer_want_sooner(struct core *c, nsec_t when, nsec_t now)
{
	c->timer_armed = when;
	core_timer_arm(when > now ? when - now : 1);
}

void timer_arm(struct timer *t, nsec_t deadline)
	NO_TSA /* takes two locks whose names it computes */
{
	irqflags_t flags = irq_save();
	struct core *c = this_core();
	struct timer_queue *q = lock_queue(t);

	if (t->state == TIMER_PENDING)
		erase(q, t);
	if (q != &c->timers) {
		/* IDLE and ours alone: nobody finds it between the queues. */
		atomic_store_relaxed(&t->core, c->id);
		spin_unlock(&q->lock);
		q = &c->timers;
		spin_lock(&q->lock);
	}
	t->deadline = deadline;
	insert(q, t);
	if (q->first == &t->node)
		timer_want(c, deadline, clock_now());
	spin_unlock(&q->lock);
	irq_restore(flags);
}

bool timer_cancel(struct timer *t)
	NO_TSA /* which lock it is depends on t->core */
{
	irqflags_t flags = irq_save();
	struct timer_queue *q = lock_queue(t);
	bool pending = t->state == TIMER_PENDING;

	if (pending)
		erase(q, t);
	/* On this core fn cannot be running: it would have interrupted us. */
	while (q->running == t && q != &this_core()->timers) {
		spin_unlock(&q->lock);
		irq_restore(flags);
		cpu_relax();
		flags = irq_save();
		spin_lock(&q->lock);
	}
	spin_unlock(&q->lock);
	irq_restore(flags);
	return pending;
}

nsec_t timer_deadline(const struct timer *t)
{
	if (atomic_load_relaxed(&t->state) != TIMER_PENDING)
		return 0;
	return atomic_load_relaxed(&t->deadline);
}

void timer_expire(struct core *c, nsec_t now)
{
	struct timer_queue *q = &c->timers;
	unsigned left = TIMERS_A_TIME;
	struct timer *t;

	if (q->first == NULL)
		return;
	spin_lock(&q->lock);
	while (q->first != NULL && left-- != 0) {
		t = timer_at(q->first);
		if (t->deadline > now)
			break;
		erase(q, t);
		q->running = t;
		q->fired++;
		spin_unlock(&q->lock);
		t->fn(t);
		spin_lock(&q->lock);
		q->running = NULL; /* from here on @t may be gone */
	}
	spin_unlock(&q->lock);
}

void timer_reprogram(struct core *c, nsec_t now)
{
	struct thread *cur = current_thread();
	nsec_t when = c->sample_at;

	spin_lock(&c->timers.lock);
	if (c->timers.first != NULL &&
	    timer_at(c->timers.first)->deadline < when)
		when = timer_at(c->timers.first)->deadline;
	spin_unlock(&c->timers.lock);
	if (cur != c->idle && atomic_load_relaxed(&c->rq.nr) != 0 &&
	    (thread_work(cur) & WORK_RESCHED) == 0 &&
	    cur->slice_start + SLICE_NS < when)
		when = cur->slice_start + SLICE_NS;
	if (when != NSEC_NEVER)
		timer_want(c, when, now);
}
