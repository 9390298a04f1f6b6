/* SPDX-License-Identifier: MIT */
/*
 * Radix tree.
 *
 * A node knows how far its own six bits are shifted, so a reader needs no
 * more than the root pointer to know the height: whichever root it loads, it
 * sees a whole tree.  Writers publish a node with a release when it is
 * filled in; readers load every pointer with an acquire.
 *
 * A node is linked only while it has something in it.  One that is taken
 * out keeps its contents until ops->free() reuses it, so a reader that is
 * still inside it finishes as if it had come earlier.
 */
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/err.h>
#include <lib/radix.h>

#define LEVEL_BITS 6
#define SLOTS	   (1U << LEVEL_BITS)
#define MAX_LEVELS ((64 + LEVEL_BITS - 1) / LEVEL_BITS)

struct radix_node {
	uint32_t shift;	    /* IMMUTABLE; 0: the slots are items */
	uint32_t count;	    /* of used slots; PRIVATE(writer) */
	void *slots[SLOTS]; /* ATOMIC */
};

static inline unsigned slot_of(uint64_t index, unsigned shift)
{
	return (unsigned)(index >> shift) % SLOTS;
}

/* Whether a tree with this root can hold @index. */
static inline bool covers(const struct radix_node *root, uint64_t index)
{
	return index >> root->shift < SLOTS;
}

/* Pairs with the release in put_slot() and set_root(). */
static inline void *get_slot(const struct radix_node *n, unsigned i)
{
	return atomic_load_acquire(&n->slots[i]);
}

static inline void put_slot(struct radix_node *n, unsigned i, void *p)
{
	atomic_store_release(&n->slots[i], p);
}

static inline void set_root(struct radix *r, struct radix_node *n)
{
	atomic_store_release(&r->root, n);
}

void radix_init(struct radix *r, const struct radix_ops *ops)
{
	r->root = NULL;
	r->ops = ops;
}

void *radix_lookup(const struct radix *r, uint64_t index)
{
	const struct radix_node *n = atomic_load_acquire(&r->root);
	unsigned shift;
	void *p;

	if (n == NULL || !covers(n, index))
		return NULL;
	for (;;) {
		shift = n->shift;
		p = get_slot(n, slot_of(index, shift));
		if (shift == 0 || p == NULL)
			return p;
		n = p;
	}
}

void *radix_next(const struct radix *r, uint64_t *index)
{
	const struct radix_node *path[MAX_LEVELS];
	const struct radix_node *n = atomic_load_acquire(&r->root);
	uint64_t at = *index;
	unsigned depth = 0;
	unsigned i, shift;
	void *p;

	if (n == NULL || !covers(n, at))
		return NULL;
	for (;;) {
		/* Here @at is the least index that may still be the one. */
		shift = n->shift;
		for (i = slot_of(at, shift), p = NULL; i < SLOTS; i++) {
			p = get_slot(n, i);
			if (p != NULL)
				break;
			/* The next slot's first index; 0 after the last one. */
			at = ((at >> shift) + 1) << shift;
		}
		if (p != NULL && shift == 0) {
			*index = at;
			return p;
		}
		if (p != NULL) {
			path[depth++] = n;
			n = p;
			continue;
		}
		/*
		 * Up to the first node in which @at did not carry over.  When
		 * the greatest index was passed, no node has it.
		 */
		do {
			if (depth == 0 || at == 0)
				return NULL;
			n = path[--depth];
		} while (slot_of(at, n->shift) == 0);
	}
}

static struct radix_node *node_create(const struct radix *r, unsigned shift)
{
	struct radix_node *n = r->ops->alloc(sizeof(*n));

	if (n != NULL)
		n->shift = shift;
	return n;
}

/* How far the root of a tree that holds @index is shifted at least. */
static unsigned shift_for(uint64_t index)
{
	return (bit_fls(index | 1) - 1) / LEVEL_BITS * LEVEL_BITS;
}

/* Puts roots on top until @index fits. */
static err_t grow(struct radix *r, uint64_t index)
{
	struct radix_node *n;

	if (r->root == NULL) {
		n = node_create(r, shift_for(index));
		if (n == NULL)
			return -ENOMEM;
		set_root(r, n);
	}
	while (!covers(r->root, index)) {
		n = node_create(r, r->root->shift + LEVEL_BITS);
		if (n == NULL)
			return -ENOMEM;
		n->slots[0] = r->root;
		n->count = 1;
		set_root(r, n);
	}
	return 0;
}

/* Removes roots that hold nothing, or nothing but their first child. */
static void shrink(struct radix *r)
{
	struct radix_node *n;

	while ((n = r->root) != NULL) {
		if (n->count == 0)
			set_root(r, NULL);
		else if (n->count == 1 && n->shift != 0 && n->slots[0] != NULL)
			set_root(r, n->slots[0]);
		else
			return;
		r->ops->free(n);
	}
}

/* Fills @path from the root to the last node that is there. */
static unsigned walk(const struct radix *r, uint64_t index,
		     struct radix_node *path[MAX_LEVELS])
{
	struct radix_node *n = r->root;
	unsigned depth = 0;

	if (n == NULL || !covers(n, index))
		return 0;
	for (;;) {
		path[depth++] = n;
		if (n->shift == 0)
			return depth;
		n = n->slots[slot_of(index, n->shift)];
		if (n == NULL)
			return depth;
	}
}

/* Unlinks the empty nodes at the end of @path. */
static void prune(struct radix *r, uint64_t index,
		  struct radix_node *path[MAX_LEVELS], unsigned depth)
{
	struct radix_node *parent;

	while (depth > 1 && path[depth - 1]->count == 0) {
		parent = path[depth - 2];
		put_slot(parent, slot_of(index, parent->shift), NULL);
		parent->count--;
		r->ops->free(path[--depth]);
	}
	shrink(r);
}

err_t radix_insert(struct radix *r, uint64_t index, void *item)
{
	struct radix_node *path[MAX_LEVELS];
	struct radix_node *n, *child;
	unsigned depth, i;
	err_t err;

	kassert_dbg(item != NULL);
	err = grow(r, index);
	if (err)
		goto fail_shrink;

	depth = walk(r, index, path);
	n = path[depth - 1];
	while (n->shift != 0) {
		child = node_create(r, n->shift - LEVEL_BITS);
		if (child == NULL) {
			err = -ENOMEM;
			goto fail_prune;
		}
		put_slot(n, slot_of(index, n->shift), child);
		n->count++;
		n = child;
		path[depth++] = n;
	}
	i = slot_of(index, 0);
	if (n->slots[i] != NULL)
		return -EEXIST;

	/* Nothing below can fail. */
	put_slot(n, i, item);
	n->count++;
	return 0;

fail_prune:
	prune(r, index, path, depth);
fail_shrink:
	shrink(r);
	return err;
}

void *radix_replace(struct radix *r, uint64_t index, void *item)
{
	struct radix_node *path[MAX_LEVELS];
	unsigned depth = walk(r, index, path);
	unsigned i = slot_of(index, 0);
	void *old;

	kassert_dbg(item != NULL);
	if (depth == 0 || path[depth - 1]->shift != 0)
		return NULL;
	old = path[depth - 1]->slots[i];
	if (old != NULL)
		put_slot(path[depth - 1], i, item);
	return old;
}

void *radix_erase(struct radix *r, uint64_t index)
{
	struct radix_node *path[MAX_LEVELS];
	unsigned depth = walk(r, index, path);
	unsigned i = slot_of(index, 0);
	void *old;

	if (depth == 0 || path[depth - 1]->shift != 0)
		return NULL;
	old = path[depth - 1]->slots[i];
	if (old == NULL)
		return NULL;
	put_slot(path[depth - 1], i, NULL);
	path[depth - 1]->count--;
	prune(r, index, path, depth);
	return old;
}

void radix_destroy(struct radix *r,
		   void (*fn)(void *ctx, uint64_t index, void *item), void *ctx)
{
	struct radix_node *path[MAX_LEVELS];
	struct radix_node *n = r->root;
	unsigned next[MAX_LEVELS]; /* slot to look at, by level */
	unsigned depth = 0;
	uint64_t index = 0;
	unsigned i;
	void *p;

	if (n == NULL)
		return;
	set_root(r, NULL);
	path[0] = n;
	next[0] = 0;
	for (;;) {
		n = path[depth];
		i = next[depth]++;
		if (i == SLOTS) {
			r->ops->free(n);
			if (depth-- == 0)
				return;
			continue;
		}
		p = n->slots[i];
		if (p == NULL)
			continue;
		index &= ~((uint64_t)(SLOTS - 1) << n->shift);
		index |= (uint64_t)i << n->shift;
		if (n->shift != 0) {
			path[++depth] = p;
			next[depth] = 0;
			index &= ~((UINT64_C(1) << n->shift) - 1);
		} else if (fn != NULL) {
			fn(ctx, index, p);
		}
	}
}
