/* SPDX-License-Identifier: MIT */
/* Timers and clocks. */
#include <debug/ktest.h>
#include <lib/atomic.h>
#include <lib/hash.h>
#include <mm/slab.h>
#include <sched/core.h>
#include <sched/timer.h>
#include <sched/waitq.h>

#define NTIMERS 1000

struct probe {
	struct timer timer;
	nsec_t fired_at; /* written once, in the interrupt */
};

static struct probe *probes;
static uint32_t nfired;	    /* ATOMIC */
static uint32_t disordered; /* ATOMIC */
static nsec_t last_deadline;

static void probe_fn(struct timer *t)
{
	struct probe *p = container_of(t, struct probe, timer);

	p->fired_at = clock_monotonic();
	if (t->deadline < last_deadline)
		atomic_inc_relaxed(&disordered);
	last_deadline = t->deadline;
	atomic_inc_relaxed(&nfired);
}

KTEST(thousand_timers_fire_in_order)
{
	nsec_t start = clock_monotonic();
	unsigned i, early = 0, cancelled = 0;
	uint64_t seed = 1;

	probes = kcalloc(NTIMERS, sizeof(*probes));
	KREQUIRE(probes != NULL);
	nfired = disordered = 0;
	last_deadline = 0;
	for (i = 0; i < NTIMERS; i++) {
		seed = hash_u64(seed + i);
		timer_init(&probes[i].timer, probe_fn);
		timer_arm(&probes[i].timer,
			  start + 30 * NSEC_PER_MSEC +
				  seed % (20 * NSEC_PER_MSEC));
	}
	for (i = 0; i < NTIMERS; i += 10)
		cancelled += timer_cancel(&probes[i].timer);
	KCHECK(sleep_until(start + 60 * NSEC_PER_MSEC) == 0);
	KCHECK(atomic_load_acquire(&nfired) + cancelled == NTIMERS);
	KCHECK(disordered == 0);
	for (i = 0; i < NTIMERS; i++) {
		KCHECK(!timer_cancel(&probes[i].timer));
		if (probes[i].fired_at != 0 &&
		    probes[i].fired_at < probes[i].timer.deadline)
			early++;
	}
	KCHECK(early == 0);
	kfree(probes);
	probes = NULL;
}

static void again_fn(struct timer *t)
{
	if (atomic_fetch_add_relaxed(&nfired, 1) < 4)
		timer_arm(t, clock_monotonic() + NSEC_PER_MSEC);
}

KTEST(timer_may_arm_itself)
{
	struct timer t;

	nfired = 0;
	timer_init(&t, again_fn);
	timer_arm(&t, clock_monotonic());
	KCHECK(sleep_until(clock_monotonic() + 15 * NSEC_PER_MSEC) == 0);
	KCHECK(atomic_load_acquire(&nfired) == 5);
	KCHECK(!timer_cancel(&t));
	KCHECK(timer_deadline(&t) == 0);
}

KTEST(armed_timer_can_be_moved)
{
	nsec_t now = clock_monotonic();
	struct timer t;

	nfired = 4;
	timer_init(&t, again_fn);
	timer_arm(&t, now + NSEC_PER_SEC);
	KCHECK(timer_deadline(&t) == now + NSEC_PER_SEC);
	timer_arm(&t, now + 2 * NSEC_PER_MSEC);
	KCHECK(sleep_until(now + 6 * NSEC_PER_MSEC) == 0);
	KCHECK(atomic_load_acquire(&nfired) == 5);
}

KTEST(clocks_advance_together)
{
	nsec_t m = clock_monotonic(), r = clock_realtime();
	uint64_t base, mult;
	unsigned shift;

	KCHECK(sleep_until(m + 5 * NSEC_PER_MSEC) == 0);
	KCHECK(clock_monotonic() - m >= 5 * NSEC_PER_MSEC);
	KCHECK(clock_realtime() - r >= 5 * NSEC_PER_MSEC);
	KCHECK(r > UINT64_C(1500000000) * NSEC_PER_SEC);
	m = clock_monotonic();
	KCHECK(clock_realtime() - m - clock_boot_realtime() < NSEC_PER_SEC);
	clock_params(&base, &mult, &shift);
	KCHECK(mult != 0 && shift == 32);
}

KTEST(setting_real_time_leaves_monotonic_alone)
{
	nsec_t r = clock_realtime(), m = clock_monotonic();

	clock_set_realtime(r + 1000 * NSEC_PER_SEC);
	KCHECK(clock_realtime() - r >= 1000 * NSEC_PER_SEC);
	KCHECK(clock_monotonic() - m < 100 * NSEC_PER_SEC);
	clock_set_realtime(clock_realtime() - 1000 * NSEC_PER_SEC);
}

KTEST(lone_thread_is_hardly_interrupted)
{
	nsec_t end = clock_monotonic() + 50 * NSEC_PER_MSEC;
	struct core *c = this_core();
	nsec_t gap = c->sample_gap;

	while (clock_monotonic() < end)
		cpu_relax();
	/* Samples at 10 and 30 ms, the next at 70: never a periodic tick. */
	KCHECK(c->sample_gap >= gap);
	KCHECK(c->sample_gap <= 64 * gap);
}
