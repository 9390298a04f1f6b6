/* SPDX-License-Identifier: MIT */
/* Waiting for children. */
#include <abi/linux/resource.h>
#include <abi/linux/signal.h>
#include <abi/linux/wait.h>

#include "linux_impl.h"

static unsigned wait_flags(uint32_t options)
{
	unsigned f = 0;

	if (options & WNOHANG)
		f |= PWAIT_NOHANG;
	if (options & WSTOPPED)
		f |= PWAIT_STOPPED;
	if (options & WEXITED)
		f |= PWAIT_EXITED;
	if (options & WCONTINUED)
		f |= PWAIT_CONTINUED;
	if (options & WNOWAIT)
		f |= PWAIT_NOWAIT;
	if (options & __WNOTHREAD)
		f |= PWAIT_NOTHREAD;
	if (options & __WALL)
		f |= PWAIT_ALL;
	if (options & __WCLONE)
		f |= PWAIT_CLONE;
	return f;
}

static int64_t my_group(void)
{
	return proc_getpgid(0);
}

int64_t linux_wait4(struct regs *r)
{
	int32_t id = arg_int(ARG0(r));
	uint32_t options = (uint32_t)ARG2(r);
	enum wait_which which = WAIT_PID;
	struct linux_rusage ru;
	struct wait_result res;
	err_t err;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD |
			__WCLONE | __WALL))
		return -EINVAL;
	if (id == INT32_MIN)
		return -ESRCH;
	if (id == -1) {
		which = WAIT_ANY;
	} else if (id <= 0) {
		which = WAIT_PGID;
		id = id == 0 ? (int32_t)my_group() : -id;
	}
	err = proc_wait(which, id, wait_flags(options | WEXITED), &res);
	if (err)
		return err == -EINTR ? -ERESTARTSYS : err;
	if (res.pid == 0)
		return 0;
	if (ARG1(r) != 0 && put_user(UPTR(int32_t, ARG1(r)), &res.status) != 0)
		return -EFAULT;
	if (ARG3(r) != 0) {
		rusage_to_linux(&res.usage, &ru);
		if (put_user(UPTR(struct linux_rusage, ARG3(r)), &ru) != 0)
			return -EFAULT;
	}
	return res.pid;
}

/* A status word as the code and status of a siginfo. */
static void cause_of(int status, int32_t *code, int32_t *value)
{
	if (status == W_CONTINUED) {
		*code = CLD_CONTINUED;
		*value = SIGCONT;
	} else if ((status & 0xff) == 0x7f) {
		*code = CLD_STOPPED;
		*value = status >> 8 & 0xff;
	} else if ((status & 0x7f) != 0) {
		*code = status & W_CORE_FLAG ? CLD_DUMPED : CLD_KILLED;
		*value = status & 0x7f;
	} else {
		*code = CLD_EXITED;
		*value = status >> 8 & 0xff;
	}
}

static err_t which_of(int type, int32_t *id, enum wait_which *which)
{
	switch (type) {
	case P_ALL:
		*which = WAIT_ANY;
		return 0;
	case P_PID:
		*which = WAIT_PID;
		return *id > 0 ? 0 : -EINVAL;
	case P_PGID:
		*which = WAIT_PGID;
		if (*id == 0)
			*id = (int32_t)my_group();
		return *id > 0 ? 0 : -EINVAL;
	case P_PIDFD:
		return *id < 0 ? -EINVAL : -EBADF;
	default:
		return -EINVAL;
	}
}

static err_t wait_id(struct regs *r, struct wait_result *res)
{
	uint32_t options = (uint32_t)ARG3(r);
	int32_t id = arg_int(ARG1(r));
	enum wait_which which;
	err_t err;

	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED |
			__WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if ((options & (WEXITED | WSTOPPED | WCONTINUED)) == 0)
		return -EINVAL;
	err = which_of(arg_int(ARG0(r)), &id, &which);
	if (err)
		return err;
	err = proc_wait(which, id, wait_flags(options), res);
	return err == -EINTR ? -ERESTARTSYS : err;
}

int64_t linux_waitid(struct regs *r)
{
	struct {
		int32_t signo, err, code;
	} head = { 0, 0, 0 };
	struct {
		int32_t pid;
		uint32_t uid;
		int32_t status;
	} who = { 0, 0, 0 };
	struct wait_result res = { .pid = 0 };
	struct linux_rusage ru;
	err_t err = wait_id(r, &res);

	if (err == 0 && res.pid != 0) {
		head.signo = SIGCHLD;
		cause_of(res.status, &head.code, &who.status);
		who.pid = res.pid;
		who.uid = res.uid;
		rusage_to_linux(&res.usage, &ru);
		if (ARG4(r) != 0 &&
		    put_user(UPTR(struct linux_rusage, ARG4(r)), &ru) != 0)
			return -EFAULT;
	}
	/* Filled also when there is an error; other bytes stay. */
	if (ARG2(r) != 0 && err != -ERESTARTSYS &&
	    (put_user(UPTR(void, ARG2(r)), &head) != 0 ||
	     put_user(UPTR(void, ARG2(r) + 16), &who) != 0))
		return -EFAULT;
	return err;
}
