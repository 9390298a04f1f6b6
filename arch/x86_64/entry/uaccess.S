/* SPDX-License-Identifier: MIT */
/*
 * The only instructions that touch user memory.  Each that may fault has a
 * line in .extable, in ascending order: where to go on.  STAC and CLAC become
 * nops at boot where the processor has no SMAP.
 *
 * A copy that faults goes on byte by byte from where it stood, so that what
 * it reports as missing is exact.  Moves of up to 64 bytes are plain loads
 * and stores; REP starts up slowly on real processors.
 */
	.macro	OPEN_USER
771:	stac
	.pushsection .smap_patch, "a", @progbits
	.quad	771b
	.popsection
	.endm

	.macro	CLOSE_USER
771:	clac
	.pushsection .smap_patch, "a", @progbits
	.quad	771b
	.popsection
	.endm

	/* The instruction that follows may fault; then go to @to. */
	.macro	MAYFAULT to
772:
	.pushsection .extable, "a", @progbits
	.long	772b - ., \to - .
	.popsection
	.endm

	.macro	FUNCTION name
	.globl	\name
	.type	\name, @function
	.balign	16
\name:
	.endm

	.section .entry.text, "ax", @progbits

/* size_t copy(rdi dst, rsi src, rdx n): bytes not copied. */
	.globl	uaccess_from, uaccess_to
	.type	uaccess_from, @function
	.type	uaccess_to, @function
	.balign	16
uaccess_from:
uaccess_to:
	OPEN_USER
	leaq	(%rsi,%rdx), %r8	/* end of the source */
	cmpq	$16, %rdx
	ja	.Lover16
	cmpl	$8, %edx
	jae	.L8to16
	cmpl	$4, %edx
	jae	.L4to7
	testl	%edx, %edx
	jz	.Ldone
.Lbytes:
	MAYFAULT .Lmissing
	movb	(%rsi), %al
	MAYFAULT .Lmissing
	movb	%al, (%rdi)
	incq	%rsi
	incq	%rdi
	cmpq	%r8, %rsi
	jne	.Lbytes
.Ldone:
	CLOSE_USER
	xorl	%eax, %eax
	ret
.Lmissing:
	CLOSE_USER
	movq	%r8, %rax
	subq	%rsi, %rax
	ret

.L8to16:
	MAYFAULT .Lbytes
	movq	(%rsi), %rax
	MAYFAULT .Lbytes
	movq	-8(%r8), %rcx
	MAYFAULT .Lbytes
	movq	%rax, (%rdi)
	MAYFAULT .Lbytes
	movq	%rcx, -8(%rdi,%rdx)
	CLOSE_USER
	xorl	%eax, %eax
	ret
.L4to7:
	MAYFAULT .Lbytes
	movl	(%rsi), %eax
	MAYFAULT .Lbytes
	movl	-4(%r8), %ecx
	MAYFAULT .Lbytes
	movl	%eax, (%rdi)
	MAYFAULT .Lbytes
	movl	%ecx, -4(%rdi,%rdx)
	CLOSE_USER
	xorl	%eax, %eax
	ret

.Lover16:
	cmpq	$64, %rdx
	ja	.Lover64
	leaq	-16(%r8), %r9		/* last full step starts here */
	leaq	-16(%rdi,%rdx), %r10
.Lstep16:
	MAYFAULT .Lbytes
	movq	(%rsi), %rax
	MAYFAULT .Lbytes
	movq	8(%rsi), %rcx
	MAYFAULT .Lbytes
	movq	%rax, (%rdi)
	MAYFAULT .Lbytes
	movq	%rcx, 8(%rdi)
	addq	$16, %rsi
	addq	$16, %rdi
	cmpq	%r9, %rsi
	jb	.Lstep16
	/* The last 16 bytes, overlapping what is done. */
	MAYFAULT .Lbytes
	movq	(%r9), %rax
	MAYFAULT .Lbytes
	movq	8(%r9), %rcx
	MAYFAULT .Lbytes
	movq	%rax, (%r10)
	MAYFAULT .Lbytes
	movq	%rcx, 8(%r10)
	CLOSE_USER
	xorl	%eax, %eax
	ret

.Lover64:
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	MAYFAULT .Lbytes
	rep movsq
	testl	%edx, %edx
	jz	.Ldone
	/* At least 64 bytes lie behind: the last 8 overlap. */
	MAYFAULT .Lbytes
	movq	-8(%rsi,%rdx), %rax
	MAYFAULT .Lbytes
	movq	%rax, -8(%rdi,%rdx)
	CLOSE_USER
	xorl	%eax, %eax
	ret
	.size	uaccess_from, . - uaccess_from
	.size	uaccess_to, . - uaccess_to

/* size_t uaccess_zero(rdi dst, rsi n) */
FUNCTION uaccess_zero
	OPEN_USER
	leaq	(%rdi,%rsi), %r8
	movq	%rsi, %rcx
	shrq	$3, %rcx
	xorl	%eax, %eax
	MAYFAULT .Lzero_bytes
	rep stosq
	cmpq	%r8, %rdi
	je	.Lzero_done
.Lzero_bytes:
	MAYFAULT .Lzero_done
	movb	$0, (%rdi)
	incq	%rdi
	cmpq	%r8, %rdi
	jb	.Lzero_bytes
.Lzero_done:
	CLOSE_USER
	movq	%r8, %rax
	subq	%rdi, %rax
	ret
	.size	uaccess_zero, . - uaccess_zero

/*
 * int64_t uaccess_str(rdi dst, rsi src, rdx n).  Eight bytes at a time; the
 * zero byte is found as by Mycroft: (v - 0x01..) & ~v & 0x80..
 */
FUNCTION uaccess_str
	OPEN_USER
	movq	%rsi, %r8		/* start */
	movabsq	$0x0101010101010101, %r9
	movabsq	$0x8080808080808080, %r10
	jmp	2f
1:	movq	%rax, (%rdi)
	addq	$8, %rsi
	addq	$8, %rdi
	subq	$8, %rdx
2:	cmpq	$8, %rdx
	jb	.Lstr_bytes
	MAYFAULT .Lstr_bytes
	movq	(%rsi), %rax
	movq	%rax, %rcx
	movq	%rax, %r11
	subq	%r9, %rcx
	notq	%r11
	andq	%r11, %rcx
	andq	%r10, %rcx
	jz	1b
	movq	%rax, (%rdi)
	bsfq	%rcx, %rcx
	shrl	$3, %ecx
	leaq	(%rsi,%rcx), %rax
	subq	%r8, %rax
	CLOSE_USER
	ret
.Lstr_bytes:
	testq	%rdx, %rdx
	jz	4f
3:	MAYFAULT .Lfault
	movb	(%rsi), %al
	movb	%al, (%rdi)
	testb	%al, %al
	jz	4f
	incq	%rsi
	incq	%rdi
	decq	%rdx
	jnz	3b
4:	CLOSE_USER
	movq	%rsi, %rax
	subq	%r8, %rax
	ret
	.size	uaccess_str, . - uaccess_str

/* err_t uaccess_load32(rdi out, rsi p) and its kin */
FUNCTION uaccess_load32
	OPEN_USER
	MAYFAULT .Lfault
	movl	(%rsi), %eax
	CLOSE_USER
	movl	%eax, (%rdi)
	xorl	%eax, %eax
	ret
	.size	uaccess_load32, . - uaccess_load32

FUNCTION uaccess_load64
	OPEN_USER
	MAYFAULT .Lfault
	movq	(%rsi), %rax
	CLOSE_USER
	movq	%rax, (%rdi)
	xorl	%eax, %eax
	ret
	.size	uaccess_load64, . - uaccess_load64

FUNCTION uaccess_store32
	OPEN_USER
	MAYFAULT .Lfault
	movl	%esi, (%rdi)
	CLOSE_USER
	xorl	%eax, %eax
	ret
	.size	uaccess_store32, . - uaccess_store32

FUNCTION uaccess_store64
	OPEN_USER
	MAYFAULT .Lfault
	movq	%rsi, (%rdi)
	CLOSE_USER
	xorl	%eax, %eax
	ret
	.size	uaccess_store64, . - uaccess_store64

/* err_t uaccess_cas32(rdi p, rsi old, edx new) */
FUNCTION uaccess_cas32
	movl	(%rsi), %eax
	OPEN_USER
	MAYFAULT .Lfault
	lock cmpxchgl %edx, (%rdi)
	CLOSE_USER
	movl	%eax, (%rsi)
	xorl	%eax, %eax
	ret
	.size	uaccess_cas32, . - uaccess_cas32

.Lfault:
	CLOSE_USER
	movq	$-14, %rax		/* -EFAULT */
	ret

	.section .note.GNU-stack, "", @progbits
