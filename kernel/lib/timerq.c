/* SPDX-License-Identifier: MIT */
/*
 * Queue of deadlines.
 *
 * A red-black tree with its first node cached.  A heap would insert faster,
 * but its worst pop is not bounded by a logarithm, and pops happen in
 * interrupts.
 */
#include <lib/assert.h>
#include <lib/timerq.h>

static inline struct timerq_node *node_of(struct rb_node *n)
{
	return n == NULL ? NULL : rb_entry(n, struct timerq_node, rb);
}

bool timerq_insert(struct timerq *q, struct timerq_node *n, nsec_t when)
{
	struct rb_node **link = &q->root.node;
	struct rb_node *parent = NULL;
	bool earliest = true;

	n->when = when;
	while (*link != NULL) {
		parent = *link;
		if (when < node_of(parent)->when) {
			link = &parent->left;
		} else {
			link = &parent->right;
			earliest = false;
		}
	}
	rb_insert(&q->root, &n->rb, parent, link, NULL);
	if (earliest)
		q->first = n;
	return earliest;
}

bool timerq_erase(struct timerq *q, struct timerq_node *n)
{
	bool earliest = q->first == n;

	kassert_dbg(timerq_queued(n));
	if (earliest)
		q->first = node_of(rb_next(&n->rb));
	rb_erase(&q->root, &n->rb, NULL);
	return earliest;
}

struct timerq_node *timerq_pop(struct timerq *q, nsec_t now)
{
	struct timerq_node *n = q->first;

	if (n == NULL || n->when > now)
		return NULL;
	timerq_erase(q, n);
	return n;
}
