/* SPDX-License-Identifier: MIT */
/*
 * This core's one-shot timer, in one of two ways: a count-down in the APIC
 * (SDM 3A 10.5.4) or a TSC value at which it fires (TSC-deadline mode,
 * 10.5.4.1; no machine of ours has that).  Conversion from nanoseconds is one
 * multiplication by a 32.32 fixed-point factor.
 */
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/timer.h>

struct timer_ops {
	void (*arm)(uint64_t ticks);
	void (*stop)(void);
};

static uint64_t factor __ro_after_init; /* ticks a nanosecond, 32.32 */
/* Longest span that neither overflows nor exceeds the hardware. */
static uint64_t max_ns __ro_after_init;

static void count_arm(uint64_t ticks)
{
	lapic_timer_set((uint32_t)ticks);
}

static void count_stop(void)
{
	lapic_timer_set(0);
}

static void deadline_arm(uint64_t ticks)
{
	wrmsr(MSR_TSC_DEADLINE, cpu_tsc() + ticks);
}

static void deadline_stop(void)
{
	wrmsr(MSR_TSC_DEADLINE, 0);
}

static const struct timer_ops count_ops = { count_arm, count_stop };
static const struct timer_ops deadline_ops = { deadline_arm, deadline_stop };
static const struct timer_ops *ops __ro_after_init;

void core_timer_arm(nsec_t delta_ns)
{
	uint64_t ns = delta_ns < max_ns ? delta_ns : max_ns;
	uint64_t ticks = (uint64_t)(((unsigned __int128)ns * factor) >> 32);

	/* A count of 0 would stop the timer. */
	ops->arm(ticks != 0 ? ticks : 1);
}

void core_timer_stop(void)
{
	ops->stop();
}

void core_timer_init(uint64_t lapic_hz, uint64_t tsc_hz)
{
	bool deadline = cpu_features.tsc_deadline;
	uint64_t hz = deadline ? tsc_hz : lapic_hz;

	/* In steps that stay below 2^64: rates are below 2^42. */
	factor = ((hz / 1000) << 32) / (NSEC_PER_SEC / 1000);
	if (deadline) {
		ops = &deadline_ops;
		max_ns = 3600 * NSEC_PER_SEC;
		lapic_timer_mode_deadline();
	} else {
		ops = &count_ops;
		max_ns = UINT32_MAX * NSEC_PER_SEC / lapic_hz;
		lapic_timer_setup();
	}
}
