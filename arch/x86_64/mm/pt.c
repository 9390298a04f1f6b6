/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: page tables of the user half (Intel SDM 3A 4.5).
 *
 * OBJECTS: four levels, 512 entries each.  A root shares the kernel's entries
 * from slot ROOT_LOG_END on.  No kernel mapping uses the slots from 256 to
 * there, and an entry without PRESENT may hold anything: they are the root's
 * log of the tables that hang below it, slot 256 their number, the rest the
 * physical addresses of the entries that point to them, in the order of their
 * making.  So destroying a table tree costs per table, not per entry, and
 * leaves every table as zeroes, ready for use again.  A log that overflows is
 * marked, and destruction then walks the tree.
 *
 * LOCKING: none here; the aspace that owns the root serialises changes.
 *
 * LIFETIME: tables live until pt_free_range() or pt_destroy(); only the
 * caller knows when no other core can have them cached.
 */
#include <arch/impl/pt_impl.h>
#include <lib/assert.h>
#include <lib/string.h>

#define LOG_COUNT    ROOT_LOG_FIRST
#define LOG_SLOT(n)  (ROOT_LOG_FIRST + 1 + (n))
#define LOG_MAX	     (ROOT_LOG_END - ROOT_LOG_FIRST - 1)
#define LOG_OVERFLOW (UINT64_C(1) << 32)
/* The number is shifted, so that the PRESENT bit stays 0. */
#define LOG_SHIFT 1

#define TABLE_BITS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)

struct mmu_ops mmu_ops __ro_after_init;
paddr_t kernel_root __ro_after_init;

static inline unsigned slot_of(vaddr_t va, unsigned level)
{
	return (unsigned)(va >> (3 + 9 * level)) & 511u;
}

static inline pte_t *table_of(pte_t entry)
{
	return phys_to_virt(pte_addr(entry));
}

static void log_add(pte_t *root, const pte_t *entry)
{
	uint64_t log = root[LOG_COUNT].bits >> LOG_SHIFT;
	uint64_t n = log & (LOG_OVERFLOW - 1);

	if (n == LOG_MAX) {
		root[LOG_COUNT].bits |= LOG_OVERFLOW << LOG_SHIFT;
		return;
	}
	root[LOG_SLOT(n)].bits = virt_to_phys(entry);
	root[LOG_COUNT].bits = (log + 1) << LOG_SHIFT;
}

/* The order stays: a table comes after the one that points to it. */
static void log_remove(pte_t *root, const pte_t *entry)
{
	uint64_t log = root[LOG_COUNT].bits >> LOG_SHIFT;
	uint64_t n = log & (LOG_OVERFLOW - 1), i;
	paddr_t pa = virt_to_phys(entry);

	for (i = n; i-- > 0;) {
		if (root[LOG_SLOT(i)].bits != pa)
			continue;
		for (; i + 1 < n; i++)
			root[LOG_SLOT(i)] = root[LOG_SLOT(i + 1)];
		root[LOG_SLOT(i)].bits = 0; /* a root ends as zeroes */
		root[LOG_COUNT].bits = (log - 1) << LOG_SHIFT;
		return;
	}
	/* Not logged: only after an overflow, which is never taken back. */
}

/*
 * The few slots of the kernel root that are in use.  From the first user
 * root on there are no more: kernel_entry() refuses to add any.
 */
static uint16_t shared_slots[512 - ROOT_LOG_END];
static unsigned nshared; /* written once, before there is a second core */

bool kernel_root_is_shared(void)
{
	return nshared != 0;
}

static __noinline void find_shared_slots(const pte_t *kernel)
{
	uint16_t i;

	for (i = ROOT_LOG_END; i < 512; i++) {
		if ((kernel[i].bits & PTE_PRESENT) != 0)
			shared_slots[nshared++] = i;
	}
}

paddr_t pt_create(void)
{
	const pte_t *kernel = phys_to_virt(kernel_root);
	paddr_t pa = mmu_ops.table_alloc();
	pte_t *root;
	unsigned i;

	if (pa == 0)
		return 0;
	if (unlikely(nshared == 0))
		find_shared_slots(kernel);
	root = phys_to_virt(pa);
	for (i = 0; i < nshared; i++)
		root[shared_slots[i]] = kernel[shared_slots[i]];
	return pa;
}

/* A table that holds nothing any more, and the entry that points to it. */
static inline void table_drop(pte_t *entry)
{
	paddr_t pa = pte_addr(*entry);

	entry->bits = 0;
	mmu_ops.table_free(pa);
}

/* Without the log: every entry of every table; at most three deep. */
static void destroy_walk(pte_t *table, unsigned level, unsigned nslots)
{
	unsigned i, j;

	for (i = 0; i < nslots; i++) {
		pte_t *pd;

		if ((table[i].bits & PTE_PRESENT) == 0)
			continue;
		pd = table_of(table[i]);
		for (j = 0; level > 2 && j < 512; j++) {
			if ((pd[j].bits & PTE_PRESENT) == 0)
				continue;
			if (level > 3)
				destroy_walk(table_of(pd[j]), 2, 512);
			table_drop(&pd[j]);
		}
		table_drop(&table[i]);
	}
}

void pt_destroy(paddr_t root)
{
	pte_t *table = phys_to_virt(root);
	uint64_t log = table[LOG_COUNT].bits >> LOG_SHIFT;
	uint64_t i, n = log & (LOG_OVERFLOW - 1);

	kassert(root != kernel_root);
	if ((log & LOG_OVERFLOW) != 0)
		destroy_walk(table, 4, 256);
	/* The latest first: a table is empty before it goes. */
	for (i = n; i-- > 0; table[LOG_SLOT(i)].bits = 0)
		if ((log & LOG_OVERFLOW) == 0)
			table_drop(phys_to_virt(table[LOG_SLOT(i)].bits));
	table[LOG_COUNT].bits = 0;
	for (i = 0; i < nshared; i++)
		table[shared_slots[i]].bits = 0;
	mmu_ops.table_free(root);
}

static __noinline pte_t *table_add(pte_t *root, pte_t *entry)
{
	paddr_t pa = mmu_ops.table_alloc();

	if (pa == 0)
		return NULL;
	log_add(root, entry);
	/* The zeroes of the table come before the entry: x86 keeps order. */
	__atomic_store_n(&entry->bits, pa | TABLE_BITS, __ATOMIC_RELEASE);
	return phys_to_virt(pa);
}

static __noinline pte_t *walk_slowly(pte_t *top, vaddr_t va, bool create)
{
	pte_t *table = top;
	unsigned level;

	for (level = 4; level > 1; level--) {
		pte_t *entry = &table[slot_of(va, level)];

		if (likely((entry->bits & PTE_PRESENT) != 0)) {
			if (unlikely((entry->bits & PTE_LARGE) != 0))
				return NULL;
			table = table_of(*entry);
			continue;
		}
		if (!create)
			return NULL;
		table = table_add(top, entry);
		if (table == NULL)
			return NULL;
	}
	return &table[slot_of(va, 1)];
}

static inline bool is_table(pte_t entry)
{
	return (entry.bits & (PTE_PRESENT | PTE_LARGE)) == PTE_PRESENT;
}

pte_t *pt_walk(paddr_t root, vaddr_t va, bool create)
{
	pte_t *top = phys_to_virt(root), entry = top[slot_of(va, 4)];

	/* Each level by itself, so that its shift is a constant. */
	if (unlikely(!is_table(entry)))
		return walk_slowly(top, va, create);
	entry = table_of(entry)[slot_of(va, 3)];
	if (unlikely(!is_table(entry)))
		return walk_slowly(top, va, create);
	entry = table_of(entry)[slot_of(va, 2)];
	if (unlikely(!is_table(entry)))
		return walk_slowly(top, va, create);
	return &table_of(entry)[slot_of(va, 1)];
}

/*
 * From the empty slot of @at to the next one of @table that is in use or at
 * @end, four at a time; false: there is none.
 */
static bool skip_empty(const pte_t *table, unsigned level, vaddr_t *at,
		       vaddr_t end)
{
	unsigned shift = 3 + 9 * level;
	const pte_t *first = &table[slot_of(*at, level)], *p = first;
	const pte_t *last = table + 512;
	uint64_t slots = ((end - 1) >> shift) - (*at >> shift) + 1;
	bool found;

	if (slots < (uint64_t)(last - first))
		last = first + slots;
	while (last - p >= 4 &&
	       (p[0].bits | p[1].bits | p[2].bits | p[3].bits) == 0)
		p += 4;
	while (p < last && p->bits == 0)
		p++;
	found = p != last;
	*at = ((*at >> shift) + (uint64_t)(p - first)) << shift;
	return found;
}

/* The tables on the way down are kept, so that each is entered once. */
pte_t *pt_next(paddr_t root, vaddr_t *va, vaddr_t end)
{
	pte_t *tables[5], *entry;
	vaddr_t at = *va;
	unsigned level = 4;

	tables[4] = phys_to_virt(root);
	while (at < end) {
		entry = &tables[level][slot_of(at, level)];
		if (unlikely(entry->bits == 0)) {
			if (skip_empty(tables[level], level, &at, end))
				continue;
			/* Up while @at is at the start of another table. */
			while (level < 4 && slot_of(at, level) == 0)
				level++;
			continue;
		}
		if (level == 1) {
			*va = at;
			return entry;
		}
		tables[--level] = table_of(*entry);
	}
	return NULL;
}

static bool table_empty(const pte_t *table)
{
	return mem_is_zero(table, PAGE_SIZE);
}

/* Free empty tables below @table wholly in [start, end); three deep. */
static void free_below(pte_t *root, pte_t *table, unsigned level, vaddr_t start,
		       vaddr_t end)
{
	uint64_t span = UINT64_C(1) << (3 + 9 * level);
	vaddr_t at = start & ~(span - 1);
	pte_t *entry = &table[slot_of(at, level)];

	for (; at < end; at += span, entry++) {
		vaddr_t lo, hi;
		paddr_t pa;

		if (likely((entry->bits & PTE_PRESENT) == 0))
			continue;
		lo = at < start ? start : at;
		hi = at + span > end ? end : at + span;
		if (level > 2)
			free_below(root, table_of(*entry), level - 1, lo, hi);
		if (hi - lo != span || !table_empty(table_of(*entry)))
			continue;
		pa = pte_addr(*entry);
		__atomic_store_n(&entry->bits, 0, __ATOMIC_RELEASE);
		log_remove(root, entry);
		mmu_ops.table_free(pa);
	}
}

void pt_free_range(paddr_t root, vaddr_t start, vaddr_t end)
{
	pte_t *top = phys_to_virt(root);

	/* Less than a leaf table's reach frees nothing. */
	if (end - start < LARGE_SIZE || end > USER_TOP + PAGE_SIZE)
		return;
	free_below(top, top, 4, start, end);
}
