/* SPDX-License-Identifier: MIT */
/* The heap that brk() moves the end of. */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>

#include "aspace_impl.h"

static err_t heap_grow(struct aspace *as, vaddr_t from, vaddr_t to,
		       struct list *dead)
{
	struct map_args a = {
		.addr = from,
		.len = to - from,
		.prot = PROT_R | PROT_W,
		.flags = REG_HEAP,
	};
	uint64_t pages = a.len >> PAGE_SHIFT;
	struct region *r;
	err_t err;

	if (!region_range_free(as, from, to))
		return -ENOMEM;
	err = aspace_may_grow(as, pages, a.prot, a.flags);
	if (err)
		return err;
	err = aspace_overcommit(pages, a.prot, a.flags);
	if (err)
		return err;
	if (as->nr_regions >= ASPACE_REGIONS_MAX)
		return -ENOMEM;
	r = region_create(as, &a);
	if (r == NULL)
		return -ENOMEM;
	(void)region_insert_merge(as, r, dead);
	return 0;
}

vaddr_t aspace_brk(struct aspace *as, vaddr_t addr)
{
	struct list dead;
	vaddr_t old, new_end, result;
	err_t err = 0;

	list_init(&dead);
	mutex_lock(&as->lock);
	if (addr >= as->brk_base && as->brk_base != 0 && addr < USER_TOP) {
		old = align_up(as->brk, PAGE_SIZE);
		new_end = align_up(addr, PAGE_SIZE);
		if (new_end < old)
			err = unmap_locked(as, new_end, old, &dead);
		else if (new_end > old)
			err = heap_grow(as, old, new_end, &dead);
		if (!err)
			as->brk = addr;
	}
	result = as->brk;
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	return result;
}

void aspace_set_brk_base(struct aspace *as, vaddr_t addr)
{
	mutex_lock(&as->lock);
	as->brk_base = addr;
	as->brk = addr;
	mutex_unlock(&as->lock);
}
