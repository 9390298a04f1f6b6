/* SPDX-License-Identifier: MIT */
/* What the folders of arch/x86_64/ share about the processor. */
#pragma once

#include <arch/impl/x86.h>
#include <arch/percpu.h>
#include <lib/annot.h>
#include <lib/types.h>

#define MAX_CORES 256

/* Indices of struct percpu's arch[]. */
enum {
	PERCPU_TABLES,	/* struct cpu_tables * */
	PERCPU_NOFAULT, /* depth of uaccess_nofault_begin() */
	PERCPU_SPURIOUS,
	PERCPU_UNEXPECTED,
};

struct cpu_features {
	bool smep, smap, umip, fsgsbase, pge, xsave, xsaveopt;
	bool avx, avx512, rdrand, x2apic, tsc_deadline, invariant_tsc;
	bool hypervisor;
	uint32_t max_basic, max_extended;
	uint32_t leaf1_edx, leaf1_ecx, leaf7_ebx;
	uint8_t phys_bits;
};
extern struct cpu_features cpu_features;

/* 64-bit TSS, SDM 3A 7.7. */
struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3, iomap_base;
} __packed;

struct cpu_tables {
	uint64_t gdt[10];
	struct tss tss;
};

/* Entry stubs, 16 bytes each; entry.S. */
extern char trap_stubs[];
void syscall_entry(void);

extern struct percpu percpu_boot;
/* Tables of this core: GDT, TSS, IDT, system-call registers. */
void cpu_tables_init(struct percpu *pc, struct cpu_tables *t, char *ist);
void cpu_detect(void);
/* CR0, CR4, XCR0 as far as the processor has the bits. */
void cpu_control_init(void);
void cpu_boot_tables(void);
void percpu_register(coreid_t id, struct percpu *pc);
void percpu_set_present(unsigned n);
void fpu_init_core(void);
uint64_t fpu_xcr0(void);
/* Entropy before there is a generator: rdrand, else a mix of time stamps. */
uint64_t early_random(void);
/* Replace stac/clac by nops where there is no SMAP; text still writable. */
void uaccess_patch(bool smap);

/* Where execution goes when the instruction at @ip faults, or 0. */
vaddr_t extable_find(vaddr_t ip);
/* The table is sorted: checked once. */
void extable_check(void);
