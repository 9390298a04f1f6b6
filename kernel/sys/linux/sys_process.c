/* SPDX-License-Identifier: MIT */
/* Processes: who they are, their groups, how they end. */
#include <abi/linux/sched.h>
#include <proc/proc_attr.h>

#include "linux_impl.h"

#define ROBUST_HEAD_SIZE 24

int64_t linux_exit(struct regs *r)
{
	proc_thread_exit((int)(ARG0(r) & 0xff));
}

int64_t linux_exit_group(struct regs *r)
{
	proc_exit((int)(ARG0(r) & 0xff) << 8);
}

int64_t linux_getpid(struct regs *r)
{
	struct proc *p = self_proc();

	(void)r;
	return proc_pid_in(p, proc_pidns(p));
}

int64_t linux_gettid(struct regs *r)
{
	(void)r;
	return thread_tid_in(current_thread(), proc_pidns(self_proc()));
}

int64_t linux_getppid(struct regs *r)
{
	(void)r;
	return proc_ppid(self_proc());
}

int64_t linux_getpgrp(struct regs *r)
{
	(void)r;
	return proc_getpgid(0);
}

int64_t linux_getpgid(struct regs *r)
{
	return proc_getpgid(arg_int(ARG0(r)));
}

int64_t linux_setpgid(struct regs *r)
{
	return proc_setpgid(arg_int(ARG0(r)), arg_int(ARG1(r)));
}

int64_t linux_getsid(struct regs *r)
{
	return proc_getsid(arg_int(ARG0(r)));
}

int64_t linux_setsid(struct regs *r)
{
	(void)r;
	return proc_setsid();
}

int64_t linux_set_tid_address(struct regs *r)
{
	thread_set_clear_tid(ARG0(r));
	return linux_gettid(r);
}

int64_t linux_set_robust_list(struct regs *r)
{
	if (ARG1(r) != ROBUST_HEAD_SIZE)
		return -EINVAL;
	thread_set_robust_list(ARG0(r), ROBUST_HEAD_SIZE);
	return 0;
}

int64_t linux_get_robust_list(struct regs *r)
{
	int32_t tid = arg_int(ARG0(r));
	struct thread *t = current_thread();
	uint64_t head, len = ROBUST_HEAD_SIZE;
	size_t ignored;
	bool may;

	if (tid != 0) {
		t = thread_by_tid(proc_pidns(self_proc()), tid);
		if (t == NULL)
			return -ESRCH;
	} else {
		thread_get(t);
	}
	may = proc_may(self_proc(), t->proc, PROC_MAY_TRACE);
	thread_get_robust_list(t, &head, &ignored);
	thread_put(t);
	if (!may)
		return -EPERM;
	if (put_user(UPTR(uint64_t, ARG2(r)), &len) != 0)
		return -EFAULT;
	return put_user(UPTR(uint64_t, ARG1(r)), &head);
}

int64_t linux_personality(struct regs *r)
{
	uint32_t old = proc_personality(self_proc());
	uint32_t persona = (uint32_t)ARG0(r);

	if (persona != UINT32_MAX)
		proc_set_personality(self_proc(), persona);
	return old;
}
