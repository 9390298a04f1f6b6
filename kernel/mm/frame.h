/* SPDX-License-Identifier: MIT */
/*
 * Physical memory in 4 KiB frames: a buddy allocator with a cache of single
 * frames on each core.  A frame that user space can map is counted; the
 * counts are an array of bare 32-bit numbers indexed by frame number.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

#define FRAME_ZERO	1u /* contents are zeroes */
#define FRAME_RESERVE	2u /* may use the last reserve (exit paths) */
#define FRAME_MAX_ORDER 10

struct frame_stats {
	uint64_t total;		  /* frames managed */
	uint64_t free;		  /* including those in per-core caches */
	uint64_t kernel_reserved; /* image, tables, boot allocations */
};

/* Called once by init/ with the boot memory map (arch/mmu.h). */
void frame_init(void);

/**
 * frame_alloc - one frame with count 1
 *
 * Context: thread or irq off, no sleep.  Locks: takes FRAME at times.
 * Returns: the physical address, or 0 when memory is out (or the fault
 *          injector says so).
 */
__must_check paddr_t frame_alloc(unsigned flags);
/* 2^order frames, aligned to their size; count of the first is 1. */
__must_check paddr_t frame_alloc_order(unsigned order, unsigned flags);
void frame_free_order(paddr_t pa, unsigned order);

void frame_get(paddr_t pa);
/* Frees at 0.  Any context but irq. */
void frame_put(paddr_t pa);
uint32_t frame_count(paddr_t pa);
/* Is @pa one of ours (RAM under management)? */
bool frame_managed(paddr_t pa);
void frame_get_stats(struct frame_stats *out);
/*
 * Take over RAM that the boot map kept back (the initrd): the frame becomes
 * ours with count 1.  False: it is ours already, or no RAM we know of.
 */
bool frame_claim(paddr_t pa);
/* The same for whole frames in [start, end) that nobody claimed: freed. */
void frame_donate(paddr_t start, paddr_t end);
/* A counted frame of zeroes that is never freed: for read faults. */
paddr_t frame_zero_page(void);

/*
 * When an allocation finds nothing it calls these, which may free caches
 * (no sleeping, no locks above SLAB).  Return frames freed.
 */
struct shrinker {
	unsigned (*shrink)(void);
	struct shrinker *next;
};
void frame_add_shrinker(struct shrinker *s);
