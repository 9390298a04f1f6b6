/* SPDX-License-Identifier: MIT */
/* Start-up steps that init/ calls, in this order. */
#pragma once

/* GDT, IDT, TSS, IST stacks, per-core block, CPU features.  No memory yet. */
void arch_init_early(void);
/* ACPI tables, local APIC, IOAPIC, HPET; after mm/ can allocate. */
void arch_init_machine(void);
/* TSC calibration; interrupts may still be off. */
void arch_init_clock(void);

/* Symbols of the linker script. */
extern char kernel_text_start[], kernel_text_end[];
extern char kernel_image_start[], kernel_image_end[];

/* The stack that kernel_main() runs on, 16 KiB; the page below is unmapped. */
extern char boot_stack[], boot_stack_top[];

/* In kernel/init/; called once, on core 0, interrupts off. */
__attribute__((noreturn)) void kernel_main(void);
