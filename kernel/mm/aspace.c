/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   What a process sees as its memory.
 *
 * OBJECTS
 *   struct aspace  page tables, and the regions that say what belongs there.
 *   struct region  a range of addresses with one protection and one source:
 *                  zeroes, or a memory object at an offset.
 *   Entries are made by faults.  An entry's frame is counted by it, except
 *   for the page of zeroes and frames that are not ours (PTE_UNCOUNTED).
 *   PTE_ANON marks a page of private memory: with a count of 1 it belongs to
 *   this aspace alone and may be written; with more it is shared since a
 *   fork and copied at the first write.
 *
 *   region.c         the tree, the list, free space, merging
 *   aspace_map.c     map, unmap, protect       aspace_fault.c   faults
 *   aspace_copy.c    fork                      aspace_remap.c   mremap
 *   aspace_brk.c     the heap                  aspace_advise.c  madvise
 *   aspace_zap.c     truncation                aspace_info.c    questions
 *   aspace_table.c   all that touches entries in bulk
 *
 * LOCKING
 *   ASPACE, a mutex in each, guards regions, tables and figures.  It is held
 *   over long loops, which give the core away at times; no spinlock is.
 *   Before it: the owner's file and node locks.  After it: VMOBJ, VMOBJ_MAP.
 *   References to files and objects are dropped after it has been released,
 *   since their last put takes locks that come before it: removed regions
 *   are collected on a list.
 *   `cores` is the set of cores that have the tables loaded; a core adds
 *   itself before loading.
 *
 * LIFETIME
 *   Counted.  Processes hold references; so must whoever activates one, for
 *   as long as it is loaded.  The last put unmaps all and frees the tables.
 *   An object's list of regions is a weak way here (ref_tryget).
 *
 * CALLERS
 *   sys/ and proc/ (calls, fork, exec, exit), the fault hook, fs/ through
 *   vmobj_truncate(), sched/ through aspace_activate().
 *
 * NOT DONE HERE
 *   Huge pages; swapping; sharing tables between aspaces; the messages to
 *   other cores (tlb_ops.remote).
 */
#include <arch/cpu.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>

#include "aspace_impl.h"
#include "vmobj_impl.h"

static struct kmem_cache *cache __ro_after_init;
bool aspace_randomise;

uint64_t aspace_random_pages(unsigned bits)
{
	uint64_t x;

	if (!aspace_randomise)
		return 0;
	if (!cpu_random(&x)) {
		x = cpu_tsc() * UINT64_C(0x9e3779b97f4a7c15);
		x ^= x >> 29;
		x *= UINT64_C(0xbf58476d1ce4e5b9);
		x ^= x >> 32;
	}
	return x & ((UINT64_C(1) << bits) - 1);
}

/* As Linux: below the stack's greatest extent, at least 128 MiB. */
void aspace_place_mmap(struct aspace *as)
{
	uint64_t gap = min(as->limits.stack_bytes, USER_TOP / 6 * 5);

	gap = max(gap, MIB(128)) + STACK_GUARD;
	gap += aspace_random_pages(22) << PAGE_SHIFT;
	gap = min(align_up(gap, PAGE_SIZE), USER_TOP / 6 * 5);
	as->mmap_base = align_down(as->stack_top - min(gap, as->stack_top / 2),
				   PAGE_SIZE);
}

err_t aspace_create(struct aspace **out)
{
	struct aspace *as = kmem_cache_zalloc(cache);

	if (as == NULL)
		return -ENOMEM;
	as->root = pt_create();
	if (as->root == 0) {
		kmem_cache_free(cache, as);
		return -ENOMEM;
	}
	/* Nothing below can fail. */
	ref_init(&as->ref, 1);
	mutex_init(&as->lock, RANK_ASPACE);
	rb_root_init(&as->tree);
	list_init(&as->regions);
	as->limits.as_bytes = UINT64_MAX;
	as->limits.data_bytes = UINT64_MAX;
	as->limits.stack_bytes = MIB(8);
	as->stack_top = USER_TOP;
	as->stats.table_pages = 1;
	aspace_place_mmap(as);
	*out = as;
	return 0;
}

static void aspace_destroy(struct aspace *as)
{
	struct list dead;
	struct region *r;

	if (PERCPU_READ(aspace) == as)
		aspace_activate(NULL);

	/* Nobody else is here; the lock is for what asserts it. */
	mutex_lock(&as->lock);
	table_zap_all(as);
	list_init(&dead);
	as->hit = NULL;
	while (!list_empty(&as->regions)) {
		r = region_of(as->regions.next);
		list_del(&r->link);
		list_add_tail(&dead, &r->link);
	}
	mutex_unlock(&as->lock);
	regions_destroy(&dead);
	pt_destroy(as->root);
	kmem_cache_free(cache, as);
}

void aspace_get(struct aspace *as)
{
	ref_get(&as->ref);
}

void aspace_put(struct aspace *as)
{
	if (ref_put(&as->ref))
		aspace_destroy(as);
}

uint32_t aspace_refs(const struct aspace *as)
{
	return ref_read(&as->ref);
}

struct aspace *current_aspace(void)
{
	return PERCPU_READ(aspace);
}

void aspace_activate(struct aspace *as)
{
	struct percpu *pc = this_percpu();
	struct aspace *old = pc->aspace;
	uint64_t bit = UINT64_C(1) << (pc->id % 64);

	if (old == as)
		return;
	/* Before loading: who flushes from now on asks this core too. */
	if (as != NULL)
		(void)atomic_fetch_or(&as->cores[pc->id / 64], bit);
	pc->aspace = as;
	mmu_activate(as == NULL ? 0 : as->root);
	if (old != NULL)
		(void)atomic_fetch_and(&old->cores[pc->id / 64], ~bit);
}

void aspace_set_limits(struct aspace *as, const struct aspace_limits *l)
{
	mutex_lock(&as->lock);
	as->limits = *l;
	mutex_unlock(&as->lock);
}

void aspace_set_stack_top(struct aspace *as, vaddr_t top)
{
	mutex_lock(&as->lock);
	as->stack_top = min(align_up(top, PAGE_SIZE), USER_TOP);
	aspace_place_mmap(as);
	mutex_unlock(&as->lock);
}

void mm_init(void)
{
	static struct shrinker stacks = { .shrink = kstack_shrink };
	static struct shrinker tables = { .shrink = table_shrink };

	frame_init();
	slab_init();
	table_system_init();
	vmobj_system_init();
	region_system_init();
	cache = kmem_cache_create("aspace", sizeof(struct aspace), 64);
	frame_add_shrinker(&stacks);
	frame_add_shrinker(&tables);
}
