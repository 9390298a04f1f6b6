/* SPDX-License-Identifier: MIT */
/* Backtraces with names. */
#include <arch/backtrace.h>
#include <debug/ksyms.h>
#include <debug/panic.h>

#define DEPTH_MAX 32

void backtrace_print(panic_print_fn print, vaddr_t fp)
{
	vaddr_t callers[DEPTH_MAX];
	char where[KSYMS_TEXT_MAX];
	unsigned i, n = backtrace_collect(fp, callers, DEPTH_MAX);

	for (i = 0; i < n; i++) {
		/* A return address may be the next function's first byte. */
		ksyms_format(callers[i] - 1, where);
		print("  %#llx %s", (unsigned long long)callers[i], where);
	}
	if (n == 0)
		print("  (none)");
}
