/* SPDX-License-Identifier: MIT */
/* Frames, slab caches, kmalloc: contents stay, counts come back. */
#include <arch/mmu.h>
#include <debug/fault.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>

#define MANY 600

static uint64_t seed_state;

static uint64_t rnd(uint64_t n)
{
	seed_state ^= seed_state << 13;
	seed_state ^= seed_state >> 7;
	seed_state ^= seed_state << 17;
	return (seed_state >> 11) % n;
}

static uint64_t free_now(void)
{
	struct frame_stats st;

	kmem_drain();
	frame_get_stats(&st);
	return st.free;
}

KTEST(frames_are_counted)
{
	paddr_t pa = frame_alloc(FRAME_ZERO);
	const uint64_t *p;
	unsigned i;

	KREQUIRE(pa != 0);
	KCHECK((pa & PAGE_MASK) == 0 && frame_managed(pa));
	KCHECK(frame_count(pa) == 1);
	p = phys_to_virt(pa);
	for (i = 0; i < PAGE_SIZE / 8; i++)
		if (p[i] != 0)
			break;
	KCHECK(i == PAGE_SIZE / 8);
	frame_get(pa);
	KCHECK(frame_count(pa) == 2);
	frame_put(pa);
	KCHECK(frame_count(pa) == 1);
	frame_put(pa);
}

KTEST(blocks_of_every_order_are_aligned)
{
	uint64_t before = free_now();
	unsigned order;
	paddr_t pa;

	for (order = 0; order <= FRAME_MAX_ORDER; order++) {
		pa = frame_alloc_order(order, 0);
		if (!KCHECK(pa != 0))
			continue;
		KCHECK((pa & ((PAGE_SIZE << order) - 1)) == 0);
		KCHECK(frame_managed(pa + (PAGE_SIZE << order) - 1));
		memset(phys_to_virt(pa), 0x5a, PAGE_SIZE);
		frame_free_order(pa, order);
	}
	KCHECK(free_now() == before);
}

/* Blocks never overlap: each carries its own number at both ends. */
KTEST(buddy_blocks_do_not_overlap)
{
	static struct {
		paddr_t pa;
		unsigned order;
	} block[128];
	uint64_t before = free_now();
	unsigned i, step;

	seed_state = 12345;
	memset(block, 0, sizeof(block));
	for (step = 0; step < 4000; step++) {
		uint64_t *first, *last;

		i = (unsigned)rnd(128);
		if (block[i].pa == 0) {
			block[i].order = (unsigned)rnd(6);
			block[i].pa = frame_alloc_order(block[i].order, 0);
			if (!KCHECK(block[i].pa != 0))
				break;
			first = phys_to_virt(block[i].pa);
			last = first + (PAGE_SIZE << block[i].order) / 8 - 1;
			*first = *last = i * 1000 + 7;
			continue;
		}
		first = phys_to_virt(block[i].pa);
		last = first + (PAGE_SIZE << block[i].order) / 8 - 1;
		if (!KCHECK(*first == i * 1000 + 7 && *last == i * 1000 + 7))
			break;
		frame_free_order(block[i].pa, block[i].order);
		block[i].pa = 0;
	}
	for (i = 0; i < 128; i++)
		if (block[i].pa != 0)
			frame_free_order(block[i].pa, block[i].order);
	KCHECK(free_now() == before);
}

static uint64_t live_of(const char *name)
{
	struct kmem_stats st;
	unsigned i;

	for (i = 0; kmem_cache_stats(i, &st); i++)
		if (strcmp(st.name, name) == 0)
			return st.live;
	return UINT64_MAX;
}

KTEST(slab_objects_are_distinct_and_counted)
{
	static struct kmem_cache *cache;
	static uint64_t *obj[MANY];
	unsigned i, n;

	if (cache == NULL)
		cache = kmem_cache_create("ktest", 72, 8);
	KREQUIRE(cache != NULL);
	KCHECK(live_of("ktest") == 0);
	for (n = 0; n < MANY; n++) {
		obj[n] = n % 2 != 0 ? kmem_cache_alloc(cache)
				    : kmem_cache_zalloc(cache);
		if (!KCHECK(obj[n] != NULL))
			break;
		if (n % 2 == 0)
			KCHECK(obj[n][0] == 0 && obj[n][8] == 0);
		obj[n][0] = obj[n][8] = n;
	}
	KCHECK(live_of("ktest") == n);
	for (i = 0; i < n; i++)
		KCHECK(obj[i][0] == i && obj[i][8] == i);
	/* Every third first, so that slabs are partly full for a while. */
	for (i = 0; i < n; i += 3)
		kmem_cache_free(cache, obj[i]);
	for (i = 0; i < n; i++)
		if (i % 3 != 0)
			kmem_cache_free(cache, obj[i]);
	kmem_drain();
	KCHECK(live_of("ktest") == 0);
}

KTEST(kmalloc_gives_what_was_asked)
{
	static struct {
		uint8_t *p;
		size_t size;
	} a[200];
	uint64_t before = free_now();
	unsigned i, step;
	size_t k;

	seed_state = 777;
	memset(a, 0, sizeof(a));
	for (step = 0; step < 3000; step++) {
		i = (unsigned)rnd(200);
		if (a[i].p != NULL) {
			for (k = 0; k < a[i].size; k += 61)
				if (!KCHECK(a[i].p[k] == (uint8_t)i))
					break;
			kfree(a[i].p);
			a[i].p = NULL;
			continue;
		}
		a[i].size = 1 + (size_t)rnd(step % 10 == 0 ? 60000 : 3000);
		a[i].p = kmalloc(a[i].size);
		if (!KCHECK(a[i].p != NULL))
			break;
		KCHECK(((vaddr_t)a[i].p & 15) == 0);
		memset(a[i].p, (int)i, a[i].size);
	}
	for (i = 0; i < 200; i++)
		kfree(a[i].p);
	KCHECK(free_now() >= before);
}

KTEST(absurd_sizes_are_refused)
{
	/* The compiler is not to see them. */
	volatile size_t huge = SIZE_MAX;
	volatile size_t half = SIZE_MAX / 2 + 1;
	void *p;

	p = kmalloc(huge);
	KCHECK(p == NULL);
	p = kmalloc(half);
	KCHECK(p == NULL);
	p = kcalloc(half, 4);
	KCHECK(p == NULL);
	p = kcalloc(huge, huge);
	KCHECK(p == NULL);
	p = kcalloc(3, 100);
	KCHECK(p != NULL && ((uint8_t *)p)[299] == 0);
	kfree(p);
	kfree(NULL);
}

KTEST(each_kind_of_allocation_can_fail)
{
	vaddr_t top;
	paddr_t pa;
	void *p;

	if (!CONFIG_DEBUG) {
		KSKIP("faults are injected in the debug flavour");
		return;
	}
	fault_arm(1);
	p = kmalloc(100);
	KCHECK(p == NULL && fault_fired());
	fault_arm(1);
	p = kmalloc(100000);
	KCHECK(p == NULL && fault_fired());
	fault_arm(1);
	pa = frame_alloc(0);
	KCHECK(pa == 0 && fault_fired());
	fault_arm(1);
	pa = frame_alloc_order(3, 0);
	KCHECK(pa == 0 && fault_fired());
	fault_arm(1);
	top = kstack_alloc();
	KCHECK(top == 0 && fault_fired());
	fault_arm(2);
	p = kmalloc(64);
	KCHECK(p != NULL);
	kfree(p);
	fault_arm(0);
	KCHECK(!fault_fired());
}
