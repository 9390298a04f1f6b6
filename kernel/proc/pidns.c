/* SPDX-License-Identifier: MIT */
/*
 * Pid namespaces.
 *
 * PURPOSE: a process sees itself and its descendants under numbers of their
 * own.  Inside the kernel there is one number for everything (pid.c); every
 * number that crosses the system-call border is translated here.
 *
 * OBJECTS: struct pidns keeps two maps, local to global and back.  The root
 * has none: there the two are the same.  A number is known in its own
 * namespace and in all namespaces above.
 *
 * LOCKING: IDTABLE (pid.c) guards the maps: ids come and go with slots.
 *
 * LIFETIME: each id in use holds a reference to its namespace, which holds
 * its parent.  The first process of a namespace is its init: orphans come to
 * it, and when it dies everything inside is killed.
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <mm/slab.h>

#include "proc_impl.h"

static void *node_alloc(size_t size)
{
	return kzalloc(size);
}

static const struct radix_ops map_ops = { .alloc = node_alloc, .free = kfree };

struct pidns pidns_root = { .ref = { 1 } };

err_t pidns_create(struct pidns *parent, struct pidns **out)
{
	struct pidns *ns;

	if (parent->level + 1 >= PIDNS_LEVELS)
		return -ENOSPC;
	ns = kzalloc(sizeof(*ns));
	if (ns == NULL)
		return -ENOMEM;
	ref_init(&ns->ref, 1);
	ns->parent = parent;
	pidns_get(parent);
	ns->level = parent->level + 1;
	radix_init(&ns->to_global, &map_ops);
	radix_init(&ns->to_local, &map_ops);
	*out = ns;
	return 0;
}

void pidns_get(struct pidns *ns)
{
	if (ns != &pidns_root)
		ref_get(&ns->ref);
}

void pidns_put(struct pidns *ns)
{
	struct pidns *parent;

	/* The parents follow, as far as this was their last child. */
	while (ns != &pidns_root && ref_put(&ns->ref)) {
		parent = ns->parent;
		kassert(radix_empty(&ns->to_global));
		kfree(ns);
		ns = parent;
	}
}

static void *boxed(int32_t id)
{
	return (void *)(uintptr_t)(uint32_t)id;
}

static int32_t unboxed(const void *p)
{
	return (int32_t)(uintptr_t)p;
}

/* One level: the next free local number for @global. */
static err_t map_one(struct pidns *ns, int32_t global)
{
	int32_t local;
	err_t err;

	do {
		ns->last = ns->last == PIDNS_ID_MAX ? 2 : ns->last + 1;
		local = ns->last;
	} while (radix_lookup(&ns->to_global, (uint64_t)local) != NULL);
	err = radix_insert(&ns->to_global, (uint64_t)local, boxed(global));
	if (err)
		return err;
	err = radix_insert(&ns->to_local, (uint64_t)global, boxed(local));
	if (err)
		(void)radix_erase(&ns->to_global, (uint64_t)local);
	return err;
}

static void unmap_one(struct pidns *ns, int32_t global)
{
	void *local = radix_erase(&ns->to_local, (uint64_t)global);

	if (local != NULL)
		(void)radix_erase(&ns->to_global, (uint64_t)unboxed(local));
}

err_t pidns_map_locked(struct pidns *ns, int32_t global)
{
	struct pidns *at, *undo;
	err_t err;

	for (at = ns; at != &pidns_root; at = at->parent) {
		err = map_one(at, global);
		if (err) {
			for (undo = ns; undo != at; undo = undo->parent)
				unmap_one(undo, global);
			return err;
		}
	}
	return 0;
}

void pidns_unmap_locked(struct pidns *ns, int32_t global)
{
	for (; ns != &pidns_root; ns = ns->parent)
		unmap_one(ns, global);
}

int32_t pidns_local_locked(const struct pidns *ns, int32_t global)
{
	return unboxed(radix_lookup(&ns->to_local, (uint64_t)global));
}

int32_t pidns_global_locked(const struct pidns *ns, int32_t local)
{
	return unboxed(radix_lookup(&ns->to_global, (uint64_t)local));
}

int32_t pidns_next_locked(const struct pidns *ns, int32_t local)
{
	uint64_t at = local <= 0 ? 1 : (uint64_t)local;

	if (radix_next(&ns->to_global, &at) == NULL)
		return 0;
	return (int32_t)at;
}
