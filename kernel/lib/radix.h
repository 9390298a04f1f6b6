/* SPDX-License-Identifier: MIT */
/*
 * Radix tree: a sparse array of non-null pointers, indexed by a 64-bit number.
 *
 * Six bits a level; the tree is as high as its greatest index needs.  Any
 * value but NULL can be stored.  Changes need the owner's lock.
 * radix_lookup() and radix_next() may run beside them without it, when
 * ops->free waits until such readers are gone.
 */
#pragma once

#include <lib/types.h>

struct radix_node;

struct radix_ops {
	void *(*alloc)(size_t size); /* zeroed, or NULL */
	void (*free)(void *node);    /* may have to be deferred: see above */
};

struct radix {
	struct radix_node *root; /* ATOMIC */
	const struct radix_ops *ops;
};

#define RADIX_INIT(ops) \
	{ \
		NULL, (ops) \
	}

void radix_init(struct radix *r, const struct radix_ops *ops);

/* What is at @index, or NULL.  Context: any. */
void *radix_lookup(const struct radix *r, uint64_t index);

/*
 * The first item at or after *@index, whose index is then in *@index; NULL
 * and *@index unchanged when there is none.
 */
void *radix_next(const struct radix *r, uint64_t *index);

/*
 * Puts @item, which is not NULL, at a free @index.
 * Context: as ops->alloc.
 * Returns: 0; -EEXIST; -ENOMEM, and nothing has changed.
 */
__must_check err_t radix_insert(struct radix *r, uint64_t index, void *item);

/* Exchanges the item at @index; returns the old one, or NULL and no change. */
void *radix_replace(struct radix *r, uint64_t index, void *item);

/* Takes out the item at @index and returns it, or NULL. */
void *radix_erase(struct radix *r, uint64_t index);

/*
 * Empties the tree; @fn, or NULL, is called for each item in order and may
 * not touch the tree.
 */
void radix_destroy(struct radix *r,
		   void (*fn)(void *ctx, uint64_t index, void *item),
		   void *ctx);

static inline bool radix_empty(const struct radix *r)
{
	return r->root == NULL;
}
