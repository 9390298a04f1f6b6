/* SPDX-License-Identifier: MIT */
/*
 * Page tables.  No lock of its own: the aspace (mm/) that owns a table
 * serialises changes.  TLB maintenance is the caller's: tlb_*() below act on
 * this core; mm/ sends messages to the others.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

typedef struct {
	uint64_t bits;
} pte_t;

/* Bits of a leaf entry, as the rest of the kernel sees them. */
#define PTE_PRESENT  (UINT64_C(1) << 0)
#define PTE_WRITE    (UINT64_C(1) << 1)
#define PTE_USER     (UINT64_C(1) << 2)
#define PTE_ACCESSED (UINT64_C(1) << 5)
#define PTE_DIRTY    (UINT64_C(1) << 6)
#define PTE_GLOBAL   (UINT64_C(1) << 8)
#define PTE_AVAIL    (UINT64_C(7) << 9)	 /* belong to user space */
#define PTE_KERNEL0  (UINT64_C(1) << 52) /* ours, 52 to 58 */
#define PTE_NX	     (UINT64_C(1) << 63)
#define PTE_ADDR     UINT64_C(0x000ffffffffff000)

#define USER_TOP   UINT64_C(0x00007ffffffff000) /* first non-user address */
#define USER_START UINT64_C(0x1000)

/*
 * Kernel address map.  DIRECT: all physical memory, NX, at a base that is
 * randomised at boot (direct_base).  HEAP: kernel stacks and big
 * allocations, mapped page by page.  The image sits in the top 2 GiB.
 */
extern vaddr_t direct_base;
extern vaddr_t heap_base; /* 64 GiB of kernel address space from here */
#define HEAP_SIZE (UINT64_C(64) << 30)

static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(direct_base + pa);
}

/* Only for addresses inside the direct map. */
static inline paddr_t virt_to_phys(const void *va)
{
	return (paddr_t)((vaddr_t)va - direct_base);
}

/*
 * mm/ provides memory for tables: zeroed frames, 0 when there is none.  They
 * come back as zeroes too.
 */
struct mmu_ops {
	paddr_t (*table_alloc)(void);
	void (*table_free)(paddr_t pa);
};
extern struct mmu_ops mmu_ops;

/* A new user table that shares the kernel half; 0 when out of memory. */
__must_check paddr_t pt_create(void);
/* Frees all tables of the user half and the root; leaves must be gone. */
void pt_destroy(paddr_t root);
/*
 * The leaf entry for @va (4 KiB), building tables on the way if @create.
 * NULL: not there, or out of memory.  The pointer stays valid until the
 * table is destroyed (tables are not freed before).
 */
pte_t *pt_walk(paddr_t root, vaddr_t va, bool create);
/*
 * The leaf at or after @va and below @end that is not 0, skipping holes
 * table-wise: returns its pointer and sets *@va to its address, or NULL.
 */
pte_t *pt_next(paddr_t root, vaddr_t *va, vaddr_t end);
/* Entries of the leaf table from @pte's slot to its end: for batches. */
static inline unsigned pt_slots_left(vaddr_t va)
{
	return 512u - (unsigned)((va >> 12) & 511u);
}
/* Free page tables that cover [start, end) wholly and hold no leaf. */
void pt_free_range(paddr_t root, vaddr_t start, vaddr_t end);

static inline paddr_t pte_addr(pte_t p)
{
	return p.bits & PTE_ADDR;
}

/* Load @root; 0 loads the kernel's own table.  Interrupts may be on. */
void mmu_activate(paddr_t root);
void tlb_flush_page(vaddr_t va);
void tlb_flush_all(void);

/* Map or unmap one page of kernel heap space (HEAP), writable, NX. */
__must_check err_t kernel_map_page(vaddr_t va, paddr_t pa);
/* Returns the frame that was there, 0 if none.  Local TLB flushed. */
paddr_t kernel_unmap_page(vaddr_t va);

/* Usable physical memory, in order; boot/ fills it from the boot protocol. */
struct mem_range {
	paddr_t start, end;
};
unsigned mem_ranges(const struct mem_range **out);
paddr_t mem_top(void); /* first address above all usable memory */

/* Boot module (initrd) and command line, copied or reserved by boot/. */
const void *boot_initrd(size_t *size); /* direct-map pointer or NULL */
void boot_initrd_range(paddr_t *start, paddr_t *end);
const char *boot_cmdline(void);

/* Write-protect .ro_after_init and drop .init; walk tables: W^X or panic. */
void mmu_seal_kernel(void);
/* Number of violations of W^X in the kernel half (for the ktest): 0. */
unsigned mmu_check_wx(void);
