/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: the kernel half: direct map, heap pages, device registers.
 *
 * OBJECTS: one kernel root; every user root shares its entries from
 * ROOT_LOG_END on, so all of those that will ever be used exist before the
 * first user root does: boot_map.c makes them.
 *
 * LOCKING: none.  Tables are installed by compare-exchange, so cores may map
 * different pages at the same time; one page is one caller's business.
 */
#include <arch/impl/boot_impl.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/pt_impl.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>

#define TABLE_BITS (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED)
#define LEAF_BITS  (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_NX)

/* Device registers: a window below the last 64 MiB, filled upwards. */
#define MMIO_BASE UINT64_C(0xffffffffe0000000)
#define MMIO_SIZE UINT64_C(0x08000000)

/* 0 until boot_map_switch(): physical addresses are virtual ones till then. */
vaddr_t direct_base __ro_after_init;
vaddr_t heap_base __ro_after_init;

paddr_t kernel_table_alloc(void)
{
	if (mmu_ops.table_alloc != NULL)
		return mmu_ops.table_alloc();
	return boot_mem_open() ? boot_page_alloc() : 0;
}

static void table_free(paddr_t pa)
{
	if (mmu_ops.table_free != NULL)
		mmu_ops.table_free(pa);
}

static pte_t *table_make(pte_t *entry)
{
	uint64_t none = 0;
	paddr_t pa = kernel_table_alloc();

	if (pa == 0)
		return NULL;
	/* Release: the zeroes of the table before the entry. */
	if (!__atomic_compare_exchange_n(&entry->bits, &none, pa | TABLE_BITS,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		table_free(pa); /* another core was first */
	return phys_to_virt(pte_addr(*entry));
}

pte_t *kernel_entry(vaddr_t va, unsigned level)
{
	pte_t *table = phys_to_virt(kernel_root);
	unsigned at;

	for (at = 4; at > level; at--) {
		pte_t *entry = &table[(va >> (3 + 9 * at)) & 511];

		if ((entry->bits & PTE_LARGE) != 0)
			return NULL;
		if ((entry->bits & PTE_PRESENT) != 0)
			table = phys_to_virt(pte_addr(*entry));
		else if (at == 4 && kernel_root_is_shared())
			return NULL;
		else
			table = table_make(entry);
		if (table == NULL)
			return NULL;
	}
	return &table[(va >> (3 + 9 * level)) & 511];
}

bool kernel_address_mapped(vaddr_t va)
{
	const pte_t *table = phys_to_virt(kernel_root);
	unsigned level;

	for (level = 4; level > 0; level--) {
		pte_t entry = table[(va >> (3 + 9 * level)) & 511];

		if ((entry.bits & PTE_PRESENT) == 0)
			return false;
		if (level == 1 || (entry.bits & PTE_LARGE) != 0)
			return true;
		table = phys_to_virt(pte_addr(entry));
	}
	return false;
}

err_t kernel_map_page(vaddr_t va, paddr_t pa)
{
	pte_t *leaf;

	kassert_dbg(va - heap_base < HEAP_SIZE);
	leaf = kernel_entry(va, 1);
	if (leaf == NULL)
		return -ENOMEM;
	kassert((leaf->bits & PTE_PRESENT) == 0);
	/*
	 * Not GLOBAL: a load of CR3 then flushes all that can ever change.
	 * A new mapping needs no flush (SDM 3A 4.10.4.3).
	 */
	__atomic_store_n(&leaf->bits, pa | LEAF_BITS, __ATOMIC_RELEASE);
	return 0;
}

paddr_t kernel_unmap_page(vaddr_t va)
{
	pte_t *leaf = pt_walk(kernel_root, va, false);
	pte_t old;

	if (leaf == NULL || (leaf->bits & PTE_PRESENT) == 0)
		return 0;
	old.bits = __atomic_exchange_n(&leaf->bits, 0, __ATOMIC_ACQ_REL);
	tlb_flush_page(va);
	return pte_addr(old);
}

bool direct_map_ensure(paddr_t pa, size_t n)
{
	paddr_t at = align_down(pa, LARGE_SIZE);

	for (; at < pa + n; at += LARGE_SIZE) {
		pte_t *entry = kernel_entry(direct_base + at, 2);

		if (entry == NULL)
			return false;
		if ((entry->bits & PTE_PRESENT) == 0)
			entry->bits = at | LEAF_BITS | PTE_LARGE | PTE_GLOBAL;
	}
	return true;
}

void *mmio_map(paddr_t pa, size_t n)
{
	static vaddr_t next = MMIO_BASE;
	paddr_t start = align_down(pa, PAGE_SIZE), at;
	paddr_t end = align_up(pa + n, PAGE_SIZE);
	vaddr_t va = next;

	if (end - start > MMIO_BASE + MMIO_SIZE - next)
		return NULL;
	for (at = start; at < end; at += PAGE_SIZE) {
		pte_t *leaf = kernel_entry(va + (at - start), 1);

		if (leaf == NULL)
			return NULL;
		leaf->bits = at | LEAF_BITS | PTE_PCD | PTE_PWT | PTE_GLOBAL;
	}
	next = va + (end - start);
	return (void *)(va + (pa - start));
}

void mmu_activate(paddr_t root)
{
	PERCPU_INC(nr_cr3_loads);
	write_cr3(root != 0 ? root : kernel_root);
}

void tlb_flush_page(vaddr_t va)
{
	PERCPU_INC(nr_tlb_flushes);
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

void tlb_flush_all(void)
{
	PERCPU_INC(nr_tlb_flushes);
	write_cr3(read_cr3());
}
