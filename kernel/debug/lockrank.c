/* SPDX-License-Identifier: MIT */
/*
 * Lock ranks, checked while the system runs.
 *
 * PURPOSE  A chain of locks that was taken once in a forbidden order is
 *          reported the first time, whether or not it dead-locked.
 * OBJECTS  Per core: the spinlocks held, in order.  Per thread: the mutexes.
 * LOCKING  Both belong to the core that runs; interrupt handlers leave the
 *          stack as they found it.
 */
#include <arch/percpu.h>
#include <debug/lockrank.h>
#include <lib/assert.h>
#include <sched/thread.h>
#include <sync/mutex.h>
#include <sync/spinlock.h>

#define CORES	 (CONFIG_DEBUG ? 256 : 1)
#define MAX_HELD 16

struct held {
	uint32_t count;
	const struct spinlock *lock[MAX_HELD];
};

static struct held held_of[CORES];
static struct lockrank_mutexes early; /* before the first thread */

static struct {
	bool armed, came;
	unsigned held, taking;
} expect;

static bool rank_is_irq(unsigned rank)
{
	switch (rank) {
#define LOCK_RANK(name, value, irq, where) \
	case (value): \
		return (irq) != 0;
#include <sync/lock_ranks.def>
#undef LOCK_RANK
	default:
		return false;
	}
}

static const char *name_of(unsigned rank)
{
	return lock_rank_name((enum lock_rank)rank);
}

static struct held *my_held(void)
{
	return &held_of[core_id() < CORES ? core_id() : 0];
}

static struct lockrank_mutexes *my_mutexes(void)
{
	struct thread *t = current_thread();

	return t == NULL ? &early : &t->mutexes;
}

static void report_order(unsigned held, unsigned taking)
{
	if (expect.armed && expect.held == held && expect.taking == taking) {
		expect.armed = false;
		expect.came = true;
		return;
	}
	panic("lock order: taking %s (%u) while holding %s (%u)",
	      name_of(taking), taking, name_of(held), held);
}

static void check_order(unsigned held, unsigned taking, bool same_rank)
{
	if (taking > held || (same_rank && taking == held))
		return;
	report_order(held, taking);
}

/*
 * One core waits for A in an interrupt that hit a holder of B; another holds
 * A and waits for B: so a lock that interrupts take comes last in a chain.
 */
static void check_irq_safe(unsigned held, unsigned taking)
{
	if (rank_is_irq(held) && !rank_is_irq(taking))
		panic("lock order: taking %s, at which interrupts may be on, "
		      "while holding %s, which interrupts take",
		      name_of(taking), name_of(held));
}

void lockrank_spin_check(const struct spinlock *l, bool same_rank)
{
	const struct held *h = my_held();
	const struct lockrank_mutexes *m = my_mutexes();
	unsigned i;

	if (rank_is_irq(l->rank)) {
		if (irq_enabled())
			panic("lock %s is taken in interrupts and needs them "
			      "off",
			      name_of(l->rank));
	} else if (in_irq()) {
		panic("lock %s taken in an interrupt", name_of(l->rank));
	}
	for (i = 0; i < h->count; i++) {
		if (h->lock[i] == l)
			panic("lock %s taken twice", name_of(l->rank));
		check_irq_safe(h->lock[i]->rank, l->rank);
		/* What the interrupted code holds is no part of our chain. */
		if (!in_irq() || rank_is_irq(h->lock[i]->rank))
			check_order(h->lock[i]->rank, l->rank, same_rank);
	}
	/* An interrupt handler does not inherit its victim's mutexes. */
	for (i = 0; !in_irq() && i < m->count && i < LOCKRANK_MUTEXES; i++)
		check_order(m->held[i]->rank, l->rank, same_rank);
}

void lockrank_spin_push(const struct spinlock *l)
{
	irqflags_t flags = irq_save();
	struct held *h = my_held();

	if (h->count == MAX_HELD)
		panic("more than %d spinlocks held", MAX_HELD);
	h->lock[h->count++] = l;
	this_percpu()->lock_depth = h->count;
	irq_restore(flags);
}

void lockrank_spin_pop(const struct spinlock *l)
{
	irqflags_t flags = irq_save();
	struct held *h = my_held();
	uint32_t i = h->count;

	while (i > 0 && h->lock[i - 1] != l)
		i--;
	if (i == 0)
		panic("unlock of %s, which this core does not hold",
		      name_of(l->rank));
	for (; i < h->count; i++)
		h->lock[i - 1] = h->lock[i];
	h->count--;
	this_percpu()->lock_depth = h->count;
	irq_restore(flags);
}

void lockrank_mutex_check(const struct mutex *m, bool same_rank)
{
	const struct lockrank_mutexes *held = my_mutexes();
	uint32_t i;

	for (i = 0; i < held->count && i < LOCKRANK_MUTEXES; i++) {
		if (held->held[i] == m)
			panic("mutex %s taken twice", name_of(m->rank));
		check_order(held->held[i]->rank, m->rank, same_rank);
	}
}

void lockrank_mutex_push(const struct mutex *m)
{
	struct lockrank_mutexes *held = my_mutexes();

	if (held->count == LOCKRANK_MUTEXES)
		panic("more than %d mutexes held", LOCKRANK_MUTEXES);
	held->held[held->count++] = m;
}

void lockrank_mutex_pop(const struct mutex *m)
{
	struct lockrank_mutexes *held = my_mutexes();
	uint32_t i = held->count;

	while (i > 0 && held->held[i - 1] != m)
		i--;
	if (i == 0)
		panic("unlock of mutex %s, which the thread does not hold",
		      name_of(m->rank));
	for (; i < held->count; i++)
		held->held[i - 1] = held->held[i];
	held->count--;
}

void lockrank_assert_may_sleep(void)
{
	const struct held *h = my_held();

	if (in_irq())
		panic("sleeping in an interrupt");
	if (h->count != 0)
		panic("sleeping while holding %s",
		      name_of(h->lock[h->count - 1]->rank));
}

void lockrank_assert_none(void)
{
	const struct held *h = my_held();

	if (h->count != 0)
		panic("thread switch while holding %s",
		      name_of(h->lock[h->count - 1]->rank));
}

void lockrank_expect_report(unsigned held, unsigned taking)
{
	expect.held = held;
	expect.taking = taking;
	expect.came = false;
	expect.armed = true;
}

bool lockrank_reported(void)
{
	expect.armed = false;
	return expect.came;
}

void locks_held_dump(void (*print)(const char *fmt, ...))
{
	const struct held *h = my_held();
	const struct lockrank_mutexes *m = my_mutexes();
	uint32_t i;

	if (!CONFIG_DEBUG) {
		print("locks: recorded in the debug flavour only");
		return;
	}
	print("locks: core %u holds %u spinlocks and %u mutexes", core_id(),
	      h->count, m->count);
	for (i = 0; i < h->count && i < MAX_HELD; i++)
		print("  spinlock %s at %p", name_of(h->lock[i]->rank),
		      (const void *)h->lock[i]);
	for (i = 0; i < m->count && i < LOCKRANK_MUTEXES; i++)
		print("  mutex %s at %p", name_of(m->held[i]->rank),
		      (const void *)m->held[i]);
}
