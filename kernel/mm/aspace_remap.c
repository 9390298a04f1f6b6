/* SPDX-License-Identifier: MIT */
/* mremap: longer, shorter, elsewhere. */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/advice.h>

#include "aspace_impl.h"

struct remap {
	vaddr_t addr, new_addr;
	uint64_t old_len, new_len;
	unsigned flags;
};

/* May [addr, addr + old_len) become new_len long?  *@out is its region. */
static err_t check_resize(struct aspace *as, const struct remap *m,
			  struct region **out)
{
	struct region *r = region_find(as, m->addr);
	uint64_t more, at;

	if (r == NULL || r->start > m->addr)
		return -EFAULT;
	/* A second view of shared memory; of private memory there is none. */
	if (m->old_len == 0 && (r->flags & REG_SHARED) == 0)
		return -EINVAL;
	if ((m->flags & REMAP_DONTUNMAP) != 0 && (r->flags & REG_VDSO) != 0)
		return -EINVAL;
	if (m->old_len > r->end - m->addr)
		return -EFAULT;
	*out = r;
	if (m->new_len == m->old_len)
		return 0;
	at = r->offset + (m->addr - r->start);
	if (r->obj != NULL && at + m->new_len < at)
		return -EINVAL;
	if ((r->flags & REG_VDSO) != 0)
		return -EFAULT;
	more = m->new_len > m->old_len ? m->new_len - m->old_len : 0;
	return aspace_may_grow(as, more >> PAGE_SHIFT, r->prot, r->flags);
}

/* The region for the new place, filled with the old place's pages. */
static err_t move_region(struct aspace *as, const struct remap *m,
			 struct region *r, struct list *dead)
{
	uint64_t keep = min(m->old_len, m->new_len);
	struct map_args a = {
		.addr = m->new_addr,
		.len = m->new_len,
		.prot = r->prot,
		.flags = r->flags,
		.obj = r->obj,
		.offset = r->obj == NULL ? 0 : r->offset + (m->addr - r->start),
		.name = r->name,
		.file = r->file,
	};
	struct region *n;
	err_t err;

	/* One for the new, one for a hole in the old. */
	if (as->nr_regions + 2 > ASPACE_REGIONS_MAX)
		return -ENOMEM;
	err = aspace_overcommit((m->new_len - keep) >> PAGE_SHIFT, a.prot,
				a.flags);
	if (err)
		return err;
	n = region_create(as, &a);
	if (n == NULL)
		return -ENOMEM;
	n->has_anon = r->has_anon;
	err = table_move(as, m->addr, m->new_addr, keep);
	if (err)
		goto fail_region;
	if ((m->flags & REMAP_DONTUNMAP) == 0 && m->old_len != 0) {
		err = unmap_locked(as, m->addr, m->addr + m->old_len, dead);
		if (err)
			goto fail_moved;
	}
	/* Nothing below can fail. */
	(void)region_insert_merge(as, n, dead);
	return 0;

fail_moved:
	/* The old place's tables are there still. */
	if (table_move(as, m->new_addr, m->addr, keep) != 0)
		panic("mremap: a page table vanished");
fail_region:
	list_add(dead, &n->link);
	return err;
}

/* To a place that the caller chose. */
static err_t remap_to(struct aspace *as, struct remap *m, struct list *dead)
{
	struct region *r;
	err_t err;

	if ((m->new_addr & PAGE_MASK) != 0 || m->new_len > USER_TOP ||
	    m->new_addr > USER_TOP - m->new_len)
		return -EINVAL;
	if (m->addr + m->old_len > m->new_addr &&
	    m->new_addr + m->new_len > m->addr)
		return -EINVAL;
	if ((m->flags & REMAP_FIXED) != 0) {
		if (m->new_addr < USER_START)
			return -EPERM;
		err = unmap_locked(as, m->new_addr, m->new_addr + m->new_len,
				   dead);
		if (err)
			return err;
	}
	if (m->old_len > m->new_len) {
		err = unmap_locked(as, m->addr + m->new_len,
				   m->addr + m->old_len, dead);
		if (err)
			return err;
		m->old_len = m->new_len;
	}
	err = check_resize(as, m, &r);
	if (err)
		return err;
	if ((m->flags & REMAP_DONTUNMAP) != 0) {
		err = aspace_may_grow(as, m->old_len >> PAGE_SHIFT, r->prot,
				      r->flags);
		if (err)
			return err;
	}
	if ((m->flags & REMAP_FIXED) == 0) {
		err = aspace_place(as, m->new_addr, m->new_len, &m->new_addr);
		if (err)
			return err;
	}
	return move_region(as, m, r, dead);
}

/* Where it is, or where there is room. */
static err_t remap_grow(struct aspace *as, struct remap *m, struct list *dead)
{
	struct region *r;
	vaddr_t end;
	err_t err;

	err = check_resize(as, m, &r);
	if (err)
		return err;
	end = m->addr + m->new_len;
	if (m->old_len == r->end - m->addr && m->old_len != 0 &&
	    end > m->addr && end <= USER_TOP &&
	    region_range_free(as, r->end, end)) {
		err = aspace_overcommit((end - r->end) >> PAGE_SHIFT, r->prot,
					r->flags);
		if (err)
			return err;
		region_resize(as, r, r->start, end);
		(void)region_merge(as, r, dead);
		m->new_addr = m->addr;
		return 0;
	}
	if ((m->flags & REMAP_MAYMOVE) == 0)
		return -ENOMEM;
	err = aspace_place(as, 0, m->new_len, &m->new_addr);
	if (err)
		return err;
	return move_region(as, m, r, dead);
}

static err_t remap_locked(struct aspace *as, struct remap *m, struct list *dead)
{
	const struct region *r = region_find(as, m->addr);

	if (r == NULL || r->start > m->addr)
		return -EFAULT;
	if ((m->flags & (REMAP_FIXED | REMAP_DONTUNMAP)) != 0)
		return remap_to(as, m, dead);
	if (m->old_len > m->new_len) {
		m->new_addr = m->addr;
		return unmap_locked(as, m->addr + m->new_len,
				    m->addr + m->old_len, dead);
	}
	if (m->old_len == m->new_len) {
		m->new_addr = m->addr;
		return 0;
	}
	return remap_grow(as, m, dead);
}

err_t aspace_remap(struct aspace *as, vaddr_t addr, size_t old_len,
		   size_t new_len, unsigned flags, vaddr_t new_addr,
		   vaddr_t *out)
{
	struct remap m = {
		.addr = addr,
		.new_addr = new_addr,
		.old_len = align_up(old_len, PAGE_SIZE),
		.new_len = align_up(new_len, PAGE_SIZE),
		.flags = flags,
	};
	struct list dead;
	err_t err;

	if ((flags &
	     ~(unsigned)(REMAP_FIXED | REMAP_MAYMOVE | REMAP_DONTUNMAP)) != 0)
		return -EINVAL;
	if ((flags & REMAP_FIXED) != 0 && (flags & REMAP_MAYMOVE) == 0)
		return -EINVAL;
	if ((flags & REMAP_DONTUNMAP) != 0 &&
	    ((flags & REMAP_MAYMOVE) == 0 || m.old_len != m.new_len))
		return -EINVAL;
	if ((addr & PAGE_MASK) != 0 || m.new_len == 0)
		return -EINVAL;
	if (addr >= USER_TOP)
		return -EFAULT;
	if (m.old_len > USER_TOP - addr)
		return -EINVAL;
	if (m.new_len > USER_TOP)
		return -ENOMEM;

	list_init(&dead);
	mutex_lock(&as->lock);
	err = remap_locked(as, &m, &dead);
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	if (!err)
		*out = m.new_addr;
	return err;
}
