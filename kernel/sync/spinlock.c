/* SPDX-License-Identifier: MIT */
/*
 * Ticket spinlocks.
 *
 * PURPOSE  Mutual exclusion between cores for a bounded time, in the order of
 *          arrival.
 * OBJECTS  struct spinlock: the ticket handed out and the ticket served.  The
 *          lock is free when they are equal.
 * LOCKING  Ranks in lock_ranks.def; the debug flavour checks every lock
 *          before it waits, so that an inversion panics and does not hang.
 *          A rank with irq=1 is only taken with interrupts off.
 * CALLERS  Everybody.  The uncontended path is inline in spinlock.h.
 */
#include <debug/lockrank.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <sync/spinlock.h>

void spin_init(struct spinlock *l, enum lock_rank rank)
{
	*l = (struct spinlock){
		.rank = (uint16_t)rank,
		.core = -1,
	};
}

/* Spinning here may be with interrupts off: bounded by the holders. */
__noinline void spin_wait(struct spinlock *l, uint32_t ticket)
{
	atomic_inc_relaxed(&l->contended);
	/* Pairs with the release in spin_unlock(). */
	while (atomic_load_acquire(&l->owner) != ticket)
		cpu_relax();
}

void spin_lock_checked(struct spinlock *l, bool same_rank)
	NO_TSA /* this is the primitive itself */
{
	uint32_t ticket;

	lockrank_spin_check(l, same_rank);
	ticket = atomic_fetch_add_relaxed(&l->next, 1);
	if (atomic_load_acquire(&l->owner) != ticket)
		spin_wait(l, ticket);
	l->core = (int16_t)core_id();
	lockrank_spin_push(l);
}

void spin_unlock_checked(struct spinlock *l)
	NO_TSA /* this is the primitive itself */
{
	kassert(spin_held(l));
	lockrank_spin_pop(l);
	l->core = -1;
	/* Pairs with the acquire in spin_lock(). */
	atomic_store_release(&l->owner, l->owner + 1);
}

bool spin_trylock(struct spinlock *l) NO_TSA /* the primitive itself */
{
	uint32_t owner = atomic_load_relaxed(&l->owner);
	uint32_t free = owner;

	if (!atomic_cas(&l->next, &free, owner + 1))
		return false;
	if (CONFIG_DEBUG) {
		l->core = (int16_t)core_id();
		lockrank_spin_push(l);
	}
	return true;
}

bool spin_held(const struct spinlock *l)
{
	if (!CONFIG_DEBUG)
		return atomic_load_relaxed(&l->next) !=
		       atomic_load_relaxed(&l->owner);
	return atomic_load_relaxed(&l->core) == (int16_t)core_id();
}

void assert_may_sleep_checked(void)
{
	lockrank_assert_may_sleep();
}

const char *lock_rank_name(enum lock_rank rank)
{
	switch (rank) {
#define LOCK_RANK(name, value, irq, where) \
	case RANK_##name: \
		return #name;
#include <sync/lock_ranks.def>
#undef LOCK_RANK
	}
	return "?";
}
