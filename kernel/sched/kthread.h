/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks.  A core always runs on one; a thread keeps one only while it
 * is inside the kernel and not running.
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/types.h>
#include <sched/core.h>

struct thread;

/* Lies at the upper end of its own stack. */
struct kthread {
	uint64_t top;	       /* IMMUTABLE; rsp at kernel entry */
	uint64_t rsp;	       /* PRIVATE(sched) saved while switched away */
	uint64_t canary;       /* IMMUTABLE */
	struct kthread *next;  /* PRIVATE(core) on the free list */
	struct thread *thread; /* PRIVATE(sched) who is inside; NULL: spare */
	uint64_t alloc_top;    /* IMMUTABLE; for kstack_free(); 0: static */
};

/* The last stack on a core is a reserve: with it alone, calls fail early. */
#define KTHREAD_WATERMARK 2u
#define KTHREAD_KEEP	  6u

/*
 * To be asked on entry of a system call that may block; when false,
 * core_refill_spare() must succeed or the call fails before it began.
 */
static inline bool core_has_spare(void)
{
	return likely(this_core()->nfree >= KTHREAD_WATERMARK);
}

/* Context: thread or interrupts off.  Returns: 0, -ENOMEM. */
__must_check err_t core_refill_spare(void);

/* For thread.c and sched.c. */
struct kthread *kthread_alloc(void);
void kthread_free(struct kthread *kt);
/* Between a core and its list of free stacks. */
struct kthread *kthread_take(struct core *c);
/* False: the list is full, the caller frees it (not with interrupts off). */
__must_check bool kthread_give(struct core *c, struct kthread *kt);
