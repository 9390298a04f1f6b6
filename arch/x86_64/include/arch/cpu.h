/* SPDX-License-Identifier: MIT */
/*
 * What every layer may ask of the processor it runs on: interrupts, time
 * stamps, waiting.  Nothing here names an x86 register.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

typedef uint64_t irqflags_t;

static inline void irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline irqflags_t irq_save(void)
{
	irqflags_t flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

static inline bool irq_flags_enabled(irqflags_t flags)
{
	return (flags & 0x200) != 0;
}

static inline void irq_restore(irqflags_t flags)
{
	if (irq_flags_enabled(flags))
		irq_enable();
}

static inline bool irq_enabled(void)
{
	irqflags_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	return irq_flags_enabled(flags);
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/* Raw time stamp; clock.h of sched/ turns it into nanoseconds. */
static inline uint64_t cpu_tsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return ((uint64_t)hi << 32) | lo;
}

/*
 * Enable interrupts and halt until one arrives, with no window between the
 * two.  Returns with interrupts enabled.  Called with interrupts disabled.
 */
static inline void cpu_wait_irq(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}

/* Stop this core for ever, interrupts off. */
__noreturn void cpu_stop(void);
/* ACPI power-off; returns only if the machine has no such thing. */
void machine_poweroff(void);
/* Keyboard-controller or triple-fault reset. */
__noreturn void machine_reboot(void);
/* TSC ticks a second, calibrated at boot against HPET or PIT. */
uint64_t cpu_tsc_hz(void);
/* 64 random bits from the processor, or false where it has none. */
__must_check bool cpu_random(uint64_t *out);
/* "GenuineIntel" or the like. */
void cpu_vendor(char buf[13]);
/* Brand string, at most @size bytes with the terminator. */
void cpu_brand(char *buf, size_t size);
/* Space-separated feature names Linux would print for this processor. */
void cpu_feature_names(char *buf, size_t size);
/* Bits of AT_HWCAP (CPUID.1:EDX). */
uint32_t cpu_hwcap(void);
/* Write @n bytes to a QEMU debug port (iobase), no translation. */
void debug_port_write(uint16_t port, const void *data, size_t n);

uint8_t port_in8(uint16_t port);
uint16_t port_in16(uint16_t port);
uint32_t port_in32(uint16_t port);
void port_out8(uint16_t port, uint8_t value);
void port_out16(uint16_t port, uint16_t value);
void port_out32(uint16_t port, uint32_t value);
