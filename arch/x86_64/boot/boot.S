/* SPDX-License-Identifier: MIT */
/*
 * The first instructions.  Two ways in, both 32-bit protected mode without
 * paging: PVH (QEMU -kernel; ebx = hvm_start_info) and multiboot2 (GRUB;
 * eax = magic, ebx = information).  They join in start32, which maps the
 * first 4 GiB both at 0 and (the first GiB) at KERNEL_BASE, enters long mode
 * and calls boot_main(protocol, info) on the boot stack.
 *
 * Long mode entry: Intel SDM 3A 9.8.5.
 */
#include <arch/impl/asm.h>

#define PHYS(x) ((x) - KERNEL_BASE)

	.section .note.pvh, "a", @note
	.balign 4
	.long	4			/* size of the name */
	.long	8			/* size of the value */
	.long	18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.quad	PHYS(pvh_entry)

	/* Multiboot2 specification 3.1 */
	.section .boot.header, "a", @progbits
	.balign 8
mb2_header:
	.long	0xe85250d6
	.long	0			/* i386 */
	.long	mb2_header_end - mb2_header
	.long	-(0xe85250d6 + (mb2_header_end - mb2_header))
	.balign 8
mb2_wanted:
	.short	1, 0			/* wanted information */
	.long	mb2_wanted_end - mb2_wanted
	.long	1, 3, 6			/* command line, modules, memory map */
mb2_wanted_end:
	.balign 8
	.short	3, 0			/* entry address */
	.long	12
	.long	PHYS(mb2_entry)
	.balign 8
	.short	6, 0			/* modules on page borders */
	.long	8
	.balign 8
	.short	0, 0
	.long	8
mb2_header_end:

	.section .boot.tables, "aw", @nobits
	.balign 4096
boot_pml4:
	.skip	4096
boot_pdpt:
	.skip	4096
boot_pd:
	.skip	4 * 4096

	.section .bss.boot_stack, "aw", @nobits
	.balign 4096
	.globl	boot_stack, boot_stack_top
boot_stack:
	.skip	BOOT_STACK_SIZE
boot_stack_top:

	.section .boot.text, "ax", @progbits
	.code32
	.globl	pvh_entry
	.type	pvh_entry, @function
pvh_entry:
	movl	$BOOT_PVH, %edi
	jmp	start32
	.size	pvh_entry, . - pvh_entry

	.type	mb2_entry, @function
mb2_entry:
	cmpl	$0x36d76289, %eax
	jne	halt32
	movl	$BOOT_MB2, %edi
	.size	mb2_entry, . - mb2_entry

	.type	start32, @function
start32:
	cli
	cld
	movl	%ebx, %esi
	movl	$PHYS(boot_stack_top), %esp

	/* Long mode and no-execute, or nothing (SDM 2A CPUID). */
	movl	$0x80000001, %eax
	cpuid
	andl	$0x20100000, %edx
	cmpl	$0x20100000, %edx
	jne	halt32

	/* 2 MiB pages for 4 GiB: present, writable, accessed, dirty, large. */
	movl	$PHYS(boot_pd), %ebx
	movl	$0xe3, %eax
	xorl	%edx, %edx
	movl	$2048, %ecx
1:	movl	%eax, (%ebx)
	movl	%edx, 4(%ebx)
	addl	$8, %ebx
	addl	$0x200000, %eax
	decl	%ecx
	jnz	1b

	movl	$PHYS(boot_pd) + 0x3, %eax
	movl	%eax, PHYS(boot_pdpt)
	movl	%eax, PHYS(boot_pdpt) + 510 * 8
	addl	$4096, %eax
	movl	%eax, PHYS(boot_pdpt) + 8
	addl	$4096, %eax
	movl	%eax, PHYS(boot_pdpt) + 16
	addl	$4096, %eax
	movl	%eax, PHYS(boot_pdpt) + 24
	movl	$PHYS(boot_pdpt) + 0x3, %eax
	movl	%eax, PHYS(boot_pml4)
	movl	%eax, PHYS(boot_pml4) + 511 * 8

	movl	%cr4, %eax
	orl	$0x20, %eax		/* PAE */
	movl	%eax, %cr4
	movl	$PHYS(boot_pml4), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx	/* EFER: SCE, LME, NXE */
	rdmsr
	orl	$0x901, %eax
	wrmsr
	movl	%cr0, %eax
	andl	$0x9fffffff, %eax	/* caches on */
	orl	$0x80010021, %eax	/* PG, WP, NE, PE */
	movl	%eax, %cr0
	lgdt	PHYS(boot_gdt_pointer)
	ljmp	$SEL_KERNEL_CS, $PHYS(start64)

halt32:
	cli
	hlt
	jmp	halt32
	.size	start32, . - start32

	.balign 8
boot_gdt:
	.quad	0, 0
	.quad	0x00af9b000000ffff	/* SEL_KERNEL_CS */
	.quad	0x00cf93000000ffff	/* SEL_KERNEL_DS */
boot_gdt_pointer:
	.short	boot_gdt_pointer - boot_gdt - 1
	.long	PHYS(boot_gdt)

	.code64
	.type	start64, @function
start64:
	movabsq	$1f, %rax
	jmp	*%rax
1:	movl	$SEL_KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movq	$boot_stack_top, %rsp
	/* The stack canary is read through gs from the first C function on. */
	movl	$MSR_GS_BASE, %ecx
	movq	$percpu_boot, %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	wrmsr
	xorl	%ebp, %ebp
	pushq	$0
	pushq	$0
	call	boot_main
	ud2
	.size	start64, . - start64

	.section .note.GNU-stack, "", @progbits
