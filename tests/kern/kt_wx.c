/* SPDX-License-Identifier: MIT */
/*
 * W^X in the kernel's tables: nothing breaks it, and the check finds what
 * does.  Guard pages below kernel stacks.
 */
#include <arch/impl/asm.h>
#include <arch/impl/image.h>
#include <arch/impl/pt_impl.h>
#include <arch/mmu.h>
#include <debug/ktest.h>
#include <lib/annot.h>
#include <mm/frame.h>
#include <mm/slab.h>

static uint64_t sealed_word __ro_after_init = 41;
static uint64_t plain_word = 42;

/* An address that nothing uses: the last page of the heap range. */
static vaddr_t spare_page(void)
{
	return heap_base + HEAP_SIZE - PAGE_SIZE;
}

KTEST(kernel_mappings_are_never_writable_and_executable)
{
	KCHECK(mmu_check_wx() == 0);
}

KTEST(a_mapping_that_breaks_it_is_found)
{
	paddr_t pa = frame_alloc(0);
	vaddr_t va = spare_page();
	paddr_t was;
	pte_t *leaf;
	err_t err;

	KREQUIRE(pa != 0);
	err = kernel_map_page(va, pa);
	if (!KCHECK(err == 0)) {
		frame_put(pa);
		return;
	}
	KCHECK(mmu_check_wx() == 0);
	leaf = pt_walk(kernel_root, va, false);
	if (KCHECK(leaf != NULL && (leaf->bits & PTE_NX) != 0)) {
		leaf->bits &= ~PTE_NX;
		KCHECK(mmu_check_wx() > 0);
		leaf->bits |= PTE_NX;
		leaf->bits |= PTE_USER;
		KCHECK(mmu_check_wx() > 0);
		leaf->bits &= ~PTE_USER;
	}
	KCHECK(mmu_check_wx() == 0);
	was = kernel_unmap_page(va);
	KCHECK(was == pa);
	frame_put(pa);
}

struct seen {
	unsigned leaves, bad_text, bad_sealed, no_data;
};

static bool inside(vaddr_t va, uint64_t size, const void *what)
{
	return (vaddr_t)what >= va && (vaddr_t)what < va + size;
}

static void look(void *ctx, vaddr_t va, pte_t *leaf, uint64_t size)
{
	struct seen *s = ctx;
	bool writable = (leaf->bits & PTE_WRITE) != 0;
	bool executable = (leaf->bits & PTE_NX) == 0;

	s->leaves++;
	if (inside(va, size, (const void *)(vaddr_t)look) &&
	    (writable || !executable))
		s->bad_text++;
	if (inside(va, size, &sealed_word) && (writable || executable))
		s->bad_sealed++;
	if (inside(va, size, &plain_word) && (!writable || executable))
		s->no_data++;
}

KTEST(text_data_and_sealed_data_are_mapped_as_such)
{
	struct seen s = { 0, 0, 0, 0 };

	kernel_pt_visit(look, &s);
	KCHECK(s.leaves > 10);
	KCHECK(s.bad_text == 0 && s.bad_sealed == 0 && s.no_data == 0);
	plain_word++;
	KCHECK(plain_word > 42 && sealed_word == 41);
}

/* The same frames seen through the direct map. */
KTEST(the_direct_map_does_not_open_them)
{
	vaddr_t text =
		(vaddr_t)phys_to_virt((vaddr_t)kernel_text_start - KERNEL_BASE);
	vaddr_t sealed =
		(vaddr_t)phys_to_virt((vaddr_t)&sealed_word - KERNEL_BASE);
	const pte_t *leaf;

	if (kernel_address_mapped(text)) {
		leaf = pt_walk(kernel_root, text, false);
		if (leaf != NULL)
			KCHECK((leaf->bits & PTE_NX) != 0 &&
			       ((leaf->bits & PTE_PRESENT) == 0 ||
				(leaf->bits & PTE_WRITE) == 0));
	}
	leaf = pt_walk(kernel_root, sealed, false);
	if (leaf != NULL && (leaf->bits & PTE_PRESENT) != 0)
		KCHECK((leaf->bits & PTE_WRITE) == 0 &&
		       (leaf->bits & PTE_NX) != 0);
}

KTEST(kernel_stacks_have_a_guard_page)
{
	vaddr_t top[6], va;
	unsigned i, n, holes = 0;

	for (n = 0; n < 6; n++) {
		top[n] = kstack_alloc();
		if (!KCHECK(top[n] != 0))
			break;
		for (va = top[n] - KSTACK_SIZE; va < top[n]; va += PAGE_SIZE)
			holes += !kernel_address_mapped(va);
		KCHECK(!kernel_address_mapped(top[n] - KSTACK_SIZE - 1));
		KCHECK(!kernel_address_mapped(top[n] - KSTACK_SIZE -
					      PAGE_SIZE));
		/* The ends can be written. */
		*(volatile uint64_t *)(top[n] - 8) = n;
		*(volatile uint64_t *)(top[n] - KSTACK_SIZE) = n;
	}
	KCHECK(holes == 0);
	for (i = 0; i < n; i++)
		kstack_free(top[i]);
}

KTEST(the_stack_in_use_has_one_too)
{
	vaddr_t here = (vaddr_t)__builtin_frame_address(0);
	vaddr_t va = here & ~PAGE_MASK;
	unsigned pages = 0;

	while (kernel_address_mapped(va) && pages++ < 64)
		va -= PAGE_SIZE;
	KCHECK(pages <= KSTACK_SIZE / PAGE_SIZE);
}
