/* SPDX-License-Identifier: MIT */
/* Locks for one thread: they only check that they are used as they should. */
#include <lib/assert.h>
#include <sync/mutex.h>
#include <sync/park.h>
#include <sync/spinlock.h>

static unsigned spinning;
static uint16_t spin_ranks[8];

void spin_init(struct spinlock *l, enum lock_rank rank)
{
	*l = (struct spinlock){ .rank = (uint16_t)rank, .core = -1 };
}

void spin_lock_checked(struct spinlock *l, bool same_rank)
{
	kassert(l->core == -1 && spinning < 8);
	kassert(spinning == 0 || spin_ranks[spinning - 1] < l->rank ||
		(same_rank && spin_ranks[spinning - 1] == l->rank));
	l->core = 0;
	spin_ranks[spinning++] = l->rank;
}

void spin_unlock_checked(struct spinlock *l)
{
	kassert(l->core == 0 && spin_ranks[spinning - 1] == l->rank);
	l->core = -1;
	spinning--;
}

bool spin_trylock(struct spinlock *l)
{
	if (l->core != -1)
		return false;
	spin_lock(l);
	return true;
}

bool spin_held(const struct spinlock *l)
{
	return l->core == 0;
}

static unsigned sleeping;
static uint16_t mutex_ranks[8];

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	*m = (struct mutex){ .rank = (uint16_t)rank };
}

void mutex_lock(struct mutex *m)
{
	kassert(m->owner == NULL && spinning == 0 && sleeping < 8);
	kassert(sleeping == 0 || mutex_ranks[sleeping - 1] < m->rank);
	m->owner = (struct thread *)m;
	mutex_ranks[sleeping++] = m->rank;
}

void mutex_unlock(struct mutex *m)
{
	kassert(m->owner != NULL && mutex_ranks[sleeping - 1] == m->rank);
	m->owner = NULL;
	sleeping--;
}

bool mutex_held(const struct mutex *m)
{
	return m->owner != NULL;
}

void sched_point(void)
{
	kassert(spinning == 0);
}

bool sched_dying(void)
{
	return false;
}
