/* SPDX-License-Identifier: MIT */
/*
 * Numbers that assembly and C must agree on.  For arch/x86_64/ only; the
 * asserts that tie them to the structs are in cpu/percpu.c.
 */
#pragma once

#define KERNEL_BASE 0xffffffff80000000
#define KERNEL_PHYS 0x100000

/* Selectors.  SYSRET wants user32, user data, user64 in a row (SDM 2B). */
#define SEL_KERNEL_CS 0x10
#define SEL_KERNEL_DS 0x18
#define SEL_USER_CS32 0x23
#define SEL_USER_DS   0x2b
#define SEL_USER_CS   0x33
#define SEL_TSS	      0x40

/* struct percpu */
#define PC_THREAD     8
#define PC_KSTACK_TOP 16
#define PC_USER_RSP   24
#define PC_CONTEXT    32
#define PC_CANARY     40

/* struct regs */
#define REGS_R11    48
#define REGS_VECTOR 120
#define REGS_RIP    136
#define REGS_SIZE   176

/* struct trap_ops */
#define OPS_SYSCALL   0
#define OPS_USER_WORK 24

/* IST stacks: their base holds the percpu pointer, found by masking rsp. */
#define IST_STACK_SIZE	8192
#define BOOT_STACK_SIZE 16384

#define MSR_GS_BASE 0xc0000101

/* Boot protocols, as boot_main() gets them. */
#define BOOT_PVH 0
#define BOOT_MB2 1
