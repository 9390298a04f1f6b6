/* SPDX-License-Identifier: MIT */
/*
 * The saved registers of whoever was interrupted.  One layout for system
 * calls, exceptions and interrupts; lives at the top of the kernel stack.
 */
#pragma once

#include <lib/types.h>

struct regs {
	uint64_t r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t vector; /* REGS_SYSCALL, exception or interrupt number */
	uint64_t error;	 /* error code; system call: original rax */
	uint64_t rip, cs, rflags, rsp, ss;
};

#define REGS_SYSCALL 256

static inline bool regs_from_user(const struct regs *r)
{
	return (r->cs & 3) != 0;
}

static inline uint64_t regs_syscall_nr(const struct regs *r)
{
	return r->error;
}

static inline void regs_set_result(struct regs *r, int64_t v)
{
	r->rax = (uint64_t)v;
}

/*
 * The frame of the running system call was changed beyond rax (by rip, rsp,
 * or any other register): it is no system call any more, is not restarted,
 * and leaves by the path that reloads every register.  Implied by the two
 * functions below; anything else that writes the current frame calls this.
 */
static inline void regs_touch(struct regs *r)
{
	if (r->vector == REGS_SYSCALL)
		r->vector = 0;
}

/* User registers of a fresh program: everything 0 but these. */
void regs_init_user(struct regs *r, vaddr_t entry, vaddr_t sp);
/*
 * Make registers that user space supplied (sigreturn) harmless: user
 * segments, no privileged flag bits.  Non-canonical addresses stay: the
 * return path takes them to a fault in user mode, not in the kernel.
 */
void regs_sanitize_user(struct regs *r);
