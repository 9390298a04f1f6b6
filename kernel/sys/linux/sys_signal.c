/* SPDX-License-Identifier: MIT */
/* Signals: actions, masks, sending, waiting. */
#include <abi/linux/signal.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>
#include <sched/waitq.h>

#include "linux_impl.h"

#define SET_SIZE    sizeof(uint64_t)
#define UNBLOCKABLE (SIGBIT(SIGKILL) | SIGBIT(SIGSTOP))

err_t sigmask_get(uint64_t addr, uint64_t size, uint64_t *mask)
{
	err_t err;

	if (size != SET_SIZE)
		return -EINVAL;
	err = get_user(mask, UPTR_CONST(uint64_t, addr));
	*mask &= ~UNBLOCKABLE;
	return err;
}

void siginfo_to_linux(const struct sig_info *from, struct linux_siginfo *to)
{
	*to = (struct linux_siginfo){ .si_signo = from->signo,
				      .si_errno = from->err,
				      .si_code = from->code };
	switch (from->kind) {
	case SIG_KIND_CHLD:
		to->chld.pid = from->pid;
		to->chld.uid = from->uid;
		to->chld.status = from->status;
		to->chld.utime = from->utime;
		to->chld.stime = from->stime;
		break;
	case SIG_KIND_FAULT:
		to->fault.addr = from->value;
		break;
	case SIG_KIND_TIMER:
		to->timer.tid = from->pid;
		to->timer.overrun = from->status;
		to->timer.value = from->value;
		break;
	case SIG_KIND_POLL:
		to->poll.band = (int64_t)from->value;
		to->poll.fd = from->status;
		break;
	default:
		to->rt.pid = from->pid;
		to->rt.uid = from->uid;
		to->rt.value = from->value;
		break;
	}
}

/* --- actions and masks --- */

int64_t linux_rt_sigaction(struct regs *r)
{
	struct linux_sigaction sa;
	struct sig_action act, old;
	err_t err;

	if (ARG3(r) != SET_SIZE)
		return -EINVAL;
	if (ARG1(r) != 0) {
		err = get_user(&sa,
			       UPTR_CONST(struct linux_sigaction, ARG1(r)));
		if (err)
			return err;
		act = (struct sig_action){ .handler = sa.sa_handler,
					   .flags = sa.sa_flags & SA_KNOWN,
					   .restorer = sa.sa_restorer,
					   .mask = sa.sa_mask & ~UNBLOCKABLE };
	}
	err = signal_action(arg_int(ARG0(r)), ARG1(r) != 0 ? &act : NULL, &old);
	if (err || ARG2(r) == 0)
		return err;
	sa = (struct linux_sigaction){ old.handler, old.flags, old.restorer,
				       old.mask };
	return put_user(UPTR(struct linux_sigaction, ARG2(r)), &sa);
}

int64_t linux_rt_sigprocmask(struct regs *r)
{
	sigset_bits old = signal_mask(current_thread()), set;
	err_t err;

	if (ARG3(r) != SET_SIZE)
		return -EINVAL;
	if (ARG1(r) != 0) {
		err = sigmask_get(ARG1(r), SET_SIZE, &set);
		if (err)
			return err;
		switch (arg_int(ARG0(r))) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		signal_set_mask(set);
	}
	if (ARG2(r) == 0)
		return 0;
	return put_user(UPTR(uint64_t, ARG2(r)), &old);
}

int64_t linux_rt_sigpending(struct regs *r)
{
	sigset_bits set = signal_pending_set();

	if (ARG1(r) > SET_SIZE)
		return -EINVAL;
	set &= signal_mask(current_thread());
	return copy_to_user(UPTR(void, ARG0(r)), &set, ARG1(r));
}

int64_t linux_rt_sigsuspend(struct regs *r)
{
	sigset_bits mask;
	err_t err = sigmask_get(ARG0(r), ARG1(r), &mask);

	if (err)
		return err;
	err = signal_suspend(mask);
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

int64_t linux_pause(struct regs *r)
{
	err_t err = signal_suspend(signal_mask(current_thread()));

	(void)r;
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

int64_t linux_rt_sigtimedwait(struct regs *r)
{
	nsec_t deadline = NO_DEADLINE;
	struct linux_timespec ts;
	struct linux_siginfo out;
	struct sig_info info;
	sigset_bits set;
	int64_t ret;

	ret = sigmask_get(ARG0(r), ARG3(r), &set);
	if (ret == 0 && ARG2(r) != 0) {
		ret = timespec_get(ARG2(r), &ts);
		if (ret == 0 && !timespec_valid(&ts))
			ret = -EINVAL;
		if (ret == 0)
			deadline = timespec_ns(&ts) == 0
					   ? 0
					   : deadline_after(timespec_ns(&ts));
	}
	if (ret != 0)
		return ret;
	ret = signal_wait(set, deadline, &info);
	if (ret > 0 && ARG1(r) != 0) {
		siginfo_to_linux(&info, &out);
		if (put_user(UPTR(struct linux_siginfo, ARG1(r)), &out) != 0)
			return -EFAULT;
	}
	return ret;
}

int64_t linux_sigaltstack(struct regs *r)
{
	struct sig_stack ss, old;
	struct linux_stack st;
	err_t err;

	if (ARG0(r) != 0) {
		err = get_user(&st, UPTR_CONST(struct linux_stack, ARG0(r)));
		if (err)
			return err;
		ss = (struct sig_stack){ st.ss_sp, st.ss_size, st.ss_flags };
	}
	err = signal_altstack(ARG0(r) != 0 ? &ss : NULL, r->rsp,
			      LINUX_MINSIGSTKSZ, &old);
	if (err || ARG1(r) == 0)
		return err;
	st = (struct linux_stack){ old.sp, old.flags, 0, old.size };
	return put_user(UPTR(struct linux_stack, ARG1(r)), &st);
}

/* --- sending --- */

int64_t linux_kill(struct regs *r)
{
	return signal_kill(arg_int(ARG0(r)), arg_int(ARG1(r)));
}

int64_t linux_tgkill(struct regs *r)
{
	int32_t tgid = arg_int(ARG0(r)), tid = arg_int(ARG1(r));

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return signal_tgkill(tgid, tid, arg_int(ARG2(r)), NULL);
}

int64_t linux_tkill(struct regs *r)
{
	int32_t tid = arg_int(ARG0(r));

	if (tid <= 0)
		return -EINVAL;
	return signal_tgkill(0, tid, arg_int(ARG1(r)), NULL);
}

/* What a program says about a signal it sends; only to itself may it lie. */
static err_t info_get(struct sig_info *info, uint64_t addr, int signo,
		      int32_t target)
{
	struct proc *self = self_proc();
	struct linux_siginfo si;
	err_t err = get_user(&si, UPTR_CONST(struct linux_siginfo, addr));

	if (err)
		return err;
	if ((si.si_code >= 0 || si.si_code == SI_TKILL) &&
	    proc_pid_in(self, proc_pidns(self)) != target)
		return -EPERM;
	*info = (struct sig_info){ .signo = signo,
				   .code = si.si_code,
				   .err = si.si_errno,
				   .pid = pid_global(proc_pidns(self),
						     si.rt.pid),
				   .uid = si.rt.uid,
				   .value = si.rt.value,
				   .kind = SIG_KIND_RT };
	return 0;
}

int64_t linux_rt_sigqueueinfo(struct regs *r)
{
	int32_t pid = arg_int(ARG0(r));
	int signo = arg_int(ARG1(r));
	struct sig_info info;
	struct proc *p;
	err_t err;

	err = info_get(&info, ARG2(r), signo, pid);
	if (err)
		return err;
	p = proc_by_pid(proc_pidns(self_proc()), pid);
	if (p == NULL)
		return -ESRCH;
	if (signo < 0 || signo > NSIG)
		err = -EINVAL;
	else if (!proc_may(self_proc(), p, PROC_MAY_SIGNAL))
		err = -EPERM;
	else if (signo != 0)
		err = signal_proc(p, &info);
	proc_put(p);
	return err;
}

int64_t linux_rt_tgsigqueueinfo(struct regs *r)
{
	int32_t tgid = arg_int(ARG0(r)), tid = arg_int(ARG1(r));
	int signo = arg_int(ARG2(r));
	struct sig_info info;
	err_t err;

	err = info_get(&info, ARG3(r), signo, tid);
	if (err)
		return err;
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return signal_tgkill(tgid, tid, signo, &info);
}

/* --- going on after a stop --- */

int64_t linux_restart_syscall(struct regs *r)
{
	struct restart_block *rb = &thread_attr(current_thread())->restart;

	(void)r;
	return rb->fn != NULL ? rb->fn(rb) : -EINTR;
}
