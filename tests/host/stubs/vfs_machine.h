/* SPDX-License-Identifier: MIT */
/*
 * What kernel/obj, ns and fs stand on, for one thread: locks that check their
 * order, frames from malloc, a clock that always moves, epochs that end when
 * the test says so, and sleeping that runs a function of the test instead.
 *
 * Included by exactly one file of a test program, so that the test has all
 * of it or nothing.
 */
#pragma once

#include <stdlib.h>

#include <arch/mmu.h>
#include <arch/uaccess.h>
#include <debug/fault.h>
#include <host.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <obj/cred.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/epoch.h>
#include <sync/krandom.h>
#include <sync/mutex.h>
#include <sync/park.h>
#include <sync/spinlock.h>

/* --- locks --- */

static unsigned host_spins, host_mutexes;
static struct mutex *host_held[16];

void spin_init(struct spinlock *l, enum lock_rank rank)
{
	*l = (struct spinlock){ .rank = (uint16_t)rank, .core = -1 };
}

void spin_lock_checked(struct spinlock *l, bool same_rank)
{
	(void)same_rank;
	kassert(l->core == -1);
	l->core = 0;
	host_spins++;
}

void spin_unlock_checked(struct spinlock *l)
{
	kassert(l->core == 0);
	l->core = -1;
	host_spins--;
}

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	*m = (struct mutex){ .rank = (uint16_t)rank };
}

static void host_lock(struct mutex *m, bool same)
{
	unsigned i;

	kassert(m->owner == NULL && host_spins == 0 && host_mutexes < 16);
	for (i = 0; i < host_mutexes; i++)
		kassert(host_held[i]->rank < m->rank ||
			(same && host_held[i]->rank == m->rank));
	m->owner = (struct thread *)m;
	host_held[host_mutexes++] = m;
}

void mutex_lock(struct mutex *m)
{
	host_lock(m, false);
}

void mutex_lock_second(struct mutex *m)
{
	host_lock(m, true);
}

void mutex_unlock(struct mutex *m)
{
	unsigned i;

	kassert(m->owner != NULL);
	m->owner = NULL;
	for (i = 0; host_held[i] != m; i++)
		;
	host_held[i] = host_held[--host_mutexes];
}

bool mutex_held(const struct mutex *m)
{
	return m->owner != NULL;
}

void sched_point(void)
{
	kassert(host_spins == 0);
}

/* --- epochs --- */

static struct epoch_item *host_deferred;

void epoch_defer(struct epoch_item *item, void (*fn)(struct epoch_item *))
{
	item->fn = fn;
	item->next = host_deferred;
	host_deferred = item;
}

void epoch_flush(void)
{
	struct epoch_item *item;

	while ((item = host_deferred) != NULL) {
		host_deferred = item->next;
		item->fn(item);
	}
}

/* --- frames: the count is behind the page --- */

vaddr_t direct_base;
static uint64_t host_frames;
static uint64_t host_frames_total = 4096;

static uint32_t *host_count(paddr_t pa)
{
	return (uint32_t *)(pa + PAGE_SIZE);
}

paddr_t frame_alloc(unsigned flags)
{
	void *p;

	if (fault_point("frame"))
		return 0;
	p = aligned_alloc(PAGE_SIZE, 2 * PAGE_SIZE);
	if (p == NULL)
		return 0;
	memset(p, (flags & FRAME_ZERO) != 0 ? 0 : 0xa5, PAGE_SIZE);
	*host_count((paddr_t)p) = 1;
	host_frames++;
	return (paddr_t)p;
}

void frame_get(paddr_t pa)
{
	(*host_count(pa))++;
}

void frame_put(paddr_t pa)
{
	if (--*host_count(pa) != 0)
		return;
	host_frames--;
	free((void *)pa);
}

bool frame_claim(paddr_t pa)
{
	(void)pa;
	return true;
}

void frame_get_stats(struct frame_stats *out)
{
	*out = (struct frame_stats){ .total = host_frames_total };
}

void aspace_zap_object(struct vmobj *o, uint64_t first, uint64_t n)
{
	(void)o;
	(void)first;
	(void)n;
}

/* --- user memory is the test's own; below a page it faults --- */

size_t uaccess_to(void __user *dst, const void *src, size_t n)
{
	if ((uintptr_t)dst < PAGE_SIZE)
		return n;
	memcpy(dst, src, n);
	return 0;
}

size_t uaccess_from(void *dst, const void __user *src, size_t n)
{
	if ((uintptr_t)src < PAGE_SIZE)
		return n;
	memcpy(dst, src, n);
	return 0;
}

size_t uaccess_zero(void __user *dst, size_t n)
{
	memset(dst, 0, n);
	return 0;
}

/* --- time and chance --- */

static nsec_t host_now = 1000;

nsec_t clock_realtime(void)
{
	return ++host_now;
}

void krandom_bytes(void *out, size_t n)
{
	uint8_t *p = out;

	while (n-- != 0)
		*p++ = (uint8_t)host_random();
}

uint64_t krandom_u64(void)
{
	return host_random();
}

/* --- sleeping --- */

/* What the rest of the world does while "we" sleep; its error ends the sleep. */
static err_t (*host_while_asleep)(void);
static unsigned host_sleeps, host_wakes;

void waitq_init(struct waitq *wq)
{
	spin_init(&wq->lock, RANK_WAITQ);
	list_init(&wq->waiters);
}

bool waitq_empty(const struct waitq *wq)
{
	return list_empty(&wq->waiters);
}

void waiter_init(struct waiter *w)
{
	*w = (struct waiter){ .thread = NULL };
	list_init(&w->link);
}

void waitq_add(struct waitq *wq, struct waiter *w)
{
	w->wq = wq;
	list_add_tail(&wq->waiters, &w->link);
}

void waitq_remove(struct waitq *wq, struct waiter *w)
{
	(void)wq;
	list_del(&w->link);
}

void waitq_wake_events(struct waitq *wq, unsigned events)
{
	(void)events;
	if (!list_empty(&wq->waiters))
		host_wakes++;
}

void waitq_wake_all(struct waitq *wq)
{
	waitq_wake_events(wq, 0);
}

void waitq_wake_one(struct waitq *wq)
{
	waitq_wake_events(wq, 0);
}

err_t waitq_sleep_mutex(struct waitq *wq, struct mutex *m, enum wait_reason why,
			nsec_t deadline)
{
	struct waiter w;
	err_t err;

	(void)why;
	(void)deadline;
	kassert(host_while_asleep != NULL);
	host_sleeps++;
	waiter_init(&w);
	waitq_add(wq, &w);
	mutex_unlock(m);
	err = host_while_asleep();
	mutex_lock(m);
	waitq_remove(wq, &w);
	return err;
}

/* --- leaks --- */

struct host_mark {
	size_t objects;
	uint64_t frames;
	uint32_t creds;
};

static inline struct host_mark host_mark(void)
{
	epoch_flush();
	return (struct host_mark){ host_live_objects(), host_frames,
				   ref_read(&cred_root.ref) };
}

static inline bool host_same(struct host_mark was)
{
	struct host_mark now = host_mark();

	if (host_mutexes != 0 || host_spins != 0)
		return false;
	return now.objects == was.objects && now.frames == was.frames &&
	       now.creds == was.creds;
}
