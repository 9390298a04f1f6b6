/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks in the heap range, each above an unmapped guard page.
 *
 * The range is cut into slots of one guard page and one stack.  Stacks that
 * are given back stay mapped: a few with each core, more in a common list
 * that is linked through them; only what exceeds that is unmapped, and only
 * where the other cores' TLBs may be waited for.  Slots whose stack was unmapped are
 * kept in chunks of slot numbers, and a chunk's memory is a frame of the
 * very stack that is going, so freeing never needs an allocation.
 */
#include <debug/fault.h>
#include <lib/assert.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/tlb.h>
#include <sync/spinlock.h>

#include "mm_impl.h"

#define SLOT_SIZE  (PAGE_SIZE + KSTACK_SIZE)
#define NPAGES	   (KSTACK_SIZE / PAGE_SIZE)
#define SHARED_MAX 32u

struct slot_chunk {
	struct slot_chunk *next;
	uint32_t n;
	uint32_t slots[1020];
};
_Static_assert(sizeof(struct slot_chunk) <= 4096, "one frame");

static struct spinlock lock = SPINLOCK_INIT(HEAPMAP);
static vaddr_t shared;		  /* GUARDED_BY(lock); mapped stacks */
static uint32_t nshared;	  /* GUARDED_BY(lock) */
static uint32_t next_slot;	  /* GUARDED_BY(lock); never used from here */
static struct slot_chunk *chunks; /* GUARDED_BY(lock) */
static uint32_t nchunks;	  /* GUARDED_BY(lock); ATOMIC to read */

static uint32_t slot_fresh_locked(void)
{
	return next_slot >= HEAP_SIZE / SLOT_SIZE ? 0 : ++next_slot;
}

static uint32_t slot_next_locked(void)
{
	struct slot_chunk *c = chunks;

	/* Behind an empty chunk there are only full ones. */
	return c == NULL ? slot_fresh_locked() : c->slots[--c->n] + 1;
}

/* The word at the top of a free stack leads to the next one. */
static vaddr_t *stack_link(vaddr_t top)
{
	return (vaddr_t *)(top - sizeof(vaddr_t));
}

static vaddr_t shared_pop_locked(void)
{
	vaddr_t top = shared;

	if (top != 0) {
		shared = *stack_link(top);
		nshared--;
	}
	return top;
}

/*
 * Nobody waits for other cores with a spinlock held or interrupts off, and
 * here it is not known: with other cores, kstack_trim() does it.
 */
static bool may_unmap(void)
{
	return tlb_ops.remote == NULL;
}

static uint32_t slot_of(vaddr_t top)
{
	return (uint32_t)((top - KSTACK_SIZE - heap_base) / SLOT_SIZE);
}

/* A slot's number plus one; 0: the range is full. */
static uint32_t slot_take_locked(struct slot_chunk **spent)
{
	struct slot_chunk *c = chunks;
	uint32_t slot;

	*spent = NULL;
	if (c == NULL)
		return slot_fresh_locked();
	/* An empty one stays for a slot that comes back at once. */
	if (c->n == 0) {
		chunks = c->next;
		nchunks--;
		*spent = c;
		return slot_next_locked();
	}
	slot = c->slots[--c->n];
	return slot + 1;
}

/* @spare: a frame that may serve as a chunk.  False: it was not needed. */
static bool slot_give_locked(uint32_t slot, paddr_t spare)
{
	struct slot_chunk *c = chunks;
	bool used = false;

	if (slot + 1 == next_slot) {
		next_slot--;
		return false;
	}
	if (c == NULL || c->n == 1020) {
		if (spare == 0)
			return false; /* the slot is lost, never in fact */
		c = phys_to_virt(spare);
		c->next = chunks;
		c->n = 0;
		chunks = c;
		nchunks++;
		used = true;
	}
	c->slots[c->n++] = slot;
	return used;
}

static void unmap_slot(uint32_t slot, unsigned npages)
{
	vaddr_t bottom = heap_base + slot * SLOT_SIZE + PAGE_SIZE;
	paddr_t frames[NPAGES];
	unsigned i;
	bool used;

	spin_lock(&lock);
	for (i = 0; i < npages; i++)
		frames[i] = kernel_unmap_page(bottom + i * PAGE_SIZE);
	spin_unlock(&lock);
	if (npages != 0)
		tlb_flush_kernel(bottom, bottom + npages * PAGE_SIZE);
	spin_lock(&lock);
	used = slot_give_locked(slot, npages != 0 ? frames[0] : 0);
	spin_unlock(&lock);
	for (i = used ? 1 : 0; i < npages; i++)
		frame_put(frames[i]);
}

static vaddr_t map_new(void)
{
	struct slot_chunk *spent;
	vaddr_t bottom;
	uint32_t slot;
	unsigned i;
	paddr_t pa;
	err_t err;

	spin_lock(&lock);
	slot = slot_take_locked(&spent);
	spin_unlock(&lock);
	if (spent != NULL)
		frame_put(virt_to_phys(spent));
	if (slot == 0)
		return 0;
	slot--;
	bottom = heap_base + slot * SLOT_SIZE + PAGE_SIZE;
	for (i = 0; i < NPAGES; i++) {
		pa = frame_alloc(0);
		if (pa == 0)
			break;
		spin_lock(&lock);
		err = kernel_map_page(bottom + i * PAGE_SIZE, pa);
		spin_unlock(&lock);
		if (err) {
			frame_put(pa);
			break;
		}
	}
	if (i == NPAGES)
		return bottom + KSTACK_SIZE;
	unmap_slot(slot, i);
	return 0;
}

vaddr_t kstack_alloc(void)
{
	struct mm_core *mc = mm_core();
	vaddr_t top;

	if (fault_point("kstack"))
		return 0;
	if (likely(mc->nstacks != 0))
		return mc->stacks[--mc->nstacks];
	spin_lock(&lock);
	top = shared_pop_locked();
	spin_unlock(&lock);
	return top != 0 ? top : map_new();
}

void kstack_free(vaddr_t top)
{
	struct mm_core *mc = mm_core();
	bool keep;

	kassert(top > heap_base && top <= heap_base + HEAP_SIZE);
	if (mc != &mm_core_none && mc->nstacks < KSTACK_CACHE) {
		mc->stacks[mc->nstacks++] = top;
		return;
	}
	keep = !may_unmap();
	spin_lock(&lock);
	keep = keep || nshared < SHARED_MAX;
	if (keep) {
		*stack_link(top) = shared;
		shared = top;
		nshared++;
	}
	spin_unlock(&lock);
	if (!keep)
		unmap_slot(slot_of(top), NPAGES);
}

/* @most stacks of the common list at most; returns the frames freed. */
static unsigned unmap_shared(uint32_t most)
{
	unsigned freed = 0;
	vaddr_t top;

	for (; most != 0; most--) {
		spin_lock(&lock);
		top = shared_pop_locked();
		spin_unlock(&lock);
		if (top == 0)
			break;
		unmap_slot(slot_of(top), NPAGES);
		freed += NPAGES;
	}
	return freed;
}

void kstack_trim(void)
{
	uint32_t n = atomic_load_relaxed(&nshared);

	if (n > SHARED_MAX)
		(void)unmap_shared(n - SHARED_MAX);
}

uint32_t kstack_list_frames(void)
{
	return atomic_load_relaxed(&nchunks);
}

void kstack_drain(void)
{
	struct mm_core *mc = mm_core();

	if (!may_unmap())
		return;
	while (mc->nstacks != 0)
		unmap_slot(slot_of(mc->stacks[--mc->nstacks]), NPAGES);
	(void)unmap_shared(UINT32_MAX);
}

unsigned kstack_shrink(void)
{
	/* kstack.c itself allocates with the lock held, for page tables. */
	if (!may_unmap() || spin_held(&lock))
		return 0;
	return unmap_shared(UINT32_MAX);
}
