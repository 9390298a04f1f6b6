/* SPDX-License-Identifier: MIT */
/* Clocks and sleeping. */
#include <proc/proc_attr.h>
#include <proc/signal.h>
#include <sched/waitq.h>

#include "linux_impl.h"

#define COARSE_RES 4000000
#define TICK_NS	   (NSEC_PER_SEC / LINUX_USER_HZ)

/* --- clocks of processes and threads --- */

enum cpu_clock {
	CPU_PROF,
	CPU_VIRT,
	CPU_SCHED
};
#define CPU_THREAD_BIT 4

static nsec_t pick_time(nsec_t user, nsec_t sys, enum cpu_clock which)
{
	return which == CPU_VIRT ? user : user + sys;
}

static nsec_t thread_clock(struct thread *t, enum cpu_clock which)
{
	nsec_t user, sys;

	thread_times(t, &user, &sys);
	return pick_time(user, sys, which);
}

static nsec_t process_clock(struct proc *p, enum cpu_clock which)
{
	struct rusage_info u;

	proc_usage(p, &u);
	return pick_time(u.user_ns, u.sys_ns, which);
}

/* A negative id names a process or thread: clock_getcpuclockid(3). */
static err_t named_clock(int32_t id, nsec_t *now)
{
	struct pidns *ns = proc_pidns(self_proc());
	enum cpu_clock which = (enum cpu_clock)(id & 3);
	int32_t pid = ~(id >> 3);
	struct thread *t;
	struct proc *p;

	if ((id & 3) == 3)
		return -EINVAL;
	if (pid == 0) {
		*now = id & CPU_THREAD_BIT
			       ? thread_clock(current_thread(), which)
			       : process_clock(self_proc(), which);
		return 0;
	}
	if (id & CPU_THREAD_BIT) {
		t = thread_by_tid(ns, pid);
		if (t == NULL)
			return -EINVAL;
		*now = thread_clock(t, which);
		p = t->proc;
		thread_put(t);
		return p == self_proc() ? 0 : -EINVAL;
	}
	p = proc_by_pid(ns, pid);
	if (p == NULL)
		return -EINVAL;
	*now = process_clock(p, which);
	proc_put(p);
	return 0;
}

static err_t read_clock(int32_t id, nsec_t *now)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*now = clock_realtime();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*now = clock_monotonic();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*now = process_clock(self_proc(), CPU_SCHED);
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*now = thread_clock(current_thread(), CPU_SCHED);
		return 0;
	default:
		return id < 0 ? named_clock(id, now) : -EINVAL;
	}
}

int64_t linux_clock_gettime(struct regs *r)
{
	struct linux_timespec ts;
	nsec_t now;
	err_t err = read_clock(arg_int(ARG0(r)), &now);

	if (err)
		return err;
	ts = ns_timespec(now);
	return put_user(UPTR(struct linux_timespec, ARG1(r)), &ts);
}

int64_t linux_clock_getres(struct regs *r)
{
	int32_t id = arg_int(ARG0(r));
	struct linux_timespec ts = { 0, 1 };
	nsec_t now;
	err_t err = read_clock(id, &now);

	if (err)
		return err;
	if (id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC_COARSE)
		ts.tv_nsec = COARSE_RES;
	if (ARG1(r) == 0)
		return 0;
	return put_user(UPTR(struct linux_timespec, ARG1(r)), &ts);
}

static int64_t set_clock(const struct linux_timespec *ts)
{
	if (!timespec_valid(ts))
		return -EINVAL;
	if (!cred_is_root(current_cred()))
		return -EPERM;
	/* Monotonic time never goes behind what realtime must stay above. */
	if (timespec_ns(ts) < clock_monotonic())
		return -EINVAL;
	clock_set_realtime(timespec_ns(ts));
	return 0;
}

int64_t linux_clock_settime(struct regs *r)
{
	struct linux_timespec ts;
	err_t err;

	if (arg_int(ARG0(r)) != CLOCK_REALTIME)
		return -EINVAL;
	err = timespec_get(ARG1(r), &ts);
	return err ? err : set_clock(&ts);
}

int64_t linux_gettimeofday(struct regs *r)
{
	struct linux_timeval tv = ns_timeval(clock_realtime());
	struct linux_timezone tz = { 0, 0 };

	if (ARG0(r) != 0 &&
	    put_user(UPTR(struct linux_timeval, ARG0(r)), &tv) != 0)
		return -EFAULT;
	if (ARG1(r) != 0)
		return put_user(UPTR(struct linux_timezone, ARG1(r)), &tz);
	return 0;
}

int64_t linux_settimeofday(struct regs *r)
{
	struct linux_timezone tz;
	struct linux_timeval tv;
	struct linux_timespec ts;

	if (ARG0(r) != 0) {
		if (get_user(&tv, UPTR_CONST(struct linux_timeval, ARG0(r))))
			return -EFAULT;
		if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
			return -EINVAL;
	}
	if (ARG1(r) != 0 &&
	    get_user(&tz, UPTR_CONST(struct linux_timezone, ARG1(r))))
		return -EFAULT;
	if (!cred_is_root(current_cred()))
		return -EPERM;
	if (ARG0(r) == 0)
		return 0;
	ts = (struct linux_timespec){ tv.tv_sec, tv.tv_usec * 1000 };
	return set_clock(&ts);
}

int64_t linux_time(struct regs *r)
{
	int64_t now = (int64_t)(clock_realtime() / NSEC_PER_SEC);

	if (ARG0(r) != 0 && put_user(UPTR(int64_t, ARG0(r)), &now) != 0)
		return -EFAULT;
	return now;
}

int64_t linux_times(struct regs *r)
{
	struct rusage_info self, kids;
	struct linux_tms t;

	if (ARG0(r) != 0) {
		proc_usage(self_proc(), &self);
		proc_children_usage(self_proc(), &kids);
		t.tms_utime = (int64_t)(self.user_ns / TICK_NS);
		t.tms_stime = (int64_t)(self.sys_ns / TICK_NS);
		t.tms_cutime = (int64_t)(kids.user_ns / TICK_NS);
		t.tms_cstime = (int64_t)(kids.sys_ns / TICK_NS);
		if (put_user(UPTR(struct linux_tms, ARG0(r)), &t) != 0)
			return -EFAULT;
	}
	return (int64_t)(clock_monotonic() / TICK_NS);
}

/* --- sleeping --- */

/* Writes what is left to @rem (0: nowhere) and gives the restart code. */
static int64_t interrupted(nsec_t deadline, uint64_t rem)
{
	nsec_t now = clock_monotonic();
	struct linux_timespec ts;

	if (rem == 0)
		return -ERESTART_RESTARTBLOCK;
	ts = ns_timespec(deadline > now ? deadline - now : 0);
	if (put_user(UPTR(struct linux_timespec, rem), &ts) != 0)
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

static int64_t sleep_again(struct restart_block *rb)
{
	err_t err = sleep_until(rb->arg[0]);

	return err == -EINTR	   ? interrupted(rb->arg[0], rb->arg[1])
	       : err == -ETIMEDOUT ? 0
				   : err;
}

static int64_t sleep_for(nsec_t span, uint64_t rem)
{
	struct restart_block *rb = &thread_attr(current_thread())->restart;

	rb->fn = sleep_again;
	rb->arg[0] = deadline_after(span);
	rb->arg[1] = rem;
	return sleep_again(rb);
}

int64_t linux_nanosleep(struct regs *r)
{
	struct linux_timespec ts;
	err_t err = timespec_get(ARG0(r), &ts);

	if (err)
		return err;
	if (!timespec_valid(&ts))
		return -EINVAL;
	return sleep_for(timespec_ns(&ts), ARG1(r));
}

/* May one sleep by this clock?  Those of CPU time do not wake anybody. */
static err_t sleeping_clock(int32_t id)
{
	nsec_t now;

	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		return 0;
	default:
		return read_clock(id, &now) ? -EINVAL : -EOPNOTSUPP;
	}
}

int64_t linux_clock_nanosleep(struct regs *r)
{
	int32_t id = arg_int(ARG0(r));
	struct linux_timespec ts;
	nsec_t until, now = 0;
	err_t err = sleeping_clock(id);

	if (err == 0)
		err = timespec_get(ARG2(r), &ts);
	if (err)
		return err;
	if (!timespec_valid(&ts))
		return -EINVAL;
	if ((arg_int(ARG1(r)) & TIMER_ABSTIME) == 0)
		return sleep_for(timespec_ns(&ts), ARG3(r));
	until = timespec_ns(&ts);
	if (id == CLOCK_REALTIME || id == CLOCK_TAI) {
		err = read_clock(id, &now);
		until = until > now ? deadline_after(until - now) : 0;
	}
	if (until <= clock_monotonic())
		return 0;
	err = sleep_until(until);
	if (err == -ETIMEDOUT)
		return 0;
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

/* --- interval timers --- */

static nsec_t timeval_ns(const struct linux_timeval *tv)
{
	struct linux_timespec ts = { tv->tv_sec, tv->tv_usec * 1000 };

	return timespec_ns(&ts);
}

static bool timeval_valid(const struct linux_timeval *tv)
{
	return tv->tv_sec >= 0 && tv->tv_usec >= 0 && tv->tv_usec < 1000000;
}

int64_t linux_getitimer(struct regs *r)
{
	struct linux_itimerval it = { { 0, 0 }, { 0, 0 } };
	int which = arg_int(ARG0(r));
	nsec_t value, interval;

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	if (which == ITIMER_REAL) {
		value = proc_itimer_get(self_proc(), &interval);
		it.it_value = ns_timeval(value);
		it.it_interval = ns_timeval(interval);
	}
	return put_user(UPTR(struct linux_itimerval, ARG1(r)), &it);
}

int64_t linux_setitimer(struct regs *r)
{
	struct linux_itimerval it = { { 0, 0 }, { 0, 0 } };
	struct linux_itimerval old = it;
	int which = arg_int(ARG0(r));
	nsec_t left, interval;

	if (ARG1(r) != 0 &&
	    get_user(&it, UPTR_CONST(struct linux_itimerval, ARG1(r))))
		return -EFAULT;
	if (!timeval_valid(&it.it_value) || !timeval_valid(&it.it_interval) ||
	    which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	if (which == ITIMER_REAL) {
		left = proc_itimer_set(self_proc(), timeval_ns(&it.it_value),
				       timeval_ns(&it.it_interval), &interval);
		old.it_value = ns_timeval(left);
		old.it_interval = ns_timeval(interval);
	} else if (it.it_value.tv_sec != 0 || it.it_value.tv_usec != 0) {
		/* CPU time is not watched: better refused than ignored. */
		return -EINVAL;
	}
	if (ARG2(r) == 0)
		return 0;
	return put_user(UPTR(struct linux_itimerval, ARG2(r)), &old);
}

/* Rounded to the nearest second, but what is pending never reads as 0. */
int64_t linux_alarm(struct regs *r)
{
	nsec_t interval, left, sec;

	left = proc_itimer_set(self_proc(), (uint32_t)ARG0(r) * NSEC_PER_SEC, 0,
			       &interval);
	sec = left / NSEC_PER_SEC;
	if ((sec == 0 && left != 0) || left % NSEC_PER_SEC >= NSEC_PER_SEC / 2)
		sec++;
	return (int64_t)sec;
}
