/* SPDX-License-Identifier: MIT */
/*
 * Deferred freeing for lock-free readers.  A reader is any stretch of kernel
 * code in thread context that does not sleep; interrupt handlers are not
 * readers.  A core is quiescent in user mode, when idle, and whenever it
 * switches threads.
 */
#pragma once

#include <lib/types.h>

struct epoch_item {
	struct epoch_item *next;	     /* PRIVATE(epoch) */
	void (*fn)(struct epoch_item *item); /* IMMUTABLE once deferred */
};

/*
 * Call @fn(@item) once every core has been quiescent.
 * Context: any but irq.  Locks: none taken.  @fn runs in thread context,
 * must not sleep.
 */
void epoch_defer(struct epoch_item *item, void (*fn)(struct epoch_item *));
/* This core is quiescent now: called by sched/ between threads. */
void epoch_quiescent(void);
/* Wait until all that is deferred so far has run (tests, shutdown). */
void epoch_flush(void);

/* What sched/ does between threads, when idle and in its worker. */
extern uint32_t epoch_outstanding; /* ATOMIC; items not run yet, all cores */
/* Set once by sched/: many have gathered; call epoch_run() on this core soon. */
extern void (*epoch_kick)(void);
bool epoch_pressing(void);
/* Idle cores are quiescent without being asked.  Interrupts off. */
void epoch_idle_enter(void);
void epoch_idle_exit(void);
/*
 * Run what is due on this core, which is quiescent here.
 * Context: thread, not a reader.  Locks: none.
 */
void epoch_run(void);
/* A core that is started takes part from here on. */
void epoch_core_online(coreid_t core);
