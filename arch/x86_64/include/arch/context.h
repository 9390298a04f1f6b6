/* SPDX-License-Identifier: MIT */
/*
 * Switching between kernel stacks and into user mode, and the state that
 * travels with a user thread: FPU, segment bases.
 */
#pragma once

#include <arch/regs.h>
#include <lib/annot.h>
#include <lib/types.h>

/*
 * Save the callee-saved registers on the current stack, store its rsp in
 * *@save_rsp, continue on @load_rsp.  The stack canary and percpu fields are
 * the caller's business.  Returns when someone switches back.
 */
void context_switch(uint64_t *save_rsp, uint64_t load_rsp);
/* Drop the current stack: rsp = @stack_top, call @fn(@arg).  Never returns. */
__noreturn void context_start(uint64_t stack_top, void (*fn)(void *),
			      void *arg);
/* An rsp for context_switch() that begins @fn(@arg) on a new stack. */
uint64_t context_prepare(uint64_t stack_top, void (*fn)(void *), void *arg);
/*
 * Enter user mode with *@r, through the work check (trap_ops.user_work)
 * exactly as any return to user mode.  @r must be the frame at the top of
 * the current kernel stack: (struct regs *)percpu->kstack_top - 1.
 */
__noreturn void user_enter(struct regs *r);
/* Entry rsp for this core from now on (also the TSS). */
void kstack_set(uint64_t top);

/*
 * FPU: XSAVE area of fpu_size() bytes, 64-byte aligned, allocated by the
 * caller.  fpu_init_state() makes the reset state.
 */
size_t fpu_size(void);
void fpu_init_state(void *area);
void fpu_save(void *area);
void fpu_load(const void *area);
/* For signal frames, in Linux layout (FXSAVE header with magic words). */
size_t fpu_user_size(void);
/* Writes the image for the user from a saved @area into kernel @buf. */
void fpu_to_user_image(void *buf, const void *area);
/* 0, or -EINVAL when the image would fault on load (bad header, bits). */
__must_check err_t fpu_from_user_image(void *area, const void *buf, size_t n);

/* Segment bases of the user thread that is live on this core. */
struct segbases {
	uint64_t fs, gs;
};
void segbases_save(struct segbases *s);
void segbases_load(const struct segbases *s);
/* True when user code can change the bases itself (FSGSBASE). */
bool segbases_user_writable(void);
