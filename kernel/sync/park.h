/* SPDX-License-Identifier: MIT */
/*
 * How code below the scheduler waits: sched/ fills this table before the
 * second thread exists.
 */
#pragma once

#include <lib/types.h>
#include <sync/spinlock.h>

struct thread;

struct park_ops {
	/*
	 * Block the current thread until unpark(); drops @l after the thread
	 * counts as asleep, returns without it.  Not interrupted by signals.
	 */
	void (*park)(struct spinlock *l);
	/* Wake a parked thread; the caller holds the lock it parked with. */
	void (*unpark)(struct thread *t);
	/* Give the core away if someone else should have it. */
	void (*point)(void);
	/* Will the current thread die as soon as it is back at its edge? */
	bool (*dying)(void);
};
extern struct park_ops park_ops;

/*
 * To be called at least every 50,000 instructions in loops of user-chosen
 * size.  Context: thread, may sleep.  Locks: no spinlock.
 */
void sched_point(void);

/*
 * True: nobody will see what the current thread still does.  Loops that may
 * take longer than somebody waits for a kill ask at their sched_point().
 */
bool sched_dying(void);
