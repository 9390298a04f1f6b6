/* SPDX-License-Identifier: MIT */
/*
 * Upcalls: what the architecture code asks of the layers above it.  The
 * table is filled by init/ before interrupts are enabled and read-only after.
 */
#pragma once

#include <arch/regs.h>
#include <lib/types.h>

/* Kinds of access for page_fault(). */
#define FAULT_WRITE   1u
#define FAULT_USER    2u /* the processor was in user mode */
#define FAULT_EXEC    4u
#define FAULT_PRESENT 8u /* the page was mapped: protection, not absence */

struct trap_ops {
	/*
	 * A system call; result goes to regs->rax.  Interrupts are on.
	 * Thread context, may sleep.
	 */
	void (*syscall)(struct regs *r);
	/*
	 * Page fault at @addr, by user code or by an extable-covered kernel
	 * copy to user addresses.  Interrupts are on.  Returns true when the
	 * access should be tried again.  On false the arch takes the fixup
	 * (kernel) or calls user_exception (user).
	 */
	bool (*page_fault)(struct regs *r, vaddr_t addr, unsigned flags);
	/*
	 * An exception in user mode that nobody handled.  Posts a signal.
	 * @addr is the faulting address where that means something.
	 */
	void (*user_exception)(struct regs *r, unsigned vector, vaddr_t addr);
	/*
	 * About to return to user mode with current_thread()->work != 0.
	 * Called with interrupts off, may enable them and sleep; called again
	 * until work is 0.  May not return (kill, preemption).
	 */
	void (*user_work)(struct regs *r);
	/* The local timer fired.  irq context; end of interrupt is done. */
	void (*timer)(void);
	/* A kernel-message interrupt arrived.  irq context. */
	void (*ipi)(void);
	/*
	 * After any interrupt taken in kernel mode or idle, on the way out,
	 * interrupts off; lets sched/ note a wanted reschedule.  May be NULL.
	 */
	void (*irq_exit)(struct regs *r);
};

extern struct trap_ops trap_ops;

/* Device interrupts by global system interrupt number (ISA irq remapped). */
typedef void (*irq_handler_fn)(void *arg);
/* Returns 0, -EINVAL, -EBUSY.  Routes to core 0 and unmasks. */
__must_check err_t irq_register_isa(unsigned irq, irq_handler_fn fn, void *arg);
/* Interrupts taken since boot on device line @irq (for /proc/interrupts). */
uint64_t irq_count(unsigned irq);
/* What a non-maskable interrupt does, on its own stack; NULL: a log line. */
extern void (*nmi_hook)(struct regs *r);
