/* SPDX-License-Identifier: MIT */
/* Attributes that system calls set and read; see proc_attr.h. */
#include <lib/atomic.h>
#include <lib/string.h>
#include <ns/ns.h>
#include <obj/handles.h>
#include <proc/proc_attr.h>

#include "proc_impl.h"

struct proc_hooks proc_hooks;

struct thread_attr *thread_attr(struct thread *t)
{
	return &uthread_of(t)->attr;
}

struct proc_attr *proc_attr(struct proc *p)
{
	return &p->attr;
}

void thread_set_clear_tid(vaddr_t addr)
{
	current_uthread()->clear_child_tid = addr;
}

vaddr_t thread_clear_tid(void)
{
	return current_uthread()->clear_child_tid;
}

void thread_set_robust_list(vaddr_t head, size_t len)
{
	struct uthread *u = current_uthread();

	u->robust_list = head;
	u->robust_len = len;
}

void thread_get_robust_list(const struct thread *t, vaddr_t *head, size_t *len)
{
	const struct uthread *u = uthread_of(t);

	*head = u->robust_list;
	*len = u->robust_len;
}

void thread_get_name(struct thread *t, char out[16])
{
	spin_lock(&t->proc->lock);
	memcpy(out, t->name, 16);
	spin_unlock(&t->proc->lock);
	out[15] = '\0';
}

void proc_set_subreaper(struct proc *p, bool on)
{
	spin_lock(&proc_tree_lock);
	p->subreaper = on;
	spin_unlock(&proc_tree_lock);
}

bool proc_is_subreaper(struct proc *p)
{
	return atomic_load_relaxed(&p->subreaper);
}

void proc_set_dumpable(struct proc *p, bool on)
{
	atomic_store_relaxed(&p->dumpable, on);
}

void proc_set_personality(struct proc *p, uint32_t persona)
{
	atomic_store_relaxed(&p->personality, persona);
}

err_t proc_unshare_handles(void)
{
	struct proc *p = current_proc();
	struct handles *old = p->handles, *copy;
	err_t err;

	if (!handles_shared(old))
		return 0;
	err = handles_copy(old, &copy);
	if (err)
		return err;
	handles_user_add(copy);
	spin_lock(&p->lock);
	p->handles = copy;
	spin_unlock(&p->lock);
	handles_user_del(old);
	handles_put(old);
	return 0;
}

void proc_set_fsctx(struct fsctx *f)
{
	struct proc *p = current_proc();
	struct fsctx *old;

	spin_lock(&p->lock);
	old = p->fs;
	p->fs = f;
	spin_unlock(&p->lock);
	fsctx_put(old);
}

err_t proc_unshare_fs(void)
{
	struct fsctx *copy;
	err_t err;

	err = fsctx_copy(current_proc()->fs, &copy);
	if (err)
		return err;
	proc_set_fsctx(copy);
	return 0;
}
