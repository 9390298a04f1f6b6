/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <host_mm.h>

#include <arch/mmu.h>
#include <debug/fault.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>

#define NFRAMES (HOST_RAM1_END >> PAGE_SHIFT)

static uint8_t owned[NFRAMES]; /* the model: 1 where we hold the frame */

static bool in_ram(paddr_t pa, uint64_t size)
{
	return (pa >= HOST_RAM0 && pa + size <= HOST_RAM0_END) ||
	       (pa >= HOST_RAM1 && pa + size <= HOST_RAM1_END);
}

static void take(paddr_t pa, unsigned order)
{
	uint64_t i, pfn = pa >> PAGE_SHIFT;

	CHECK((pa & ((PAGE_SIZE << order) - 1)) == 0);
	CHECK(in_ram(pa, PAGE_SIZE << order));
	for (i = 0; i < 1u << order; i++) {
		CHECK(owned[pfn + i] == 0);
		owned[pfn + i] = 1;
	}
	CHECK(frame_count(pa) == 1);
}

static void give(paddr_t pa, unsigned order)
{
	memset(owned + (pa >> PAGE_SHIFT), 0, 1u << order);
	if (order == 0)
		frame_put(pa);
	else
		frame_free_order(pa, order);
}

static void random_blocks_never_overlap(void)
{
	static struct {
		paddr_t pa;
		unsigned order;
	} held[400];
	int step;
	size_t i;

	CHECK(host_frames_leaked() == 0);
	for (step = 0; step < 60000; step++) {
		i = host_below(400);
		if (held[i].pa != 0) {
			give(held[i].pa, held[i].order);
			held[i].pa = 0;
			continue;
		}
		held[i].order = host_below(3) != 0 ? 0
						   : (unsigned)host_below(8);
		held[i].pa = frame_alloc_order(held[i].order, 0);
		if (held[i].pa != 0)
			take(held[i].pa, held[i].order);
	}
	for (i = 0; i < 400; i++)
		if (held[i].pa != 0)
			give(held[i].pa, held[i].order);
	CHECK(host_frames_leaked() == 0);
}

static void all_of_memory_can_be_had_and_merges_again(void)
{
	static paddr_t all[NFRAMES];
	struct frame_stats fs;
	size_t n = 0, i;
	paddr_t pa;

	kmem_drain();
	while ((pa = frame_alloc(0)) != 0) {
		take(pa, 0);
		all[n++] = pa;
	}
	frame_get_stats(&fs);
	CHECK(n > fs.total / 2);
	CHECK(fs.free > 0 && fs.free < 300);
	pa = frame_alloc(FRAME_RESERVE);
	CHECK(pa != 0);
	frame_put(pa);
	/* In no order that merging would like. */
	for (i = n; i > 1; i--) {
		size_t j = host_below(i);
		paddr_t t = all[i - 1];

		all[i - 1] = all[j];
		all[j] = t;
	}
	for (i = 0; i < n; i++)
		give(all[i], 0);
	CHECK(host_frames_leaked() == 0);
	pa = frame_alloc_order(FRAME_MAX_ORDER, 0);
	CHECK(pa != 0);
	if (pa != 0)
		frame_free_order(pa, FRAME_MAX_ORDER);
	CHECK(host_frames_leaked() == 0);
}

static void counts_and_zeroing_work(void)
{
	paddr_t pa = frame_alloc(FRAME_ZERO);
	const uint8_t *p = phys_to_virt(pa);
	size_t i, bad = 0;

	for (i = 0; i < PAGE_SIZE; i++)
		bad += p[i] != 0;
	CHECK(bad == 0);
	frame_get(pa);
	CHECK(frame_count(pa) == 2);
	frame_put(pa);
	CHECK(frame_count(pa) == 1);
	frame_put(pa);
	CHECK(frame_count(pa) == 0);
	/* Frames that are not ours: nothing happens. */
	CHECK(!frame_managed(MIB(25)) && !frame_managed(UINT64_C(1) << 40));
	frame_get(MIB(25));
	frame_put(MIB(25));
	frame_put(MIB(25));
	frame_put(UINT64_C(1) << 40);
	pa = frame_zero_page();
	frame_get(pa);
	frame_put(pa);
	frame_put(pa);
	CHECK(frame_count(pa) > 1);
	CHECK(host_frames_leaked() == 0);
	fault_arm(1);
	CHECK(frame_alloc(0) == 0);
	CHECK(fault_fired());
}

static void the_initrd_can_be_given_back(void)
{
	struct frame_stats a, b;

	frame_get_stats(&a);
	CHECK(frame_claim(HOST_INITRD + PAGE_SIZE));
	CHECK(!frame_claim(HOST_INITRD + PAGE_SIZE));
	frame_donate(HOST_INITRD, HOST_INITRD_END);
	frame_get_stats(&b);
	CHECK(b.total == a.total + 5 && b.free == a.free + 4);
	frame_put(HOST_INITRD + PAGE_SIZE);
	frame_get_stats(&b);
	CHECK(b.free == a.free + 5);
}

static void set_up(void)
{
	mm_init();
	CHECK(host_frames_leaked() == 0);
}

TAP_MAIN(set_up, random_blocks_never_overlap,
	 all_of_memory_can_be_had_and_merges_again, counts_and_zeroing_work,
	 the_initrd_can_be_given_back)
