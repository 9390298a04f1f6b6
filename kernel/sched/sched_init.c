/* SPDX-License-Identifier: MIT */
/*
 * Starting the scheduler on a core, in two steps: sched_init() before there is
 * memory, with static objects; sched_start() once there is.
 */
#include <arch/context.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <sync/epoch.h>
#include <sync/park.h>

#include "sched_impl.h"

struct thread boot_thread;
static struct kthread boot_kthread;
static struct core boot_core;

static void core_init(struct core *c, coreid_t id)
{
	c->id = id;
	runq_init(&c->rq);
	timer_core_init(c);
	msg_core_init(c);
	spin_init(&c->work_lock, RANK_WORK);
	c->sample_gap = 10 * NSEC_PER_MSEC;
	epoch_core_online(id);
}

void sched_init(void)
{
	struct percpu *pc = this_percpu();
	struct thread *t = &boot_thread;

	core_init(&boot_core, pc->id);
	pc->core = &boot_core;
	boot_kthread = (struct kthread){
		.top = pc->kstack_top,
		.canary = pc->canary,
		.thread = t,
	};

	spin_init(&t->lock, RANK_THREAD);
	ref_init(&t->ref, 2); /* one too many: it is never freed */
	str_copy(t->name, sizeof(t->name), "boot");
	list_init(&t->proc_link);
	rb_node_init(&t->rq_node);
	memset(t->affinity, 0xff, sizeof(t->affinity));
	t->static_storage = true;
	t->weight = WEIGHT_NICE0;
	t->fpu_core = ON_CORE_NONE;
	t->core = pc->id;
	t->on_core = 1;
	t->state = THREAD_RUNNING;
	pc->kthread = &boot_kthread;
	pc->thread = t;

	park_ops.park = sched_park;
	park_ops.unpark = sched_unpark;
	park_ops.point = sched_point_now;
	park_ops.dying = sched_dying_now;
	epoch_kick = sched_epoch_kick;
}

err_t sched_start(void)
{
	struct core *c = this_core();
	struct thread *idle;
	err_t err;

	if (c->started)
		return 0;
	err = core_refill_spare();
	if (err)
		return err;
	if (c->idle == NULL) {
		err = kthread_spawn_early("idle", idle_main, c, &idle);
		if (err)
			return err;
		/* Never on a queue: runnable when nobody else is. */
		thread_set_state(idle, THREAD_RUNNABLE);
		idle->core = c->id;
		idle->weight = nice_to_weight(19);
		c->idle = idle;
	}
	c->stamp = clock_now();
	c->sampled = c->stamp;
	c->load_next = c->stamp + 5 * NSEC_PER_SEC;
	c->started = true;
	err = work_core_start(c);
	if (err)
		c->started = false;
	return err;
}

void sched_enter(void)
{
	if (sched_start() != 0)
		panic("no memory to start the scheduler");
	thread_exit();
}
