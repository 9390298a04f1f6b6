/* SPDX-License-Identifier: MIT */
/*
 * Run queue: who is next, by weighted run time.  Knows nothing of cores and
 * clocks, so it is tested on the host.
 */
#pragma once

#include <lib/rbtree.h>
#include <lib/types.h>
#include <sched/thread.h>
#include <sync/spinlock.h>

#define WEIGHT_NICE0	    1024u
#define SLICE_NS	    (3 * NSEC_PER_MSEC)
#define WAKE_GRANULARITY_NS NSEC_PER_MSEC

struct runq {
	struct spinlock lock;  /* rank RUNQ */
	struct thread *first;  /* GUARDED_BY(lock); the least; NULL: empty */
	struct rb_root tree;   /* GUARDED_BY(lock); the others, by vruntime */
	uint32_t nr;	       /* GUARDED_BY(lock); ATOMIC to read: a hint */
	uint64_t min_vruntime; /* GUARDED_BY(lock); never goes back */
};

void runq_init(struct runq *rq);
/* Linux's weight of nice -20..19; each step is about 1.25 times. */
uint32_t nice_to_weight(int nice);
/* Run time @ns of a thread of @weight, as vruntime. */
static inline uint64_t weighted_ns(nsec_t ns, uint32_t weight)
{
	if (likely(weight == WEIGHT_NICE0))
		return ns;
	return ns * WEIGHT_NICE0 / weight;
}

static inline bool vruntime_before(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) < 0;
}

/*
 * All below: @rq->lock is held.  Inline is what a core does that two threads
 * take turns on: with one thread queued the tree is empty.
 */

void runq_tree_insert(struct runq *rq, struct thread *t, bool ahead);
struct thread *runq_tree_pop(struct runq *rq);
void runq_tree_erase(struct runq *rq, struct thread *t);

static inline struct thread *runq_first(const struct runq *rq)
{
	return rq->first;
}

/* In the order in which they would run; NULL at the end. */
static inline struct thread *runq_next(const struct runq *rq,
				       const struct thread *t)
{
	struct rb_node *n = t == rq->first ? rb_first(&rq->tree)
					   : rb_next(&t->rq_node);

	return n == NULL ? NULL : rb_entry(n, struct thread, rq_node);
}

/* @t ran for @ns.  The least vruntime follows, but never goes back. */
static inline void runq_charge(struct runq *rq, struct thread *t, nsec_t ns)
{
	uint64_t v = t->vruntime + weighted_ns(ns, t->weight);

	t->vruntime = v;
	if (rq->first != NULL && vruntime_before(rq->first->vruntime, v))
		v = rq->first->vruntime;
	if (vruntime_before(rq->min_vruntime, v))
		rq->min_vruntime = v;
}

/*
 * Queue @t.  After a sleep (@woken) it is placed no further back than a slice
 * before the least, so that it neither starves nor claims the time it slept.
 */
static inline void runq_enqueue(struct runq *rq, struct thread *t, bool woken)
{
	struct thread *first = rq->first;
	uint64_t least = rq->min_vruntime - SLICE_NS;

	if (woken && vruntime_before(t->vruntime, least))
		t->vruntime = least;
	if (likely(first == NULL)) {
		rq->first = t;
	} else if (vruntime_before(t->vruntime, first->vruntime)) {
		runq_tree_insert(rq, first, true);
		rq->first = t;
	} else {
		runq_tree_insert(rq, t, false);
	}
	rq->nr++;
}

static inline void runq_dequeue(struct runq *rq, struct thread *t)
{
	if (unlikely(t != rq->first))
		runq_tree_erase(rq, t);
	else
		rq->first = rb_empty(&rq->tree) ? NULL : runq_tree_pop(rq);
	rq->nr--;
}

/* @t, not queued, yields: behind all that are queued now. */
void runq_yield(struct runq *rq, struct thread *t);

/* Is the queued @t entitled to run before @cur, which ran @ns since charged? */
static inline bool runq_preempts(const struct thread *t,
				 const struct thread *cur, nsec_t ns)
{
	return vruntime_before(t->vruntime + weighted_ns(WAKE_GRANULARITY_NS,
							 t->weight),
			       cur->vruntime + weighted_ns(ns, cur->weight));
}
