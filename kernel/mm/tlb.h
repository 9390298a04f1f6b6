/* SPDX-License-Identifier: MIT */
/*
 * Making cores forget old translations, in two steps: this core at once,
 * the others through a hook that sched/ fills when there are others.
 */
#pragma once

#include <lib/types.h>

struct aspace;

struct tlb_ops {
	/*
	 * Returns when every other core that has @as loaded (NULL: every
	 * core) has dropped [start, end).  Context: thread, interrupts on,
	 * no spinlock; ASPACE may be held.
	 */
	void (*remote)(struct aspace *as, vaddr_t start, vaddr_t end);
};
extern struct tlb_ops tlb_ops;

/* User addresses of @as.  Locks: ASPACE held. */
void tlb_flush_user(struct aspace *as, vaddr_t start, vaddr_t end);
/* Kernel heap addresses. */
void tlb_flush_kernel(vaddr_t start, vaddr_t end);
