/* SPDX-License-Identifier: MIT */
/* Locks, the lock checker, epochs, fault points. */
#include <debug/fault.h>
#include <debug/ktest.h>
#include <debug/lockrank.h>
#include <lib/atomic.h>
#include <mm/slab.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/epoch.h>
#include <sync/mutex.h>
#include <sync/park.h>
#include <sync/spinlock.h>

KTEST(spinlock_is_held_between_lock_and_unlock)
{
	struct spinlock l;
	irqflags_t flags;

	spin_init(&l, RANK_CONSOLE);
	KCHECK(!spin_held(&l));
	flags = spin_lock_irqsave(&l);
	KCHECK(spin_held(&l));
	KCHECK(!irq_enabled());
	KCHECK(!spin_trylock(&l));
	spin_unlock_irqrestore(&l, flags);
	KCHECK(irq_enabled());
	KCHECK(!spin_held(&l));
}

KTEST(taking_a_lower_rank_is_reported)
{
	struct spinlock high, low;

	if (!CONFIG_DEBUG) {
		KSKIP("ranks are checked in the debug flavour");
		return;
	}
	spin_init(&high, RANK_FRAME);
	spin_init(&low, RANK_PROC);
	spin_lock(&high);
	lockrank_expect_report(RANK_FRAME, RANK_PROC);
	spin_lock(&low);
	KCHECK(lockrank_reported());
	spin_unlock(&low);
	spin_unlock(&high);
}

KTEST(taking_a_mutex_of_lower_rank_is_reported)
{
	struct mutex high, low;

	if (!CONFIG_DEBUG) {
		KSKIP("ranks are checked in the debug flavour");
		return;
	}
	mutex_init(&high, RANK_VMOBJ);
	mutex_init(&low, RANK_NODE);
	mutex_lock(&high);
	lockrank_expect_report(RANK_VMOBJ, RANK_NODE);
	mutex_lock(&low);
	KCHECK(lockrank_reported());
	mutex_unlock(&low);
	mutex_unlock(&high);
}

KTEST(right_order_is_not_reported)
{
	struct mutex m, m2;
	struct spinlock l, l2;

	mutex_init(&m, RANK_NODE);
	mutex_init(&m2, RANK_NODE);
	spin_init(&l, RANK_PROC);
	spin_init(&l2, RANK_PROC);
	mutex_lock(&m);
	mutex_lock_second(&m2);
	spin_lock(&l);
	spin_lock_second(&l2);
	spin_unlock(&l);
	spin_unlock(&l2);
	mutex_unlock(&m);
	mutex_unlock(&m2);
	KCHECK(!mutex_held(&m));
}

#define NTHREADS 6
#define ROUNDS	 50

struct shared {
	struct mutex m;
	unsigned inside, most, total;
	uint32_t done; /* ATOMIC */
};

static void mutex_worker(void *arg)
{
	struct shared *s = arg;
	unsigned i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&s->m);
		if (++s->inside > s->most)
			s->most = s->inside;
		s->total++;
		if (i % 3 == 0)
			sched_yield(); /* others meet the held mutex */
		s->inside--;
		mutex_unlock(&s->m);
		if (i % 5 == 0)
			sched_yield();
	}
	atomic_inc_relaxed(&s->done);
}

KTEST(mutex_lets_one_in_at_a_time)
{
	static struct shared s;
	unsigned i;

	s = (struct shared){ 0 };
	mutex_init(&s.m, RANK_NODE);
	for (i = 0; i < NTHREADS; i++)
		KREQUIRE(kthread_spawn("kt_mutex", mutex_worker, &s, NULL) ==
			 0);
	while (atomic_load_acquire(&s.done) < NTHREADS)
		sched_yield();
	KCHECK(s.most == 1);
	KCHECK(s.total == NTHREADS * ROUNDS);
	if (mutex_trylock(&s.m)) {
		KCHECK(mutex_held(&s.m));
		mutex_unlock(&s.m);
	} else {
		KCHECK(false);
	}
}

struct holder {
	struct mutex m;
	struct thread *waiter;
	uint32_t locked, done; /* ATOMIC */
};

static void lock_and_tell(void *arg)
{
	struct holder *h = arg;

	mutex_lock(&h->m);
	atomic_store_release(&h->locked, 1);
	mutex_unlock(&h->m);
	atomic_store_release(&h->done, 1);
}

KTEST(wake_for_a_condition_does_not_end_a_wait_for_a_mutex)
{
	static struct holder h;
	unsigned i;
	err_t err;

	h = (struct holder){ 0 };
	mutex_init(&h.m, RANK_NODE);
	err = kthread_spawn("kt_park", lock_and_tell, &h, &h.waiter);
	KREQUIRE(err == 0);
	mutex_lock(&h.m); /* before it runs: nobody preempts us */
	for (i = 0; i < 5; i++) {
		sched_yield();
		thread_wake(h.waiter);
	}
	KCHECK(atomic_load_acquire(&h.locked) == 0);
	KCHECK(h.waiter->state == THREAD_WAITING);
	KCHECK(h.waiter->reason == WAIT_MUTEX);
	mutex_unlock(&h.m);
	while (atomic_load_acquire(&h.done) == 0)
		sched_yield();
	thread_put(h.waiter);
}

struct late {
	struct epoch_item item;
	uint32_t *ran; /* ATOMIC */
};

static void late_free(struct epoch_item *item)
{
	struct late *l = container_of(item, struct late, item);

	atomic_inc_relaxed(l->ran);
	kfree(l);
}

KTEST(epoch_runs_every_item_once)
{
	static uint32_t ran;
	struct late *l;
	unsigned i;

	ran = 0;
	for (i = 0; i < 200; i++) {
		l = kmalloc(sizeof(*l));
		KREQUIRE(l != NULL);
		l->ran = &ran;
		epoch_defer(&l->item, late_free);
		if (i == 0)
			KCHECK(atomic_load_relaxed(&ran) == 0);
	}
	epoch_flush();
	KCHECK(atomic_load_acquire(&ran) == 200);
}

KTEST(idle_core_runs_epoch_items_by_itself)
{
	static uint32_t ran;
	struct late *l = kmalloc(sizeof(*l));

	KREQUIRE(l != NULL);
	ran = 0;
	l->ran = &ran;
	epoch_defer(&l->item, late_free);
	KCHECK(sleep_until(clock_monotonic() + 5 * NSEC_PER_MSEC) == 0);
	KCHECK(atomic_load_acquire(&ran) == 1);
}

KTEST(armed_fault_point_fails_once)
{
	void *p;

	if (!CONFIG_DEBUG) {
		KSKIP("fault points are in the debug flavour");
		return;
	}
	fault_arm(1);
	p = kmalloc(100);
	KCHECK(p == NULL);
	KCHECK(fault_fired());
	kfree(p);
	p = kmalloc(100);
	KCHECK(p != NULL);
	KCHECK(!fault_fired());
	kfree(p);
}

static void nothing(void *arg)
{
	(void)arg;
}

KTEST(kthread_spawn_leaks_nothing_wherever_it_fails)
{
	struct thread *t;
	unsigned nth = 0;
	err_t err;

	do {
		fault_arm(++nth);
		err = kthread_spawn("kt_fault", nothing, NULL, &t);
		if (err == 0)
			thread_put(t);
	} while (fault_fired());
	KCHECK(err == 0);
}
