/* SPDX-License-Identifier: MIT */
/*
 * The copy that fork makes: the same regions, and private pages common to
 * both until one writes.  Pages of objects, and zeroes, are not copied: the
 * child finds them again by faulting.
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <sync/park.h>

#include "aspace_impl.h"

/* @to is not visible to anyone, so its lock is not needed. */
static err_t copy_region(struct aspace *from, struct aspace *to,
			 struct region *r)
{
	struct region *copy;

	if ((r->flags & REG_DONTFORK) != 0)
		return 0;
	copy = region_clone(to, r, r->start, r->end);
	if (copy == NULL)
		return -ENOMEM;
	region_insert(to, copy);
	if ((r->flags & REG_WIPEONFORK) != 0) {
		copy->has_anon = false;
		return 0;
	}
	if (!r->has_anon || (r->flags & REG_SHARED) != 0)
		return 0;
	return table_copy(from, to, r);
}

err_t aspace_copy(struct aspace *from, struct aspace **out)
{
	struct aspace *to;
	struct list *l;
	unsigned n = 0;
	err_t err;

	err = aspace_create(&to);
	if (err)
		return err;
	mutex_lock(&from->lock);
	to->mmap_base = from->mmap_base;
	to->stack_top = from->stack_top;
	to->brk_base = from->brk_base;
	to->brk = from->brk;
	to->limits = from->limits;
	list_foreach(l, &from->regions) {
		err = copy_region(from, to, region_of(l));
		if (err)
			break;
		if (++n % 64 == 0)
			sched_point();
	}
	mutex_unlock(&from->lock);
	/* What became read-only in @from is found to be its own again. */
	if (err) {
		aspace_put(to);
		return err;
	}
	*out = to;
	return 0;
}
