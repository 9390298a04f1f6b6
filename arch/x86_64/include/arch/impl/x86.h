/* SPDX-License-Identifier: MIT */
/*
 * Registers of the processor and the instructions that reach them.  For
 * arch/x86_64/ only.  Numbers are those of the Intel SDM: control registers
 * volume 3A 2.5, model-specific registers volume 4.
 */
#pragma once

#include <arch/impl/asm.h>
#include <lib/types.h>

#define CR0_MP (1u << 1)
#define CR0_EM (1u << 2)
#define CR0_TS (1u << 3)
#define CR0_NE (1u << 5)
#define CR0_WP (1u << 16)
#define CR0_AM (1u << 18)

#define CR4_PGE	       (1u << 7)
#define CR4_OSFXSR     (1u << 9)
#define CR4_OSXMMEXCPT (1u << 10)
#define CR4_UMIP       (1u << 11)
#define CR4_FSGSBASE   (1u << 16)
#define CR4_OSXSAVE    (1u << 18)
#define CR4_SMEP       (1u << 20)
#define CR4_SMAP       (1u << 21)

#define RFLAGS_CF    (1u << 0)
#define RFLAGS_FIXED (1u << 1)
#define RFLAGS_TF    (1u << 8)
#define RFLAGS_IF    (1u << 9)
#define RFLAGS_DF    (1u << 10)
#define RFLAGS_IOPL  (3u << 12)
#define RFLAGS_NT    (1u << 14)
#define RFLAGS_RF    (1u << 16)
#define RFLAGS_AC    (1u << 18)
#define RFLAGS_ID    (1u << 21)
/* What user code may set in sigreturn: CF PF AF ZF SF TF DF OF RF AC. */
#define RFLAGS_USER 0x00050dd5u

#define MSR_APIC_BASE	   0x1b
#define MSR_TSC_DEADLINE   0x6e0
#define MSR_X2APIC	   0x800
#define MSR_EFER	   0xc0000080
#define MSR_STAR	   0xc0000081
#define MSR_LSTAR	   0xc0000082
#define MSR_SFMASK	   0xc0000084
#define MSR_FS_BASE	   0xc0000100
#define MSR_KERNEL_GS_BASE 0xc0000102

#define EFER_SCE (1u << 0)
#define EFER_NXE (1u << 11)

/* Exception vectors, SDM 3A 6.3.1. */
#define VEC_DB	       1
#define VEC_NMI	       2
#define VEC_BP	       3
#define VEC_UD	       6
#define VEC_DF	       8
#define VEC_NP	       11
#define VEC_SS	       12
#define VEC_GP	       13
#define VEC_PF	       14
#define VEC_MC	       18
#define VEC_EXCEPTIONS 32
/* Ours. */
#define VEC_IRQ0     0x40 /* + global system interrupt */
#define VEC_IRQ_MAX  64
#define VEC_TIMER    0xec
#define VEC_IPI	     0xed
#define VEC_ERROR    0xee
#define VEC_SPURIOUS 0xff

/* Page-fault error code, SDM 3A 4.7. */
#define PF_PRESENT (1u << 0)
#define PF_WRITE   (1u << 1)
#define PF_USER	   (1u << 2)
#define PF_RSVD	   (1u << 3)
#define PF_EXEC	   (1u << 4)

static inline uint64_t read_cr0(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr0, %0" : "=r"(v));
	return v;
}

static inline void write_cr0(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr0" : : "r"(v) : "memory");
}

static inline uint64_t read_cr2(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr2, %0" : "=r"(v));
	return v;
}

static inline uint64_t read_cr3(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr3, %0" : "=r"(v) : : "memory");
	return v;
}

static inline void write_cr3(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(v) : "memory");
}

static inline uint64_t read_cr4(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr4, %0" : "=r"(v));
	return v;
}

static inline void write_cr4(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(v) : "memory");
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return ((uint64_t)hi << 32) | lo;
}

static inline void wrmsr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32))
			 : "memory");
}

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid(uint32_t leaf, uint32_t sub)
{
	struct cpuid_regs r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(sub));
	return r;
}
