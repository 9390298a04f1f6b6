/* SPDX-License-Identifier: MIT */
/* madvise: what is only advice is accepted, what has an effect is done. */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/advice.h>
#include <sync/park.h>

#include "aspace_impl.h"

static bool advice_known(int advice)
{
	return (advice >= ADVICE_NORMAL && advice <= ADVICE_DONTNEED) ||
	       (advice >= ADVICE_FREE && advice <= ADVICE_POPULATE_WRITE);
}

/* Flags that an advice sets and clears; false: it is not of that kind. */
static bool advice_flags(int advice, uint32_t *set, uint32_t *clear)
{
	*set = 0;
	*clear = 0;
	switch (advice) {
	case ADVICE_DONTFORK:
		*set = REG_DONTFORK;
		return true;
	case ADVICE_DOFORK:
		*clear = REG_DONTFORK;
		return true;
	case ADVICE_WIPEONFORK:
		*set = REG_WIPEONFORK;
		return true;
	case ADVICE_KEEPONFORK:
		*clear = REG_WIPEONFORK;
		return true;
	default:
		return false;
	}
}

/* The part of @r in [start, end) gets other flags. */
static err_t change_flags(struct aspace *as, struct region **rp, vaddr_t start,
			  vaddr_t end, uint32_t flags, struct list *dead)
{
	struct region *r = *rp;
	err_t err;

	if (r->flags == flags)
		return 0;
	err = region_narrow(as, &r, start, end);
	if (err)
		return err;
	r->flags = flags;
	*rp = region_merge(as, r, dead);
	return 0;
}

/* @start and @end lie in *@rp, which may become another region there. */
static err_t advise_one(struct aspace *as, struct region **rp, vaddr_t start,
			vaddr_t end, int advice, struct list *dead)
{
	struct region *r = *rp;
	uint32_t set, clear;

	if (advice_flags(advice, &set, &clear)) {
		if (advice == ADVICE_WIPEONFORK && r->obj != NULL)
			return -EINVAL;
		if (advice == ADVICE_DOFORK && (r->flags & REG_VDSO) != 0)
			return -EINVAL;
		return change_flags(as, rp, start, end,
				    (r->flags | set) & ~clear, dead);
	}
	switch (advice) {
	case ADVICE_FREE:
		if (r->obj != NULL)
			return -EINVAL;
		table_zap(as, start, end);
		return 0;
	case ADVICE_DONTNEED:
		if ((r->flags & REG_VDSO) != 0)
			return -EINVAL;
		table_zap(as, start, end);
		return 0;
	case ADVICE_REMOVE:
		/* Holes in objects are not made yet. */
		return r->obj == NULL || (r->flags & REG_SHARED) == 0
			       ? -EINVAL
			       : -EOPNOTSUPP;
	default:
		return 0;
	}
}

static err_t advise_locked(struct aspace *as, vaddr_t start, vaddr_t end,
			   int advice, struct list *dead)
{
	struct region *r = region_find(as, start);
	err_t err, result = 0;
	vaddr_t stop;

	for (; start < end; start = stop, r = region_find(as, start)) {
		/* Linux goes on behind a hole, and tells at the end. */
		if (r == NULL || r->start >= end)
			return -ENOMEM;
		if (r->start > start) {
			result = -ENOMEM;
			start = r->start;
		}
		stop = min(end, r->end);
		err = advise_one(as, &r, start, stop, advice, dead);
		if (err)
			return err;
	}
	return result;
}

err_t aspace_advise(struct aspace *as, vaddr_t addr, size_t len, int advice)
{
	struct list dead;
	vaddr_t end;
	err_t err;

	if (!advice_known(advice) || (addr & PAGE_MASK) != 0)
		return -EINVAL;
	if (len != 0 && align_up(len, PAGE_SIZE) == 0)
		return -EINVAL;
	len = align_up(len, PAGE_SIZE);
	end = addr + len;
	if (end < addr)
		return -EINVAL;
	if (len == 0)
		return 0;

	if (advice == ADVICE_POPULATE_READ || advice == ADVICE_POPULATE_WRITE) {
		if (end > USER_TOP)
			return -ENOMEM;
		err = aspace_populate(as, addr, len,
				      advice == ADVICE_POPULATE_WRITE);
		return err == -ENXIO || err == -ENOMEM ? -EFAULT
		       : err == -EFAULT		       ? -ENOMEM
		       : err == -EACCES		       ? -EINVAL
						       : err;
	}
	list_init(&dead);
	mutex_lock(&as->lock);
	err = advise_locked(as, addr, end, advice, &dead);
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	return err;
}
