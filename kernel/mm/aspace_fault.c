/* SPDX-License-Identifier: MIT */
/*
 * Faults: what an address should hold, put there.
 */
#include <arch/hooks.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/frame.h>
#include <mm/tlb.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "aspace_impl.h"
#include "vmobj_impl.h"

/* A stack grows down to @addr if its limit and its neighbour let it. */
static err_t grow_stack(struct aspace *as, struct region *r, vaddr_t addr)
{
	vaddr_t start = align_down(addr, PAGE_SIZE);
	uint64_t pages = (r->start - start) >> PAGE_SHIFT;
	const struct region *prev = region_prev(r);

	if ((r->flags & REG_GROWSDOWN) == 0 || start < KIB(64) ||
	    r->end - start > as->limits.stack_bytes)
		return -EFAULT;
	if (prev != NULL && (prev->flags & REG_GROWSDOWN) == 0 &&
	    prev->prot != 0 && start - prev->end < STACK_GUARD)
		return -EFAULT;
	if (as->stats.virt_pages + pages > as->limits.as_bytes >> PAGE_SHIFT)
		return -EFAULT;
	region_resize(as, r, start, r->end);
	return 0;
}

static bool access_ok(const struct region *r, unsigned flags)
{
	if ((flags & FAULT_WRITE) != 0)
		return (r->prot & PROT_W) != 0;
	if ((flags & FAULT_EXEC) != 0)
		return (r->prot & PROT_X) != 0;
	/* What can be written or executed can be read on this machine. */
	return r->prot != 0;
}

/* Memory of zeroes: one's own for writing, everybody's for reading. */
static inline err_t fault_anon(struct aspace *as, struct region *r, pte_t *p,
			       bool write)
{
	paddr_t pa;

	if (!write) {
		pte_set(p, frame_zero_pa | PTE_UNCOUNTED |
				   region_pte_bits(r, false));
		return 0;
	}
	pa = frame_alloc(FRAME_ZERO);
	if (unlikely(pa == 0))
		return -ENOMEM;
	pte_set(p, pa | PTE_ANON | region_pte_bits(r, true));
	r->has_anon = true;
	rss_add(as, 1);
	return 0;
}

static inline uint64_t counted_bit(paddr_t pa)
{
	return frame_managed(pa) ? 0 : PTE_UNCOUNTED;
}

/* A private copy of @from takes the place of what the entry holds. */
static err_t copy_page(struct aspace *as, struct region *r, pte_t *p,
		       paddr_t from)
{
	paddr_t pa = frame_alloc(from == frame_zero_pa ? FRAME_ZERO : 0);

	if (pa == 0)
		return -ENOMEM;
	if (from != frame_zero_pa)
		page_copy(phys_to_virt(pa), phys_to_virt(from));
	pte_set(p, pa | PTE_ANON | region_pte_bits(r, true));
	r->has_anon = true;
	rss_add(as, 1);
	return 0;
}

/* A write to a private page that is mapped read-only. */
static err_t fault_cow(struct aspace *as, struct region *r, pte_t *p,
		       vaddr_t addr)
{
	uint64_t old = p->bits;
	paddr_t from = old & PTE_ADDR;
	err_t err;

	if ((old & PTE_ANON) != 0 && frame_count(from) == 1) {
		/* Nobody else has it any more. */
		pte_set(p, from | PTE_ANON | (old & PTE_AVAIL) |
				   region_pte_bits(r, true));
		tlb_flush_page(addr);
		return 0;
	}
	err = copy_page(as, r, p, from);
	if (err)
		return err;
	if (unlikely(aspace_elsewhere(as)))
		tlb_flush_user(as, addr, addr + PAGE_SIZE);
	else
		tlb_flush_page(addr);
	if ((old & PTE_UNCOUNTED) == 0) {
		as->stats.rss_pages--;
		frame_put(from);
	}
	return 0;
}

/* Neighbours that are there already save faults of their own. */
static void map_around(struct aspace *as, const struct region *r, pte_t *p,
		       const paddr_t *frames, unsigned n, bool write)
{
	uint64_t bits = region_pte_bits(r, write), none, mapped = 0;
	unsigned i;

	for (i = 0; i < n; i++, p++) {
		if (frames[i] == 0)
			continue;
		none = counted_bit(frames[i]);
		if (p->bits != 0) {
			frame_put(frames[i]);
			continue;
		}
		mapped += none == 0;
		pte_set(p, frames[i] | none | bits);
	}
	rss_add(as, mapped);
}

/* A page of an object, not yet mapped. */
static err_t fault_object(struct aspace *as, struct region *r, pte_t *p,
			  vaddr_t addr, bool write)
{
	bool shared = (r->flags & REG_SHARED) != 0;
	uint64_t index = (r->offset + (addr - r->start)) >> PAGE_SHIFT;
	paddr_t frames[FAULT_AROUND];
	unsigned n = 1, back = 0;
	vaddr_t lo, hi;
	err_t err;

	if (!write || shared) {
		lo = align_down(addr, FAULT_AROUND * PAGE_SIZE);
		hi = min(lo + FAULT_AROUND * PAGE_SIZE, r->end);
		lo = max(lo, r->start);
		back = (unsigned)((addr - lo) >> PAGE_SHIFT);
		n = (unsigned)((hi - lo) >> PAGE_SHIFT);
	}
	err = vmobj_pages_around(r->obj, index, index - back, n, frames);
	if (err)
		return err == -ENOENT ? -ENXIO : err;
	if (!write || shared) {
		map_around(as, r, p - back, frames, n,
			   shared && (r->prot & PROT_W) != 0);
		return 0;
	}
	err = copy_page(as, r, p, frames[0]);
	frame_put(frames[0]);
	return err;
}

err_t fault_locked(struct aspace *as, vaddr_t addr, unsigned flags)
{
	bool write = (flags & FAULT_WRITE) != 0;
	struct region *r = region_find(as, addr);
	pte_t *p;
	err_t err;

	if (unlikely(r == NULL))
		return -EFAULT;
	if (unlikely(addr < r->start)) {
		err = grow_stack(as, r, addr);
		if (err)
			return err;
	}
	if (unlikely(!access_ok(r, flags)))
		return -EACCES;

	as->stats.minor_faults++;
	addr = align_down(addr, PAGE_SIZE);
	p = table_entry(as, addr);
	if (unlikely(p == NULL))
		return -ENOMEM;
	if (p->bits == 0) {
		if (r->obj == NULL)
			return fault_anon(as, r, p, write);
		return fault_object(as, r, p, addr, write);
	}
	if (write && (p->bits & PTE_WRITE) == 0 && (r->flags & REG_SHARED) == 0)
		return fault_cow(as, r, p, addr);

	/* An old translation, or rights that the region gained since. */
	write = (p->bits & PTE_WRITE) != 0 ||
		((r->flags & REG_SHARED) != 0 && (r->prot & PROT_W) != 0);
	pte_set(p,
		(p->bits & (PTE_ADDR | PTE_AVAIL | PTE_ANON | PTE_UNCOUNTED)) |
			region_pte_bits(r, write));
	tlb_flush_page(addr);
	return 0;
}

err_t aspace_fault(struct aspace *as, vaddr_t addr, unsigned flags)
{
	err_t err;

	if (unlikely(addr >= USER_TOP))
		return -EFAULT;
	mutex_lock(&as->lock);
	err = fault_locked(as, addr, flags);
	mutex_unlock(&as->lock);
	return err;
}

/* Is the page there as a fault would leave it? */
static bool page_there(struct aspace *as, vaddr_t addr, bool write)
{
	const pte_t *p = pt_walk(as->root, addr, false);

	return p != NULL && (p->bits & PTE_PRESENT) != 0 &&
	       (!write || (p->bits & PTE_WRITE) != 0);
}

err_t aspace_populate(struct aspace *as, vaddr_t addr, size_t n, bool write)
{
	vaddr_t end = addr + n, va = align_down(addr, PAGE_SIZE);
	unsigned flags = write ? FAULT_WRITE : 0, done = 0;
	err_t err = 0;

	mutex_lock(&as->lock);
	for (; va < end && !err; va += PAGE_SIZE) {
		if (!page_there(as, va, write))
			err = fault_locked(as, va, flags);
		if (++done % 64 == 0) {
			sched_point();
			if (!err && sched_dying())
				err = -EINTR;
		}
	}
	mutex_unlock(&as->lock);
	return err;
}
