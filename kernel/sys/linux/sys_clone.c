/* SPDX-License-Identifier: MIT */
/* New processes and threads: fork, vfork, clone, clone3, unshare. */
#include <abi/linux/sched.h>
#include <abi/linux/signal.h>
#include <mm/aspace.h>
#include <proc/proc_attr.h>

#include "linux_impl.h"

#define CLONE_NAMESPACES \
	(CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	 CLONE_NEWNET | CLONE_NEWTIME)

struct clone_words {
	uint64_t flags, stack, tls, child_tid, parent_tid;
	int exit_signal;
};

static err_t flags_ok(uint64_t flags)
{
	if ((flags & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS))
		return -EINVAL;
	if ((flags & CLONE_THREAD) && (flags & CLONE_SIGHAND) == 0)
		return -EINVAL;
	if ((flags & CLONE_THREAD) && (flags & CLONE_NEWPID))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && (flags & CLONE_VM) == 0)
		return -EINVAL;
	if ((flags & CLONE_PARENT) &&
	    proc_pid_in(self_proc(), proc_pidns(self_proc())) == 1)
		return -EINVAL;
	/* Not built into this kernel: these namespaces, pid descriptors. */
	if (flags & (CLONE_NAMESPACES | CLONE_NEWNS | CLONE_PIDFD))
		return -EINVAL;
	if ((flags & CLONE_NEWPID) && !cred_is_root(current_cred()))
		return -EPERM;
	return 0;
}

static enum proc_part part(uint64_t flags, uint64_t share)
{
	return flags & share ? PART_SHARE : PART_COPY;
}

static int64_t do_clone(const struct regs *r, const struct clone_words *w)
{
	struct regs child = *r;
	struct proc_clone_args a = {
		.flags = w->flags,
		.aspace = part(w->flags, CLONE_VM),
		.handles = part(w->flags, CLONE_FILES),
		.fs = part(w->flags, CLONE_FS),
		.sig = part(w->flags, CLONE_SIGHAND),
		.same_process = (w->flags & CLONE_THREAD) != 0,
		.vfork = (w->flags & CLONE_VFORK) != 0,
		.parent_of_parent = (w->flags & CLONE_PARENT) != 0,
		.exit_signal = w->exit_signal,
		.regs = &child,
		.set_tls = (w->flags & CLONE_SETTLS) != 0,
		.tls = w->tls,
	};
	err_t err = flags_ok(w->flags);

	if (err)
		return err;
	if (a.set_tls && a.tls >= UINT64_C(0x00007ffffffff000))
		return -EPERM;
	child.rax = 0;
	regs_touch(&child);
	if (w->stack != 0)
		child.rsp = w->stack;
	if (w->flags & CLONE_CHILD_SETTID)
		a.set_child_tid = w->child_tid;
	if (w->flags & CLONE_CHILD_CLEARTID)
		a.clear_child_tid = w->child_tid;
	if (w->flags & CLONE_PARENT_SETTID)
		a.parent_tid = w->parent_tid;
	return proc_clone(&a);
}

int64_t linux_fork(struct regs *r)
{
	struct clone_words w = { .exit_signal = SIGCHLD };

	return do_clone(r, &w);
}

int64_t linux_vfork(struct regs *r)
{
	struct clone_words w = { .flags = CLONE_VFORK | CLONE_VM,
				 .exit_signal = SIGCHLD };

	return do_clone(r, &w);
}

int64_t linux_clone(struct regs *r)
{
	struct clone_words w = {
		.flags = (uint32_t)ARG0(r) & ~CSIGNAL,
		.stack = ARG1(r),
		.parent_tid = ARG2(r),
		.child_tid = ARG3(r),
		.tls = ARG4(r),
		.exit_signal = (int)(ARG0(r) & CSIGNAL),
	};

	return do_clone(r, &w);
}

/* The struct that clone3 passes, of whatever size its user knows. */
static err_t clone_args_get(struct linux_clone_args *a, uint64_t addr,
			    uint64_t size)
{
	uint8_t rest;
	err_t err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	*a = (struct linux_clone_args){ 0 };
	for (uint64_t i = sizeof(*a); i < size; i++) {
		err = get_user(&rest, UPTR_CONST(uint8_t, addr + i));
		if (err)
			return err;
		if (rest != 0)
			return -E2BIG;
	}
	return copy_from_user(a, UPTR_CONST(void, addr),
			      min_t(size_t, size, sizeof(*a)));
}

static err_t clone_args_ok(const struct linux_clone_args *a)
{
	uint64_t f = a->flags;

	/* Ids cannot be chosen, and there are no control groups. */
	if (a->set_tid != 0 || a->set_tid_size != 0)
		return -EINVAL;
	if ((a->exit_signal & ~(uint64_t)CSIGNAL) || a->exit_signal > SIGRTMAX)
		return -EINVAL;
	if (f & ~(uint64_t)UINT32_MAX)
		return -EINVAL;
	if (f & (CLONE_DETACHED | CSIGNAL))
		return -EINVAL;
	if ((f & (CLONE_THREAD | CLONE_PARENT)) && a->exit_signal != 0)
		return -EINVAL;
	if ((a->stack == 0) != (a->stack_size == 0))
		return -EINVAL;
	return user_range_ok(a->stack, a->stack_size) ? 0 : -EINVAL;
}

int64_t linux_clone3(struct regs *r)
{
	struct linux_clone_args a;
	struct clone_words w;
	err_t err;

	err = clone_args_get(&a, ARG0(r), ARG1(r));
	if (err == 0)
		err = clone_args_ok(&a);
	if (err)
		return err;
	w = (struct clone_words){
		.flags = a.flags,
		.stack = a.stack != 0 ? a.stack + a.stack_size : 0,
		.tls = a.tls,
		.child_tid = a.child_tid,
		.parent_tid = a.parent_tid,
		.exit_signal = (int)a.exit_signal,
	};
	return do_clone(r, &w);
}

/* A name space of its own, with the same root and directory. */
static err_t unshare_mounts(void)
{
	struct fsctx *old = proc_fsctx(self_proc()), *f;
	struct path p;
	struct ns *ns;
	err_t err;

	err = ns_copy(fsctx_ns(old), &ns);
	if (err)
		return err;
	err = fsctx_create(ns, &f);
	ns_put(ns);
	if (err)
		return err;
	p = fsctx_root(old);
	fsctx_set_root(f, &p);
	path_put(&p);
	p = fsctx_cwd(old);
	fsctx_set_cwd(f, &p);
	path_put(&p);
	(void)fsctx_set_umask(f, fsctx_umask(old));
	proc_set_fsctx(f);
	return 0;
}

int64_t linux_unshare(struct regs *r)
{
	uint64_t flags = ARG0(r);
	uint64_t alone = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
	err_t err = 0;

	if (flags & ~(alone | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM |
		      CLONE_NEWNS | CLONE_NEWPID))
		return -EINVAL;
	if ((flags & alone) && proc_thread_count(self_proc()) > 1)
		return -EINVAL;
	if ((flags & CLONE_VM) && aspace_refs(proc_aspace(self_proc())) > 1)
		return -EINVAL;
	if ((flags & (CLONE_NEWNS | CLONE_NEWPID)) &&
	    !cred_is_root(current_cred()))
		return -EPERM;
	if (flags & CLONE_NEWPID)
		err = proc_unshare_pids();
	if (err == 0 && (flags & CLONE_FILES))
		err = proc_unshare_handles();
	if (err == 0 && (flags & CLONE_NEWNS))
		return unshare_mounts();
	if (err == 0 && (flags & CLONE_FS))
		err = proc_unshare_fs();
	return err;
}
