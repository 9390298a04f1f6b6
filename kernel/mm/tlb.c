/* SPDX-License-Identifier: MIT */
/*
 * Forgetting translations.  An aspace knows the cores that have its tables
 * loaded; only those are asked, and only when this core is not the only one.
 */
#include <arch/mmu.h>
#include <arch/percpu.h>
#include <mm/tlb.h>

#include "aspace_impl.h"

/* Beyond this many pages, reloading the tables costs less. */
#define FLUSH_SINGLY 24

struct tlb_ops tlb_ops;

static void flush_here(vaddr_t start, vaddr_t end)
{
	if ((end - start) >> PAGE_SHIFT > FLUSH_SINGLY) {
		tlb_flush_all();
		return;
	}
	for (; start < end; start += PAGE_SIZE)
		tlb_flush_page(start);
}

void tlb_flush_user(struct aspace *as, vaddr_t start, vaddr_t end)
{
	if (start >= end)
		return;
	if (PERCPU_READ(aspace) == as)
		flush_here(start, end);
	if (tlb_ops.remote != NULL && aspace_elsewhere(as))
		tlb_ops.remote(as, start, end);
}

void tlb_flush_kernel(vaddr_t start, vaddr_t end)
{
	/* kernel_unmap_page() has flushed this core. */
	if (tlb_ops.remote != NULL)
		tlb_ops.remote(NULL, start, end);
}
