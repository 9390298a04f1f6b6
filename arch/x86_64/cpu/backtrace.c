/* SPDX-License-Identifier: MIT */
/*
 * Frame-pointer walks.  A frame is read only if its page is mapped in the
 * kernel's tables, so a smashed stack ends the walk and nothing else.
 */
#include <arch/arch_init.h>
#include <arch/backtrace.h>
#include <arch/impl/pt_impl.h>
#include <arch/impl/x86.h>
#include <arch/regs.h>

static bool readable(vaddr_t va)
{
	if (va < UINT64_C(0xffff800000000000) || (va & 7) != 0)
		return false;
	return kernel_address_mapped(va) && kernel_address_mapped(va + 8);
}

__no_asan unsigned backtrace_collect(vaddr_t fp, vaddr_t *out, unsigned max)
{
	unsigned n = 0;

	if (fp == 0)
		fp = *(vaddr_t *)__builtin_frame_address(0);
	while (n < max && readable(fp)) {
		const uint64_t *frame = (const uint64_t *)fp;

		if (frame[1] < (vaddr_t)kernel_text_start ||
		    frame[1] >= (vaddr_t)kernel_text_end)
			break;
		out[n++] = frame[1];
		/* Stacks grow down: callers lie above, and not far. */
		if (frame[0] <= fp || frame[0] - fp > 65536)
			break;
		fp = frame[0];
	}
	return n;
}

vaddr_t regs_frame_pointer(const struct regs *r)
{
	return r->rbp;
}

vaddr_t regs_ip(const struct regs *r)
{
	return r->rip;
}

void regs_dump(const struct regs *r, void (*print)(const char *fmt, ...))
{
	print("rip %016llx cs %04llx rflags %08llx rsp %016llx ss %04llx",
	      (unsigned long long)r->rip, (unsigned long long)r->cs,
	      (unsigned long long)r->rflags, (unsigned long long)r->rsp,
	      (unsigned long long)r->ss);
	print("rax %016llx rbx %016llx rcx %016llx rdx %016llx",
	      (unsigned long long)r->rax, (unsigned long long)r->rbx,
	      (unsigned long long)r->rcx, (unsigned long long)r->rdx);
	print("rsi %016llx rdi %016llx rbp %016llx r8  %016llx",
	      (unsigned long long)r->rsi, (unsigned long long)r->rdi,
	      (unsigned long long)r->rbp, (unsigned long long)r->r8);
	print("r9  %016llx r10 %016llx r11 %016llx r12 %016llx",
	      (unsigned long long)r->r9, (unsigned long long)r->r10,
	      (unsigned long long)r->r11, (unsigned long long)r->r12);
	print("r13 %016llx r14 %016llx r15 %016llx", (unsigned long long)r->r13,
	      (unsigned long long)r->r14, (unsigned long long)r->r15);
	print("vector %llu error %llx cr2 %016llx cr3 %016llx",
	      (unsigned long long)r->vector, (unsigned long long)r->error,
	      (unsigned long long)read_cr2(), (unsigned long long)read_cr3());
}
