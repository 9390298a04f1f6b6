/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Physical memory in frames of 4 KiB, alone or in aligned blocks.
 *
 * OBJECTS
 *   frame_counts[]  users of each frame; 0 free.  Frames that are not ours
 *                   (holes, the kernel image, devices) start so high that
 *                   gets and puts of them change nothing.
 *   frame_kinds[]   a byte for each frame: head of a free block, slab, ...
 *   struct mm_core  up to 64 single frames on each core, no lock.
 *   depot           batches of 32 single frames, listed in their own first
 *                   frame; the cores' caches fill and empty through it, so
 *                   in a steady state nothing is split or merged.
 *   buddy           free blocks of order 0 to 10, linked through themselves.
 *
 * LOCKING
 *   FRAME guards depot, buddy and totals.  A core's cache belongs to the
 *   core: interrupts never allocate.  Counts are atomic.
 *
 * LIFETIME
 *   A frame is free when its count falls to 0.  The holder of the only
 *   count may raise it without asking; nobody finds a frame otherwise.
 *
 * CALLERS
 *   Everyone above; the shrinkers are called back with no lock of ours held.
 *
 * NOT DONE HERE
 *   NUMA; taking frames back from other cores' caches (64 at most each).
 */
#include <debug/fault.h>
#include <debug/kasan.h>
#include <lib/assert.h>
#include <lib/bits.h>
#include <lib/list.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <sync/spinlock.h>

#include "mm_impl.h"

#define DEPOT_MAX 256 /* batches: 32 MiB */
#define NORDERS	  (FRAME_MAX_ORDER + 1)

/* At the start of the first frame of a batch, which is also in it. */
struct frame_batch {
	struct frame_batch *next;
	uint32_t pfns[FRAME_BATCH];
};

uint32_t *frame_counts __ro_after_init;
uint8_t *frame_kinds __ro_after_init;
uint64_t frame_limit __ro_after_init;
paddr_t frame_zero_pa __ro_after_init;

struct mm_core mm_core_none; /* stays empty */
static struct mm_core mm_core_boot;
struct mm_core *mm_cores[MAX_CORES];

static struct {
	struct spinlock lock;
	struct list free[NORDERS];   /* GUARDED_BY(lock) */
	uint32_t nonempty;	     /* GUARDED_BY(lock); bit by order */
	uint32_t nbatches;	     /* GUARDED_BY(lock) */
	struct frame_batch *batches; /* GUARDED_BY(lock) */
	uint64_t nfree;		     /* GUARDED_BY(lock); in buddy and depot */
	uint64_t reserve;	     /* IMMUTABLE after boot */
	uint64_t total;		     /* GUARDED_BY(lock) */
	uint64_t kernel;	     /* IMMUTABLE after boot */
	struct shrinker *shrinkers;  /* ATOMIC; pushed, never removed */
} fr;

static inline struct list *block_link(uint64_t pfn)
{
	return phys_to_virt(pfn_to_phys(pfn));
}

static inline uint64_t block_pfn(const struct list *l)
{
	return virt_to_phys(l) >> PAGE_SHIFT;
}

/* ---- buddy; all with FRAME held ---- */

static void buddy_link(uint64_t pfn, unsigned order)
{
	list_add(&fr.free[order], block_link(pfn));
	frame_kinds[pfn] = (uint8_t)(KIND_FREE | order);
	fr.nonempty |= 1u << order;
}

static void buddy_unlink(uint64_t pfn, unsigned order)
{
	list_del(block_link(pfn));
	frame_kinds[pfn] = 0;
	if (list_empty(&fr.free[order]))
		fr.nonempty &= ~(1u << order);
}

static void buddy_free(uint64_t pfn, unsigned order)
{
	uint64_t other;

	fr.nfree += UINT64_C(1) << order;
	while (order < FRAME_MAX_ORDER) {
		other = pfn ^ (UINT64_C(1) << order);
		if (other >= frame_limit ||
		    frame_kinds[other] != (KIND_FREE | order))
			break;
		buddy_unlink(other, order);
		pfn &= other;
		order++;
	}
	buddy_link(pfn, order);
}

/* The number of the first frame, 0 for none. */
static uint64_t buddy_alloc(unsigned order)
{
	uint32_t fit = fr.nonempty & (~0u << order);
	unsigned have;
	uint64_t pfn;

	if (fit == 0)
		return 0;
	have = bit_lowest(fit);
	pfn = block_pfn(fr.free[have].next);
	buddy_unlink(pfn, have);
	while (have > order) {
		have--;
		buddy_link(pfn + (UINT64_C(1) << have), have);
	}
	fr.nfree -= UINT64_C(1) << order;
	return pfn;
}

/* Undo one batch, so that its frames can merge. */
static bool depot_break(void)
{
	struct frame_batch *b = fr.batches;
	uint32_t pfns[FRAME_BATCH];
	unsigned i;

	if (b == NULL)
		return false;
	fr.batches = b->next;
	fr.nbatches--;
	fr.nfree -= FRAME_BATCH; /* buddy_free() counts them again */
	memcpy(pfns, b->pfns, sizeof(pfns));
	for (i = 0; i < FRAME_BATCH; i++)
		buddy_free(pfns[i], 0);
	return true;
}

/* ---- a core's cache ---- */

/* Frames into @pfns, at most FRAME_BATCH; returns how many. */
static unsigned take_frames(uint32_t *pfns, unsigned flags)
{
	uint64_t keep = (flags & FRAME_RESERVE) != 0 ? 0 : fr.reserve;
	struct frame_batch *b;
	unsigned order, n = 0, i;
	uint64_t pfn;

	spin_lock(&fr.lock);
	if (fr.nfree <= keep) {
		spin_unlock(&fr.lock);
		return 0;
	}
	b = fr.batches;
	if (b != NULL) {
		fr.batches = b->next;
		fr.nbatches--;
		fr.nfree -= FRAME_BATCH;
		memcpy(pfns, b->pfns, sizeof(b->pfns));
		n = FRAME_BATCH;
	} else {
		/* The biggest block up to a batch, without breaking others. */
		order = 5;
		while (order > 0 && (fr.nonempty >> order == 0 ||
				     fr.nfree - keep < 1u << order))
			order--;
		pfn = buddy_alloc(order);
		n = pfn == 0 ? 0 : 1u << order;
		/* Taken from the end: ascending addresses for the user. */
		for (i = 0; i < n; i++)
			pfns[i] = (uint32_t)pfn + n - 1 - i;
	}
	spin_unlock(&fr.lock);
	return n;
}

static void give_batch(const uint32_t *pfns)
{
	struct frame_batch *b = phys_to_virt(pfn_to_phys(pfns[0]));
	unsigned i;

	spin_lock(&fr.lock);
	if (fr.nbatches < DEPOT_MAX) {
		memcpy(b->pfns, pfns, sizeof(b->pfns));
		b->next = fr.batches;
		fr.batches = b;
		fr.nbatches++;
		fr.nfree += FRAME_BATCH;
	} else {
		for (i = 0; i < FRAME_BATCH; i++)
			buddy_free(pfns[i], 0);
	}
	spin_unlock(&fr.lock);
}

static unsigned shrink_all(void)
{
	struct shrinker *s;
	unsigned freed = 0;

	/* Pairs with the release in frame_add_shrinker(). */
	for (s = atomic_load_acquire(&fr.shrinkers); s != NULL; s = s->next)
		freed += s->shrink();
	return freed;
}

struct mm_core *mm_core_make(void)
{
	struct mm_core *mc = mm_core();
	uint64_t pfn;

	if (likely(mc != &mm_core_none))
		return mc;
	spin_lock(&fr.lock);
	pfn = buddy_alloc(0);
	while (pfn == 0 && depot_break())
		pfn = buddy_alloc(0);
	spin_unlock(&fr.lock);
	if (pfn == 0)
		return NULL;

	atomic_store_relaxed(&frame_counts[pfn], 1);
	mc = phys_to_virt(pfn_to_phys(pfn));
	page_zero(mc);
	mc->frames_cap = FRAME_CACHE;
	slab_core_init(mc);
	mm_cores[core_id()] = mc;
	return mc;
}

static __noinline bool cache_refill(unsigned flags)
{
	struct mm_core *mc = mm_core_make();
	uint32_t pfns[FRAME_BATCH];
	unsigned n, tries;

	if (mc == NULL)
		return false;
	for (tries = 0;; tries++) {
		n = take_frames(pfns, flags);
		if (n != 0 || mc->nframes != 0)
			break;
		if (tries == 2 || shrink_all() == 0)
			return mc->nframes != 0;
	}
	/* A shrinker may have left something here too. */
	if (n > mc->frames_cap - mc->nframes) {
		spin_lock(&fr.lock);
		while (n > mc->frames_cap - mc->nframes)
			buddy_free(pfns[--n], 0);
		spin_unlock(&fr.lock);
	}
	memcpy(mc->frames + mc->nframes, pfns, n * sizeof(pfns[0]));
	mc->nframes += n;
	return true;
}

/* One frame whose count has fallen to 0. */
static __noinline void cache_spill(uint32_t pfn)
{
	struct mm_core *mc = mm_core_make();

	if (mc == NULL) {
		spin_lock(&fr.lock);
		buddy_free(pfn, 0);
		spin_unlock(&fr.lock);
		return;
	}
	if (mc->nframes == mc->frames_cap) {
		/* The coldest half goes. */
		give_batch(mc->frames);
		mc->nframes -= FRAME_BATCH;
		memcpy(mc->frames, mc->frames + FRAME_BATCH,
		       mc->nframes * sizeof(mc->frames[0]));
	}
	mc->frames[mc->nframes++] = pfn;
}

static inline void cache_put(uint32_t pfn)
{
	struct mm_core *mc = mm_core();

	kassert_dbg(frame_kinds[pfn] == 0);
	if (unlikely(mc->nframes >= mc->frames_cap)) {
		cache_spill(pfn);
		return;
	}
	mc->frames[mc->nframes++] = pfn;
}

/* ---- interface ---- */

paddr_t frame_alloc(unsigned flags)
{
	struct mm_core *mc = mm_core();
	uint32_t pfn;

	kassert_dbg(!in_irq());
	if (fault_point("frame"))
		return 0;
	if (unlikely(mc->nframes == 0)) {
		if (!cache_refill(flags))
			return 0;
		mc = mm_core();
	}
	pfn = mc->frames[--mc->nframes];
	kassert_dbg(frame_counts[pfn] == 0);
	atomic_store_relaxed(&frame_counts[pfn], 1);
	if ((flags & FRAME_ZERO) != 0)
		page_zero(phys_to_virt(pfn_to_phys(pfn)));
	return pfn_to_phys(pfn);
}

/* This core's cached frames may be what a block lacks. */
static void cache_drain_locked(void)
{
	struct mm_core *mc = mm_core();

	while (mc->nframes != 0)
		buddy_free(mc->frames[--mc->nframes], 0);
}

static uint64_t block_find(unsigned order, uint64_t keep)
{
	uint64_t pfn = 0;

	spin_lock(&fr.lock);
	if (fr.nfree >= keep + (UINT64_C(1) << order)) {
		pfn = buddy_alloc(order);
		while (pfn == 0 && depot_break()) {
			pfn = buddy_alloc(order);
			spin_unlock(&fr.lock);
			spin_lock(&fr.lock);
		}
	}
	if (pfn == 0) {
		cache_drain_locked();
		if (fr.nfree >= keep + (UINT64_C(1) << order))
			pfn = buddy_alloc(order);
	}
	spin_unlock(&fr.lock);
	return pfn;
}

paddr_t frame_alloc_order(unsigned order, unsigned flags)
{
	uint64_t keep = (flags & FRAME_RESERVE) != 0 ? 0 : fr.reserve;
	unsigned i, tries;
	uint64_t pfn;
	paddr_t pa;

	if (order == 0)
		return frame_alloc(flags);
	kassert_dbg(!in_irq());
	if (order > FRAME_MAX_ORDER || fault_point("frame"))
		return 0;
	for (tries = 0;; tries++) {
		pfn = block_find(order, keep);
		if (pfn != 0)
			break;
		if (tries == 2 || shrink_all() == 0)
			return 0;
	}
	atomic_store_relaxed(&frame_counts[pfn], 1);
	pa = pfn_to_phys(pfn);
	if ((flags & FRAME_ZERO) != 0)
		for (i = 0; i < 1u << order; i++)
			page_zero(phys_to_virt(pa + i * PAGE_SIZE));
	return pa;
}

void frame_free_order(paddr_t pa, unsigned order)
{
	uint32_t pfn = pfn_of(pa);

	kassert(pfn != 0 && pfn < frame_limit && order <= FRAME_MAX_ORDER);
	kassert(frame_counts[pfn] == 1 && is_aligned(pfn, 1u << order));
	kassert_dbg(!in_irq());
	atomic_store_relaxed(&frame_counts[pfn], 0);
	if (order == 0) {
		cache_put(pfn);
		return;
	}
	spin_lock(&fr.lock);
	buddy_free(pfn, order);
	spin_unlock(&fr.lock);
}

void frame_get(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;

	if (unlikely(pfn >= frame_limit))
		return;
	kassert_dbg(frame_counts[pfn] != 0);
	atomic_inc_relaxed(&frame_counts[pfn]);
}

void frame_put(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;
	uint32_t old;

	if (unlikely(pfn >= frame_limit))
		return;
	/*
	 * The only holder needs no locked instruction: nobody else can find
	 * the frame.  Pairs with the release of the others' puts below.
	 */
	if (atomic_load_acquire(&frame_counts[pfn]) == 1) {
		atomic_store_relaxed(&frame_counts[pfn], 0);
	} else {
		old = atomic_fetch_sub(&frame_counts[pfn], 1);
		kassert(old != 0);
		if (old != 1)
			return;
	}
	cache_put((uint32_t)pfn);
}

uint32_t frame_count(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;

	/* Pairs with the release in frame_put(). */
	return pfn < frame_limit ? atomic_load_acquire(&frame_counts[pfn])
				 : COUNT_FOREIGN;
}

bool frame_managed(paddr_t pa)
{
	return frame_count(pa) < COUNT_FOREIGN;
}

paddr_t frame_zero_page(void)
{
	return frame_zero_pa;
}

bool frame_claim(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;

	if (pfn == 0 || pfn >= frame_limit || frame_managed(pa))
		return false;
	spin_lock(&fr.lock);
	fr.total++;
	spin_unlock(&fr.lock);
	atomic_store_relaxed(&frame_counts[pfn], 1);
	return true;
}

void frame_donate(paddr_t start, paddr_t end)
{
	paddr_t pa;

	for (pa = align_up(start, PAGE_SIZE); pa + PAGE_SIZE <= end && end != 0;
	     pa += PAGE_SIZE)
		if (frame_claim(pa))
			frame_put(pa);
}

void frame_get_stats(struct frame_stats *out)
{
	unsigned i;

	spin_lock(&fr.lock);
	out->total = fr.total;
	out->free = fr.nfree;
	out->kernel_reserved = fr.kernel;
	spin_unlock(&fr.lock);
	for (i = 0; i < MAX_CORES; i++)
		out->free += atomic_load_relaxed(&mm_cores[i]->nframes) +
			     atomic_load_relaxed(&mm_cores[i]->nclean);
}

void frame_add_shrinker(struct shrinker *s)
{
	struct shrinker *first = atomic_load_relaxed(&fr.shrinkers);

	do {
		s->next = first;
		/* Pairs with the acquire in shrink_all(). */
	} while (!atomic_cas(&fr.shrinkers, &first, s));
}

/* ---- start ---- */

static void add_range(paddr_t start, paddr_t end)
{
	uint64_t pfn = max_t(uint64_t, pages_of(start), 1);
	uint64_t last = end >> PAGE_SHIFT;
	unsigned order;

	if (pfn >= last)
		return;
	memset(frame_counts + pfn, 0, (last - pfn) * sizeof(frame_counts[0]));
	fr.total += last - pfn;
	while (pfn < last) {
		order = min_t(unsigned, bit_lowest(pfn), FRAME_MAX_ORDER);
		while (pfn + (UINT64_C(1) << order) > last)
			order--;
		buddy_free(pfn, order);
		pfn += UINT64_C(1) << order;
	}
}

/*
 * The arrays (and KASAN's shadow) are cut from the end of the biggest range,
 * whose new end is returned.
 */
static paddr_t carve_arrays(const struct mem_range *r)
{
	uint64_t shadow = CONFIG_KASAN ? frame_limit << (PAGE_SHIFT - 3) : 0;
	uint64_t size = align_up(frame_limit * 5, 64) + shadow;
	paddr_t at = align_down(r->end, PAGE_SIZE) - align_up(size, PAGE_SIZE);

	if (align_up(size, PAGE_SIZE) + KIB(64) > r->end - r->start)
		panic("not enough memory for the frame arrays");
	frame_counts = phys_to_virt(at);
	/* Any value above COUNT_FOREIGN will do. */
	memset(frame_counts, 0x40, frame_limit * sizeof(frame_counts[0]));
	frame_kinds = (uint8_t *)(frame_counts + frame_limit);
	memset(frame_kinds, 0, frame_limit);
	if (CONFIG_KASAN) {
		uint8_t *s = phys_to_virt(at + align_up(frame_limit * 5, 64));

		memset(s, 0, shadow);
		kasan_init(s, direct_base, pfn_to_phys(frame_limit));
	}
	return at;
}

void frame_init(void)
{
	const struct mem_range *ranges;
	unsigned n = mem_ranges(&ranges), i, big = 0;
	paddr_t start, end, carved;
	uint64_t all = 0;

	if (frame_limit != 0)
		return;
	spin_init(&fr.lock, RANK_FRAME);
	for (i = 0; i < NORDERS; i++)
		list_init(&fr.free[i]);
	for (i = 0; i < MAX_CORES; i++)
		mm_cores[i] = &mm_core_none;
	slab_core_init(&mm_core_none);
	mm_core_boot.frames_cap = FRAME_CACHE;
	slab_core_init(&mm_core_boot);
	mm_cores[core_id()] = &mm_core_boot;

	for (i = 0; i < n; i++) {
		all += (ranges[i].end - ranges[i].start) >> PAGE_SHIFT;
		if (ranges[i].end - ranges[i].start >
		    ranges[big].end - ranges[big].start)
			big = i;
	}
	kassert(n != 0);
	/* The initrd's frames become ours when it has been unpacked. */
	boot_initrd_range(&start, &end);
	frame_limit = pages_of(max(mem_top(), end));
	carved = carve_arrays(&ranges[big]);

	spin_lock(&fr.lock);
	for (i = 0; i < n; i++)
		add_range(ranges[i].start, i == big ? carved : ranges[i].end);
	fr.kernel = all - fr.total;
	fr.reserve = clamp(fr.total / 256, UINT64_C(8), UINT64_C(256));
	spin_unlock(&fr.lock);

	frame_zero_pa = frame_alloc(FRAME_ZERO);
	if (frame_zero_pa == 0)
		panic("no memory");
	atomic_store_relaxed(&frame_counts[pfn_of(frame_zero_pa)],
			     COUNT_FOREIGN * 2);
}
