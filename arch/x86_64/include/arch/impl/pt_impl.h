/* SPDX-License-Identifier: MIT */
/* Page tables of the kernel half; for arch/x86_64/ only. */
#pragma once

#include <arch/mmu.h>
#include <lib/types.h>

#define PTE_PWT	  (UINT64_C(1) << 3)
#define PTE_PCD	  (UINT64_C(1) << 4)
#define PTE_LARGE (UINT64_C(1) << 7)

#define LARGE_SIZE UINT64_C(0x200000)

extern paddr_t kernel_root;
/* Slots of a root below this and from 256 on hold the log of its tables. */
#define ROOT_LOG_FIRST 256u
#define ROOT_LOG_END   384u

/* A zeroed table: bump allocator at boot, mmu_ops later; 0 if none. */
paddr_t kernel_table_alloc(void);
/* The entry for @va at @level (1: 4 KiB leaf, 2: 2 MiB), made if needed. */
pte_t *kernel_entry(vaddr_t va, unsigned level);
/* Make sure the direct map covers [pa, pa + n). */
__must_check bool direct_map_ensure(paddr_t pa, size_t n);
/* Map device registers, uncached; NULL when no memory.  Boot only. */
void *mmio_map(paddr_t pa, size_t n);
/* Every non-empty leaf of the kernel half. */
void kernel_pt_visit(void (*fn)(void *ctx, vaddr_t va, pte_t *leaf,
				uint64_t size),
		     void *ctx);
/* Whether a kernel address can be read. */
bool kernel_address_mapped(vaddr_t va);
/* User roots exist: no new entry of the kernel root would reach them. */
bool kernel_root_is_shared(void);
