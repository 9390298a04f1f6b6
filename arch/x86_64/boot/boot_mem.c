/* SPDX-License-Identifier: MIT */
/*
 * Memory before there is mm/: which ranges are free, and a bump allocator
 * that takes pages from the top of the biggest one.  The first call of
 * mem_ranges() closes the allocator; what it gave away is not in the ranges.
 */
#include <arch/impl/boot_impl.h>
#include <arch/impl/image.h>
#include <arch/impl/x86.h>
#include <lib/assert.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define MAX_RANGES (BOOT_MAX_MAP + 8)
/* Kept out: the BIOS' data, and a page for starting other cores. */
#define LOW_RESERVED UINT64_C(0x10000)

static struct mem_range ranges[MAX_RANGES];
static unsigned nranges;
static struct mem_range *bump; /* where boot pages come from */
static bool closed;

static void range_insert(unsigned at, paddr_t start, paddr_t end)
{
	unsigned i;

	if (nranges == MAX_RANGES)
		return; /* memory is lost, nothing else */
	for (i = nranges; i > at; i--)
		ranges[i] = ranges[i - 1];
	ranges[at] = (struct mem_range){ start, end };
	nranges++;
}

static void range_delete(unsigned at)
{
	nranges--;
	for (; at < nranges; at++)
		ranges[at] = ranges[at + 1];
}

/* In order, page by page; overlapping entries of the map are merged. */
static void range_add(paddr_t start, paddr_t end)
{
	unsigned i = 0;

	start = align_up(start, PAGE_SIZE);
	end = align_down(end, PAGE_SIZE);
	if (start >= end)
		return;
	while (i < nranges && ranges[i].start < start)
		i++;
	range_insert(i, start, end);
	if (i > 0 && ranges[i - 1].end >= ranges[i].start)
		i--;
	while (i + 1 < nranges && ranges[i].end >= ranges[i + 1].start) {
		ranges[i].end = max(ranges[i].end, ranges[i + 1].end);
		range_delete(i + 1);
	}
}

static void range_remove(paddr_t start, paddr_t end)
{
	unsigned i = 0;

	start = align_down(start, PAGE_SIZE);
	end = align_up(end, PAGE_SIZE);
	while (i < nranges && start < end) {
		struct mem_range r = ranges[i];

		if (r.end <= start || r.start >= end) {
			i++;
		} else if (r.start < start && r.end > end) {
			ranges[i].end = start;
			range_insert(i + 1, end, r.end);
			i += 2;
		} else if (r.start < start) {
			ranges[i++].end = start;
		} else if (r.end > end) {
			ranges[i++].start = end;
		} else {
			range_delete(i);
		}
	}
}

void boot_mem_init(void)
{
	const struct boot_info *b = &boot_info;
	uint64_t best = 0;
	unsigned i;

	for (i = 0; i < b->nmem; i++) {
		if (b->mem[i].type == BOOT_MEM_USABLE)
			range_add(b->mem[i].start, b->mem[i].end);
	}
	for (i = 0; i < b->nmem; i++) {
		if (b->mem[i].type != BOOT_MEM_USABLE)
			range_remove(b->mem[i].start, b->mem[i].end);
	}
	range_remove(0, LOW_RESERVED);
	range_remove((vaddr_t)kernel_image_start - KERNEL_BASE,
		     (vaddr_t)kernel_boot_end - KERNEL_BASE);
	range_remove(b->initrd_start, b->initrd_end);

	/* The identity map of boot.S ends at 4 GiB. */
	for (i = 0; i < nranges; i++) {
		if (ranges[i].end > GIB(4) ||
		    ranges[i].end - ranges[i].start <= best)
			continue;
		best = ranges[i].end - ranges[i].start;
		bump = &ranges[i];
	}
	if (bump == NULL)
		panic("boot: no memory below 4 GiB");
}

bool boot_mem_open(void)
{
	return !closed;
}

paddr_t boot_page_alloc(void)
{
	kassert(!closed);
	if (bump->end == bump->start)
		panic("boot: out of memory for page tables");
	bump->end -= PAGE_SIZE;
	memset(phys_to_virt(bump->end), 0, PAGE_SIZE);
	return bump->end;
}

unsigned mem_ranges(const struct mem_range **out)
{
	if (!closed) {
		closed = true;
		/* The tables of boot.S are out of use. */
		range_add((vaddr_t)kernel_image_end - KERNEL_BASE,
			  (vaddr_t)kernel_boot_end - KERNEL_BASE);
	}
	*out = ranges;
	return nranges;
}

paddr_t mem_top(void)
{
	paddr_t top = 0;
	unsigned i;

	/* The map's own order is not to be relied on. */
	for (i = 0; i < boot_info.nmem; i++) {
		if (boot_info.mem[i].type == BOOT_MEM_USABLE)
			top = max(top, boot_info.mem[i].end);
	}
	return align_up(top, PAGE_SIZE);
}
