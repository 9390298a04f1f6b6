/* SPDX-License-Identifier: MIT */
/*
 * Sleeping locks.
 *
 * PURPOSE  Mutual exclusion for holders that may sleep or touch user memory.
 * OBJECTS  struct mutex.  owner is the holder, NULL when free; bit 0 says
 *          that somebody sleeps on it, and sends the holder to the slow path.
 * STATES   Free and nobody waiting; held; held with waiters.  A mutex with
 *          waiters is never free: the holder hands it to the first of them,
 *          so a wake-up cannot be lost or stolen, and nobody starves.
 * LOCKING  waiters and bit 0 change under m->lock (rank MUTEX); the fast
 *          paths change owner between NULL and self without it.
 * CALLERS  Threads.  Before the first thread exists the owner is EARLY.
 */
#include <arch/percpu.h>
#include <debug/lockrank.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <sync/mutex.h>
#include <sync/park.h>

#define HAS_WAITERS UINT64_C(1)
#define EARLY	    ((struct thread *)(uintptr_t)2) /* nobody's address */

struct mutex_waiter {
	struct list link;      /* GUARDED_BY(m->lock) */
	struct thread *thread; /* IMMUTABLE */
	bool granted;	       /* GUARDED_BY(m->lock) */
};

static inline struct thread *self(void)
{
	struct thread *t = current_thread();

	return likely(t != NULL) ? t : EARLY;
}

static inline uintptr_t owner_bits(const struct thread *owner)
{
	return (uintptr_t)owner;
}

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	m->owner = NULL;
	spin_init(&m->lock, RANK_MUTEX);
	list_init(&m->waiters);
	m->rank = (uint16_t)rank;
}

/*
 * Under m->lock: either takes the free mutex, or marks it as waited for, so
 * that the holder must come through m->lock to let go.
 */
static bool take_or_mark(struct mutex *m, struct thread *me)
{
	struct thread *old = atomic_load_relaxed(&m->owner);
	struct thread *want;

	for (;;) {
		if (old == NULL)
			want = me;
		else if ((owner_bits(old) & HAS_WAITERS) != 0)
			return false;
		else
			want = (struct thread *)(owner_bits(old) | HAS_WAITERS);
		/* Pairs with the release in mutex_unlock(). */
		if (atomic_cas(&m->owner, &old, want))
			return want == me;
	}
}

static __noinline void lock_slow(struct mutex *m, struct thread *me)
	NO_TSA /* park() drops the lock, which a pointer cannot say */
{
	struct mutex_waiter w = { .thread = me };

	spin_lock(&m->lock);
	if (take_or_mark(m, me)) {
		spin_unlock(&m->lock);
		return;
	}
	list_add_tail(&m->waiters, &w.link);
	while (!w.granted) {
		park_ops.park(&m->lock);
		spin_lock(&m->lock);
	}
	spin_unlock(&m->lock);
}

static __noinline void unlock_slow(struct mutex *m)
{
	struct mutex_waiter *w;
	struct thread *next;

	spin_lock(&m->lock);
	kassert(!list_empty(&m->waiters));
	w = list_first(&m->waiters, struct mutex_waiter, link);
	list_del(&w->link);
	next = w->thread;
	if (!list_empty(&m->waiters))
		next = (struct thread *)(owner_bits(next) | HAS_WAITERS);
	atomic_store_release(&m->owner, next);
	w->granted = true;
	/* Under the lock: @w and its thread stay until we let go. */
	park_ops.unpark(w->thread);
	spin_unlock(&m->lock);
}

static inline void lock_common(struct mutex *m, bool same_rank)
{
	struct thread *me = self(), *old = NULL;

	if (CONFIG_DEBUG) {
		assert_may_sleep();
		lockrank_mutex_check(m, same_rank);
		kassert(!mutex_held(m));
	}
	/* Pairs with the release in mutex_unlock(). */
	if (unlikely(!__atomic_compare_exchange_n(&m->owner, &old, me, false,
						  __ATOMIC_ACQUIRE,
						  __ATOMIC_RELAXED)))
		lock_slow(m, me);
	if (CONFIG_DEBUG)
		lockrank_mutex_push(m);
}

void mutex_lock(struct mutex *m) NO_TSA /* the primitive itself */
{
	lock_common(m, false);
}

void mutex_lock_second(struct mutex *m) NO_TSA /* the primitive itself */
{
	lock_common(m, true);
}

bool mutex_trylock(struct mutex *m) NO_TSA /* the primitive itself */
{
	struct thread *old = NULL;

	if (!atomic_cas(&m->owner, &old, self()))
		return false;
	if (CONFIG_DEBUG)
		lockrank_mutex_push(m);
	return true;
}

void mutex_unlock(struct mutex *m) NO_TSA /* the primitive itself */
{
	struct thread *me = self(), *old = me;

	if (CONFIG_DEBUG) {
		kassert(mutex_held(m));
		lockrank_mutex_pop(m);
	}
	/* Pairs with the acquire in mutex_lock(). */
	if (unlikely(!__atomic_compare_exchange_n(&m->owner, &old, NULL, false,
						  __ATOMIC_RELEASE,
						  __ATOMIC_RELAXED)))
		unlock_slow(m);
}

bool mutex_held(const struct mutex *m)
{
	return (owner_bits(atomic_load_relaxed(&m->owner)) & ~HAS_WAITERS) ==
	       owner_bits(self());
}
