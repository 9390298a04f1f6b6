/* SPDX-License-Identifier: MIT */
/*
 * Sleeping mutual exclusion, for holders that may sleep or copy user memory.
 * Waits are not interruptible, so holders never wait for user action.
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/types.h>
#include <sync/spinlock.h>

struct thread;

struct CAPABILITY("mutex") mutex {
	struct thread *owner; /* ATOMIC; NULL: free; bit 0: waiters */
	struct spinlock lock; /* rank MUTEX; guards waiters */
	struct list waiters;  /* GUARDED_BY(lock) */
	uint16_t rank;	      /* IMMUTABLE */
};

void mutex_init(struct mutex *m, enum lock_rank rank);
/* Context: thread, may sleep. */
void mutex_lock(struct mutex *m) ACQUIRES(m);
void mutex_unlock(struct mutex *m) RELEASES(m);
/*
 * A second mutex of a rank that is held already (parent and child directory,
 * two files); the caller has an order of its own among them.
 */
void mutex_lock_second(struct mutex *m) ACQUIRES(m);
__must_check bool mutex_trylock(struct mutex *m) TRY_ACQUIRES(true, m);
/* True when the current thread holds @m. */
bool mutex_held(const struct mutex *m);
