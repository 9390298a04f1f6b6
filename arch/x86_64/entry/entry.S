/* SPDX-License-Identifier: MIT */
/*
 * Into the kernel and out again.
 *
 * Every entry builds a struct regs.  From user mode it lies at the top of the
 * kernel stack (percpu.kstack_top).  The context word is stored once on the
 * way in and once on the way out.
 *
 * System calls leave by SYSRET when nothing but rax can have changed: no work
 * is pending and the frame is still the one that SYSCALL made.  Whoever
 * changes more (regs_init_user, regs_sanitize_user, regs_touch) makes vector
 * other than REGS_SYSCALL, and the frame then goes through IRETQ.  So the
 * rcx given to SYSRET is always the rip of a SYSCALL instruction below
 * USER_TOP, and canonical; r11 is what SYSCALL saved, and callee-saved
 * registers but rbp need no reload, since the C code kept them.  With TF set SYSRET
 * would trap one instruction early: that goes by IRETQ, too.
 *
 * SYSCALL and SYSRET: Intel SDM 3A 5.8.8 and 2B; IRETQ: SDM 2A.
 */
#include <arch/impl/asm.h>

	.macro PUSH_REGS
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro POP_SCRATCH
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	.endm

	.macro POP_REGS
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	POP_SCRATCH
	.endm

	/* Becomes a nop where there is no SMAP. */
	.macro CLOSE_USER
771:	clac
	.pushsection .smap_patch, "a", @progbits
	.quad	771b
	.popsection
	.endm

	.section .entry.text, "ax", @progbits

	.globl	syscall_entry
	.type	syscall_entry, @function
	.balign	64
syscall_entry:
	swapgs
	movq	%rsp, %gs:PC_USER_RSP
	movq	%gs:PC_KSTACK_TOP, %rsp
	pushq	$SEL_USER_DS
	pushq	%gs:PC_USER_RSP
	pushq	%r11
	pushq	$SEL_USER_CS
	pushq	%rcx
	pushq	%rax
	pushq	$256			/* REGS_SYSCALL */
	PUSH_REGS
	movq	%rsp, %rdi
	movq	$1, %gs:PC_CONTEXT
	xorl	%ebp, %ebp
	sti
	call	*trap_ops + OPS_SYSCALL
	cli
	movq	%gs:PC_THREAD, %rax
	cmpl	$0, (%rax)
	jne	user_work
	cmpl	$256, REGS_VECTOR(%rsp)
	jne	leave_by_iret
	testl	$0x100, REGS_R11(%rsp)	/* TF */
	jne	leave_by_iret
	movq	$0, %gs:PC_CONTEXT
	movq	32(%rsp), %rbp		/* zeroed above, to end backtraces */
	addq	$REGS_R11, %rsp
	POP_SCRATCH
	movq	40(%rsp), %rsp
	swapgs
	sysretq
	.size	syscall_entry, . - syscall_entry

	/* rsp is at a struct regs from user mode; interrupts off. */
	.type	user_work, @function
user_work:
	movq	%rsp, %rdi
	call	*trap_ops + OPS_USER_WORK
	.globl	user_return
user_return:
	cli
	movq	%gs:PC_THREAD, %rax
	cmpl	$0, (%rax)
	jne	user_work
leave_by_iret:
	movq	$0, %gs:PC_CONTEXT
	POP_REGS
	addq	$16, %rsp
	swapgs
	.globl	iret_to_user
iret_to_user:
	iretq
	.size	user_work, . - user_work

	.globl	user_enter
	.type	user_enter, @function
user_enter:
	movq	%rdi, %rsp
	xorl	%ebp, %ebp
	jmp	user_return
	.size	user_enter, . - user_enter

	/*
	 * Exceptions and interrupts.  The stubs leave on the stack: vector,
	 * error code, and what the processor pushed.
	 */
	.type	trap_common, @function
trap_common:
	cld
	testb	$3, 24(%rsp)
	jz	trap_in_kernel
	swapgs
trap_in_user:
	PUSH_REGS
	CLOSE_USER
	movq	$1, %gs:PC_CONTEXT
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	call	trap_user
	jmp	user_return
trap_in_kernel:
	PUSH_REGS
	CLOSE_USER
	movq	%rsp, %rdi
	call	trap_kernel
	POP_REGS
	addq	$16, %rsp
	iretq
	.size	trap_common, . - trap_common

	/*
	 * #NP, #SS, #GP.  If our own IRETQ to user mode raised it (say, to a
	 * non-canonical rip), the user's gs and registers are live already and
	 * the frame it refused is at the saved rsp: make it the user's fault.
	 */
	.type	trap_maybe_iret, @function
trap_maybe_iret:
	cmpq	$iret_to_user, 16(%rsp)
	jne	trap_common
	swapgs
	movq	40(%rsp), %rsp
	pushq	$0
	pushq	$13
	cld
	jmp	trap_in_user
	.size	trap_maybe_iret, . - trap_maybe_iret

	/*
	 * NMI, #DF, #MC: on a stack of their own, from anywhere, so the gs
	 * base cannot be trusted (FSGSBASE lets users choose it).  The percpu
	 * pointer lies at the base of the stack.
	 */
	.type	trap_paranoid, @function
trap_paranoid:
	PUSH_REGS
	cld
	CLOSE_USER
	movq	%rsp, %rbx
	andq	$-IST_STACK_SIZE, %rbx
	movq	(%rbx), %r12
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	movl	%eax, %r13d
	movl	%edx, %r14d
	movq	%r12, %rax
	movq	%r12, %rdx
	shrq	$32, %rdx
	wrmsr
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	call	trap_paranoid_c
	movl	$MSR_GS_BASE, %ecx
	movl	%r13d, %eax
	movl	%r14d, %edx
	wrmsr
	POP_REGS
	addq	$16, %rsp
	iretq
	.size	trap_paranoid, . - trap_paranoid

	/* Vectors whose exception pushes an error code: SDM 3A 6.3.1. */
	.macro	STUB vec
	.balign	16
	.if	\vec == 8 || \vec == 10 || \vec == 11 || \vec == 12 || \
		\vec == 13 || \vec == 14 || \vec == 17 || \vec == 21 || \
		\vec == 29 || \vec == 30
	.else
	pushq	$0
	.endif
	pushq	$\vec
	.if	\vec == 2 || \vec == 8 || \vec == 18
	jmp	trap_paranoid
	.elseif	\vec == 11 || \vec == 12 || \vec == 13
	jmp	trap_maybe_iret
	.else
	jmp	trap_common
	.endif
	.endm

	.globl	trap_stubs
	.type	trap_stubs, @function
	.balign	16
trap_stubs:
	.altmacro
	.set	vec, 0
	.rept	256
	STUB	%vec
	.set	vec, vec + 1
	.endr
	.noaltmacro
	.size	trap_stubs, . - trap_stubs

	.section .note.GNU-stack, "", @progbits
