/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: how fast the TSC and the APIC timer run.
 *
 * Both are counted over the same 2 ms of a clock whose rate is known: the
 * HPET (specification 1.0a, 2.3), else channel 2 of the PIT.  Reads of the
 * reference are bracketed by time stamps, and of several tries at each end
 * the tightest counts, so a host that interrupts the guest does little harm.
 * Under an instruction counter the result is the same in every run.
 */
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/impl/pt_impl.h>
#include <debug/log.h>
#include <lib/assert.h>

#define HPET_CAPABILITIES 0x000
#define HPET_CONFIG	  0x010
#define HPET_COUNTER	  0x0f0
#define HPET_ENABLE	  1u

#define PIT_HZ	  1193182u
#define WINDOW_NS 2000000u
#define FEMTO	  UINT64_C(1000000000000000)

struct reference {
	uint64_t (*read)(void);
	uint64_t hz;
	const char *name;
};

struct sample {
	uint64_t reference, tsc;
	uint32_t apic;
};

static volatile uint32_t *hpet __ro_after_init;
static uint64_t tsc_hz __ro_after_init;

static uint64_t hpet_read(void)
{
	return hpet[HPET_COUNTER / 4];
}

static bool hpet_start(struct reference *ref)
{
	uint64_t period;

	if (acpi.hpet == 0)
		return false;
	hpet = mmio_map(acpi.hpet, PAGE_SIZE);
	if (hpet == NULL)
		return false;
	period = hpet[HPET_CAPABILITIES / 4 + 1];
	if (period == 0 || period > 100000000)
		return false;
	hpet[HPET_CONFIG / 4] |= HPET_ENABLE;
	*ref = (struct reference){ hpet_read, FEMTO / period, "HPET" };
	return true;
}

/* Channel 2 counts down from 65535: 55 ms, enough for one window. */
static uint64_t pit_read(void)
{
	unsigned lo, hi;

	port_out8(0x43, 0x80); /* latch */
	lo = port_in8(0x42);
	hi = port_in8(0x42);
	return 0xffffu - (hi << 8 | lo);
}

static void pit_start(struct reference *ref)
{
	/* Gate on, speaker off; mode 0, low byte then high byte. */
	port_out8(0x61, (uint8_t)((port_in8(0x61) & ~2u) | 1u));
	port_out8(0x43, 0xb0);
	port_out8(0x42, 0xff);
	port_out8(0x42, 0xff);
	*ref = (struct reference){ pit_read, PIT_HZ, "PIT" };
}

static struct sample take_sample(const struct reference *ref)
{
	struct sample best = { 0, 0, 0 };
	uint64_t best_width = UINT64_MAX;
	unsigned i;

	for (i = 0; i < 5; i++) {
		uint64_t before = cpu_tsc();
		uint64_t now = ref->read();
		uint32_t apic = lapic_timer_left();
		uint64_t after = cpu_tsc();

		if (after - before >= best_width)
			continue;
		best_width = after - before;
		best.reference = now;
		best.tsc = before + (after - before) / 2;
		best.apic = apic;
	}
	return best;
}

static uint64_t rate(uint64_t count, uint64_t elapsed, uint64_t hz)
{
	/* Below 2^64: a window is far less than a second. */
	return count * hz / elapsed;
}

void clock_calibrate(void)
{
	struct reference ref;
	struct sample a, b;
	uint64_t ticks, apic_hz;

	if (!hpet_start(&ref))
		pit_start(&ref);
	lapic_timer_setup();
	lapic_timer_set(UINT32_MAX);
	a = take_sample(&ref);
	ticks = ref.hz / (NSEC_PER_SEC / WINDOW_NS);
	while (((ref.read() - a.reference) & UINT32_MAX) < ticks)
		cpu_relax();
	b = take_sample(&ref);
	lapic_timer_set(0);

	ticks = (b.reference - a.reference) & UINT32_MAX;
	tsc_hz = rate(b.tsc - a.tsc, ticks, ref.hz);
	apic_hz = rate(a.apic - b.apic, ticks, ref.hz);
	if (tsc_hz == 0 || apic_hz == 0)
		panic("clock: the TSC or the APIC timer stands still");
	core_timer_init(apic_hz, tsc_hz);
	klog("clock: TSC %llu kHz, APIC timer %llu kHz, by %s",
	     (unsigned long long)(tsc_hz / 1000),
	     (unsigned long long)(apic_hz / 1000), ref.name);
}

uint64_t cpu_tsc_hz(void)
{
	return tsc_hz;
}
