/* SPDX-License-Identifier: MIT */
/* Kernel stacks: switch, start, prepare.  Contracts in arch/context.h. */
	.section .entry.text, "ax", @progbits

	.globl	context_switch
	.type	context_switch, @function
	.balign	16
context_switch:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	context_switch, . - context_switch

	.globl	context_start
	.type	context_start, @function
context_start:
	movq	%rdi, %rsp
	movq	%rdx, %rdi
	xorl	%ebp, %ebp
	pushq	$0			/* ends backtraces */
	pushq	$0
	call	*%rsi
	ud2
	.size	context_start, . - context_start

	/* A prepared stack returns here: fn in r12, argument in r13. */
	.globl	context_first
	.type	context_first, @function
context_first:
	movq	%r13, %rdi
	xorl	%ebp, %ebp
	call	*%r12
	ud2
	.size	context_first, . - context_first

	.section .note.GNU-stack, "", @progbits
