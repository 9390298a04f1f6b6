/* SPDX-License-Identifier: MIT */
/* The stack canary: on the stack, one for each kernel stack. */
#include <arch/percpu.h>
#include <debug/ktest.h>
#include <lib/atomic.h>
#include <sched/kthread.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sched/waitq.h>

#define THREADS 6

static struct {
	uint64_t canary, after_sleep;
	uint32_t done; /* ATOMIC */
} seen[THREADS];

/*
 * How often the canary, with the bits of @flip changed, lies between the
 * buffer and the frame that owns it.  The value itself is made here only, so
 * that no caller has it on the stack.
 */
static __noinline unsigned words_above(volatile uint64_t *buf, uint64_t flip)
{
	unsigned i, n = 0;

	for (i = 0; i < 8 + 16; i++)
		n += (buf[i] ^ flip) == this_percpu()->canary;
	return n;
}

static __noinline unsigned protected_function(uint64_t flip)
{
	volatile uint64_t buf[8];
	unsigned i;

	for (i = 0; i < 8; i++)
		buf[i] = i;
	return words_above(buf, flip);
}

KTEST(functions_with_buffers_are_protected)
{
	uint64_t canary = this_percpu()->canary;

	KCHECK(canary != 0);
	KCHECK(canary == this_percpu()->kthread->canary);
	KCHECK(protected_function(0) >= 1);
	/* Not some number that happens to lie about. */
	KCHECK(protected_function(0x5555) == 0);
}

static void note_canary(void *arg)
{
	uintptr_t i = (uintptr_t)arg;
	err_t err;

	seen[i].canary = this_percpu()->canary;
	/* Others run on this core meanwhile. */
	err = sleep_until(clock_monotonic() + NSEC_PER_MSEC);
	seen[i].after_sleep = err ? 0 : this_percpu()->canary;
	atomic_store_release(&seen[i].done, 1);
	thread_exit();
}

KTEST(each_kernel_stack_has_its_own)
{
	struct thread *t;
	uintptr_t i, k;
	err_t err;

	for (i = 0; i < THREADS; i++) {
		seen[i].done = 0;
		err = kthread_spawn("canary", note_canary, (void *)i, &t);
		if (!KCHECK(err == 0))
			return;
		thread_put(t);
	}
	for (i = 0; i < THREADS; i++)
		while (atomic_load_acquire(&seen[i].done) == 0) {
			err = sleep_until(clock_monotonic() + NSEC_PER_MSEC);
			KREQUIRE(err == 0);
		}
	for (i = 0; i < THREADS; i++) {
		KCHECK(seen[i].canary != 0);
		KCHECK(seen[i].after_sleep == seen[i].canary);
		KCHECK(seen[i].canary != this_percpu()->canary);
		for (k = 0; k < i; k++)
			KCHECK(seen[k].canary != seen[i].canary);
	}
}
