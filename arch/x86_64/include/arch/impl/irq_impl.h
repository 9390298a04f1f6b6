/* SPDX-License-Identifier: MIT */
/* Interrupt controllers, timers and ACPI inside arch/x86_64/. */
#pragma once

#include <arch/regs.h>
#include <lib/types.h>

#define ACPI_MAX_IOAPIC 8
#define ACPI_ISA_IRQS	16

struct acpi_ioapic {
	uint32_t address, gsi_base;
};

/* Routing of an ISA line; flags are those of MADT overrides. */
struct acpi_isa_route {
	uint32_t gsi;
	uint16_t flags;
};

struct acpi_info {
	bool present;
	paddr_t lapic;
	unsigned ncores, nioapics;
	uint32_t apic_ids[256];
	unsigned nx2apic; /* cores that only the x2APIC can name */
	struct acpi_ioapic ioapic[ACPI_MAX_IOAPIC];
	struct acpi_isa_route isa[ACPI_ISA_IRQS];
	paddr_t hpet;
	uint16_t pm1a_cnt, pm1b_cnt, pm_timer;
	uint16_t smi_cmd;
	uint8_t acpi_enable;
	bool has_s5;
	uint8_t s5_a, s5_b;
	uint16_t reset_port;
	uint8_t reset_value;
};
extern struct acpi_info acpi;

void acpi_init(void);

/* Register access of the local APIC: memory or model-specific registers. */
struct lapic_ops {
	const char *name;
	uint32_t (*read)(unsigned reg);
	void (*write)(unsigned reg, uint32_t v);
	void (*ipi)(uint32_t apic_id, uint32_t icr_low);
};

void lapic_init(void);
void lapic_eoi(void);
uint32_t lapic_id(void);
void lapic_ipi(uint32_t apic_id, unsigned vector);
/* Timer registers, for calibration and the one-shot timer. */
void lapic_timer_setup(void);
void lapic_timer_set(uint32_t count);
uint32_t lapic_timer_left(void);
void lapic_timer_mode_deadline(void);

void pic_disable(void);
void ioapic_init(void);
__must_check err_t ioapic_route(uint32_t gsi, unsigned vector, uint32_t apic_id,
				bool level, bool low);

/* An interrupt with @vector happened. */
void irq_dispatch(struct regs *r, unsigned vector);
void irq_device(unsigned vector);

void clock_calibrate(void);
/* After calibration: choose the one-shot mechanism. */
void core_timer_init(uint64_t lapic_hz, uint64_t tsc_hz);
