/* SPDX-License-Identifier: MIT */
/* Who runs when and where: yield, affinity, nice, policies. */
#include <abi/linux/resource.h>
#include <abi/linux/sched.h>

#include "linux_impl.h"

#define NICE_MIN    (-20)
#define NICE_MAX    19
#define RT_PRIO_MAX 99

int64_t linux_sched_yield(struct regs *r)
{
	(void)r;
	sched_yield();
	return 0;
}

/* Thread @tid, 0 for the caller, with a reference; NULL. */
static struct thread *thread_get_by(int32_t tid)
{
	struct thread *t = current_thread();

	if (tid == 0) {
		thread_get(t);
		return t;
	}
	return thread_by_tid(proc_pidns(self_proc()), tid);
}

static void online_mask(uint64_t mask[4])
{
	unsigned n = core_count_online();

	for (unsigned i = 0; i < 4; i++) {
		mask[i] = 0;
		if (n >= 64 * (i + 1))
			mask[i] = UINT64_MAX;
		else if (n > 64 * i)
			mask[i] = (UINT64_C(1) << (n - 64 * i)) - 1;
	}
}

int64_t linux_sched_getaffinity(struct regs *r)
{
	size_t need = 8 * div_round_up(core_count_present(), 64u);
	uint32_t len = (uint32_t)ARG1(r);
	uint64_t mask[4], online[4];
	struct thread *t;
	irqflags_t flags;
	err_t err;

	if ((uint64_t)len * 8 < core_count_present() || len % 8 != 0)
		return -EINVAL;
	t = thread_get_by(arg_int(ARG0(r)));
	if (t == NULL)
		return -ESRCH;
	flags = spin_lock_irqsave(&t->lock);
	memcpy(mask, t->affinity, sizeof(mask));
	spin_unlock_irqrestore(&t->lock, flags);
	thread_put(t);
	online_mask(online);
	for (unsigned i = 0; i < 4; i++)
		mask[i] &= online[i];
	need = min_t(size_t, need, len);
	err = copy_to_user(UPTR(void, ARG2(r)), mask, need);
	return err ? err : (int64_t)need;
}

int64_t linux_sched_setaffinity(struct regs *r)
{
	uint64_t mask[4] = { 0 }, online[4], any = 0;
	size_t len = min_t(size_t, (uint32_t)ARG1(r), sizeof(mask));
	struct thread *t;
	irqflags_t flags;
	err_t err;

	err = copy_from_user(mask, UPTR_CONST(void, ARG2(r)), len);
	if (err)
		return err;
	t = thread_get_by(arg_int(ARG0(r)));
	if (t == NULL)
		return -ESRCH;
	online_mask(online);
	for (unsigned i = 0; i < 4; i++)
		any |= mask[i] &= online[i];
	if (t->proc == NULL ||
	    !proc_may(self_proc(), t->proc, PROC_MAY_CONTROL)) {
		err = -EPERM;
	} else if (any == 0) {
		err = -EINVAL;
	} else {
		flags = spin_lock_irqsave(&t->lock);
		memcpy(t->affinity, mask, sizeof(mask));
		spin_unlock_irqrestore(&t->lock, flags);
	}
	thread_put(t);
	return err;
}

int64_t linux_getcpu(struct regs *r)
{
	uint32_t cpu = core_id(), node = 0;

	if (ARG0(r) != 0 && put_user(UPTR(uint32_t, ARG0(r)), &cpu) != 0)
		return -EFAULT;
	if (ARG1(r) != 0 && put_user(UPTR(uint32_t, ARG1(r)), &node) != 0)
		return -EFAULT;
	return 0;
}

/* --- policies: there is the ordinary one, and its relatives --- */

static err_t policy_ok(int policy, int priority)
{
	switch (policy & ~SCHED_RESET_ON_FORK) {
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return priority == 0 ? 0 : -EINVAL;
	case SCHED_FIFO:
	case SCHED_RR:
		/* No real-time classes: as to somebody without the right. */
		return priority >= 1 && priority <= RT_PRIO_MAX ? -EPERM
								: -EINVAL;
	default:
		return -EINVAL;
	}
}

static err_t exists(int32_t tid)
{
	struct thread *t;

	if (tid < 0)
		return -EINVAL;
	t = thread_get_by(tid);
	if (t == NULL)
		return -ESRCH;
	thread_put(t);
	return 0;
}

int64_t linux_sched_setscheduler(struct regs *r)
{
	struct linux_sched_param p;
	int policy = arg_int(ARG1(r));
	err_t err;

	if (policy < 0 || ARG2(r) == 0 || arg_int(ARG0(r)) < 0)
		return -EINVAL;
	err = get_user(&p, UPTR_CONST(struct linux_sched_param, ARG2(r)));
	if (err == 0)
		err = exists(arg_int(ARG0(r)));
	return err ? err : policy_ok(policy, p.sched_priority);
}

int64_t linux_sched_setparam(struct regs *r)
{
	struct linux_sched_param p;
	err_t err;

	if (ARG1(r) == 0 || arg_int(ARG0(r)) < 0)
		return -EINVAL;
	err = get_user(&p, UPTR_CONST(struct linux_sched_param, ARG1(r)));
	if (err == 0)
		err = exists(arg_int(ARG0(r)));
	return err ? err : policy_ok(SCHED_OTHER, p.sched_priority);
}

int64_t linux_sched_getscheduler(struct regs *r)
{
	err_t err = exists(arg_int(ARG0(r)));

	return err ? err : SCHED_OTHER;
}

int64_t linux_sched_getparam(struct regs *r)
{
	struct linux_sched_param p = { 0 };
	err_t err;

	if (ARG1(r) == 0)
		return -EINVAL;
	err = exists(arg_int(ARG0(r)));
	if (err)
		return err;
	return put_user(UPTR(struct linux_sched_param, ARG1(r)), &p);
}

static int64_t priority_of(uint64_t policy, int64_t rt)
{
	switch (arg_int(policy)) {
	case SCHED_FIFO:
	case SCHED_RR:
		return rt;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

int64_t linux_sched_get_priority_max(struct regs *r)
{
	return priority_of(ARG0(r), RT_PRIO_MAX);
}

int64_t linux_sched_get_priority_min(struct regs *r)
{
	return priority_of(ARG0(r), 1);
}

int64_t linux_sched_rr_get_interval(struct regs *r)
{
	struct linux_timespec ts = { 0, 4000000 };
	err_t err = exists(arg_int(ARG0(r)));

	if (err)
		return err;
	return put_user(UPTR(struct linux_timespec, ARG1(r)), &ts);
}

/* --- nice --- */

/* Calls @fn for every process that @which and @who name: how many. */
static unsigned each_named(int which, uint32_t who,
			   void (*fn)(struct proc *p, void *arg), void *arg)
{
	struct proc *self = self_proc(), *p;
	struct pidns *ns = proc_pidns(self);
	int32_t pid = 1, group = (int32_t)who;
	const struct cred *c;
	unsigned n = 0;
	bool hit;

	if (which == PRIO_PGRP)
		group = who == 0 ? proc_pgid(self) : pid_global(ns, group);
	if (which == PRIO_USER && who == 0)
		who = current_cred()->uid;
	while ((p = proc_next(ns, pid)) != NULL) {
		pid = proc_pid_in(p, ns) + 1;
		if (which == PRIO_PGRP) {
			hit = proc_pgid(p) == group;
		} else {
			c = proc_cred(p);
			hit = c->uid == who;
			cred_put(c);
		}
		if (hit && proc_state(p) == PROC_LIVE) {
			fn(p, arg);
			n++;
		}
		proc_put(p);
	}
	return n;
}

static void most_urgent(struct proc *p, void *arg)
{
	struct thread *t = proc_next_thread(p, 0);
	int64_t *best = arg;

	if (t == NULL)
		return;
	*best = max_t(int64_t, *best, 20 - t->nice);
	thread_put(t);
}

int64_t linux_getpriority(struct regs *r)
{
	int which = arg_int(ARG0(r));
	struct thread *t;
	int64_t best = -ESRCH;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	if (which != PRIO_PROCESS) {
		(void)each_named(which, (uint32_t)ARG1(r), most_urgent, &best);
		return best;
	}
	t = thread_get_by(arg_int(ARG1(r)));
	if (t == NULL)
		return -ESRCH;
	best = 20 - t->nice;
	thread_put(t);
	return best;
}

struct set_nice {
	int nice;
	err_t err;
};

static void nice_thread(struct thread *t, struct set_nice *s)
{
	if (t->proc == NULL ||
	    !proc_may(self_proc(), t->proc, PROC_MAY_CONTROL)) {
		s->err = -EPERM;
		return;
	}
	/* RLIMIT_NICE counts from 1 (nice 19) to 40 (nice -20). */
	if (s->nice < t->nice && !cred_is_root(current_cred()) &&
	    (uint64_t)(20 - s->nice) > proc_limit(t->proc, LIMIT_NICE)) {
		s->err = -EACCES;
		return;
	}
	if (s->err == -ESRCH)
		s->err = 0;
	thread_set_nice(t, s->nice);
}

static void nice_process(struct proc *p, void *arg)
{
	struct thread *t;
	int32_t tid = 0;

	while ((t = proc_next_thread(p, tid)) != NULL) {
		tid = t->tid + 1;
		nice_thread(t, arg);
		thread_put(t);
	}
}

int64_t linux_setpriority(struct regs *r)
{
	int which = arg_int(ARG0(r));
	struct set_nice s = { clamp(arg_int(ARG2(r)), NICE_MIN, NICE_MAX),
			      -ESRCH };
	struct thread *t;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	if (which != PRIO_PROCESS) {
		(void)each_named(which, (uint32_t)ARG1(r), nice_process, &s);
		return s.err;
	}
	t = thread_get_by(arg_int(ARG1(r)));
	if (t == NULL)
		return -ESRCH;
	nice_thread(t, &s);
	thread_put(t);
	return s.err;
}
