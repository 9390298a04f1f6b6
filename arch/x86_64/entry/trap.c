/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: decide what an exception or interrupt means.
 *
 * entry.S calls trap_user() with registers of user mode, trap_kernel() with
 * those of the kernel, and trap_paranoid_c() on an IST stack.  All start with
 * interrupts off.  User mode is left and entered again by entry.S, which also
 * looks after the work bits.
 *
 * LOCKING: none.  trap_ops is constant when interrupts are first enabled.
 *
 * A page fault reads CR2 before interrupts may come on, since a second fault
 * overwrites it (SDM 3A 4.7).
 */
#include <arch/cpu.h>
#include <arch/hooks.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/impl/pt_impl.h>
#include <debug/ksyms.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <lib/assert.h>
#include <lib/minmax.h>

void trap_user(struct regs *r);
void trap_kernel(struct regs *r);
void trap_paranoid_c(struct regs *r);

static const char *const vector_names[VEC_EXCEPTIONS] = {
	[0] = "divide error",
	[1] = "debug",
	[2] = "NMI",
	[3] = "breakpoint",
	[4] = "overflow",
	[5] = "bound",
	[6] = "invalid opcode",
	[7] = "no device",
	[8] = "double fault",
	[10] = "invalid TSS",
	[11] = "no segment",
	[12] = "stack segment",
	[13] = "general protection",
	[14] = "page fault",
	[16] = "x87 error",
	[17] = "alignment",
	[18] = "machine check",
	[19] = "SIMD error",
	[20] = "virtualization",
	[21] = "control protection",
};

static const char *vector_name(uint64_t vector)
{
	const char *name = NULL;

	if (vector < VEC_EXCEPTIONS)
		name = vector_names[vector];
	return name != NULL ? name : "unknown exception";
}

static unsigned fault_flags(uint64_t error)
{
	return ((error & PF_WRITE) != 0 ? FAULT_WRITE : 0) |
	       ((error & PF_USER) != 0 ? FAULT_USER : 0) |
	       ((error & PF_EXEC) != 0 ? FAULT_EXEC : 0) |
	       ((error & PF_PRESENT) != 0 ? FAULT_PRESENT : 0);
}

static void user_page_fault(struct regs *r)
{
	vaddr_t addr = read_cr2();

	irq_enable();
	if (unlikely((r->error & PF_RSVD) != 0))
		panic_regs(r, "corrupt page table for user address %#llx",
			   (unsigned long long)addr);
	/*
	 * The processor's own access on behalf of user code (QEMU's IRET at
	 * privilege level 3 is one): no page would make it succeed.
	 */
	if (unlikely((r->error & PF_USER) == 0))
		trap_ops.user_exception(r, VEC_GP, addr);
	else if (!trap_ops.page_fault(r, addr, fault_flags(r->error)))
		trap_ops.user_exception(r, VEC_PF, addr);
}

void trap_user(struct regs *r)
{
	unsigned vector = (unsigned)r->vector;

	PERCPU_INC(nr_entries);
	if (likely(vector == VEC_PF)) {
		user_page_fault(r);
		return;
	}
	if (vector >= VEC_EXCEPTIONS) {
		irq_dispatch(r, vector);
		return;
	}
	if (vector == VEC_DB) /* DR6 is never cleared by the processor */
		__asm__ volatile("mov %0, %%dr6" : : "r"(UINT64_C(0xffff0ff0)));
	irq_enable();
	trap_ops.user_exception(r, vector, r->rip);
}

/*
 * What the sanitizer's trap instruction says.  clang encodes the kind as the
 * last byte of `ud1 kind(%eax), %eax` (67 0f b9 40 kind); gcc's ud2 does not
 * tell.  The order is that of clang's list of handlers.
 */
static const char *ubsan_kind(const uint8_t *code)
{
	static const char *const kinds[] = {
		"add overflow",
		"builtin unreachable",
		"bad cast check",
		"division overflow",
		"dynamic type cache miss",
		"float cast overflow",
		"function type mismatch",
		"implicit conversion",
		"invalid builtin",
		"invalid Objective-C cast",
		"load of invalid value",
		"missing return",
		"multiplication overflow",
		"negation overflow",
		"nullability argument",
		"nullability return",
		"nonnull argument",
		"nonnull return",
		"index out of bounds",
		"pointer overflow",
		"shift out of bounds",
		"subtraction overflow",
		"type mismatch",
		"alignment assumption",
		"variable length array bound",
	};

	if (code[0] == 0x0f && code[1] == 0x0b)
		return "trap (sanitizer or unreachable)";
	if (code[0] != 0x67 || code[1] != 0x0f || code[2] != 0xb9)
		return NULL;
	return code[4] < array_size(kinds) ? kinds[code[4]] : "sanitizer trap";
}

static __noreturn void kernel_page_fault_panic(struct regs *r, vaddr_t addr)
{
	const char *what = (r->error & PF_RSVD) != 0	? "corrupt table"
			   : (r->error & PF_EXEC) != 0	? "execute"
			   : (r->error & PF_WRITE) != 0 ? "write"
							: "read";

	if (addr < PAGE_SIZE)
		panic_regs(r, "null pointer: %s at %#llx", what,
			   (unsigned long long)addr);
	if (addr < USER_TOP)
		panic_regs(r, "kernel touches user memory: %s at %#llx", what,
			   (unsigned long long)addr);
	panic_regs(r, "page fault: %s at %#llx (%s)", what,
		   (unsigned long long)addr,
		   (r->error & PF_PRESENT) != 0 ? "protection" : "not mapped");
}

static void kernel_page_fault(struct regs *r)
{
	vaddr_t addr = read_cr2(), fixup = 0;
	bool may_handle = (r->rflags & RFLAGS_IF) != 0 &&
			  this_percpu()->arch[PERCPU_NOFAULT] == 0 &&
			  trap_ops.page_fault != NULL;
	bool again;

	if (addr < USER_TOP && (r->error & PF_RSVD) == 0)
		fixup = extable_find(r->rip);
	if (fixup == 0)
		kernel_page_fault_panic(r, addr);
	if (may_handle) {
		irq_enable();
		again = trap_ops.page_fault(r, addr, fault_flags(r->error));
		irq_disable();
		if (again)
			return;
	}
	r->rip = fixup;
}

static void kernel_exception(struct regs *r)
{
	const char *kind;
	char where[KSYMS_TEXT_MAX];

	switch (r->vector) {
	case VEC_DB:
		__asm__ volatile("mov %0, %%dr6" : : "r"(UINT64_C(0xffff0ff0)));
		return;
	case VEC_BP:
		ksyms_format(r->rip, where);
		klog("breakpoint at %s", where);
		return;
	case VEC_UD:
		kind = ubsan_kind((const uint8_t *)r->rip);
		if (kind == NULL)
			break;
		ksyms_format(r->rip, where);
		panic_regs(r, "%s at %s", kind, where);
	default:
		break;
	}
	panic_regs(r, "%s in the kernel, error %#llx", vector_name(r->vector),
		   (unsigned long long)r->error);
}

void trap_kernel(struct regs *r)
{
	struct percpu *pc = this_percpu();
	uint64_t word = pc->context_word;

	/* The idle loop waits with the word at 0. */
	pc->context_word = 1;
	if (r->vector >= VEC_EXCEPTIONS)
		irq_dispatch(r, (unsigned)r->vector);
	else if (r->vector == VEC_PF)
		kernel_page_fault(r);
	else
		kernel_exception(r);
	/* A fault may have slept and come back on another core. */
	this_percpu()->context_word = word;
}

static __noreturn void double_fault(struct regs *r)
{
	vaddr_t addr = read_cr2();

	/*
	 * A push onto an unmapped page faults, and so does the push of that
	 * fault's frame: CR2 is then just below the stack pointer.
	 */
	if (addr - (r->rsp - PAGE_SIZE) < 2 * PAGE_SIZE &&
	    !kernel_address_mapped(addr))
		panic_regs(r, "kernel stack overflow: guard page %#llx hit",
			   (unsigned long long)(addr & ~PAGE_MASK));
	panic_regs(r, "double fault, cr2 %#llx", (unsigned long long)addr);
}

void trap_paranoid_c(struct regs *r)
{
	switch (r->vector) {
	case VEC_DF:
		double_fault(r);
	case VEC_MC:
		panic_regs(r, "machine check");
	default:
		break;
	}
	if (nmi_hook != NULL)
		nmi_hook(r);
	else
		klog_at(KLOG_WARN, "unexpected NMI");
}
