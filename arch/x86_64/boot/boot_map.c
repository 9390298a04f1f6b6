/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: the kernel's own page tables, in place of those of boot.S.
 *
 * Address map of the kernel half (root slots):
 *	256..383  nothing: log of tables in user roots (mm/pt.c)
 *	384..447  direct map, at a random GiB
 *	448..479  kernel heap, at a random GiB
 *	480..509  free (a checker's shadow, say)
 *	511	  image (4 KiB pages by rights), device registers
 *
 * In the direct map, memory is in 2 MiB pages, global, never executable.
 * Where the image lies it is in 4 KiB pages, and its text and constants are
 * read-only there as well.
 */
#include <arch/impl/boot_impl.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/image.h>
#include <arch/impl/pt_impl.h>
#include <lib/assert.h>
#include <lib/minmax.h>

#define DIRECT_FIRST UINT64_C(0xffffc00000000000)
#define DIRECT_SPAN  (UINT64_C(32) << 40)
#define HEAP_FIRST   UINT64_C(0xffffe00000000000)
#define HEAP_SPAN    (UINT64_C(8) << 40)

#define DATA_BITS \
	(PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_NX | \
	 PTE_GLOBAL)
#define CONST_BITS (PTE_PRESENT | PTE_ACCESSED | PTE_NX | PTE_GLOBAL)
#define TEXT_BITS  (PTE_PRESENT | PTE_ACCESSED | PTE_GLOBAL)

/* Where things will be; direct_base itself stays 0 until the switch. */
static vaddr_t new_direct;

static void choose_bases(paddr_t top)
{
	uint64_t direct_room, heap_room = HEAP_SPAN - HEAP_SIZE;

	top = align_up(top, GIB(1));
	if (top > DIRECT_SPAN)
		panic("boot: memory beyond 32 TiB");
	direct_room = DIRECT_SPAN - top;
	new_direct = DIRECT_FIRST;
	heap_base = HEAP_FIRST;
	if (boot_word("nokaslr"))
		return;
	new_direct += align_down(early_random() % (direct_room + 1), GIB(1));
	heap_base += align_down(early_random() % (heap_room + 1), GIB(1));
}

static pte_t *entry_for(vaddr_t va, unsigned level)
{
	pte_t *entry = kernel_entry(va, level);

	kassert(entry != NULL);
	return entry;
}

static uint64_t image_bits(vaddr_t va)
{
	if (va >= (vaddr_t)kernel_text_start && va < (vaddr_t)kernel_text_end)
		return TEXT_BITS;
	if (va >= (vaddr_t)kernel_rodata_start &&
	    va < (vaddr_t)kernel_rodata_end)
		return CONST_BITS;
	return DATA_BITS;
}

static void map_image(void)
{
	vaddr_t va = (vaddr_t)kernel_image_start;

	for (; va < (vaddr_t)kernel_image_end; va += PAGE_SIZE) {
		if (va == (vaddr_t)boot_stack_guard)
			continue;
		entry_for(va, 1)->bits = (va - KERNEL_BASE) | image_bits(va);
	}
}

/* Frames of one 2 MiB piece that the image shares. */
static void map_direct_small(paddr_t at)
{
	paddr_t end = at + LARGE_SIZE;

	for (; at < end; at += PAGE_SIZE) {
		vaddr_t va = KERNEL_BASE + at;
		bool in_image = va >= (vaddr_t)kernel_image_start &&
				va < (vaddr_t)kernel_image_end;
		uint64_t bits = in_image ? image_bits(va) | PTE_NX : DATA_BITS;

		/* The stack's guard page is no one's memory. */
		if (va == (vaddr_t)boot_stack_guard)
			continue;
		entry_for(new_direct + at, 1)->bits = at | bits;
	}
}

static void map_direct(paddr_t start, paddr_t end)
{
	paddr_t image_start = (vaddr_t)kernel_image_start - KERNEL_BASE;
	paddr_t image_end = (vaddr_t)kernel_image_end - KERNEL_BASE;
	paddr_t at = align_down(start, LARGE_SIZE);

	for (; at < end; at += LARGE_SIZE) {
		if (at < image_end && at + LARGE_SIZE > image_start)
			map_direct_small(at);
		else
			entry_for(new_direct + at, 2)->bits = at | DATA_BITS |
							      PTE_LARGE;
	}
}

static void map_memory(void)
{
	unsigned i;

	map_direct(0, LARGE_SIZE);
	for (i = 0; i < boot_info.nmem; i++) {
		const struct boot_mem *m = &boot_info.mem[i];

		if (m->type == BOOT_MEM_USABLE || m->type == BOOT_MEM_ACPI ||
		    m->type == BOOT_MEM_NVS)
			map_direct(m->start, m->end);
	}
}

/* Root entries of areas that fill later: user roots share what is there. */
static void make_upper_tables(void)
{
	(void)entry_for(heap_base, 3);
	(void)entry_for(heap_base + HEAP_SIZE - 1, 3);
	(void)entry_for(new_direct, 3);
	(void)entry_for(new_direct + GIB(4), 3);
}

void boot_map_switch(void)
{
	choose_bases(max(mem_top(), GIB(4)));
	kernel_root = boot_page_alloc();
	map_image();
	map_memory();
	make_upper_tables();

	/* From here on memory is reached through the direct map only. */
	write_cr3(kernel_root);
	direct_base = new_direct;
	if (cpu_features.pge)
		write_cr4(read_cr4() | CR4_PGE);
}
