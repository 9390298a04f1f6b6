/* SPDX-License-Identifier: MIT */
/*
 * Private to kernel/mm/: what a core keeps for itself, and the frame arrays.
 *
 * The kernel is preempted by nothing but interrupts, and those never
 * allocate: so a core changes its own struct mm_core without a lock and
 * without turning interrupts off.
 */
#pragma once

#include <arch/mmu.h>
#include <arch/percpu.h>
#include <lib/annot.h>
#include <lib/atomic.h>
#include <lib/types.h>

#ifndef MAX_CORES
#define MAX_CORES 256
#endif

#define FRAME_CACHE  64 /* frames a core keeps */
#define FRAME_BATCH  32 /* frames that move between core and depot */
#define SLAB_CACHES  96 /* kmem caches in all */
#define KSTACK_CACHE 4	/* stacks a core keeps mapped */
#define TABLE_CACHE  24 /* empty page tables a core keeps */

/*
 * The byte of each frame.  0: nothing is known (in use, or not ours).  The
 * order is in the low four bits of the others.
 */
#define KIND_FREE  0x10u /* head of a free block in the buddy lists */
#define KIND_SLAB  0x20u /* in a slab of that order */
#define KIND_BIG   0x30u /* head of a kmalloc() that has its own frames */
#define KIND_MASK  0xf0u
#define KIND_ORDER 0x0fu

/* Counts at or above this belong to frames that are not ours. */
#define COUNT_FOREIGN UINT32_C(0x20000000)

struct magazine;

struct mag_pair {
	struct magazine *loaded; /* strong; never NULL */
	struct magazine *prev;	 /* strong; never NULL */
};

/* PRIVATE(its core), all of it; others only read for statistics. */
struct mm_core {
	uint32_t nframes;
	uint32_t frames_cap; /* 0 in the stand-in of a core without one */
	uint32_t frames[FRAME_CACHE]; /* frame numbers */
	uint32_t nstacks;
	int32_t tables;	       /* page tables allocated, less freed */
	uint32_t defer_tables; /* freed ones wait for a TLB flush */
	paddr_t dead_tables;   /* those; linked through their first entry */
	uint32_t nclean;       /* page tables of zeroes, counted as free */
	uint32_t clean[TABLE_CACHE]; /* their frame numbers */
	vaddr_t stacks[KSTACK_CACHE];
	struct mag_pair mags[SLAB_CACHES];
};
_Static_assert(sizeof(struct mm_core) <= 4096, "it is given one frame");

extern struct mm_core *mm_cores[MAX_CORES];
extern struct mm_core mm_core_none;

extern uint32_t *frame_counts;
extern uint8_t *frame_kinds;
extern uint64_t frame_limit; /* one past the last frame number */
extern paddr_t frame_zero_pa;

static inline struct mm_core *mm_core(void)
{
	return mm_cores[core_id()];
}

/* This core's own, made at first use; NULL when there is no memory. */
struct mm_core *mm_core_make(void);
/* Give mapped kernel stacks back: a shrinker. */
unsigned kstack_shrink(void);
/* The same and what this core keeps, so that counts are exact. */
void kstack_drain(void);
/* Give this core's empty page tables back: a shrinker. */
unsigned table_shrink(void);
/* Called by frame.c for a fresh one. */
void slab_core_init(struct mm_core *mc);

static inline uint32_t pfn_of(paddr_t pa)
{
	return (uint32_t)(pa >> PAGE_SHIFT);
}

static inline paddr_t pfn_to_phys(uint64_t pfn)
{
	return pfn << PAGE_SHIFT;
}

static inline uint64_t pages_of(uint64_t bytes)
{
	return (bytes >> PAGE_SHIFT) + ((bytes & PAGE_MASK) != 0);
}

/* Whole pages: the string instructions take eight bytes a step. */
static inline void page_zero(void *page)
{
	uint64_t n = PAGE_SIZE / 8;

	__asm__ volatile("rep stosq"
			 : "+D"(page), "+c"(n)
			 : "a"(UINT64_C(0))
			 : "memory");
}

static inline void page_copy(void *to, const void *from)
{
	uint64_t n = PAGE_SIZE / 8;

	__asm__ volatile("rep movsq"
			 : "+D"(to), "+S"(from), "+c"(n)
			 :
			 : "memory");
}
