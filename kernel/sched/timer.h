/* SPDX-License-Identifier: MIT */
/* Timers, one queue a core, O(log n); and the clocks. */
#pragma once

#include <lib/annot.h>
#include <lib/rbtree.h>
#include <lib/types.h>

struct timer {
	struct rb_node node;	     /* PRIVATE(timer.c) */
	nsec_t deadline;	     /* PRIVATE(timer.c) */
	void (*fn)(struct timer *t); /* IMMUTABLE; irq context, bounded */
	coreid_t core;		     /* PRIVATE(timer.c) */
	uint8_t state;		     /* PRIVATE(timer.c) */
};

void timer_init(struct timer *t, void (*fn)(struct timer *t));
/* Set or move.  Any context.  Locks: takes TIMER. */
void timer_arm(struct timer *t, nsec_t deadline);
/*
 * After return @fn is not running and will not run.  True if it was pending.
 * Context: any but @fn itself; no lock that @fn takes.
 */
bool timer_cancel(struct timer *t);
/* Pending deadline, or 0. */
nsec_t timer_deadline(const struct timer *t);

/* Nanoseconds since boot; never goes back. */
nsec_t clock_monotonic(void);
/* Nanoseconds since 1970, from the RTC at boot plus monotonic. */
nsec_t clock_realtime(void);
void clock_set_realtime(nsec_t now);
/* For the vDSO-like page later: parameters of tsc -> ns. */
void clock_params(uint64_t *tsc_base, uint64_t *mult, unsigned *shift);
void clock_init(void);
nsec_t clock_boot_realtime(void); /* realtime at monotonic 0 (btime) */
