/* SPDX-License-Identifier: MIT */
/*
 * Private to kernel/mm/: the inside of an address space.  Functions here
 * expect ASPACE held unless they say otherwise.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/list.h>
#include <lib/rbtree.h>
#include <lib/ref.h>
#include <mm/aspace.h>
#include <sync/mutex.h>

#include "mm_impl.h"

#define ASPACE_REGIONS_MAX 262144u
#define STACK_GUARD	   (256 * PAGE_SIZE) /* kept free below a stack */
#define TABLE_SPAN	   MIB(2)	     /* what one leaf table maps */
#define FAULT_AROUND	   16u		     /* pages, a power of two */

/* Flags of map_args that are no property of the region. */
#define REG_TRANSIENT (REG_FIXED | REG_NOREPLACE | REG_POPULATE)

/* The frame is not counted for this entry (zero page, frames not ours). */
#define PTE_UNCOUNTED PTE_KERNEL0
/* The frame belongs to private memory, not to an object. */
#define PTE_ANON (PTE_KERNEL0 << 1)

struct region {
	struct rb_node node;  /* GUARDED_BY(aspace lock) */
	struct list link;     /* GUARDED_BY(aspace lock); by address */
	vaddr_t start, end;   /* GUARDED_BY(aspace lock) */
	uint64_t gap;	      /* GUARDED_BY(aspace lock); free space below */
	uint64_t max_gap;     /* GUARDED_BY(aspace lock); in the subtree */
	uint32_t prot;	      /* GUARDED_BY(aspace lock) */
	uint32_t flags;	      /* GUARDED_BY(aspace lock) */
	bool has_anon;	      /* GUARDED_BY(aspace lock); had a private page */
	struct vmobj *obj;    /* IMMUTABLE; strong */
	uint64_t offset;      /* GUARDED_BY(aspace lock); of start, in obj */
	void *file;	      /* IMMUTABLE; strong, through map_file_ops */
	const char *name;     /* IMMUTABLE */
	struct aspace *as;    /* IMMUTABLE; weak */
	struct list obj_link; /* GUARDED_BY(obj->map_lock) */
	uint64_t zap_seq;     /* GUARDED_BY(obj->map_lock) */
};

struct aspace {
	struct ref ref;
	struct mutex lock;   /* rank ASPACE */
	paddr_t root;	     /* IMMUTABLE */
	struct rb_root tree; /* GUARDED_BY(lock) */
	struct list regions; /* GUARDED_BY(lock); by address */
	struct region *hit;  /* GUARDED_BY(lock); where the last fault was */
	uint32_t nr_regions; /* GUARDED_BY(lock) */
	uint32_t loose;	     /* GUARDED_BY(lock); small unmaps so far */
	uint64_t cores[MAX_CORES / 64]; /* ATOMIC; tables are loaded there */
	vaddr_t mmap_base;     /* GUARDED_BY(lock); search downwards from */
	vaddr_t stack_top;     /* GUARDED_BY(lock) */
	vaddr_t brk_base, brk; /* GUARDED_BY(lock) */
	struct aspace_limits limits; /* GUARDED_BY(lock) */
	struct aspace_stats stats;   /* GUARDED_BY(lock) */
};

static inline struct region *region_of(struct list *link)
{
	return list_entry(link, struct region, link);
}

/* NULL past either end. */
static inline struct region *region_next(const struct region *r)
{
	return r->link.next == &r->as->regions ? NULL : region_of(r->link.next);
}

static inline struct region *region_prev(const struct region *r)
{
	return r->link.prev == &r->as->regions ? NULL : region_of(r->link.prev);
}

static inline uint64_t region_pages(const struct region *r)
{
	return (r->end - r->start) >> PAGE_SHIFT;
}

/* Private, and counted against RLIMIT_DATA when writable. */
static inline bool region_is_data(unsigned prot, unsigned flags)
{
	return (prot & PROT_W) != 0 &&
	       (flags & (REG_SHARED | REG_GROWSDOWN)) == 0;
}

/* True when another core has @as loaded. */
static inline bool aspace_elsewhere(const struct aspace *as)
{
	coreid_t me = core_id();
	unsigned i;

	for (i = 0; i < MAX_CORES / 64; i++) {
		uint64_t w = atomic_load_seq_cst(&as->cores[i]);

		if (i == me / 64)
			w &= ~(UINT64_C(1) << (me % 64));
		if (w != 0)
			return true;
	}
	return false;
}

/* ---- region.c ---- */
void region_system_init(void);
/* One that is in no tree, references to @obj and @file taken. */
__must_check struct region *region_create(struct aspace *as,
					  const struct map_args *a);
/* A twin of @r for [start, end), in no tree; @as may be another aspace. */
__must_check struct region *region_clone(struct aspace *as,
					 const struct region *r, vaddr_t start,
					 vaddr_t end);
/* Drops the references.  Locks: none; callers collect regions on a list. */
void region_destroy(struct region *r);
void regions_destroy(struct list *dead);
/* The first region that ends above @addr, or NULL. */
struct region *region_find(struct aspace *as, vaddr_t addr);
/* The last region that ends at or below @addr, or NULL. */
struct region *region_below(struct aspace *as, vaddr_t addr);
/* Into the tree and the figures. */
void region_insert(struct aspace *as, struct region *r);
/* The same, and joined with neighbours that fit; absorbed ones: @dead. */
struct region *region_insert_merge(struct aspace *as, struct region *r,
				   struct list *dead);
struct region *region_merge(struct aspace *as, struct region *r,
			    struct list *dead);
void region_remove(struct aspace *as, struct region *r);
/* New bounds, still between its neighbours; the offset follows the start. */
void region_resize(struct aspace *as, struct region *r, vaddr_t start,
		   vaddr_t end);
/* [start, at) stays @r, [at, end) becomes *@out: 0 or -ENOMEM. */
__must_check err_t region_split(struct aspace *as, struct region *r, vaddr_t at,
				struct region **out);
/*
 * What of *@rp lies in [start, end) becomes a region of its own, in *@rp.
 * 0; -ENOMEM, also when there are too many: it may have been split by then.
 */
__must_check err_t region_narrow(struct aspace *as, struct region **rp,
				 vaddr_t start, vaddr_t end);
void region_set_prot(struct aspace *as, struct region *r, unsigned prot);
/* Where @len bytes fit, highest first, at or above @low: 0 for nowhere. */
vaddr_t region_gap(struct aspace *as, uint64_t len, vaddr_t low, vaddr_t high);
/* Is [start, end) free, stack guards included? */
bool region_range_free(struct aspace *as, vaddr_t start, vaddr_t end);

/* ---- aspace_table.c ---- */
/* Entries in [start, end) go, their frames after the TLB flush. */
void table_zap(struct aspace *as, vaddr_t start, vaddr_t end);
/* The same in all regions. */
void table_zap_all(struct aspace *as);
/* Empty tables around the unmapped [start, end) go too, now and then. */
void table_trim(struct aspace *as, vaddr_t start, vaddr_t end);
/* pt_walk() with @create, counted. */
pte_t *table_entry(struct aspace *as, vaddr_t va);
void table_protect(struct aspace *as, struct region *r, vaddr_t start,
		   vaddr_t end);
/* Private pages of @r become common to both, read-only: 0 or -ENOMEM. */
__must_check err_t table_copy(struct aspace *from, struct aspace *to,
			      struct region *r);
/* Entries move from @from to @to (same aspace): 0 or -ENOMEM, none moved. */
__must_check err_t table_move(struct aspace *as, vaddr_t from, vaddr_t to,
			      uint64_t len);
void table_system_init(void);

static inline void pte_set(pte_t *p, uint64_t bits)
{
	/* A walker that sees the entry sees the page's contents. */
	atomic_store_release(&p->bits, bits);
}

static inline void rss_add(struct aspace *as, uint64_t n)
{
	as->stats.rss_pages += n;
	if (as->stats.rss_pages > as->stats.peak_rss_pages)
		as->stats.peak_rss_pages = as->stats.rss_pages;
}

/* What a page of @r may have in its entry, without the address. */
static inline uint64_t region_pte_bits(const struct region *r, bool write)
{
	uint64_t bits = PTE_PRESENT | PTE_USER | PTE_ACCESSED;

	if ((r->prot & PROT_X) == 0)
		bits |= PTE_NX;
	if (write)
		bits |= PTE_WRITE | PTE_DIRTY;
	return bits;
}

/* ---- the others ---- */
__must_check err_t fault_locked(struct aspace *as, vaddr_t addr,
				unsigned flags);
/* 0; -ENOMEM: a limit says no to @pages more of that kind. */
__must_check err_t aspace_may_grow(const struct aspace *as, uint64_t pages,
				   unsigned prot, unsigned flags);
/* A single mapping bigger than all memory is refused. */
__must_check err_t aspace_overcommit(uint64_t pages, unsigned prot,
				     unsigned flags);
__must_check err_t unmap_locked(struct aspace *as, vaddr_t start, vaddr_t end,
				struct list *dead);
/* An address for @len bytes: the hint if it is free, else searched. */
__must_check err_t aspace_place(struct aspace *as, vaddr_t hint, uint64_t len,
				vaddr_t *out);
/* Locks: takes ASPACE. Errors as for faults. */
__must_check err_t aspace_populate(struct aspace *as, vaddr_t addr, size_t n,
				   bool write);
/* Copy to or from any aspace.  Locks: takes ASPACE.  0, -EFAULT, -ENOMEM. */
__must_check err_t aspace_access(struct aspace *as, vaddr_t addr, void *buf,
				 size_t n, bool write);
void aspace_place_mmap(struct aspace *as);
