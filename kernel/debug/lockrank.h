/* SPDX-License-Identifier: MIT */
/*
 * The lock checker of the debug flavour: order of ranks, interrupt safety,
 * no sleeping under a spinlock.  Called by sync/ only if CONFIG_DEBUG.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct mutex;
struct spinlock;
struct thread;

#define LOCKRANK_MUTEXES 8 /* a thread may hold at once */

/* Part of struct thread. */
struct lockrank_mutexes {
	uint32_t count; /* PRIVATE(the thread) */
	const struct mutex *held[CONFIG_DEBUG ? LOCKRANK_MUTEXES : 1];
};

/* Before waiting for the lock.  Panics with the names of both. */
void lockrank_spin_check(const struct spinlock *l, bool same_rank);
void lockrank_spin_push(const struct spinlock *l);
void lockrank_spin_pop(const struct spinlock *l);
void lockrank_mutex_check(const struct mutex *m, bool same_rank);
void lockrank_mutex_push(const struct mutex *m);
void lockrank_mutex_pop(const struct mutex *m);
void lockrank_assert_may_sleep(void);
/* The current thread is leaving the core: it holds no spinlock. */
void lockrank_assert_none(void);

/*
 * For tests of the checker: the next report about taking a lock of rank
 * @taking is counted instead of a panic.
 */
void lockrank_expect_report(unsigned held, unsigned taking);
/* Whether it came; ends the expectation. */
bool lockrank_reported(void);

/* What this core and its thread hold, a line each, for panics. */
void locks_held_dump(void (*print)(const char *fmt, ...));
