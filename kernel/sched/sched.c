/* SPDX-License-Identifier: MIT */
/*
 * Switching between threads.
 *
 * PURPOSE  Give each core to the runnable thread that is entitled to it.
 * OBJECTS  struct core: its run queue, idle thread and spare stacks; struct
 *          kthread: a kernel stack; struct thread.
 * STATES   thread_states.def.  Besides, a thread that does not run is either
 *          inside the kernel (t->kt is its stack) or only saved user
 *          registers (t->on_user_ctx).
 *
 * How a thread leaves, and what comes next, decides what happens to stacks:
 *
 *	leaves		next inside kernel	next in user mode
 *	LEAVE_KEEP	switch stacks		switch to a spare
 *	LEAVE_USER	ours becomes a spare	stay; exchange registers
 *	LEAVE_DEAD	ours becomes a spare	stay; begin at the top
 *
 * LOCKING  Everything here runs with interrupts off.  No lock is held across
 *          the change of stacks.  A thread is on a run queue while its old
 *          core still saves it; on_core says so, and other cores leave it
 *          alone until finish_switch() clears it.
 * LIFETIME A running or queued thread is kept by thread_start()'s reference;
 *          the next thread drops that of a dead one, with interrupts on.
 * CALLERS  wait.c, thread.c, the way back to user mode (sched_user_work()).
 *
 * CPU time is charged at each switch.  The kernel is not preempted; whoever
 * should leave has WORK_RESCHED and does so at its edge or sched_point().
 */
#include <arch/context.h>
#include <arch/timer.h>
#include <debug/trace.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <mm/aspace.h>
#include <sync/epoch.h>
#include <sync/park.h>

#include "sched_impl.h"

static uint64_t idle_cores[SCHED_MAX_CORES / 64]; /* ATOMIC; a hint */
static unsigned ncores_online = 1;		  /* ATOMIC */

unsigned core_count_online(void)
{
	return atomic_load_relaxed(&ncores_online);
}

/* Charge the time since the last stamp to who had the core. */
static inline void charge(struct core *c, struct thread *t, nsec_t now)
{
	nsec_t ns = now - c->stamp;

	c->stamp = now;
	t->acct.run_ns += ns;
	if (t == c->idle) {
		c->idle_ns += ns;
		return;
	}
	c->busy_ns += ns;
	runq_charge(&c->rq, t, ns);
}

static inline bool allowed(const struct thread *t, coreid_t core)
{
	return (t->affinity[core / 64] >> (core % 64) & 1) != 0;
}

/* Takes a thread from the first core that has one to spare. */
static __noinline struct thread *steal(struct core *c)
{
	unsigned i, n = core_count_online();
	struct thread *t;
	struct core *o;

	for (i = 1; i < n; i++) {
		o = core_of((c->id + i) % n);
		if (o == NULL || atomic_load_relaxed(&o->rq.nr) == 0 ||
		    !spin_trylock(&o->rq.lock))
			continue;
		for (t = runq_first(&o->rq); t != NULL;
		     t = runq_next(&o->rq, t))
			/* Pairs with the release in finish_switch(). */
			if (atomic_load_acquire(&t->on_core) == 0 &&
			    allowed(t, c->id))
				break;
		if (t != NULL) {
			runq_dequeue(&o->rq, t);
			t->vruntime += c->rq.min_vruntime - o->rq.min_vruntime;
		}
		spin_unlock(&o->rq.lock);
		if (t != NULL) {
			runq_enqueue(&c->rq, t, false);
			return t;
		}
	}
	return NULL;
}

/* The first that can run on the stacks there are; normally the first. */
static inline struct thread *first_fit(struct core *c, enum leave how)
{
	struct thread *t = runq_first(&c->rq);

	if (likely(how != LEAVE_KEEP || c->nfree != 0))
		return t;
	while (t != NULL && t->kt == NULL)
		t = runq_next(&c->rq, t);
	return t;
}

/* Whoever has the core next: RUNNING, off the queue.  Under the queue lock. */
static struct thread *choose(struct core *c, struct thread *prev,
			     enum leave how)
{
	bool stays = prev->state == THREAD_RUNNABLE && prev != c->idle;
	struct thread *next = first_fit(c, how);

	if (stays) {
		if (next == NULL)
			return prev;
		if (prev->yields) {
			prev->yields = false;
			runq_yield(&c->rq, prev);
		} else if ((int64_t)(prev->vruntime - next->vruntime) < 0) {
			return prev;
		}
	} else if (next == NULL && core_count_online() > 1) {
		next = steal(c);
		if (next != NULL && how == LEAVE_KEEP && c->nfree == 0 &&
		    next->kt == NULL)
			next = NULL;
	}
	if (next != NULL) {
		runq_dequeue(&c->rq, next);
		if (stays)
			runq_enqueue(&c->rq, prev, false);
		return next;
	}
	if (unlikely(c->idle == NULL))
		panic("nothing to run before sched_start()");
	return c->idle;
}

/* What of @prev lives in registers that the kernel does not use. */
static inline void save_user_state(struct core *c, struct percpu *pc,
				   struct thread *prev)
{
	if (prev->fpu == NULL)
		return;
	if (pc->fpu_owner == prev && (thread_work(prev) & WORK_FPU) == 0)
		fpu_save(prev->fpu);
	if (c->user == prev)
		segbases_save(&prev->bases);
}

static inline void load_user_state(struct core *c, struct percpu *pc,
				   struct thread *next)
{
	bool moved;

	if (next->fpu == NULL)
		return; /* a kernel thread leaves everything as it is */
	moved = next->fpu_core != c->id;
	if (c->user != next || moved) {
		segbases_load(&next->bases);
		c->user = next;
	}
	if (pc->fpu_owner != next || moved ||
	    (thread_work(next) & WORK_FPU) != 0) {
		fpu_load(next->fpu);
		pc->fpu_owner = next;
		next->fpu_core = c->id;
		if ((thread_work(next) & WORK_FPU) != 0)
			thread_clear_work(next, WORK_FPU);
	}
	if (next->aspace != pc->aspace && next->aspace != NULL)
		aspace_activate(next->aspace);
}

/* On the new stack: the previous thread is wholly saved. */
static inline void finish_switch(struct core *c)
{
	struct thread *prev = c->prev;

	if (prev->state == THREAD_DEAD)
		c->dead = prev;
	/* Pairs with the acquire in steal(). */
	atomic_store_release(&prev->on_core, 0);
}

__noinline void sched_cleanup_slow(struct core *c)
{
	struct kthread *kt = c->leaving;
	struct thread *t = c->dead;

	c->leaving = NULL;
	c->dead = NULL;
	if (kt != NULL)
		kthread_free(kt);
	if (t != NULL)
		thread_put(t);
}

/* A stack that begins with a user context: the current thread's. */
static __noreturn __no_stackprot void user_main(void *arg)
{
	struct core *c = this_core();
	struct thread *t = current_thread();
	struct regs *r = current_regs();

	(void)arg;
	finish_switch(c);
	*r = t->uctx;
	t->on_user_ctx = 0;
	if (unlikely(c->dead != NULL || c->leaving != NULL)) {
		irq_enable();
		sched_cleanup_slow(c);
		irq_disable();
	}
	user_enter(r);
}

__no_stackprot void sched_thread_main(void *arg)
{
	struct thread *t = current_thread();
	void (*fn)(void *) = (void (*)(void *))(uintptr_t)t->uctx.rip;
	void *fn_arg = (void *)(uintptr_t)t->uctx.rdi;

	(void)arg;
	finish_switch(this_core());
	irq_enable();
	sched_cleanup(this_core());
	fn(fn_arg);
	thread_exit();
}

/* From here on the compiler's stack check uses the canary of @kt. */
static __always_inline void use_kthread(struct percpu *pc, struct kthread *kt,
					struct thread *t)
{
	kt->thread = t;
	pc->kthread = kt;
	pc->canary = kt->canary;
	kstack_set(kt->top);
}

/* LEAVE_KEEP: returns when somebody switches back, on any core. */
static __noinline __no_stackprot void switch_keeping(struct core *c,
						     struct percpu *pc,
						     struct thread *prev,
						     struct thread *next)
{
	struct kthread *from = pc->kthread, *to = next->kt;

	prev->kt = from;
	if (to != NULL) {
		next->kt = NULL;
	} else {
		to = kthread_take(c);
		to->rsp = context_prepare(to->top - sizeof(struct regs),
					  user_main, NULL);
	}
	use_kthread(pc, to, next);
	context_switch(&from->rsp, to->rsp);
	finish_switch(this_core());
}

/* LEAVE_USER and LEAVE_DEAD to a thread inside the kernel: no way back. */
static __noinline __no_stackprot __noreturn void
switch_leaving(struct core *c, struct percpu *pc, struct thread *next)
{
	struct kthread *from = pc->kthread, *to = next->kt;
	uint64_t nowhere;

	next->kt = NULL;
	if (!kthread_give(c, from))
		c->leaving = from;
	use_kthread(pc, to, next);
	context_switch(&nowhere, to->rsp);
	__builtin_unreachable();
}

/* Time slices and samples of who has the core now. */
static inline void start_slice(struct core *c, struct thread *prev,
			       struct thread *next, nsec_t now)
{
	next->slice_start = now;
	if (unlikely(prev == c->idle)) {
		c->sample_gap = 10 * NSEC_PER_MSEC;
		c->sample_at = now + c->sample_gap;
		c->sampled = now;
		timer_want(c, c->sample_at, now);
	} else if (unlikely(next == c->idle)) {
		c->sample_at = NSEC_NEVER;
	}
	if (atomic_load_relaxed(&c->rq.nr) != 0 && next != c->idle)
		timer_want(c, now + SLICE_NS, now);
}

/* @prev keeps the core after all. */
static void stay(struct core *c, struct thread *prev, nsec_t now)
{
	prev->yields = false;
	start_slice(c, prev, prev, now);
}

void sched_switch(struct core *c, enum leave how, struct regs *r)
{
	struct percpu *pc = this_percpu();
	struct thread *prev = pc->thread, *next;
	nsec_t now = clock_now();

	if (CONFIG_DEBUG)
		lockrank_assert_none();
	/* Failing is no disaster: see first_fit(). */
	if (unlikely(c->nfree == 0) && how == LEAVE_KEEP &&
	    core_refill_spare() != 0)
		trace(TR_NO_STACK, prev->tid, 0, 0);
	if (unlikely(now >= c->load_next))
		load_update(c, now);

	spin_lock(&c->rq.lock);
	charge(c, prev, now);
	if (how == LEAVE_DEAD)
		acct_finish(prev);
	next = choose(c, prev, how);
	thread_set_state(next, THREAD_RUNNING);
	next->core = c->id;
	/* A full barrier: work bits are read after it, see thread_set_work(). */
	atomic_store_seq_cst(&next->on_core, 1);
	spin_unlock(&c->rq.lock);
	if (unlikely(epoch_outstanding != 0)) {
		epoch_quiescent();
		if (epoch_pressing())
			atomic_or_relaxed(&next->work, WORK_MSG);
	}
	if (next == prev) {
		stay(c, prev, now);
		return;
	}

	trace(TR_SWITCH, next->tid, prev->state, prev->reason);
	c->switches++;
	if (prev->state == THREAD_RUNNABLE)
		prev->acct.nivcsw++;
	else
		prev->acct.nvcsw++;
	if (how != LEAVE_DEAD)
		save_user_state(c, pc, prev);
	pc->thread = next;
	c->prev = prev;
	next->yields = false;
	start_slice(c, prev, next, now);
	load_user_state(c, pc, next);
	if ((thread_work(next) & WORK_RESCHED) != 0)
		thread_clear_work(next, WORK_RESCHED);
	if (unlikely(msg_pending(c)))
		atomic_or_relaxed(&next->work, WORK_MSG);

	if (how == LEAVE_KEEP) {
		switch_keeping(c, pc, prev, next);
		return;
	}
	if (how == LEAVE_USER) {
		prev->uctx = *r;
		prev->on_user_ctx = 1;
	}
	if (next->kt != NULL)
		switch_leaving(c, pc, next);
	if (how == LEAVE_DEAD)
		context_start(pc->kthread->top - sizeof(struct regs), user_main,
			      NULL);
	*r = next->uctx;
	next->on_user_ctx = 0;
	pc->kthread->thread = next;
	finish_switch(c);
}

/* Where a thread that becomes runnable should queue. */
static inline struct core *core_for(const struct thread *t)
{
	struct core *c;
	coreid_t id;
	unsigned w;

	if (likely(core_count_online() == 1))
		return this_core();
	/* While it is being saved only its own core may have it. */
	c = core_of(t->core);
	if (c != NULL && (atomic_load_acquire(&t->on_core) != 0 ||
			  (allowed(t, c->id) &&
			   (idle_cores[c->id / 64] >> (c->id % 64) & 1) != 0)))
		return c;
	for (w = 0; w < SCHED_MAX_CORES / 64; w++) {
		uint64_t idle = atomic_load_relaxed(&idle_cores[w]) &
				t->affinity[w];

		if (idle != 0) {
			id = w * 64 + bit_lowest(idle);
			if (core_of(id) != NULL)
				return core_of(id);
		}
	}
	return c != NULL && allowed(t, c->id) ? c : this_core();
}

/* @t was queued on this core: has it a better claim than who runs? */
static inline void check_preempt(struct core *c, const struct thread *t)
{
	struct thread *cur = current_thread();
	nsec_t now;

	if (cur == c->idle)
		return; /* the idle loop looks at the queue */
	now = clock_now();
	if (runq_preempts(t, cur, now - c->stamp))
		atomic_or_relaxed(&cur->work, WORK_RESCHED);
	else
		timer_want(c, cur->slice_start + SLICE_NS, now);
}

void sched_make_runnable(struct thread *t)
{
	struct core *c = core_for(t);
	bool woken = t->state == THREAD_WAITING;

	thread_set_state(t, THREAD_RUNNABLE);
	t->core = c->id;
	trace(TR_WAKE, t->tid, c->id, 0);
	spin_lock(&c->rq.lock);
	if (unlikely(!woken))
		t->vruntime = c->rq.min_vruntime; /* new: no credit */
	runq_enqueue(&c->rq, t, woken);
	if (likely(c == this_core())) {
		check_preempt(c, t);
		spin_unlock(&c->rq.lock);
	} else {
		spin_unlock(&c->rq.lock);
		core_ipi(c->id);
	}
}

void thread_set_work(struct thread *t, unsigned bits)
{
	irqflags_t flags;
	coreid_t core;
	bool kick;

	/* A full barrier: ordered against the reads of state below. */
	(void)__atomic_fetch_or(&t->work, bits, __ATOMIC_SEQ_CST);
	if (t == current_thread())
		return;
	flags = spin_lock_irqsave(&t->lock);
	if (t->state == THREAD_WAITING && (t->wait_mask & bits) != 0)
		sched_make_runnable(t);
	core = t->core;
	kick = atomic_load_acquire(&t->on_core) != 0 && core != core_id();
	spin_unlock_irqrestore(&t->lock, flags);
	if (kick)
		core_ipi(core);
}

void thread_clear_work(struct thread *t, unsigned bits)
{
	(void)atomic_fetch_and(&t->work, ~bits);
}

/* Inside the kernel; keeps the stack. */
static void give_way(struct thread *t)
{
	irq_disable();
	thread_set_state(t, THREAD_RUNNABLE);
	sched_switch(this_core(), LEAVE_KEEP, NULL);
	irq_enable();
	sched_cleanup(this_core());
}

void sched_yield(void)
{
	struct core *c = this_core();
	struct thread *t = current_thread();

	if (atomic_load_relaxed(&c->rq.nr) == 0)
		return;
	t->yields = true;
	if (t->fpu == NULL)
		give_way(t);
	else
		atomic_or_relaxed(&t->work, WORK_RESCHED);
}

/* epoch_kick: at its edge, or the next point, this thread runs them. */
void sched_epoch_kick(void)
{
	atomic_or_relaxed(&current_thread()->work, WORK_MSG);
}

/* park_ops.dying */
bool sched_dying_now(void)
{
	return (thread_work(current_thread()) & WORK_KILL) != 0;
}

/* park_ops.point */
void sched_point_now(void)
{
	struct core *c = this_core();
	struct thread *t = current_thread();

	if (unlikely(msg_pending(c)))
		msg_run_routine(c);
	if (unlikely(epoch_outstanding != 0) && epoch_pressing())
		epoch_run();
	if (likely((thread_work(t) & WORK_RESCHED) == 0))
		return;
	thread_clear_work(t, WORK_RESCHED);
	if (atomic_load_relaxed(&c->rq.nr) != 0)
		give_way(t);
}

void sched_user_work(struct regs *r)
{
	struct core *c = this_core();
	struct thread *t = current_thread();

	if ((thread_work(t) & WORK_MSG) != 0) {
		thread_clear_work(t, WORK_MSG);
		irq_enable();
		msg_run_routine(c);
		if (epoch_pressing())
			epoch_run();
		irq_disable();
	}
	if ((thread_work(t) & WORK_RESCHED) != 0) {
		thread_clear_work(t, WORK_RESCHED);
		if (atomic_load_relaxed(&c->rq.nr) != 0) {
			thread_set_state(t, THREAD_RUNNABLE);
			sched_switch(c, LEAVE_USER, r);
			t = current_thread();
		}
		t->yields = false;
	}
	if ((thread_work(t) & WORK_FPU) != 0) {
		fpu_load(t->fpu);
		this_percpu()->fpu_owner = t;
		t->fpu_core = c->id;
		thread_clear_work(t, WORK_FPU);
	}
}

/* Claims of other cores are looked at here, on the core they concern. */
void sched_ipi_irq(void)
{
	struct core *c = this_core();
	struct thread *t;

	msg_run_immediate(c);
	if (msg_pending(c))
		atomic_or_relaxed(&current_thread()->work, WORK_MSG);
	if (atomic_load_relaxed(&c->rq.nr) == 0)
		return;
	spin_lock(&c->rq.lock);
	t = runq_first(&c->rq);
	if (t != NULL)
		check_preempt(c, t);
	spin_unlock(&c->rq.lock);
}

void sched_timer_irq(void)
{
	struct core *c = this_core();
	struct thread *cur = current_thread();
	nsec_t now = clock_now();

	c->timer_armed = NSEC_NEVER;
	acct_sample(c, now);
	timer_expire(c, now);
	if (cur != c->idle && atomic_load_relaxed(&c->rq.nr) != 0 &&
	    now >= cur->slice_start + SLICE_NS)
		atomic_or_relaxed(&cur->work, WORK_RESCHED);
	timer_reprogram(c, now);
}

static void mark_idle(const struct core *c, bool idle)
{
	uint64_t bit = BIT(c->id % 64);

	if (core_count_online() == 1)
		return;
	if (idle)
		atomic_or_relaxed(&idle_cores[c->id / 64], bit);
	else
		atomic_and_relaxed(&idle_cores[c->id / 64], ~bit);
}

/* The idle thread: quiescent, messages, a runnable thread, halt. */
void idle_main(void *arg)
{
	struct core *c = this_core();
	struct thread *t = current_thread();

	(void)arg;
	for (;;) {
		if (epoch_outstanding != 0)
			epoch_run();
		if (msg_pending(c))
			msg_run_routine(c);
		sched_cleanup(c);
		mark_idle(c, true);
		irq_disable();
		if (atomic_load_relaxed(&c->rq.nr) != 0) {
			mark_idle(c, false);
			thread_set_state(t, THREAD_RUNNABLE);
			sched_switch(c, LEAVE_KEEP, NULL);
			irq_enable();
			continue;
		}
		if (msg_pending(c) || epoch_outstanding != 0) {
			irq_enable();
			continue;
		}
		thread_clear_work(t, ~0u);
		epoch_idle_enter();
		cpu_wait_irq(); /* and enables interrupts */
		epoch_idle_exit();
	}
}
