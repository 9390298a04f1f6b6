/* SPDX-License-Identifier: MIT */
/* What others may read of a process: identity, parts, figures, limits. */
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <obj/handles.h>

#include "proc_impl.h"

int32_t proc_pid(const struct proc *p)
{
	return p->pid;
}

int32_t proc_pid_in(const struct proc *p, const struct pidns *ns)
{
	return pid_local(ns, p->pid);
}

int32_t thread_tid_in(const struct thread *t, const struct pidns *ns)
{
	return pid_local(ns, t->tid);
}

struct pidns *proc_pidns(const struct proc *p)
{
	return p->ns;
}

int32_t proc_ppid(struct proc *p)
{
	return __atomic_load_n(&p->ppid, __ATOMIC_RELAXED);
}

const struct cred *proc_cred(struct proc *p)
{
	const struct cred *c;

	spin_lock(&p->lock);
	c = cred_get(p->cred);
	spin_unlock(&p->lock);
	return c;
}

const struct cred *current_cred(void)
{
	return current_uthread()->cred;
}

/* Credentials belong to the thread; those of the leader are shown. */
void proc_set_cred(struct proc *p, struct cred *c)
{
	const struct cred *old, *shown = NULL;
	struct thread *t = current_thread();
	struct user *user = NULL, *was = NULL;

	/* The process counts for its new user; without memory for the old. */
	if (c->uid != proc_uid(p))
		user = user_get(c->uid);
	spin_lock(&p->lock);
	if (user != NULL) {
		was = p->user;
		p->user = user;
		atomic_add_relaxed(&user->nproc, 1);
		atomic_sub_relaxed(&was->nproc, 1);
	}
	old = uthread_of(t)->cred;
	uthread_of(t)->cred = c;
	if (p->leader == t || p->leader == NULL) {
		shown = p->cred;
		p->cred = cred_get(c);
	}
	spin_unlock(&p->lock);
	user_put(was);
	cred_put(old);
	if (shown != NULL)
		cred_put(shown);
}

void proc_name(struct proc *p, char out[16])
{
	spin_lock(&p->lock);
	memcpy(out, p->leader != NULL ? p->leader->name : p->name, 16);
	spin_unlock(&p->lock);
}

void thread_set_name(struct thread *t, const char *name)
{
	struct proc *p = t->proc;

	spin_lock(&p->lock);
	str_copy(t->name, sizeof(t->name), name);
	if (p->leader == t)
		str_copy(p->name, sizeof(p->name), name);
	spin_unlock(&p->lock);
}

struct aspace *proc_aspace(struct proc *p)
{
	return p->aspace;
}

struct handles *proc_handles(struct proc *p)
{
	return p->handles;
}

struct fsctx *proc_fsctx(struct proc *p)
{
	return p->fs;
}

struct sig *proc_sig(struct proc *p)
{
	return p->sig;
}

struct aspace *proc_get_aspace(struct proc *p)
{
	struct aspace *as;

	spin_lock(&p->lock);
	as = p->aspace;
	if (as != NULL)
		aspace_get(as);
	spin_unlock(&p->lock);
	return as;
}

struct handles *proc_get_handles(struct proc *p)
{
	struct handles *h;

	spin_lock(&p->lock);
	h = p->handles;
	if (h != NULL)
		handles_get(h);
	spin_unlock(&p->lock);
	return h;
}

struct fsctx *proc_get_fsctx(struct proc *p)
{
	struct fsctx *f;

	spin_lock(&p->lock);
	f = p->fs;
	if (f != NULL)
		fsctx_get(f);
	spin_unlock(&p->lock);
	return f;
}

struct desc *proc_get_exe(struct proc *p)
{
	struct desc *d;

	spin_lock(&p->lock);
	d = p->exe;
	if (d != NULL)
		desc_get(d);
	spin_unlock(&p->lock);
	return d;
}

unsigned proc_thread_count(struct proc *p)
{
	return p->nthreads;
}

struct thread *proc_next_thread(struct proc *p, int32_t tid)
{
	struct thread *t, *best = NULL;

	spin_lock(&p->lock);
	list_foreach_entry(t, &p->threads,
			   proc_link) if (t->tid >= tid &&
					  (best == NULL || t->tid < best->tid))
		best = t;
	if (best != NULL && !ref_tryget(&best->ref))
		best = NULL;
	spin_unlock(&p->lock);
	return best;
}

/* --- limits --- */

uint64_t proc_limit(const struct proc *p, unsigned which)
{
	return __atomic_load_n(&p->limits[which].cur, __ATOMIC_RELAXED);
}

struct limit proc_get_limit(struct proc *p, unsigned which)
{
	struct limit l;

	spin_lock(&p->lock);
	l = p->limits[which];
	spin_unlock(&p->lock);
	return l;
}

static void apply_memory_limits(struct proc *p)
{
	struct aspace *as = proc_get_aspace(p);
	struct aspace_limits l;

	if (as == NULL)
		return;
	l.as_bytes = proc_limit(p, LIMIT_AS);
	l.data_bytes = proc_limit(p, LIMIT_DATA);
	l.stack_bytes = proc_limit(p, LIMIT_STACK);
	aspace_set_limits(as, &l);
	aspace_put(as);
}

err_t proc_set_limit(struct proc *p, unsigned which, struct limit l)
{
	const struct cred *c = current_cred();
	err_t err = 0;

	if (which >= LIMIT_COUNT || l.cur > l.max)
		return -EINVAL;
	if (which == LIMIT_NOFILE && l.max > 1048576)
		return -EPERM;
	spin_lock(&p->lock);
	if (l.max > p->limits[which].max && c->euid != 0)
		err = -EPERM;
	else
		p->limits[which] = l;
	spin_unlock(&p->lock);
	if (!err &&
	    (which == LIMIT_AS || which == LIMIT_DATA || which == LIMIT_STACK))
		apply_memory_limits(p);
	return err;
}

/* --- figures --- */

void proc_usage_threads(struct proc *p, struct rusage_info *out)
{
	struct thread *t;
	nsec_t user, sys;

	spin_lock(&p->lock);
	*out = p->dead;
	list_foreach_entry(t, &p->threads, proc_link)
	{
		thread_times(t, &user, &sys);
		out->user_ns += user;
		out->sys_ns += sys;
		out->minflt += t->acct.minflt;
		out->majflt += t->acct.majflt;
		out->nvcsw += t->acct.nvcsw;
		out->nivcsw += t->acct.nivcsw;
	}
	spin_unlock(&p->lock);
}

void proc_usage(struct proc *p, struct rusage_info *out)
{
	struct aspace *as = proc_get_aspace(p);
	struct aspace_stats st;

	proc_usage_threads(p, out);
	if (as == NULL)
		return;
	aspace_get_stats(as, &st);
	if (st.peak_rss_pages * 4 > out->maxrss_kb)
		out->maxrss_kb = st.peak_rss_pages * 4;
	aspace_put(as);
}

void proc_children_usage(struct proc *p, struct rusage_info *out)
{
	spin_lock(&proc_tree_lock);
	*out = p->children_usage;
	spin_unlock(&proc_tree_lock);
}

nsec_t proc_start_time(const struct proc *p)
{
	return p->start_time;
}

void proc_arg_area(struct proc *p, vaddr_t *arg_start, vaddr_t *arg_end,
		   vaddr_t *env_start, vaddr_t *env_end)
{
	spin_lock(&p->lock);
	*arg_start = p->arg_start;
	*arg_end = p->arg_end;
	*env_start = p->env_start;
	*env_end = p->env_end;
	spin_unlock(&p->lock);
}

void proc_code_area(struct proc *p, vaddr_t *start_code, vaddr_t *end_code,
		    vaddr_t *start_data, vaddr_t *end_data,
		    vaddr_t *start_stack, vaddr_t *start_brk)
{
	spin_lock(&p->lock);
	*start_code = p->code_start;
	*end_code = p->code_end;
	*start_data = p->data_start;
	*end_data = p->data_end;
	*start_stack = p->stack_start;
	*start_brk = p->brk_start;
	spin_unlock(&p->lock);
}

size_t proc_auxv(struct proc *p, uint64_t *out, size_t max)
{
	size_t n;

	spin_lock(&p->lock);
	n = p->nauxv < max ? p->nauxv : max;
	memcpy(out, p->auxv, n * sizeof(*out));
	spin_unlock(&p->lock);
	return n;
}

uint32_t proc_personality(struct proc *p)
{
	return __atomic_load_n(&p->personality, __ATOMIC_RELAXED);
}

bool proc_dumpable(struct proc *p)
{
	return __atomic_load_n(&p->dumpable, __ATOMIC_RELAXED);
}

/* --- who may act on whom --- */

bool proc_may(struct proc *actor, struct proc *target, enum proc_right r)
{
	const struct cred *a, *t;
	bool ok;

	if (actor == target || actor == NULL)
		return true;
	a = proc_cred(actor);
	t = proc_cred(target);
	switch (r) {
	case PROC_MAY_SEE:
		ok = true;
		break;
	case PROC_MAY_SIGNAL:
		ok = a->euid == 0 || a->euid == t->suid || a->euid == t->uid ||
		     a->uid == t->suid || a->uid == t->uid;
		break;
	case PROC_MAY_TRACE:
		ok = a->euid == 0 ||
		     (a->fsuid == t->uid && a->fsuid == t->euid &&
		      a->fsuid == t->suid && a->fsgid == t->gid &&
		      a->fsgid == t->egid && a->fsgid == t->sgid &&
		      proc_dumpable(target));
		break;
	case PROC_MAY_CONTROL:
		ok = a->euid == 0 || a->euid == t->euid || a->euid == t->uid;
		break;
	default:
		ok = false;
		break;
	}
	cred_put(a);
	cred_put(t);
	return ok;
}
