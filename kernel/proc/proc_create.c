/* SPDX-License-Identifier: MIT */
/*
 * Processes: creation, parts, publication.
 *
 * PURPOSE: one process object for all worlds.  It holds counted parts
 * (aspace, handles, fsctx, sig); creation chooses empty, copy or share for
 * each, which is fork, vfork, clone and later exofork and sfork.
 *
 * OBJECTS: struct proc; struct thread (sched/) with a struct uthread of ours
 * in thread->proc_data.
 *
 * STATES: proc_states.def, written only by proc_set_state_locked().
 *
 * LOCKING: proc_tree_lock for links between processes, p->lock for its own
 * fields, p->sig_lock for pending signals; in that order.
 *
 * LIFETIME: strong references: the tree (from proc_publish() until
 * FORGOTTEN), each thread, each pointer kept across a sleep.  Weak: the id
 * table, parent, leader.  The parts are emptied by the last thread, so a
 * dead process owns no memory or handles.
 *
 * NOT DONE HERE: exec (proc_exec.c), death (proc_exit.c).
 */
#include <abi/linux/sched.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <obj/handles.h>

#include "proc_impl.h"

struct spinlock proc_tree_lock = SPINLOCK_INIT(PROC_TREE);

static struct kmem_cache *proc_cache __ro_after_init;
static struct kmem_cache *uthread_cache __ro_after_init;
static unsigned nprocs;	   /* ATOMIC */
static unsigned nuthreads; /* ATOMIC */
static uint64_t forks;	   /* ATOMIC */

static void uthread_release(struct thread *t)
{
	struct uthread *u = uthread_of(t);

	if (u == NULL)
		return;
	cred_put(u->cred);
	kmem_cache_free(uthread_cache, u);
	t->proc_data = NULL;
	__atomic_sub_fetch(&nuthreads, 1, __ATOMIC_RELAXED);
	proc_put(t->proc);
}

void proc_init(void)
{
	proc_cache = kmem_cache_create("proc", sizeof(struct proc), 64);
	uthread_cache = kmem_cache_create("uthread", sizeof(struct uthread), 8);
	thread_release_hook = uthread_release;
	pid_init();
}

err_t proc_alloc(struct proc **out)
{
	struct proc *p = kmem_cache_zalloc(proc_cache);
	unsigned i;

	if (p == NULL)
		return -ENOMEM;
	ref_init(&p->ref, 1);
	spin_init(&p->lock, RANK_PROC);
	spin_init(&p->sig_lock, RANK_SIGNAL);
	p->state = PROC_CREATED;
	list_init(&p->children);
	list_init(&p->sibling);
	list_init(&p->pgrp_link);
	list_init(&p->threads);
	waitq_init(&p->child_wq);
	waitq_init(&p->thread_wq);
	waitq_init(&p->stop_wq);
	sig_pending_init(&p->pending);
	itimer_init(p);
	p->start_time = clock_monotonic();
	p->dumpable = true;
	for (i = 0; i < LIMIT_COUNT; i++)
		p->limits[i] = (struct limit){ LIMIT_INFINITY, LIMIT_INFINITY };
	*out = p;
	return 0;
}

static void uncount_process(struct proc *p)
{
	if (p->user == NULL)
		return;
	__atomic_sub_fetch(&p->user->nproc, 1, __ATOMIC_RELAXED);
	user_put(p->user);
	p->user = NULL;
}

/* The last reference is gone; only memory is left. */
void proc_release(struct proc *p)
{
	kassert(p->aspace == NULL && p->handles == NULL && p->fs == NULL);
	kassert(list_empty(&p->children) && p->pgrp == NULL);
	if (p->sig != NULL)
		sig_put(p->sig);
	if (p->cred != NULL)
		cred_put(p->cred);
	uncount_process(p);
	if (p->pid != 0)
		pid_release(p->pid);
	if (p->ns != NULL)
		pidns_put(p->ns);
	if (p->child_ns != NULL)
		pidns_put(p->child_ns);
	kmem_cache_free(proc_cache, p);
}

void proc_get(struct proc *p)
{
	ref_get(&p->ref);
}

void proc_put(struct proc *p)
{
	if (ref_put(&p->ref))
		proc_release(p);
}

/* A thread of @p with its uthread, no id yet.  Takes a reference to @p. */
err_t uthread_create(struct proc *p, const char *name, struct thread **out)
{
	struct uthread *u = kmem_cache_zalloc(uthread_cache);
	struct thread *t;
	err_t err;

	if (u == NULL)
		return -ENOMEM;
	err = thread_create(p, name, true, &t);
	if (err) {
		kmem_cache_free(uthread_cache, u);
		return err;
	}
	/* Nothing below can fail. */
	proc_get(p);
	sig_pending_init(&u->pending);
	u->altstack.flags = 2; /* SS_DISABLE */
	t->proc_data = u;
	__atomic_add_fetch(&nuthreads, 1, __ATOMIC_RELAXED);
	*out = t;
	return 0;
}

static err_t make_aspace(enum proc_part how, struct proc *from, struct proc *p)
{
	switch (how) {
	case PART_EMPTY:
		return aspace_create(&p->aspace);
	case PART_COPY:
		return aspace_copy(from->aspace, &p->aspace);
	case PART_SHARE:
		aspace_get(from->aspace);
		p->aspace = from->aspace;
		return 0;
	}
	return -EINVAL;
}

static err_t make_handles(enum proc_part how, struct proc *from, struct proc *p)
{
	switch (how) {
	case PART_EMPTY:
		return handles_create(&p->handles);
	case PART_COPY:
		return handles_copy(from->handles, &p->handles);
	case PART_SHARE:
		handles_get(from->handles);
		p->handles = from->handles;
		return 0;
	}
	return -EINVAL;
}

static err_t make_fs(enum proc_part how, struct proc *from, struct proc *p)
{
	if (how != PART_SHARE)
		return fsctx_copy(from->fs, &p->fs);
	fsctx_get(from->fs);
	p->fs = from->fs;
	return 0;
}

static err_t make_sig(enum proc_part how, struct proc *from, struct proc *p)
{
	if (how == PART_EMPTY)
		return sig_create(&p->sig);
	if (how == PART_COPY)
		return sig_copy(from->sig, &p->sig);
	sig_get(from->sig);
	p->sig = from->sig;
	return 0;
}

static void drop_parts(struct proc *p)
{
	if (p->aspace != NULL)
		aspace_put(p->aspace);
	if (p->handles != NULL)
		handles_put(p->handles);
	if (p->fs != NULL)
		fsctx_put(p->fs);
	p->aspace = NULL;
	p->handles = NULL;
	p->fs = NULL;
}

static err_t make_parts(const struct proc_clone_args *a, struct proc *from,
			struct proc *p)
{
	err_t err;

	err = make_sig(a->sig, from, p);
	if (!err)
		err = make_fs(a->fs, from, p);
	if (!err)
		err = make_handles(a->handles, from, p);
	if (!err)
		err = make_aspace(a->aspace, from, p);
	return err;
}

/* What a child has from its parent by value. */
static void inherit(struct proc *from, struct proc *p)
{
	spin_lock(&from->lock);
	memcpy(p->limits, from->limits, sizeof(p->limits));
	memcpy(p->name, from->name, sizeof(p->name));
	memcpy(p->auxv, from->auxv, sizeof(p->auxv));
	p->nauxv = from->nauxv;
	p->arg_start = from->arg_start;
	p->arg_end = from->arg_end;
	p->env_start = from->env_start;
	p->env_end = from->env_end;
	p->code_start = from->code_start;
	p->code_end = from->code_end;
	p->data_start = from->data_start;
	p->data_end = from->data_end;
	p->stack_start = from->stack_start;
	p->brk_start = from->brk_start;
	p->personality = from->personality;
	p->dumpable = from->dumpable;
	p->attr.oom_score_adj = from->attr.oom_score_adj;
	p->exe = from->exe;
	if (p->exe != NULL)
		desc_get(p->exe);
	spin_unlock(&from->lock);
}

/* The pid namespace of a child: a new one, the one prepared, the parent's. */
static err_t choose_pidns(const struct proc_clone_args *a, struct proc *from,
			  struct proc *p)
{
	struct pidns *ns;

	if ((a->flags & CLONE_NEWPID) != 0)
		return from->child_ns != NULL ? -EINVAL
					      : pidns_create(from->ns, &p->ns);
	spin_lock(&from->lock);
	ns = from->child_ns != NULL ? from->child_ns : from->ns;
	pidns_get(ns);
	spin_unlock(&from->lock);
	p->ns = ns;
	/* Its init is dead: nobody is born there any more. */
	return ns->closed ? -ENOMEM : 0;
}

err_t proc_unshare_pids(void)
{
	struct proc *p = current_proc();
	struct pidns *ns, *old;
	err_t err;

	if (p->child_ns != NULL)
		return -EINVAL;
	err = pidns_create(p->ns, &ns);
	if (err)
		return err;
	spin_lock(&p->lock);
	old = p->child_ns;
	p->child_ns = ns;
	spin_unlock(&p->lock);
	if (old != NULL)
		pidns_put(old);
	return 0;
}

static err_t count_process(struct proc *p, const struct cred *c)
{
	uint64_t n;

	p->user = user_get(c->uid);
	if (p->user == NULL)
		return -ENOMEM;
	n = __atomic_add_fetch(&p->user->nproc, 1, __ATOMIC_RELAXED);
	if (n > p->limits[LIMIT_NPROC].cur && c->uid != 0) {
		__atomic_sub_fetch(&p->user->nproc, 1, __ATOMIC_RELAXED);
		user_put(p->user);
		p->user = NULL;
		return -EAGAIN;
	}
	return 0;
}

/* Undoes everything of a process that was never published. */
static void abandon(struct proc *p)
{
	drop_parts(p);
	if (p->exe != NULL)
		desc_put(p->exe);
	p->exe = NULL;
	uncount_process(p);
	proc_put(p);
}

static err_t build_child(const struct proc_clone_args *a, struct proc *from,
			 struct proc **out)
{
	const struct cred *c = current_uthread()->cred;
	struct proc *p;
	err_t err;

	err = proc_alloc(&p);
	if (err)
		return err;
	inherit(from, p);
	p->cred = cred_get(c);
	err = count_process(p, c);
	if (!err)
		err = choose_pidns(a, from, p);
	if (!err)
		err = pid_alloc_in(p->ns, &p->pid);
	if (!err)
		err = make_parts(a, from, p);
	if (err) {
		abandon(p);
		return err;
	}
	*out = p;
	return 0;
}

/* Everything of the new thread that comes from the calling one. */
static void fill_thread(const struct proc_clone_args *a, struct thread *t,
			struct proc *p)
{
	struct thread *self = current_thread();
	struct uthread *mine = current_uthread(), *u = uthread_of(t);
	struct regs regs = *a->regs;

	u->cred = cred_get(mine->cred);
	u->mask = mine->mask;
	if (a->aspace != PART_SHARE || a->vfork)
		u->altstack = mine->altstack;
	u->attr.timer_slack = mine->attr.timer_slack;
	u->attr.no_new_privs = mine->attr.no_new_privs;
	u->attr.keep_caps = mine->attr.keep_caps;
	u->clear_child_tid = a->clear_child_tid;
	memcpy(t->name, self->name, sizeof(t->name));
	thread_set_nice(t, self->nice);
	memcpy(t->affinity, self->affinity, sizeof(t->affinity));
	t->aspace = p->aspace;
	thread_copy_user_state(t);
	if (a->set_tls)
		t->bases.fs = a->tls;
	regs_set_result(&regs, 0);
	thread_set_user_start(t, &regs);
}

static void proc_publish(struct proc *self, struct proc *p, struct thread *t,
			 const struct proc_clone_args *a)
{
	struct proc *parent;

	spin_lock(&proc_tree_lock);
	parent = a->parent_of_parent && self->parent != NULL ? self->parent
							     : self;
	p->exit_signal = a->parent_of_parent ? self->exit_signal
					     : a->exit_signal;
	proc_set_parent_locked(p, parent);
	p->cid = ++parent->next_cid;
	list_add_tail(&parent->children, &p->sibling);
	pgrp_join_locked(p, self->pgrp);
	if (p->ns->reaper == NULL)
		p->ns->reaper = p; /* the first one in a namespace */
	proc_get(p);		   /* the tree's */
	spin_lock(&p->lock);
	list_add_tail(&p->threads, &t->proc_link);
	p->nthreads = 1;
	p->leader = t;
	proc_set_state_locked(p, PROC_LIVE);
	spin_unlock(&p->lock);
	pid_publish(p->pid, p, t);
	spin_unlock(&proc_tree_lock);
	proc_count_add();
	__atomic_add_fetch(&forks, 1, __ATOMIC_RELAXED);
	handles_user_add(p->handles);
}

/*
 * The tid words of clone.  A bad pointer is not an error of the clone, as on
 * Linux.  In the child's memory it is written before the child runs.
 */
static void write_tids(const struct proc_clone_args *a, struct proc *child,
		       int32_t tid)
{
	struct uref there = { child->aspace, a->set_child_tid, sizeof(tid) };
	struct uref here = { NULL, a->parent_tid, sizeof(tid) };
	int32_t local;
	err_t err;

	if (a->parent_tid != 0) {
		local = pid_local(current_proc()->ns, tid);
		err = uref_write(&here, 0, &local, sizeof(local));
		(void)err;
	}
	if (a->set_child_tid != 0) {
		local = pid_local(child->ns, tid);
		err = uref_write(&there, 0, &local, sizeof(local));
		(void)err;
	}
}

static int64_t clone_thread(const struct proc_clone_args *a)
{
	struct proc *p = current_proc();
	struct thread *t;
	int32_t tid;
	err_t err;

	err = pid_alloc_in(p->ns, &tid);
	if (err)
		return err == -ENOMEM ? -ENOMEM : -EAGAIN;
	err = uthread_create(p, p->name, &t);
	if (err) {
		pid_release(tid);
		return err;
	}
	t->tid = tid;
	fill_thread(a, t, p);
	spin_lock(&p->lock);
	if (p->group_exit || p->exec_thread != NULL) {
		spin_unlock(&p->lock);
		pid_release(tid);
		thread_destroy_new(t);
		return -EINTR; /* nobody sees it: the caller is dying */
	}
	list_add_tail(&p->threads, &t->proc_link);
	p->nthreads++;
	if (p->stopping)
		thread_set_work(t, WORK_STOP);
	spin_unlock(&p->lock);
	handles_user_add(p->handles);
	pid_publish(tid, NULL, t);
	write_tids(a, p, tid);
	tid = pid_local(p->ns, tid);
	thread_start(t);
	thread_put(t); /* it keeps itself now */
	return tid;
}

int64_t proc_clone(const struct proc_clone_args *a)
{
	struct proc *self = current_proc(), *p;
	struct completion *vfork = NULL;
	struct thread *t;
	int32_t pid;
	err_t err;

	if (a->same_process)
		return clone_thread(a);
	err = build_child(a, self, &p);
	if (err)
		return err;
	pid = p->pid;
	err = uthread_create(p, p->name, &t);
	if (err)
		goto fail_proc;
	if (a->vfork) {
		err = completion_create(&vfork);
		if (err)
			goto fail_thread;
		ref_get(&vfork->ref);
		p->vfork = vfork;
	}
	/* Nothing below can fail. */
	t->tid = pid;
	fill_thread(a, t, p);
	write_tids(a, p, pid);
	proc_publish(self, p, t, a);
	pid = pid_local(self->ns, pid);
	thread_start(t);
	thread_put(t); /* it keeps itself now */
	proc_put(p);
	if (vfork != NULL) {
		err = completion_wait(vfork);
		(void)err; /* killed: the edge takes care */
		completion_put(vfork);
	}
	return pid;

fail_thread:
	thread_destroy_new(t);
fail_proc:
	abandon(p);
	return err;
}

/* Defaults of Linux for the first process. */
static void init_limits(struct proc *p)
{
	p->limits[LIMIT_STACK].cur = MIB(8);
	p->limits[LIMIT_CORE].cur = 0;
	p->limits[LIMIT_NPROC] = (struct limit){ NPROC_DEFAULT, NPROC_DEFAULT };
	p->limits[LIMIT_NOFILE] = (struct limit){ 1024, 1048576 };
	p->limits[LIMIT_MEMLOCK] = (struct limit){ MIB(8), MIB(8) };
	p->limits[LIMIT_SIGPENDING] = (struct limit){ 65536, 65536 };
	p->limits[LIMIT_MSGQUEUE] = (struct limit){ 819200, 819200 };
	p->limits[LIMIT_NICE] = (struct limit){ 0, 0 };
	p->limits[LIMIT_RTPRIO] = (struct limit){ 0, 0 };
}

err_t proc_create_init(struct fsctx *fs, struct proc **out)
{
	struct session *s = NULL;
	struct pgrp *g;
	struct proc *p;
	err_t err;

	err = proc_alloc(&p);
	if (err)
		return err;
	init_limits(p);
	p->ns = &pidns_root;
	p->cred = cred_get(&cred_root);
	p->fs = fs;
	err = pid_alloc(&p->pid);
	if (!err)
		err = count_process(p, p->cred);
	if (!err)
		err = sig_create(&p->sig);
	if (!err)
		err = handles_create(&p->handles);
	if (!err)
		err = aspace_create(&p->aspace);
	if (!err)
		err = session_create(p->pid, &s);
	if (err)
		return err;
	err = pgrp_create(p->pid, s, &g);
	session_put(s);
	if (err)
		return err;
	str_copy(p->name, sizeof(p->name), "init");
	spin_lock(&proc_tree_lock);
	s->leader = p;
	pgrp_join_locked(p, g);
	pidns_root.reaper = p;
	spin_unlock(&proc_tree_lock);
	pgrp_put(g);
	*out = p;
	return 0;
}

void proc_count_add(void)
{
	__atomic_add_fetch(&nprocs, 1, __ATOMIC_RELAXED);
}

void proc_count_sub(void)
{
	__atomic_sub_fetch(&nprocs, 1, __ATOMIC_RELAXED);
}

unsigned proc_count(void)
{
	return __atomic_load_n(&nprocs, __ATOMIC_RELAXED);
}

unsigned threads_count(void)
{
	return __atomic_load_n(&nuthreads, __ATOMIC_RELAXED);
}

uint64_t proc_forks_total(void)
{
	return __atomic_load_n(&forks, __ATOMIC_RELAXED);
}
