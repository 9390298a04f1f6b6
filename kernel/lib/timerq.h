/* SPDX-License-Identifier: MIT */
/*
 * Queue of deadlines: insert, erase and pop in O(log n) at worst, the
 * earliest in O(1).  Equal deadlines come out in the order they went in.
 *
 * Nothing here knows about clocks.  Locking is the owner's business.
 */
#pragma once

#include <lib/rbtree.h>
#include <lib/types.h>

struct timerq_node {
	struct rb_node rb;
	nsec_t when;
};

struct timerq {
	struct rb_root root;
	struct timerq_node *first;
};

static inline void timerq_init(struct timerq *q)
{
	rb_root_init(&q->root);
	q->first = NULL;
}

static inline void timerq_node_init(struct timerq_node *n)
{
	rb_node_init(&n->rb);
	n->when = 0;
}

/* Whether an initialised node is in a queue. */
static inline bool timerq_queued(const struct timerq_node *n)
{
	return rb_linked(&n->rb);
}

/* The earliest, or NULL. */
static inline struct timerq_node *timerq_first(const struct timerq *q)
{
	return q->first;
}

/* The earliest deadline, or NSEC_NEVER. */
static inline nsec_t timerq_deadline(const struct timerq *q)
{
	return q->first == NULL ? NSEC_NEVER : q->first->when;
}

/* @n is not queued.  Returns: true when it became the earliest. */
bool timerq_insert(struct timerq *q, struct timerq_node *n, nsec_t when);
/* @n is queued.  Returns: true when it was the earliest. */
bool timerq_erase(struct timerq *q, struct timerq_node *n);
/* Takes the earliest out if its time has come (when <= now), or NULL. */
struct timerq_node *timerq_pop(struct timerq *q, nsec_t now);
