/* SPDX-License-Identifier: MIT */
/*
 * Kernel messages between cores, and deferred work.  The sender provides the
 * memory: a message is free to be sent again once it has begun to run.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct core_msg {
	struct core_msg *next; /* PRIVATE(msg.c) */
	void (*fn)(void *arg); /* IMMUTABLE while queued */
	void *arg;	       /* IMMUTABLE while queued */
	uint32_t queued;       /* ATOMIC; 1 from send to start */
};

static inline void core_msg_init(struct core_msg *m, void (*fn)(void *),
				 void *arg)
{
	*m = (struct core_msg){ .fn = fn, .arg = arg };
}

/*
 * Immediate: runs in interrupt context on @core, soon.  FIFO per core pair.
 * Returns false if the message is still queued from before (it will run).
 */
bool core_send_immediate(coreid_t core, struct core_msg *m);
/* Routine: runs at the core's next safe point, in thread context. */
bool core_send(coreid_t core, struct core_msg *m);
/* Handle what has come for this core; called where it spins. */
void core_msg_drain_immediate(void);

/*
 * Work to be done soon in thread context that may sleep, on a worker thread.
 * Any context.  Same memory rule as messages.
 */
bool work_defer(struct core_msg *m);
