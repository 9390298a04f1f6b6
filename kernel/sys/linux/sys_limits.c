/* SPDX-License-Identifier: MIT */
/* Limits and what was used. */
#include <abi/linux/resource.h>
#include <mm/aspace.h>

#include "linux_impl.h"

#define NR_OPEN 1048576u

static void tell_aspace(struct proc *p)
{
	struct aspace *as = proc_get_aspace(p);
	struct aspace_limits l = {
		.as_bytes = proc_limit(p, LIMIT_AS),
		.data_bytes = proc_limit(p, LIMIT_DATA),
		.stack_bytes = proc_limit(p, LIMIT_STACK),
	};

	if (as == NULL)
		return;
	aspace_set_limits(as, &l);
	aspace_put(as);
}

static err_t set_limit(struct proc *p, unsigned which, struct limit new_limit)
{
	struct limit old = proc_get_limit(p, which);
	err_t err;

	if (new_limit.cur > new_limit.max)
		return -EINVAL;
	if (which == LIMIT_NOFILE && new_limit.max > NR_OPEN)
		return -EPERM;
	if (new_limit.max > old.max && current_cred()->euid != 0)
		return -EPERM;
	err = proc_set_limit(p, which, new_limit);
	if (err == 0 &&
	    (which == LIMIT_AS || which == LIMIT_DATA || which == LIMIT_STACK))
		tell_aspace(p);
	return err;
}

int64_t linux_getrlimit(struct regs *r)
{
	uint32_t which = (uint32_t)ARG0(r);
	struct linux_rlimit rl;
	struct limit l;

	if (which >= RLIM_NLIMITS)
		return -EINVAL;
	l = proc_get_limit(self_proc(), which);
	rl = (struct linux_rlimit){ l.cur, l.max };
	return put_user(UPTR(struct linux_rlimit, ARG1(r)), &rl);
}

int64_t linux_setrlimit(struct regs *r)
{
	uint32_t which = (uint32_t)ARG0(r);
	struct linux_rlimit rl;

	if (get_user(&rl, UPTR_CONST(struct linux_rlimit, ARG1(r))) != 0)
		return -EFAULT;
	if (which >= RLIM_NLIMITS)
		return -EINVAL;
	return set_limit(self_proc(), which,
			 (struct limit){ rl.rlim_cur, rl.rlim_max });
}

/* Limits of another process are open to its own user alone. */
static bool may_limit(struct proc *p)
{
	const struct cred *me = current_cred(), *c;
	bool may;

	if (p == self_proc() || me->euid == 0)
		return true;
	c = proc_cred(p);
	may = me->uid == c->uid && me->uid == c->euid && me->uid == c->suid &&
	      me->gid == c->gid && me->gid == c->egid && me->gid == c->sgid;
	cred_put(c);
	return may;
}

int64_t linux_prlimit64(struct regs *r)
{
	int32_t pid = arg_int(ARG0(r));
	uint32_t which = (uint32_t)ARG1(r);
	struct linux_rlimit rl;
	struct limit old;
	struct proc *p = self_proc();
	err_t err = 0;

	if (ARG2(r) != 0 &&
	    get_user(&rl, UPTR_CONST(struct linux_rlimit, ARG2(r))) != 0)
		return -EFAULT;
	if (pid != 0)
		p = proc_by_pid(proc_pidns(p), pid);
	else
		proc_get(p);
	if (p == NULL)
		return -ESRCH;
	if (!may_limit(p)) {
		err = -EPERM;
	} else if (which >= RLIM_NLIMITS) {
		err = -EINVAL;
	} else {
		old = proc_get_limit(p, which);
		if (ARG2(r) != 0)
			err = set_limit(p, which,
					(struct limit){ rl.rlim_cur,
							rl.rlim_max });
	}
	proc_put(p);
	if (err || ARG3(r) == 0)
		return err;
	rl = (struct linux_rlimit){ old.cur, old.max };
	return put_user(UPTR(struct linux_rlimit, ARG3(r)), &rl);
}

void rusage_to_linux(const struct rusage_info *from, struct linux_rusage *to)
{
	*to = (struct linux_rusage){
		.ru_utime = ns_timeval(from->user_ns),
		.ru_stime = ns_timeval(from->sys_ns),
		.ru_maxrss = (int64_t)from->maxrss_kb,
		.ru_minflt = (int64_t)from->minflt,
		.ru_majflt = (int64_t)from->majflt,
		.ru_nvcsw = (int64_t)from->nvcsw,
		.ru_nivcsw = (int64_t)from->nivcsw,
	};
}

int64_t linux_getrusage(struct regs *r)
{
	struct thread *t = current_thread();
	struct rusage_info u = { 0 };
	struct linux_rusage ru;

	switch (arg_int(ARG0(r))) {
	case RUSAGE_SELF:
		proc_usage(self_proc(), &u);
		break;
	case RUSAGE_CHILDREN:
		proc_children_usage(self_proc(), &u);
		break;
	case RUSAGE_THREAD:
		proc_usage(self_proc(), &u);
		thread_times(t, &u.user_ns, &u.sys_ns);
		u.minflt = t->acct.minflt;
		u.majflt = t->acct.majflt;
		u.nvcsw = t->acct.nvcsw;
		u.nivcsw = t->acct.nivcsw;
		break;
	default:
		return -EINVAL;
	}
	rusage_to_linux(&u, &ru);
	return put_user(UPTR(struct linux_rusage, ARG1(r)), &ru);
}
