/* SPDX-License-Identifier: MIT */
/* W^X: write-protect what is read-only after init, and check the tables. */
#include <arch/impl/cpu_impl.h>
#include <arch/impl/image.h>
#include <arch/impl/pt_impl.h>
#include <debug/log.h>
#include <lib/assert.h>

struct wx_count {
	unsigned bad;
	uint64_t executable;
};

struct visit {
	void (*fn)(void *ctx, vaddr_t va, pte_t *leaf, uint64_t size);
	void *ctx;
};

static void visit_leaf_table(const struct visit *v, pte_t *table, vaddr_t va)
{
	unsigned i;

	for (i = 0; i < 512; i++) {
		if ((table[i].bits & PTE_PRESENT) != 0)
			v->fn(v->ctx, va + i * PAGE_SIZE, &table[i], PAGE_SIZE);
	}
}

static void visit_upper(const struct visit *v, pte_t *table, vaddr_t va,
			unsigned level)
{
	uint64_t span = UINT64_C(1) << (3 + 9 * level);
	unsigned i;

	for (i = 0; i < 512; i++, va += span) {
		pte_t *below;

		if ((table[i].bits & PTE_PRESENT) == 0)
			continue;
		if ((table[i].bits & PTE_LARGE) != 0) {
			v->fn(v->ctx, va, &table[i], span);
			continue;
		}
		below = phys_to_virt(pte_addr(table[i]));
		if (level == 2)
			visit_leaf_table(v, below, va);
		else
			visit_upper(v, below, va, level - 1);
	}
}

void kernel_pt_visit(void (*fn)(void *ctx, vaddr_t va, pte_t *leaf,
				uint64_t size),
		     void *ctx)
{
	const struct visit v = { fn, ctx };
	pte_t *root = phys_to_virt(kernel_root);
	unsigned i;

	for (i = 256; i < 512; i++) {
		vaddr_t va = UINT64_C(0xffff000000000000) | ((uint64_t)i << 39);

		if ((root[i].bits & PTE_PRESENT) != 0)
			visit_upper(&v, phys_to_virt(pte_addr(root[i])), va, 3);
	}
}

static void check_leaf(void *ctx, vaddr_t va, pte_t *leaf, uint64_t size)
{
	struct wx_count *c = ctx;
	bool writable = (leaf->bits & PTE_WRITE) != 0;
	bool executable = (leaf->bits & PTE_NX) == 0;
	bool user = (leaf->bits & PTE_USER) != 0;

	if (executable)
		c->executable += size;
	if ((writable && executable) || user) {
		c->bad++;
		klog_at(KLOG_ERROR, "mmu: %p is %s%s", (void *)va,
			user ? "user " : "",
			writable ? "writable and executable" : "reachable");
	}
}

unsigned mmu_check_wx(void)
{
	const pte_t *root = phys_to_virt(kernel_root);
	struct wx_count c = { 0, 0 };
	unsigned i;

	kernel_pt_visit(check_leaf, &c);
	/* The identity map of the start is gone. */
	for (i = 0; i < 256; i++)
		c.bad += (root[i].bits & PTE_PRESENT) != 0;
	/* All that is executable is the kernel's text. */
	if (c.executable != (uint64_t)(kernel_text_end - kernel_text_start))
		c.bad++;
	return c.bad;
}

void mmu_seal_kernel(void)
{
	vaddr_t va;

	for (va = (vaddr_t)kernel_roinit_start; va < (vaddr_t)kernel_roinit_end;
	     va += PAGE_SIZE) {
		pte_t *leaf = pt_walk(kernel_root, va, false);
		/* The same frame again, in the direct map. */
		pte_t *alias = pt_walk(kernel_root,
				       (vaddr_t)phys_to_virt(va - KERNEL_BASE),
				       false);

		kassert(leaf != NULL && alias != NULL);
		leaf->bits &= ~PTE_WRITE;
		alias->bits &= ~PTE_WRITE;
	}
	/* Image pages are global: only toggling CR4.PGE drops them all. */
	write_cr4(read_cr4() & ~(uint64_t)CR4_PGE);
	write_cr3(read_cr3());
	if (cpu_features.pge)
		write_cr4(read_cr4() | CR4_PGE);
	PERCPU_INC(nr_tlb_flushes);

	if (mmu_check_wx() != 0)
		panic("mmu: kernel mappings break W^X");
}
