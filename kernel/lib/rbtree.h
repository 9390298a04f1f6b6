/* SPDX-License-Identifier: MIT */
/*
 * Intrusive red-black tree, ordered by its owner.
 *
 * The owner finds the place itself, so that no comparison costs a call:
 *
 *	struct rb_node **link = &root->node, *parent = NULL;
 *
 *	while (*link != NULL) {
 *		parent = *link;
 *		link = less(n, parent) ? &parent->left : &parent->right;
 *	}
 *	rb_insert(root, n, parent, link, update);
 *
 * @update (or NULL) keeps a figure about each subtree: it recomputes the
 * figure of one node from the node itself and its two children.  When a
 * figure changes without an insert or erase, call rb_propagate().
 *
 * Insert, erase, next and prev take O(log n) and do not recurse.  Locking is
 * the owner's business.
 */
#pragma once

#include <lib/types.h>

struct rb_node {
	uintptr_t parent_color; /* bit 0: black; 0: in no tree */
	struct rb_node *left, *right;
};

struct rb_root {
	struct rb_node *node;
};

#define RB_ROOT_INIT \
	{ \
		NULL \
	}

#define rb_entry(ptr, type, member) container_of(ptr, type, member)

static inline void rb_root_init(struct rb_root *root)
{
	root->node = NULL;
}

static inline bool rb_empty(const struct rb_root *root)
{
	return root->node == NULL;
}

/* Makes rb_linked() false, as zeroed memory and rb_erase() do. */
static inline void rb_node_init(struct rb_node *n)
{
	n->parent_color = 0;
}

static inline bool rb_linked(const struct rb_node *n)
{
	return n->parent_color != 0;
}

static inline struct rb_node *rb_parent(const struct rb_node *n)
{
	return (struct rb_node *)(n->parent_color & ~(uintptr_t)1);
}

void rb_insert(struct rb_root *root, struct rb_node *n, struct rb_node *parent,
	       struct rb_node **link, void (*update)(struct rb_node *n));
void rb_erase(struct rb_root *root, struct rb_node *n,
	      void (*update)(struct rb_node *n));
/* @n, unlinked, takes the place and the order of @old. */
void rb_replace(struct rb_root *root, struct rb_node *old, struct rb_node *n,
		void (*update)(struct rb_node *n));
/* Recomputes @n and all above it. */
void rb_propagate(struct rb_node *n, void (*update)(struct rb_node *n));

/* NULL when there is none. */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *n);
struct rb_node *rb_prev(const struct rb_node *n);

/* Every node in order; the body may not erase. */
#define rb_foreach(it, root) \
	for ((it) = rb_first(root); (it) != NULL; (it) = rb_next(it))
/* The body may erase @it. */
#define rb_foreach_safe(it, tmp, root) \
	for ((it) = rb_first(root), (tmp) = (it) ? rb_next(it) : NULL; \
	     (it) != NULL; (it) = (tmp), (tmp) = (it) ? rb_next(it) : NULL)

/* For tests: kasserts order-independent invariants, returns the node count. */
size_t rb_check(const struct rb_root *root);
