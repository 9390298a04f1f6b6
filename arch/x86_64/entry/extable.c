/* SPDX-License-Identifier: MIT */
/*
 * Faults that are expected: the table that uaccess.S makes, and the switch
 * that turns faults in copies into short copies.  And the patching of
 * STAC and CLAC (SDM 2B), which fault where there is no SMAP.
 */
#include <arch/context.h>
#include <arch/impl/cpu_impl.h>
#include <arch/uaccess.h>
#include <lib/assert.h>
#include <lib/string.h>

struct extable_entry {
	int32_t insn, fixup; /* each relative to its own address */
};

extern const struct extable_entry extable_start[], extable_end[];
extern const uint64_t smap_patch_start[], smap_patch_end[];
/* The stub that a prepared stack returns to. */
void context_first(void);

static vaddr_t resolve(const int32_t *field)
{
	return (vaddr_t)field + (vaddr_t)(int64_t)*field;
}

vaddr_t extable_find(vaddr_t ip)
{
	const struct extable_entry *lo = extable_start, *hi = extable_end;

	while (lo < hi) {
		const struct extable_entry *mid = lo + (hi - lo) / 2;
		vaddr_t at = resolve(&mid->insn);

		if (at == ip)
			return resolve(&mid->fixup);
		if (at < ip)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

void extable_check(void)
{
	const struct extable_entry *e = extable_start;

	for (; e + 1 < extable_end; e++)
		kassert(resolve(&e[0].insn) < resolve(&e[1].insn));
}

void uaccess_patch(bool smap)
{
	static const uint8_t nop3[3] = { 0x0f, 0x1f, 0x00 };
	const uint64_t *p;

	if (smap)
		return;
	for (p = smap_patch_start; p < smap_patch_end; p++) {
		void *at = (void *)*p;

		memcpy(at, nop3, sizeof(nop3));
	}
}

void uaccess_nofault_begin(void)
{
	PERCPU_INC(arch[PERCPU_NOFAULT]);
}

void uaccess_nofault_end(void)
{
	__asm__ volatile("decq %%gs:%c0"
			 :
			 : "i"(offsetof(struct percpu, arch[PERCPU_NOFAULT]))
			 : "memory");
}

uint64_t context_prepare(uint64_t stack_top, void (*fn)(void *), void *arg)
{
	uint64_t *sp = (uint64_t *)stack_top;

	/* Two zeroes end backtraces and keep rsp aligned at the call. */
	*--sp = 0;
	*--sp = 0;
	*--sp = (uint64_t)context_first;
	*--sp = 0;	       /* rbp */
	*--sp = 0;	       /* rbx */
	*--sp = (uint64_t)fn;  /* r12 */
	*--sp = (uint64_t)arg; /* r13 */
	*--sp = 0;	       /* r14 */
	*--sp = 0;	       /* r15 */
	return (uint64_t)sp;
}
