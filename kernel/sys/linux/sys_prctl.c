/* SPDX-License-Identifier: MIT */
/* prctl and arch_prctl: attributes of a thread. */
#include <abi/linux/prctl.h>
#include <abi/linux/signal.h>
#include <arch/context.h>
#include <arch/mmu.h>
#include <lib/atomic.h>
#include <proc/proc_attr.h>

#include "linux_impl.h"

#define NAME_SIZE     16
#define SLACK_DEFAULT 50000
#define TSC_ENABLED   1

static int64_t set_name(uint64_t addr)
{
	char name[NAME_SIZE];
	int64_t len = copy_string_from_user(name, UPTR_CONST(char, addr),
					    sizeof(name));

	if (len == -ENAMETOOLONG) {
		len = copy_from_user(name, UPTR_CONST(void, addr),
				     sizeof(name) - 1);
		name[NAME_SIZE - 1] = '\0';
	}
	if (len < 0)
		return len;
	thread_set_name(current_thread(), name);
	return 0;
}

static int64_t get_name(uint64_t addr)
{
	char name[NAME_SIZE] = { 0 };

	thread_get_name(current_thread(), name);
	return copy_to_user(UPTR(void, addr), name, sizeof(name));
}

static int64_t put_int(uint64_t addr, int32_t value)
{
	return put_user(UPTR(int32_t, addr), &value);
}

static int64_t capability(uint64_t cap)
{
	return cap <= CAP_LAST_CAP ? 1 : -EINVAL;
}

/* There are no ambient capabilities: none is ever set. */
static int64_t ambient(uint64_t what, uint64_t cap)
{
	switch (what) {
	case PR_CAP_AMBIENT_CLEAR_ALL:
		return cap == 0 ? 0 : -EINVAL;
	case PR_CAP_AMBIENT_IS_SET:
	case PR_CAP_AMBIENT_LOWER:
		return cap <= CAP_LAST_CAP ? 0 : -EINVAL;
	case PR_CAP_AMBIENT_RAISE:
		return cap <= CAP_LAST_CAP ? -EPERM : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int64_t get_attr(struct thread_attr *ta, struct regs *r)
{
	struct proc *p = self_proc();
	bool rest = ARG1(r) != 0 || ARG2(r) != 0 || ARG3(r) != 0 ||
		    ARG4(r) != 0;
	uint64_t word;

	switch (arg_int(ARG0(r))) {
	case PR_GET_PDEATHSIG:
		return put_int(ARG1(r), atomic_load_relaxed(&ta->pdeathsig));
	case PR_GET_DUMPABLE:
		return proc_dumpable(p);
	case PR_GET_KEEPCAPS:
		return ta->keep_caps;
	case PR_GET_NAME:
		return get_name(ARG1(r));
	case PR_GET_SECCOMP:
	case PR_GET_TIMING:
	case PR_GET_SECUREBITS:
		return 0;
	case PR_GET_TSC:
		return put_int(ARG1(r), TSC_ENABLED);
	case PR_GET_TIMERSLACK:
		return (int64_t)(ta->timer_slack ? ta->timer_slack
						 : SLACK_DEFAULT);
	case PR_GET_CHILD_SUBREAPER:
		return put_int(ARG1(r), proc_is_subreaper(p));
	case PR_GET_NO_NEW_PRIVS:
		return rest ? -EINVAL : ta->no_new_privs;
	case PR_GET_THP_DISABLE:
		return rest ? -EINVAL : 0;
	case PR_GET_TID_ADDRESS:
		word = thread_clear_tid();
		return put_user(UPTR(uint64_t, ARG1(r)), &word);
	default:
		return -EINVAL;
	}
}

int64_t linux_prctl(struct regs *r)
{
	struct thread_attr *ta = thread_attr(current_thread());
	struct proc *p = self_proc();
	uint64_t arg = ARG1(r);

	switch (arg_int(ARG0(r))) {
	case PR_SET_PDEATHSIG:
		if (arg > SIGRTMAX)
			return -EINVAL;
		atomic_store_relaxed(&ta->pdeathsig, (int)arg);
		return 0;
	case PR_SET_DUMPABLE:
		if (arg > 1)
			return -EINVAL;
		proc_set_dumpable(p, arg != 0);
		return 0;
	case PR_SET_KEEPCAPS:
		if (arg > 1)
			return -EINVAL;
		ta->keep_caps = arg != 0;
		return 0;
	case PR_SET_NAME:
		return set_name(arg);
	case PR_SET_TIMING:
		return arg == 0 ? 0 : -EINVAL;
	case PR_CAPBSET_READ:
		return capability(arg);
	case PR_CAPBSET_DROP:
		return cred_is_root(current_cred()) && arg > CAP_LAST_CAP
			       ? -EINVAL
			       : -EPERM;
	case PR_SET_SECUREBITS:
		return arg == 0 && cred_is_root(current_cred()) ? 0 : -EPERM;
	case PR_SET_TSC:
		return arg == TSC_ENABLED ? 0 : -EINVAL;
	case PR_SET_TIMERSLACK:
		ta->timer_slack = (int64_t)arg <= 0 ? 0 : arg;
		return 0;
	case PR_SET_CHILD_SUBREAPER:
		proc_set_subreaper(p, arg != 0);
		return 0;
	case PR_SET_NO_NEW_PRIVS:
		if (arg != 1 || ARG2(r) || ARG3(r) || ARG4(r))
			return -EINVAL;
		atomic_store_relaxed(&ta->no_new_privs, true);
		return 0;
	case PR_CAP_AMBIENT:
		return ARG3(r) || ARG4(r) ? -EINVAL : ambient(arg, ARG2(r));
	default:
		return get_attr(ta, r);
	}
}

int64_t linux_arch_prctl(struct regs *r)
{
	uint64_t addr = ARG1(r);
	struct segbases b;

	segbases_save(&b);
	switch (arg_int(ARG0(r))) {
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		if (addr >= USER_TOP)
			return -EPERM;
		if (arg_int(ARG0(r)) == ARCH_SET_FS)
			b.fs = addr;
		else
			b.gs = addr;
		segbases_load(&b);
		return 0;
	case ARCH_GET_FS:
		return put_user(UPTR(uint64_t, addr), &b.fs);
	case ARCH_GET_GS:
		return put_user(UPTR(uint64_t, addr), &b.gs);
	case ARCH_GET_CPUID:
		return 1;
	case ARCH_SET_CPUID:
		return -ENODEV;
	default:
		return -EINVAL;
	}
}
