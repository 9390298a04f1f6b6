/* SPDX-License-Identifier: MIT */
/*
 * Threads: making them and taking them apart.
 *
 * OBJECTS  struct thread.  A user thread has an FPU image; a kernel thread
 *          has neither that nor user registers.
 * STATES   thread_states.def.
 * LIFETIME thread_create() gives one reference.  thread_start() adds one that
 *          lasts until the thread has left its core for the last time;
 *          whoever keeps a pointer across a sleep has its own.  The last put
 *          calls thread_release_hook (proc/) and frees.
 * NOT DONE HERE  Switching (sched.c), waiting (wait.c), ids (proc/).
 */
#include <arch/context.h>
#include <debug/fault.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <sched/thread.h>

#include "sched_impl.h"

static struct kmem_cache *thread_cache __ro_after_init;
static struct kmem_cache *fpu_cache __ro_after_init;
uint64_t sched_nthreads;
void (*thread_release_hook)(struct thread *t);

static void thread_init(struct thread *t, struct proc *proc, const char *name)
{
	spin_init(&t->lock, RANK_THREAD);
	ref_init(&t->ref, 1);
	str_copy(t->name, sizeof(t->name), name);
	t->state = THREAD_NEW;
	t->proc = proc;
	t->weight = WEIGHT_NICE0;
	t->fpu_core = ON_CORE_NONE;
	t->core = core_id();
	memset(t->affinity, 0xff, sizeof(t->affinity));
	list_init(&t->proc_link);
	rb_node_init(&t->rq_node);
	t->start_time = clock_now();
}

static void caches_init(void)
{
	if (thread_cache != NULL)
		return;
	thread_cache =
		kmem_cache_create("thread", sizeof(struct thread), CACHE_LINE);
	fpu_cache = kmem_cache_create("fpu", fpu_size(), 64);
}

/* Without starting the core: sched_start() itself needs it. */
static err_t create(struct proc *proc, const char *name, bool user,
		    struct thread **out)
{
	struct thread *t;

	caches_init();
	t = kmem_cache_zalloc(thread_cache);
	if (t == NULL)
		return -ENOMEM;
	if (user) {
		t->fpu = kmem_cache_alloc(fpu_cache);
		if (t->fpu == NULL) {
			kmem_cache_free(thread_cache, t);
			return -ENOMEM;
		}
		fpu_init_state(t->fpu);
	}
	thread_init(t, proc, name);
	atomic_inc_relaxed(&sched_nthreads);
	*out = t;
	return 0;
}

err_t thread_create(struct proc *proc, const char *name, bool user,
		    struct thread **out)
{
	err_t err = this_core()->started ? 0 : sched_start();

	if (err)
		return err;
	return create(proc, name, user, out);
}

void thread_set_user_start(struct thread *t, const struct regs *r)
{
	kassert(t->state == THREAD_NEW && t->fpu != NULL && t->kt == NULL);
	t->uctx = *r;
	t->on_user_ctx = 1;
}

err_t thread_set_kernel_start(struct thread *t, void (*fn)(void *), void *arg)
{
	struct kthread *kt;

	kassert(t->state == THREAD_NEW && t->kt == NULL);
	kt = kthread_alloc();
	if (kt == NULL)
		return -ENOMEM;
	/* Room for the user registers that a user thread will have there. */
	kt->rsp = context_prepare(kt->top - sizeof(struct regs),
				  sched_thread_main, NULL);
	kt->thread = t;
	/* uctx means nothing yet: it carries the start to the new stack. */
	t->uctx.rip = (uint64_t)(uintptr_t)fn;
	t->uctx.rdi = (uint64_t)(uintptr_t)arg;
	t->on_user_ctx = 0;
	t->kt = kt;
	return 0;
}

void thread_start(struct thread *t)
{
	irqflags_t flags;

	kassert(t->kt != NULL || t->on_user_ctx != 0);
	thread_get(t);
	flags = spin_lock_irqsave(&t->lock);
	sched_make_runnable(t);
	spin_unlock_irqrestore(&t->lock, flags);
}

static void release(struct thread *t)
{
	kassert(t->state == THREAD_DEAD && t->on_core == 0);
	kassert(!t->static_storage);
	if (thread_release_hook != NULL)
		thread_release_hook(t);
	atomic_dec_relaxed(&sched_nthreads);
	if (t->fpu != NULL)
		kmem_cache_free(fpu_cache, t->fpu);
	kmem_cache_free(thread_cache, t);
}

void thread_destroy_new(struct thread *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	thread_set_state(t, THREAD_DEAD);
	spin_unlock_irqrestore(&t->lock, flags);
	if (t->kt != NULL) {
		kthread_free(t->kt);
		t->kt = NULL;
	}
	thread_put(t);
}

void thread_get(struct thread *t)
{
	ref_get(&t->ref);
}

void thread_put(struct thread *t)
{
	if (ref_put(&t->ref))
		release(t);
}

/* The core need not be started: used by sched_start(). */
err_t kthread_spawn_early(const char *name, void (*fn)(void *), void *arg,
			  struct thread **out)
{
	struct thread *t;
	err_t err = create(NULL, name, false, &t);

	if (err)
		return err;
	err = thread_set_kernel_start(t, fn, arg);
	if (err) {
		thread_destroy_new(t);
		return err;
	}
	*out = t;
	return 0;
}

err_t kthread_spawn(const char *name, void (*fn)(void *), void *arg,
		    struct thread **out)
{
	struct thread *t;
	err_t err = this_core()->started ? 0 : sched_start();

	if (err)
		return err;
	err = kthread_spawn_early(name, fn, arg, &t);
	if (err)
		return err;
	thread_start(t);
	if (out != NULL)
		*out = t;
	else
		thread_put(t);
	return 0;
}

void thread_exit(void)
{
	struct percpu *pc = this_percpu();
	struct thread *t = current_thread();

	assert_may_sleep();
	kassert(!CONFIG_DEBUG || t->mutexes.count == 0);
	irq_disable();
	/* Nothing of the dying may stay loaded on this core. */
	if (t->aspace != NULL) {
		aspace_activate(NULL);
		t->aspace = NULL;
	}
	if (pc->fpu_owner == t)
		pc->fpu_owner = NULL;
	if (pc->core->user == t)
		pc->core->user = NULL;
	spin_lock(&t->lock);
	thread_set_state(t, THREAD_DEAD);
	spin_unlock(&t->lock);
	sched_switch(pc->core, LEAVE_DEAD, NULL);
	kassert_unreachable();
}

struct regs *current_regs(void)
{
	return (struct regs *)(uintptr_t)PERCPU_READ(kstack_top) - 1;
}

void thread_fpu_sync(void)
{
	struct thread *t = current_thread();

	if (this_percpu()->fpu_owner == t && (thread_work(t) & WORK_FPU) == 0)
		fpu_save(t->fpu);
}

void thread_fpu_changed(void)
{
	atomic_or_relaxed(&current_thread()->work, WORK_FPU);
}

void thread_copy_user_state(struct thread *child)
{
	struct thread *t = current_thread();

	kassert(t->fpu != NULL && child->fpu != NULL);
	thread_fpu_sync();
	memcpy(child->fpu, t->fpu, fpu_size());
	segbases_save(&t->bases);
	child->bases = t->bases;
}

void thread_set_nice(struct thread *t, int nice)
{
	nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
	atomic_store_relaxed(&t->nice, (int8_t)nice);
	atomic_store_relaxed(&t->weight, nice_to_weight(nice));
}
