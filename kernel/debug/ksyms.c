/* SPDX-License-Identifier: MIT */
/*
 * The symbol table that tools/ksyms.py makes: addresses in ascending order,
 * for each the offset of its name.  Weak: a kernel linked without one runs.
 */
#include <debug/ksyms.h>

#include <arch/arch_init.h>
#include <lib/fmt.h>
#include <lib/string.h>

extern const uint32_t ksyms_count __weak;
extern const uint64_t ksyms_addrs[] __weak;
extern const uint32_t ksyms_names[] __weak;
extern const char ksyms_strtab[] __weak;

static uint32_t count(void)
{
	/* Hidden from the compiler, which takes no object to be at 0. */
	const uint32_t *p = &ksyms_count;

	__asm__("" : "+r"(p));
	return p != NULL ? *p : 0;
}

const char *ksyms_lookup(vaddr_t addr, uint64_t *offset)
{
	uint32_t lo = 0, hi = count();

	if (addr < (vaddr_t)kernel_text_start ||
	    addr > (vaddr_t)kernel_text_end)
		return NULL;
	/* The last symbol at or below @addr. */
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (ksyms_addrs[mid] <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return NULL;
	*offset = addr - ksyms_addrs[lo - 1];
	return ksyms_strtab + ksyms_names[lo - 1];
}

void ksyms_format(vaddr_t addr, char *buf)
{
	uint64_t offset = 0;
	const char *name = ksyms_lookup(addr, &offset);

	if (name != NULL)
		(void)ksnprintf(buf, KSYMS_TEXT_MAX, "%s+%#llx", name,
				(unsigned long long)offset);
	else
		(void)ksnprintf(buf, KSYMS_TEXT_MAX, "%#llx",
				(unsigned long long)addr);
}
