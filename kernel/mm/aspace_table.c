/* SPDX-License-Identifier: MIT */
/*
 * What address spaces do to their page tables: in batches by leaf table, so
 * that a page costs a few instructions and no lookup.
 *
 * An entry that is not 0 holds a frame, also when it is not present (its
 * region has no access now).  Entries are cleared first, then the TLBs are
 * flushed, then the frames are given back.
 */
#include <debug/fault.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/tlb.h>
#include <sync/park.h>

#include "aspace_impl.h"

#define GATHER	  64
#define LOOSE_MAX 64u /* small unmaps between two searches for empty tables */

/* Frames on their way out, and the addresses that knew them. */
struct gather {
	struct aspace *as;
	vaddr_t start, end;
	unsigned n;
	paddr_t frames[GATHER];
};

static void gather_init(struct gather *g, struct aspace *as)
{
	g->as = as;
	g->start = UINT64_MAX;
	g->end = 0;
	g->n = 0;
}

static void gather_flush(struct gather *g)
{
	unsigned i;

	tlb_flush_user(g->as, g->start, g->end);
	for (i = 0; i < g->n; i++)
		frame_put(g->frames[i]);
	gather_init(g, g->as);
}

static inline void gather_range(struct gather *g, vaddr_t va)
{
	if (va < g->start)
		g->start = va;
	if (va + PAGE_SIZE > g->end)
		g->end = va + PAGE_SIZE;
}

/* ---- memory for tables ---- */

/*
 * Tables come back as zeroes, so a core keeps some of them for the next
 * process instead of clearing 4 KiB for each.
 */
static paddr_t table_alloc(void)
{
	struct mm_core *mc = mm_core();
	paddr_t pa;

	if (mc->nclean != 0 && !fault_point("frame")) {
		mc->tables++;
		pa = pfn_to_phys(mc->clean[--mc->nclean]);
		kassert_dbg(mem_is_zero(phys_to_virt(pa), PAGE_SIZE));
		return pa;
	}
	pa = frame_alloc(FRAME_ZERO);
	if (pa != 0)
		mm_core()->tables++;
	return pa;
}

static inline void table_keep(struct mm_core *mc, paddr_t pa)
{
	kassert_dbg(mem_is_zero(phys_to_virt(pa), PAGE_SIZE));
	if (mc->nclean < TABLE_CACHE && mc->frames_cap != 0)
		mc->clean[mc->nclean++] = pfn_of(pa);
	else
		frame_put(pa);
}

unsigned table_shrink(void)
{
	struct mm_core *mc = mm_core();
	unsigned n = mc->nclean;

	while (mc->nclean != 0)
		frame_put(pfn_to_phys(mc->clean[--mc->nclean]));
	return n;
}

static void table_free(paddr_t pa)
{
	struct mm_core *mc = mm_core();

	mc->tables--;
	if (mc->defer_tables == 0) {
		table_keep(mc, pa);
		return;
	}
	/*
	 * Some core may still walk through it.  The link it finds there is
	 * page-aligned, so it reads as an entry that is not present.
	 */
	*(paddr_t *)phys_to_virt(pa) = mc->dead_tables;
	mc->dead_tables = pa;
}

void table_system_init(void)
{
	mmu_ops.table_alloc = table_alloc;
	mmu_ops.table_free = table_free;
}

pte_t *table_entry(struct aspace *as, vaddr_t va)
{
	pte_t *p = pt_walk(as->root, va, false);
	struct mm_core *mc;

	if (likely(p != NULL))
		return p;
	/* Nothing sleeps in there, so what changes is ours. */
	mc = mm_core_make();
	if (mc == NULL)
		return NULL;
	mc->tables = 0;
	p = pt_walk(as->root, va, true);
	as->stats.table_pages += (uint64_t)(int64_t)mc->tables;
	return p;
}

void table_trim(struct aspace *as, vaddr_t start, vaddr_t end)
{
	struct mm_core *mc;
	struct region *r;
	paddr_t pa;

	/*
	 * A small unmap usually comes before the next small map in the same
	 * place; so its table stays, unless it has company.
	 */
	if (end - start < TABLE_SPAN && ++as->loose < LOOSE_MAX)
		return;
	as->loose = 0;
	mc = mm_core_make();
	if (mc == NULL)
		return;
	r = region_find(as, start);
	end = r == NULL ? USER_TOP : r->start;
	r = r == NULL ? region_below(as, UINT64_MAX) : region_prev(r);
	start = r == NULL ? 0 : r->end;
	start = align_up(start, TABLE_SPAN);
	end = end == USER_TOP ? USER_TOP : align_down(end, TABLE_SPAN);
	if (start >= end)
		return;

	mc->tables = 0;
	mc->defer_tables = 1;
	pt_free_range(as->root, start, end);
	mc->defer_tables = 0;
	as->stats.table_pages += (uint64_t)(int64_t)mc->tables;
	if (mc->dead_tables == 0)
		return;
	tlb_flush_user(as, start, end);
	while ((pa = mc->dead_tables) != 0) {
		mc->dead_tables = *(paddr_t *)phys_to_virt(pa);
		*(paddr_t *)phys_to_virt(pa) = 0;
		table_keep(mc, pa);
	}
}

/* ---- removing ---- */

/* @n entries of one leaf table. */
static void zap_slots(struct gather *g, pte_t *p, vaddr_t va, unsigned n)
{
	uint64_t bits, rss = 0;

	for (; n > 0; n--, p++, va += PAGE_SIZE) {
		bits = p->bits;
		if (bits == 0)
			continue;
		pte_set(p, 0);
		if ((bits & PTE_PRESENT) != 0)
			gather_range(g, va);
		if ((bits & PTE_UNCOUNTED) != 0)
			continue;
		rss++;
		g->frames[g->n++] = bits & PTE_ADDR;
		if (g->n == GATHER)
			gather_flush(g);
	}
	g->as->stats.rss_pages -= rss;
}

static void zap_range(struct gather *g, vaddr_t start, vaddr_t end)
{
	paddr_t root = g->as->root;
	unsigned n;
	pte_t *p;

	while (start < end && (p = pt_next(root, &start, end)) != NULL) {
		n = min_t(unsigned, pt_slots_left(start),
			  min_t(uint64_t, (end - start) >> PAGE_SHIFT, 512));
		zap_slots(g, p, start, n);
		start += n * PAGE_SIZE;
		if (n >= 256) {
			gather_flush(g);
			sched_point();
		}
	}
}

void table_zap(struct aspace *as, vaddr_t start, vaddr_t end)
{
	struct gather g;

	gather_init(&g, as);
	zap_range(&g, start, end);
	gather_flush(&g);
}

/* There are no entries outside regions, so the rest is not looked at. */
void table_zap_all(struct aspace *as)
{
	struct gather g;
	struct list *l;
	unsigned n = 0;

	gather_init(&g, as);
	list_foreach(l, &as->regions) {
		zap_range(&g, region_of(l)->start, region_of(l)->end);
		if (++n % 64 == 0) {
			gather_flush(&g);
			sched_point();
		}
	}
	gather_flush(&g);
}

/* ---- protecting ---- */

static uint64_t protected_bits(const struct region *r, uint64_t old)
{
	uint64_t bits = old & ~(PTE_PRESENT | PTE_WRITE | PTE_NX | PTE_USER);
	bool write = false;

	if (r->prot == 0)
		return bits;
	if ((r->prot & PROT_W) != 0) {
		/* Others' pages are made writable by the fault, if at all. */
		write = (r->flags & REG_SHARED) != 0 ||
			((old & PTE_ANON) != 0 &&
			 frame_count(old & PTE_ADDR) == 1);
	}
	return bits | region_pte_bits(r, write);
}

void table_protect(struct aspace *as, struct region *r, vaddr_t start,
		   vaddr_t end)
{
	vaddr_t from = UINT64_MAX, to = 0;
	uint64_t old, bits;
	unsigned n;
	pte_t *p;

	while (start < end && (p = pt_next(as->root, &start, end)) != NULL) {
		n = min_t(unsigned, pt_slots_left(start),
			  min_t(uint64_t, (end - start) >> PAGE_SHIFT, 512));
		for (; n > 0; n--, p++, start += PAGE_SIZE) {
			old = p->bits;
			if (old == 0)
				continue;
			bits = protected_bits(r, old);
			pte_set(p, bits);
			/* What only gains rights is re-read by the CPU. */
			if ((old & PTE_PRESENT & ~bits) == 0 &&
			    (old & PTE_WRITE & ~bits) == 0 &&
			    (bits & PTE_NX & ~old) == 0)
				continue;
			from = min(from, start);
			to = start + PAGE_SIZE;
		}
		/* Rare: the flush may wait, the rights are already gone. */
		if (is_aligned(start, TABLE_SPAN))
			sched_point();
	}
	tlb_flush_user(as, from, to);
}

/* ---- copying ---- */

static inline void share_entry(pte_t *from, pte_t *to)
{
	uint64_t bits = from->bits & ~PTE_WRITE;

	frame_get(bits & PTE_ADDR);
	if (bits != from->bits)
		pte_set(from, bits);
	pte_set(to, bits);
}

err_t table_copy(struct aspace *from, struct aspace *to, struct region *r)
{
	vaddr_t va = r->start, dirty_from = UINT64_MAX, dirty_to = 0;
	uint64_t copied = 0;
	pte_t *p, *q;
	unsigned n;
	err_t err = 0;

	while (va < r->end && (p = pt_next(from->root, &va, r->end)) != NULL) {
		n = min_t(unsigned, pt_slots_left(va),
			  min_t(uint64_t, (r->end - va) >> PAGE_SHIFT, 512));
		q = NULL;
		for (; n > 0; n--, p++, va += PAGE_SIZE) {
			if (q != NULL)
				q++;
			if ((p->bits & PTE_ANON) == 0)
				continue;
			if (q == NULL)
				q = table_entry(to, va);
			if (q == NULL) {
				err = -ENOMEM;
				goto out;
			}
			if ((p->bits & PTE_WRITE) != 0) {
				dirty_from = min(dirty_from, va);
				dirty_to = va + PAGE_SIZE;
			}
			share_entry(p, q);
			copied++;
		}
		if (is_aligned(va, TABLE_SPAN))
			sched_point();
	}
out:
	rss_add(to, copied);
	tlb_flush_user(from, dirty_from, dirty_to);
	return err;
}

/* ---- moving ---- */

/* Back to where they were; those tables exist still. */
static void move_back(struct aspace *as, vaddr_t from, vaddr_t to, uint64_t len)
{
	vaddr_t va = to, end = to + len;
	pte_t *p, *q;

	while (va < end && (p = pt_next(as->root, &va, end)) != NULL) {
		q = pt_walk(as->root, va - to + from, false);
		kassert(q != NULL);
		pte_set(q, p->bits);
		pte_set(p, 0);
		va += PAGE_SIZE;
	}
}

err_t table_move(struct aspace *as, vaddr_t from, vaddr_t to, uint64_t len)
{
	vaddr_t va = from, end = from + len;
	unsigned n = 0;
	uint64_t bits;
	pte_t *p, *q;

	while (va < end && (p = pt_next(as->root, &va, end)) != NULL) {
		q = table_entry(as, va - from + to);
		if (q == NULL) {
			move_back(as, from, to, va - from);
			return -ENOMEM;
		}
		bits = p->bits;
		pte_set(p, 0);
		pte_set(q, bits);
		va += PAGE_SIZE;
		if (++n % 256 == 0)
			sched_point();
	}
	if (n != 0)
		tlb_flush_user(as, from, end);
	return 0;
}
