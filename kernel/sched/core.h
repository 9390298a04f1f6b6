/* SPDX-License-Identifier: MIT */
/*
 * What the scheduler keeps for each core, and what the layers that own the
 * interrupts (init/, arch hooks) call.  Others have no business here but for
 * the functions at the end.
 */
#pragma once

#include <arch/percpu.h>
#include <lib/list.h>
#include <lib/rbtree.h>
#include <lib/types.h>
#include <sched/msg.h>
#include <sched/runq.h>
#include <sync/spinlock.h>

#define SCHED_MAX_CORES 256
#define LOADAVG_SHIFT	11

struct timer;

struct timer_queue {
	struct spinlock lock;  /* rank TIMER */
	struct rb_root tree;   /* GUARDED_BY(lock); by deadline */
	struct rb_node *first; /* GUARDED_BY(lock) */
	struct timer *running; /* GUARDED_BY(lock); its fn is being called */
	uint64_t fired;	       /* GUARDED_BY(lock) */
};

struct msg_queue {
	struct core_msg *head, *tail;
};

struct core {
	coreid_t id;	     /* IMMUTABLE */
	bool started;	     /* PRIVATE(this core) idle and worker exist */
	struct runq rq;	     /* has its own lock */
	struct thread *idle; /* IMMUTABLE once started */

	/* Switching. All PRIVATE(this core). */
	struct kthread *free_kts; /* spare stacks; the last is a reserve */
	uint32_t nfree;		  /* how many */
	struct thread *prev;	  /* whom finish_switch() lets go */
	struct kthread *leaving;  /* stack to be freed once we are off it */
	struct thread *dead;	  /* reference to be dropped */
	struct thread *user;	  /* whose segment bases are loaded */

	/* Time. All PRIVATE(this core) but for the queue's own lock. */
	struct timer_queue timers;
	nsec_t timer_armed; /* when the timer fires; NSEC_NEVER: it won't */
	nsec_t stamp;	    /* up to here time is charged to a thread */
	nsec_t sample_at;   /* next sample of user or system mode */
	nsec_t sample_gap;  /* doubles while one thread runs alone */
	nsec_t sampled;	    /* when the last sample was taken */

	/* Statistics: PRIVATE(this core), read by all. */
	uint64_t switches;
	nsec_t idle_ns, busy_ns, user_samples, sys_samples;
	uint64_t messages;
	uint64_t load[3];
	nsec_t load_next;

	/* Messages and deferred work. */
	struct spinlock msg_lock;   /* rank MSG */
	struct msg_queue immediate; /* GUARDED_BY(msg_lock) */
	struct msg_queue routine;   /* GUARDED_BY(msg_lock); ATOMIC head */
	struct spinlock work_lock;  /* rank WORK */
	struct msg_queue work;	    /* GUARDED_BY(work_lock) */
	struct thread *worker;	    /* IMMUTABLE once started */
} __aligned(CACHE_LINE);

static inline struct core *this_core(void)
{
	return PERCPU_READ(core);
}

/* NULL if the core is not started. */
static inline struct core *core_of(coreid_t id)
{
	struct percpu *pc = percpu_of(id);

	return pc == NULL ? NULL : pc->core;
}

/* trap_ops.timer and trap_ops.ipi. */
void sched_timer_irq(void);
void sched_ipi_irq(void);
/* All spare stacks but the reserve go back (tests that count frames). */
void sched_drain_stacks(void);
