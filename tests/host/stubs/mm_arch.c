/* SPDX-License-Identifier: MIT */
/* The machine under kernel/mm on the host: see host_mm.h. */
#include <asm/prctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <arch/percpu.h>
#include <host_mm.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <mm/frame.h>
#include <mm/slab.h>

vaddr_t direct_base;
vaddr_t heap_base;
struct mmu_ops mmu_ops;
unsigned host_tlb_flushes;

#define HEAP_PAGES 4096

static struct percpu core0;
static const struct mem_range ranges[] = {
	{ HOST_RAM0, HOST_RAM0_END },
	{ HOST_RAM1, HOST_RAM1_END },
};

/* Nothing on this machine uses gs but us. */
__attribute__((constructor)) static void machine_init(void)
{
	void *ram = mmap(NULL, MIB(32), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ram == MAP_FAILED)
		abort();
	/* Like the machine's: full of what others left there. */
	memset(ram, 0xa5, MIB(32));
	direct_base = (vaddr_t)ram;
	ram = mmap(NULL, HEAP_PAGES * PAGE_SIZE, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ram == MAP_FAILED)
		abort();
	heap_base = (vaddr_t)ram;
	core0.self = &core0;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, &core0) != 0)
		abort();
}

unsigned mem_ranges(const struct mem_range **out)
{
	*out = ranges;
	return 2;
}

paddr_t mem_top(void)
{
	return HOST_RAM1_END;
}

void boot_initrd_range(paddr_t *start, paddr_t *end)
{
	*start = HOST_INITRD;
	*end = HOST_INITRD_END;
}

bool cpu_random(uint64_t *out)
{
	*out = 4;
	return true;
}

int64_t host_frames_leaked(void)
{
	static uint64_t first;
	struct frame_stats fs;

	kmem_drain();
	frame_get_stats(&fs);
	if (first == 0)
		first = fs.free;
	return (int64_t)(first - fs.free);
}

/* ---- page tables of four levels ---- */

static pte_t *table(paddr_t pa)
{
	return phys_to_virt(pa);
}

static unsigned slot(vaddr_t va, int level)
{
	return (unsigned)(va >> (12 + 9 * level)) & 511;
}

paddr_t pt_create(void)
{
	return mmu_ops.table_alloc();
}

pte_t *pt_walk(paddr_t root, vaddr_t va, bool create)
{
	paddr_t at = root, next;
	int level;
	pte_t *e;

	kassert(va < USER_TOP);
	for (level = 3; level > 0; level--) {
		e = &table(at)[slot(va, level)];
		if (e->bits == 0) {
			if (!create)
				return NULL;
			next = mmu_ops.table_alloc();
			if (next == 0)
				return NULL;
			e->bits = next | 1;
		}
		at = e->bits & PTE_ADDR;
	}
	return &table(at)[slot(va, 0)];
}

pte_t *pt_next(paddr_t root, vaddr_t *va, vaddr_t end)
{
	vaddr_t at = *va;
	paddr_t pa;
	int level;
	pte_t *e;

	while (at < end) {
		pa = root;
		for (level = 3;; level--) {
			e = &table(pa)[slot(at, level)];
			if (e->bits == 0 || level == 0)
				break;
			pa = e->bits & PTE_ADDR;
		}
		if (level == 0 && e->bits != 0) {
			*va = at;
			return e;
		}
		at = ((at >> (12 + 9 * level)) + 1) << (12 + 9 * level);
	}
	return NULL;
}

/* True when the table is empty afterwards. */
static bool free_below(paddr_t pa, int level, vaddr_t base, vaddr_t start,
		       vaddr_t end, bool all)
{
	uint64_t span = UINT64_C(1) << (12 + 9 * level);
	bool empty = true;
	unsigned i;

	for (i = 0; i < 512; i++) {
		pte_t *e = &table(pa)[i];
		vaddr_t lo = base + i * span;

		if (e->bits == 0)
			continue;
		if (level == 0) {
			kassert(!all); /* leaves must be gone */
			return false;
		}
		if ((all || (lo < end && lo + span > start)) &&
		    free_below(e->bits & PTE_ADDR, level - 1, lo, start, end,
			       all) &&
		    (all || (lo >= start && lo + span <= end))) {
			mmu_ops.table_free(e->bits & PTE_ADDR);
			e->bits = 0;
		}
		if (e->bits != 0)
			empty = false;
	}
	return empty;
}

void pt_free_range(paddr_t root, vaddr_t start, vaddr_t end)
{
	(void)free_below(root, 3, 0, start, end, false);
}

void pt_destroy(paddr_t root)
{
	(void)free_below(root, 3, 0, 0, 0, true);
	mmu_ops.table_free(root);
}

void mmu_activate(paddr_t root)
{
	(void)root;
}

void tlb_flush_page(vaddr_t va)
{
	(void)va;
	host_tlb_flushes++;
}

void tlb_flush_all(void)
{
	host_tlb_flushes++;
}

/* ---- kernel heap ---- */

static paddr_t heap[HEAP_PAGES];

static paddr_t *heap_slot(vaddr_t va)
{
	kassert(va >= heap_base && (va & PAGE_MASK) == 0);
	kassert((va - heap_base) >> PAGE_SHIFT < HEAP_PAGES);
	return &heap[(va - heap_base) >> PAGE_SHIFT];
}

err_t kernel_map_page(vaddr_t va, paddr_t pa)
{
	kassert(*heap_slot(va) == 0);
	*heap_slot(va) = pa;
	/* Not the frame's bytes, but bytes. */
	kassert(mprotect((void *)va, PAGE_SIZE, PROT_READ | PROT_WRITE) == 0);
	return 0;
}

paddr_t kernel_unmap_page(vaddr_t va)
{
	paddr_t pa = *heap_slot(va);

	*heap_slot(va) = 0;
	kassert(mprotect((void *)va, PAGE_SIZE, PROT_NONE) == 0);
	return pa;
}

bool host_kernel_mapped(vaddr_t va)
{
	return *heap_slot(va) != 0;
}
