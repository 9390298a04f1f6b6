/* SPDX-License-Identifier: MIT */
/*
 * Ticket spinlocks with ranks.
 *
 * A lock whose rank says irq=1 must be taken with spin_lock_irqsave(), or
 * with interrupts already off; the debug flavour panics otherwise.  The debug
 * flavour also checks the rank order and records who holds what.
 */
#pragma once

#include <arch/cpu.h>
#include <arch/percpu.h>
#include <lib/annot.h>
#include <lib/types.h>

enum lock_rank {
#define LOCK_RANK(name, value, irq, where) RANK_##name = (value),
#include <sync/lock_ranks.def>
#undef LOCK_RANK
};

struct CAPABILITY("spinlock") spinlock {
	uint32_t next;	/* ATOMIC; ticket handed out */
	uint32_t owner; /* ATOMIC; ticket being served */
	uint16_t rank;	/* IMMUTABLE */
	int16_t core;	/* ATOMIC; holder's core, -1 if free; debug flavour */
	uint32_t contended; /* ATOMIC; times a taker had to wait */
};

#define SPINLOCK_INIT(r) \
	{ \
		.next = 0, .owner = 0, .rank = RANK_##r, .core = -1, \
		.contended = 0 \
	}

void spin_init(struct spinlock *l, enum lock_rank rank);

/* Private to the inline functions below. */
void spin_wait(struct spinlock *l, uint32_t ticket);
void spin_lock_checked(struct spinlock *l, bool same_rank);
void spin_unlock_checked(struct spinlock *l);

static inline void spin_lock(struct spinlock *l) ACQUIRES(l)
	NO_TSA /* this is the primitive itself */
{
	uint32_t ticket;

	if (CONFIG_DEBUG) {
		spin_lock_checked(l, false);
		return;
	}
	ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);
	/* Pairs with the release in spin_unlock(). */
	if (unlikely(__atomic_load_n(&l->owner, __ATOMIC_ACQUIRE) != ticket))
		spin_wait(l, ticket);
}

static inline void spin_unlock(struct spinlock *l) RELEASES(l)
	NO_TSA /* this is the primitive itself */
{
	if (CONFIG_DEBUG) {
		spin_unlock_checked(l);
		return;
	}
	/*
	 * Only the holder writes owner, and stores of this architecture are
	 * releases: pairs with the acquire in spin_lock().  An atomic store
	 * would be three instructions.
	 */
	__asm__ volatile("" ::: "memory");
	l->owner++;
	__asm__ volatile("" ::: "memory");
}

static inline __must_check irqflags_t spin_lock_irqsave(struct spinlock *l)
	ACQUIRES(l) NO_TSA
{
	irqflags_t flags = irq_save();

	spin_lock(l);
	return flags;
}

static inline void spin_unlock_irqrestore(struct spinlock *l, irqflags_t flags)
	RELEASES(l) NO_TSA
{
	spin_unlock(l);
	irq_restore(flags);
}

/*
 * A second lock of a rank that is held already; the caller has an order of
 * its own among locks of that rank (by core number, by address, down a tree).
 */
static inline void spin_lock_second(struct spinlock *l) ACQUIRES(l) NO_TSA
{
	if (CONFIG_DEBUG)
		spin_lock_checked(l, true);
	else
		spin_lock(l);
}

/* Never waits, so any order is right.  True: taken. */
__must_check bool spin_trylock(struct spinlock *l) TRY_ACQUIRES(true, l);
/* True when this core holds @l; in release, when anybody does. */
bool spin_held(const struct spinlock *l);
const char *lock_rank_name(enum lock_rank rank);

/* Debug flavour: panic if any spinlock is held or we are in an interrupt. */
void assert_may_sleep_checked(void);
static inline void assert_may_sleep(void)
{
	if (CONFIG_DEBUG)
		assert_may_sleep_checked();
}
