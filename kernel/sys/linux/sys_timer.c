/* SPDX-License-Identifier: MIT */
/*
 * POSIX timers that send a signal.
 *
 * A timer fires in interrupt context, which may not send signals: it defers
 * its work message, and that sends.  LIFETIME: the process's list holds one
 * reference, a deferred message another; each timer holds its process, and
 * exec and exit empty the list.  LOCKING: timers_lock guards every list, and
 * what a timer is set to.
 */
#include <abi/linux/signal.h>
#include <lib/assert.h>
#include <lib/list.h>
#include <lib/ref.h>
#include <mm/slab.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>
#include <sched/msg.h>
#include <sched/timer.h>
#include <sync/spinlock.h>

#include "linux_impl.h"

struct ptimer {
	struct ref ref;
	struct list link;     /* GUARDED_BY(timers_lock) */
	struct proc *proc;    /* IMMUTABLE; strong */
	int32_t id;	      /* IMMUTABLE */
	int32_t clock;	      /* IMMUTABLE */
	int32_t notify;	      /* IMMUTABLE */
	int32_t signo;	      /* IMMUTABLE */
	int32_t tid;	      /* IMMUTABLE; with SIGEV_THREAD_ID */
	uint64_t value;	      /* IMMUTABLE */
	struct timer timer;   /* has its own lock */
	struct core_msg work; /* PRIVATE(the timer) */
	nsec_t deadline;      /* GUARDED_BY(timers_lock); 0: not set */
	nsec_t interval;      /* GUARDED_BY(timers_lock) */
	int32_t overrun;      /* GUARDED_BY(timers_lock) */
};

struct ptimers {
	struct list list; /* GUARDED_BY(timers_lock) */
	int32_t next_id;  /* GUARDED_BY(timers_lock) */
};

static struct spinlock timers_lock = SPINLOCK_INIT(FILE_LOCK);

static void timer_put(struct ptimer *t)
{
	if (!ref_put(&t->ref))
		return;
	proc_put(t->proc);
	kfree(t);
}

static void send_signal(struct ptimer *t, int32_t overrun)
{
	struct sig_info info = { .signo = t->signo,
				 .code = SI_TIMER,
				 .pid = t->id,
				 .status = overrun,
				 .value = t->value,
				 .kind = SIG_KIND_TIMER };
	struct thread *to;
	err_t err;

	if (t->notify == SIGEV_NONE)
		return;
	if (t->notify != SIGEV_THREAD_ID) {
		err = signal_proc(t->proc, &info);
		(void)err; /* it died meanwhile, or has too many queued */
		return;
	}
	to = thread_by_tid(proc_pidns(t->proc), t->tid);
	if (to == NULL)
		return;
	if (to->proc == t->proc)
		err = signal_thread(to, &info);
	thread_put(to);
}

/* Deferred: the timer fired. */
static void timer_work(void *arg)
{
	struct ptimer *t = arg;
	nsec_t now = clock_monotonic();
	int32_t overrun = 0;
	bool due;

	spin_lock(&timers_lock);
	due = t->deadline != 0 && t->deadline <= now;
	if (due && t->interval != 0) {
		nsec_t missed = (now - t->deadline) / t->interval;

		overrun = (int32_t)min_t(nsec_t, missed, INT32_MAX);
		t->overrun = overrun;
		t->deadline += (missed + 1) * t->interval;
		timer_arm(&t->timer, t->deadline);
	} else if (due) {
		t->deadline = 0;
		t->overrun = 0;
	}
	spin_unlock(&timers_lock);
	if (due)
		send_signal(t, overrun);
	timer_put(t);
}

static void timer_fired(struct timer *timer)
{
	struct ptimer *t = container_of(timer, struct ptimer, timer);

	if (!ref_tryget(&t->ref))
		return;
	/* Queued from before: that message has a reference and will look. */
	if (!work_defer(&t->work) && ref_put(&t->ref))
		kassert_unreachable();
}

/* Off the list already; the reference of the list goes. */
static void timer_remove(struct ptimer *t)
{
	spin_lock(&timers_lock);
	t->deadline = 0;
	t->interval = 0;
	spin_unlock(&timers_lock);
	(void)timer_cancel(&t->timer);
	timer_put(t);
}

/* --- the list of a process --- */

static struct ptimers *timers_of(struct proc *p, bool make)
{
	struct proc_attr *pa = proc_attr(p);
	struct ptimers *ts = atomic_load_acquire(&pa->timers), *mine;
	void *none = NULL;

	if (ts != NULL || !make)
		return ts;
	mine = kzalloc(sizeof(*mine));
	if (mine == NULL)
		return NULL;
	list_init(&mine->list);
	/* Another thread may have been faster. */
	if (atomic_cas(&pa->timers, &none, (void *)mine))
		return mine;
	kfree(mine);
	return none;
}

static struct ptimer *find_locked(struct ptimers *ts, int32_t id)
{
	struct ptimer *t;

	if (ts == NULL)
		return NULL;
	list_foreach_entry(t, &ts->list, link)
	{
		if (t->id == id)
			return t;
	}
	return NULL;
}

static struct ptimer *timer_get(int32_t id)
{
	struct ptimers *ts = timers_of(self_proc(), false);
	struct ptimer *t;

	spin_lock(&timers_lock);
	t = find_locked(ts, id);
	if (t != NULL)
		ref_get(&t->ref);
	spin_unlock(&timers_lock);
	return t;
}

/* Takes it off the list; false if somebody else did. */
static bool unlist(struct ptimer *t)
{
	bool was;

	spin_lock(&timers_lock);
	was = list_linked(&t->link);
	list_del(&t->link);
	spin_unlock(&timers_lock);
	return was;
}

/* exec and exit: no timer outlives its program. */
static void timers_drop(struct proc *p)
{
	struct proc_attr *pa = proc_attr(p);
	struct ptimers *ts = atomic_load_acquire(&pa->timers);
	struct list *l;

	if (ts == NULL)
		return;
	atomic_store_release(&pa->timers, (void *)NULL);
	for (;;) {
		spin_lock(&timers_lock);
		l = list_pop(&ts->list);
		spin_unlock(&timers_lock);
		if (l == NULL)
			break;
		timer_remove(list_entry(l, struct ptimer, link));
	}
	kfree(ts);
}

/* --- the calls --- */

static err_t event_ok(const struct linux_sigevent *ev)
{
	struct proc *self = self_proc();
	struct thread *t;
	bool mine;

	switch (ev->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_THREAD_ID:
		t = thread_by_tid(proc_pidns(self), ev->sigev_tid);
		if (t == NULL)
			return -EINVAL;
		mine = t->proc == self;
		thread_put(t);
		if (!mine)
			return -EINVAL;
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return -EINVAL;
	}
	return ev->sigev_signo < 1 || ev->sigev_signo > NSIG ? -EINVAL : 0;
}

static err_t clock_ok(int32_t id)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		return 0;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

static err_t event_get(struct linux_sigevent *ev, uint64_t addr)
{
	*ev = (struct linux_sigevent){ .sigev_signo = SIGALRM,
				       .sigev_notify = SIGEV_SIGNAL };
	if (addr == 0)
		return 0;
	if (get_user(ev, UPTR_CONST(struct linux_sigevent, addr)) != 0)
		return -EFAULT;
	return event_ok(ev);
}

int64_t linux_timer_create(struct regs *r)
{
	struct linux_sigevent ev;
	struct ptimers *ts;
	struct ptimer *t;
	err_t err = clock_ok(arg_int(ARG0(r)));

	if (err == 0)
		err = event_get(&ev, ARG1(r));
	if (err)
		return err;
	ts = timers_of(self_proc(), true);
	t = kzalloc(sizeof(*t));
	if (ts == NULL || t == NULL) {
		kfree(t);
		return -EAGAIN;
	}
	ref_init(&t->ref, 2);
	timer_init(&t->timer, timer_fired);
	core_msg_init(&t->work, timer_work, t);
	t->proc = self_proc();
	proc_get(t->proc);
	t->clock = arg_int(ARG0(r));
	t->notify = ev.sigev_notify;
	t->signo = ev.sigev_signo;
	t->tid = ev.sigev_tid;
	spin_lock(&timers_lock);
	do {
		t->id = ts->next_id;
		ts->next_id = t->id == INT32_MAX ? 0 : t->id + 1;
	} while (find_locked(ts, t->id) != NULL);
	t->value = ARG1(r) != 0 ? ev.sigev_value : (uint64_t)t->id;
	list_add_tail(&ts->list, &t->link);
	spin_unlock(&timers_lock);
	err = put_user(UPTR(int32_t, ARG2(r)), &t->id);
	if (err && unlist(t))
		timer_remove(t);
	timer_put(t);
	return err;
}

static void to_spec(const struct ptimer *t, struct linux_itimerspec *out)
{
	nsec_t now = clock_monotonic(), left = 0;

	if (t->deadline != 0)
		left = t->deadline > now ? t->deadline - now : 1;
	out->it_value = ns_timespec(left);
	out->it_interval = ns_timespec(t->interval);
}

int64_t linux_timer_gettime(struct regs *r)
{
	struct ptimer *t = timer_get(arg_int(ARG0(r)));
	struct linux_itimerspec its;

	if (t == NULL)
		return -EINVAL;
	spin_lock(&timers_lock);
	to_spec(t, &its);
	spin_unlock(&timers_lock);
	timer_put(t);
	return put_user(UPTR(struct linux_itimerspec, ARG1(r)), &its);
}

static nsec_t deadline_of(const struct ptimer *t,
			  const struct linux_timespec *ts, bool absolute)
{
	nsec_t at = timespec_ns(ts), now;

	if (at == 0)
		return 0;
	if (!absolute)
		return deadline_after(at);
	if (t->clock != CLOCK_REALTIME && t->clock != CLOCK_TAI)
		return at;
	now = clock_realtime();
	return at > now ? deadline_after(at - now) : 1;
}

int64_t linux_timer_settime(struct regs *r)
{
	struct linux_itimerspec its, old;
	struct ptimer *t;
	err_t err = 0;

	if (ARG2(r) == 0)
		return -EINVAL;
	if (get_user(&its, UPTR_CONST(struct linux_itimerspec, ARG2(r))) != 0)
		return -EFAULT;
	if (!timespec_valid(&its.it_value) || !timespec_valid(&its.it_interval))
		return -EINVAL;
	t = timer_get(arg_int(ARG0(r)));
	if (t == NULL)
		return -EINVAL;
	(void)timer_cancel(&t->timer);
	spin_lock(&timers_lock);
	to_spec(t, &old);
	t->interval = timespec_ns(&its.it_interval);
	t->overrun = 0;
	t->deadline = deadline_of(t, &its.it_value,
				  (arg_int(ARG1(r)) & TIMER_ABSTIME) != 0);
	/* Deleted meanwhile: then it must not fire again. */
	if (!list_linked(&t->link))
		t->deadline = 0;
	if (t->deadline != 0)
		timer_arm(&t->timer, t->deadline);
	spin_unlock(&timers_lock);
	timer_put(t);
	if (ARG3(r) != 0)
		err = put_user(UPTR(struct linux_itimerspec, ARG3(r)), &old);
	return err;
}

int64_t linux_timer_getoverrun(struct regs *r)
{
	struct ptimer *t = timer_get(arg_int(ARG0(r)));
	int64_t n;

	if (t == NULL)
		return -EINVAL;
	n = t->overrun;
	timer_put(t);
	return n;
}

int64_t linux_timer_delete(struct regs *r)
{
	struct ptimer *t = timer_get(arg_int(ARG0(r)));
	bool mine;

	if (t == NULL)
		return -EINVAL;
	mine = unlist(t);
	if (mine)
		timer_remove(t);
	timer_put(t);
	return mine ? 0 : -EINVAL;
}

static void process_exec(struct proc *p)
{
	timers_drop(p);
	record_locks_drop_cloexec(p);
}

static void process_exit(struct proc *p)
{
	timers_drop(p);
	record_locks_drop_all(p);
}

void posix_timers_init(void)
{
	proc_hooks.exec = process_exec;
	proc_hooks.exit = process_exit;
}
