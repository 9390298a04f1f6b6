/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: allocation, and the short list of spares on each core.
 *
 * PURPOSE  A core that gives its stack to a blocked thread goes on upon a
 *          spare; it must never need memory at that moment.
 * OBJECTS  struct kthread at the top of each stack: no second allocation.
 * LOCKING  The list belongs to its core; interrupts never touch it.
 * LIFETIME A stack is on a list, under a core, or with a thread (t->kt).
 *          Above KTHREAD_KEEP spares, stacks go back to the allocator.
 */
#include <arch/context.h>
#include <debug/fault.h>
#include <lib/err.h>
#include <lib/hash.h>
#include <mm/slab.h>
#include <sched/kthread.h>

#include "sched_impl.h"

#define STACK_ALIGN 16u

/* A zero byte at its low end keeps string functions from copying it. */
static uint64_t new_canary(const struct kthread *kt)
{
	uint64_t seed = 0;

	if (!cpu_random(&seed))
		seed = cpu_tsc();
	return hash_u64(seed ^ (uint64_t)(uintptr_t)kt) & ~UINT64_C(0xff);
}

struct kthread *kthread_alloc(void)
{
	uint64_t top = kstack_alloc();
	struct kthread *kt;

	if (top == 0)
		return NULL;
	kt = (struct kthread *)((top - sizeof(*kt)) &
				~(uint64_t)(STACK_ALIGN - 1));
	*kt = (struct kthread){
		.top = (uint64_t)(uintptr_t)kt,
		.alloc_top = top,
		.canary = new_canary(kt),
	};
	return kt;
}

void kthread_free(struct kthread *kt)
{
	if (kt->alloc_top != 0)
		kstack_free(kt->alloc_top);
}

struct kthread *kthread_take(struct core *c)
{
	struct kthread *kt = c->free_kts;

	if (kt != NULL) {
		c->free_kts = kt->next;
		c->nfree--;
	}
	return kt;
}

bool kthread_give(struct core *c, struct kthread *kt)
{
	if (c->nfree >= KTHREAD_KEEP || kt->alloc_top == 0)
		return false;
	kt->thread = NULL;
	kt->next = c->free_kts;
	c->free_kts = kt;
	c->nfree++;
	return true;
}

err_t core_refill_spare(void)
{
	struct core *c = this_core();
	struct kthread *kt;

	while (c->nfree < KTHREAD_WATERMARK) {
		kt = kthread_alloc();
		if (kt == NULL)
			return -ENOMEM;
		if (!kthread_give(c, kt))
			kthread_free(kt);
	}
	return 0;
}

void sched_drain_stacks(void)
{
	struct core *c = this_core();
	err_t err;

	while (c->nfree > KTHREAD_WATERMARK)
		kthread_free(kthread_take(c));
	/* And no fewer, so that two counts can be compared. */
	err = core_refill_spare();
	(void)err;
}
