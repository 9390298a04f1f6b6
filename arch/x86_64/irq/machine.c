/* SPDX-License-Identifier: MIT */
/* The machine as a whole: bring-up in order, power-off, reset. */
#include <arch/arch_init.h>
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <debug/log.h>

#define PM1_SCI_EN (1u << 0)
#define PM1_SLP_EN (1u << 13)

void arch_init_machine(void)
{
	acpi_init();
	pic_disable();
	lapic_init();
	ioapic_init();
}

void arch_init_clock(void)
{
	clock_calibrate();
}

/* ACPI 4.8.3.2.1: sleep registers count only in ACPI mode. */
static void acpi_mode_enter(void)
{
	unsigned tries;

	if ((port_in16(acpi.pm1a_cnt) & PM1_SCI_EN) != 0 || acpi.smi_cmd == 0 ||
	    acpi.acpi_enable == 0)
		return;
	port_out8(acpi.smi_cmd, acpi.acpi_enable);
	for (tries = 0; tries < 1000; tries++) {
		if ((port_in16(acpi.pm1a_cnt) & PM1_SCI_EN) != 0)
			return;
		cpu_relax();
	}
}

void machine_poweroff(void)
{
	unsigned i;

	if (acpi.pm1a_cnt == 0 || !acpi.has_s5)
		return;
	irq_disable();
	acpi_mode_enter();
	port_out16(acpi.pm1a_cnt,
		   (uint16_t)((acpi.s5_a & 7u) << 10 | PM1_SLP_EN));
	if (acpi.pm1b_cnt != 0)
		port_out16(acpi.pm1b_cnt,
			   (uint16_t)((acpi.s5_b & 7u) << 10 | PM1_SLP_EN));
	/* Not at once on real machines. */
	for (i = 0; i < 1000000; i++)
		cpu_relax();
}

void machine_reboot(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __packed no_idt = { 0, 0 };

	irq_disable();
	if (acpi.reset_port != 0)
		port_out8(acpi.reset_port, acpi.reset_value);
	port_out8(0x64, 0xfe); /* keyboard controller: pulse the reset line */
	/* An exception without an IDT is a triple fault. */
	__asm__ volatile("lidt %0; int3" : : "m"(no_idt));
	cpu_stop();
}
