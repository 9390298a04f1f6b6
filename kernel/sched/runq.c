/* SPDX-License-Identifier: MIT */
/*
 * Run queue.
 *
 * PURPOSE  Shares of a core in proportion to weights, in O(log n).
 * OBJECTS  struct runq: the runnable threads that do not run, in a tree by
 *          vruntime, which is run time divided by weight.  The least of them
 *          is kept beside the tree, so that a core that two threads take
 *          turns on never touches it.  The thread that runs is in neither.
 * LOCKING  rq->lock (RUNQ), interrupts off.  vruntime and rq_node of a thread
 *          belong to the queue of its core.
 * LIFETIME A queued thread is kept by the reference of thread_start().
 *
 * Equal vruntimes run in the order in which they were queued.
 */
#include <sched/runq.h>

#define NICE_MIN (-20)
#define NICE_MAX 19

/* Linux's table: an ABI in effect, since `nice` is judged by its shares. */
static const uint32_t weights[NICE_MAX - NICE_MIN + 1] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548,  7620,  6100,  4904,  3906,  3121,  2501,	 1991,	1586,  1277,
	1024,  820,   655,   526,   423,   335,	  272,	 215,	172,   137,
	110,   87,    70,    56,    45,	   36,	  29,	 23,	18,    15,
};

void runq_init(struct runq *rq)
{
	spin_init(&rq->lock, RANK_RUNQ);
	rq->first = NULL;
	rb_root_init(&rq->tree);
	rq->nr = 0;
	rq->min_vruntime = 0;
}

uint32_t nice_to_weight(int nice)
{
	if (nice < NICE_MIN)
		nice = NICE_MIN;
	if (nice > NICE_MAX)
		nice = NICE_MAX;
	return weights[nice - NICE_MIN];
}

static inline struct thread *thread_at(struct rb_node *n)
{
	return rb_entry(n, struct thread, rq_node);
}

/* Behind those with the same vruntime, or with @ahead before them. */
void runq_tree_insert(struct runq *rq, struct thread *t, bool ahead)
{
	struct rb_node **link = &rq->tree.node, *parent = NULL;
	uint64_t v;

	while (*link != NULL) {
		parent = *link;
		v = thread_at(parent)->vruntime;
		if (vruntime_before(t->vruntime, v) ||
		    (ahead && t->vruntime == v))
			link = &parent->left;
		else
			link = &parent->right;
	}
	rb_insert(&rq->tree, &t->rq_node, parent, link, NULL);
}

struct thread *runq_tree_pop(struct runq *rq)
{
	struct rb_node *n = rb_first(&rq->tree);

	rb_erase(&rq->tree, n, NULL);
	return thread_at(n);
}

void runq_tree_erase(struct runq *rq, struct thread *t)
{
	rb_erase(&rq->tree, &t->rq_node, NULL);
}

void runq_yield(struct runq *rq, struct thread *t)
{
	const struct thread *last = rq->first;

	if (last == NULL)
		return;
	if (!rb_empty(&rq->tree))
		last = thread_at(rb_last(&rq->tree));
	if (vruntime_before(t->vruntime, last->vruntime))
		t->vruntime = last->vruntime;
}
