/* SPDX-License-Identifier: MIT */
/*
 * mmap, munmap and mprotect, with the checks of Linux in the order of Linux.
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/frame.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "aspace_impl.h"

#define MMAP_LOW UINT64_C(0x10000) /* searching never goes below */

err_t aspace_may_grow(const struct aspace *as, uint64_t pages, unsigned prot,
		      unsigned flags)
{
	const struct aspace_stats *s = &as->stats;

	if (s->virt_pages + pages > as->limits.as_bytes >> PAGE_SHIFT)
		return -ENOMEM;
	if (region_is_data(prot, flags) &&
	    s->data_pages + pages > as->limits.data_bytes >> PAGE_SHIFT)
		return -ENOMEM;
	return 0;
}

err_t aspace_overcommit(uint64_t pages, unsigned prot, unsigned flags)
{
	struct frame_stats fs;

	if ((flags & (REG_NORESERVE | REG_SHARED)) != 0 || (prot & PROT_W) == 0)
		return 0;
	/* The figures are only asked for when the answer may be no. */
	if (pages <= MIB(1) >> PAGE_SHIFT)
		return 0;
	frame_get_stats(&fs);
	return pages > fs.total ? -ENOMEM : 0;
}

/* Pages of regions within [start, end), which a fixed map will replace. */
static uint64_t pages_within(struct aspace *as, vaddr_t start, vaddr_t end)
{
	struct region *r = region_find(as, start);
	uint64_t n = 0;

	for (; r != NULL && r->start < end; r = region_next(r))
		n += (min(r->end, end) - max(r->start, start)) >> PAGE_SHIFT;
	return n;
}

err_t aspace_place(struct aspace *as, vaddr_t hint, uint64_t len, vaddr_t *out)
{
	vaddr_t at = align_up(hint, PAGE_SIZE);

	if (at != 0 && at < MMAP_LOW)
		at = MMAP_LOW;
	if (at != 0 && at < USER_TOP && len <= USER_TOP - at &&
	    region_range_free(as, at, at + len)) {
		*out = at;
		return 0;
	}
	at = region_gap(as, len, MMAP_LOW, as->mmap_base);
	if (at == 0)
		at = region_gap(as, len, as->mmap_base, USER_TOP);
	if (at == 0)
		return -ENOMEM;
	*out = at;
	return 0;
}

/* The address, for fixed and others: 0, -ENOMEM, -EINVAL, -EPERM, -EEXIST. */
static err_t choose_address(struct aspace *as, const struct map_args *a,
			    uint64_t len, vaddr_t *out)
{
	const struct region *r;

	if (len > USER_TOP)
		return -ENOMEM;
	if ((a->flags & REG_FIXED) == 0)
		return aspace_place(as, a->addr, len, out);

	if (a->addr > USER_TOP - len)
		return -ENOMEM;
	if ((a->addr & PAGE_MASK) != 0)
		return -EINVAL;
	if (a->addr < USER_START)
		return -EPERM;
	if ((a->flags & REG_NOREPLACE) != 0) {
		r = region_find(as, a->addr);
		if (r != NULL && r->start < a->addr + len)
			return -EEXIST;
	}
	*out = a->addr;
	return 0;
}

/* Everything but the choice of address and the region is known to be good. */
static err_t map_locked(struct aspace *as, struct map_args *a,
			struct list *dead)
{
	bool fixed = (a->flags & REG_FIXED) != 0;
	uint64_t pages = a->len >> PAGE_SHIFT;
	struct region *r;
	err_t err;

	if (as->nr_regions >= ASPACE_REGIONS_MAX)
		return -ENOMEM;
	err = choose_address(as, a, a->len, &a->addr);
	if (err)
		return err;
	err = aspace_may_grow(as, pages, a->prot, a->flags);
	if (err && fixed) {
		uint64_t gone = pages_within(as, a->addr, a->addr + a->len);

		err = aspace_may_grow(as, pages - gone, a->prot, a->flags);
	}
	if (err)
		return err;
	err = aspace_overcommit(pages, a->prot, a->flags);
	if (err)
		return err;

	r = region_create(as, a);
	if (r == NULL)
		return -ENOMEM;
	if (fixed) {
		err = unmap_locked(as, a->addr, a->addr + a->len, dead);
		if (err) {
			list_add(dead, &r->link);
			return err;
		}
	}
	/* Nothing below can fail. */
	(void)region_insert_merge(as, r, dead);
	return 0;
}

err_t aspace_map(struct aspace *as, const struct map_args *args, vaddr_t *out)
{
	struct map_args a = *args;
	struct vmobj *own = NULL;
	struct list dead;
	err_t err;

	if (a.len == 0)
		return -EINVAL;
	a.len = align_up(a.len, PAGE_SIZE);
	if (a.len == 0 || a.len > USER_TOP)
		return -ENOMEM;
	if (a.obj != NULL && ((a.offset & PAGE_MASK) != 0))
		return -EINVAL;
	if (a.obj != NULL && a.offset + a.len < a.offset)
		return -EOVERFLOW;
	if ((a.flags & REG_SHARED) != 0 && a.obj == NULL) {
		err = vmobj_create_anon(a.len, &own);
		if (err)
			return err;
		a.obj = own;
		a.offset = 0;
		a.flags |= REG_MAYWRITE;
	}
	if (a.obj == NULL)
		a.offset = 0;
	else if ((a.flags & REG_SHARED) != 0 && (a.prot & PROT_W) != 0 &&
		 (a.flags & REG_MAYWRITE) == 0)
		return -EACCES;

	list_init(&dead);
	mutex_lock(&as->lock);
	err = map_locked(as, &a, &dead);
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	if (own != NULL)
		vmobj_put(own);
	if (err)
		return err;
	*out = a.addr;
	/* As Linux: that some page could not be had is not the caller's. */
	if ((a.flags & REG_POPULATE) != 0 && a.prot != 0)
		err = aspace_populate(as, a.addr, a.len,
				      (a.prot & PROT_W) != 0);
	(void)err;
	return 0;
}

/* ---- unmap ---- */

/* @r loses [start, end), at least one byte of it. */
static void cut_region(struct aspace *as, struct region *r, vaddr_t start,
		       vaddr_t end, struct list *dead)
{
	if (start <= r->start && r->end <= end) {
		region_remove(as, r);
		list_add(dead, &r->link);
	} else if (start <= r->start) {
		region_resize(as, r, end, r->end);
	} else {
		region_resize(as, r, r->start, start);
	}
}

err_t unmap_locked(struct aspace *as, vaddr_t start, vaddr_t end,
		   struct list *dead)
{
	struct region *r = region_find(as, start), *next, *upper;
	unsigned n = 0;
	err_t err;

	if (r == NULL || r->start >= end)
		return 0;
	/* Only a hole in the middle of one needs memory. */
	if (r->start < start && end < r->end) {
		if (as->nr_regions >= ASPACE_REGIONS_MAX)
			return -ENOMEM;
		err = region_split(as, r, end, &upper);
		if (err)
			return err;
	}
	table_zap(as, max(start, r->start), end);
	for (; r != NULL && r->start < end; r = next) {
		next = region_next(r);
		cut_region(as, r, start, end, dead);
		if (++n % 64 == 0)
			sched_point();
	}
	table_trim(as, start, end);
	return 0;
}

err_t aspace_unmap(struct aspace *as, vaddr_t addr, size_t len)
{
	struct list dead;
	err_t err;

	if ((addr & PAGE_MASK) != 0 || addr > USER_TOP || len > USER_TOP - addr)
		return -EINVAL;
	len = align_up(len, PAGE_SIZE);
	if (len == 0)
		return -EINVAL;

	list_init(&dead);
	mutex_lock(&as->lock);
	err = unmap_locked(as, addr, addr + len, &dead);
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	return err;
}

/* ---- protect ---- */

/* The part of @r in [start, end) gets @prot; *@out is that region. */
static err_t protect_one(struct aspace *as, struct region *r, vaddr_t start,
			 vaddr_t end, unsigned prot, struct list *dead,
			 struct region **out)
{
	uint64_t pages;
	err_t err;

	*out = r;
	start = max(start, r->start);
	end = min(end, r->end);
	if (r->prot == prot)
		return 0;
	if ((prot & PROT_W) != 0 && (r->flags & REG_SHARED) != 0 &&
	    (r->flags & REG_MAYWRITE) == 0)
		return -EACCES;
	pages = (end - start) >> PAGE_SHIFT;
	if (region_is_data(prot, r->flags) &&
	    !region_is_data(r->prot, r->flags)) {
		if (as->stats.data_pages + pages > as->limits.data_bytes >>
		    PAGE_SHIFT)
			return -ENOMEM;
		err = aspace_overcommit(pages, prot, r->flags);
		if (err)
			return err;
	}
	err = region_narrow(as, &r, start, end);
	if (err)
		return err;
	region_set_prot(as, r, prot);
	table_protect(as, r, start, end);
	*out = region_merge(as, r, dead);
	return 0;
}

static err_t protect_locked(struct aspace *as, vaddr_t start, vaddr_t end,
			    unsigned prot, struct list *dead)
{
	struct region *r = region_find(as, start);
	err_t err;

	if (r == NULL || r->start > start)
		return -ENOMEM;
	for (;;) {
		err = protect_one(as, r, start, end, prot, dead, &r);
		if (err)
			return err;
		start = r->end;
		if (start >= end)
			return 0;
		r = region_next(r);
		if (r == NULL || r->start != start)
			return -ENOMEM;
	}
}

err_t aspace_protect(struct aspace *as, vaddr_t addr, size_t len, unsigned prot)
{
	struct list dead;
	vaddr_t end;
	err_t err;

	if ((addr & PAGE_MASK) != 0)
		return -EINVAL;
	if (len == 0)
		return 0;
	len = align_up(len, PAGE_SIZE);
	end = addr + len;
	if (end <= addr)
		return -ENOMEM;

	list_init(&dead);
	mutex_lock(&as->lock);
	err = protect_locked(as, addr, end, prot, &dead);
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	return err;
}
