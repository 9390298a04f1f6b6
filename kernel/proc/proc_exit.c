/* SPDX-License-Identifier: MIT */
/*
 * Death of threads and processes.
 *
 * A kill is a request: it marks every thread, and each one ends at its edge
 * to user mode.  The last thread of a process takes it apart, in this order:
 * children are released, handles are closed, the name space and memory go,
 * then the parent is told.  Nothing after that touches user memory.
 */
#include <debug/log.h>
#include <debug/trace.h>
#include <event/futex.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <obj/handles.h>

#include "proc_impl.h"

void (*proc_init_died)(int status);

/* --- vfork hand-over --- */

err_t completion_create(struct completion **out)
{
	struct completion *c = kzalloc(sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	ref_init(&c->ref, 1);
	spin_init(&c->lock, RANK_COMPLETION);
	waitq_init(&c->wq);
	*out = c;
	return 0;
}

void completion_put(struct completion *c)
{
	if (ref_put(&c->ref))
		kfree(c);
}

void completion_done(struct completion *c)
{
	spin_lock(&c->lock);
	c->done = true;
	waitq_wake_all(&c->wq);
	spin_unlock(&c->lock);
}

err_t completion_wait(struct completion *c)
{
	err_t err = 0;

	spin_lock(&c->lock);
	while (!c->done && !err)
		err = waitq_sleep_killable(&c->wq, &c->lock, WAIT_VFORK);
	spin_unlock(&c->lock);
	return err;
}

static void vfork_release(struct proc *p)
{
	struct completion *c;

	spin_lock(&p->lock);
	c = p->vfork;
	p->vfork = NULL;
	spin_unlock(&p->lock);
	if (c == NULL)
		return;
	completion_done(c);
	completion_put(c);
}

/* The new program is in place: the parent may use its memory again. */
void proc_exec_done(struct proc *p)
{
	spin_lock(&proc_tree_lock);
	p->exec_done = true;
	spin_unlock(&proc_tree_lock);
	vfork_release(p);
}

/* --- threads --- */

/* Every thread but @but is told to die.  p->lock held. */
void proc_kill_threads_locked(struct proc *p, struct thread *but)
{
	struct thread *t;

	list_foreach_entry(t, &p->threads, proc_link) if (t != but)
		thread_set_work(t, WORK_KILL);
}

/* Locks that the thread holds in this memory get the mark of a dead owner. */
void proc_robust_exit(void)
{
	struct thread *t = current_thread();
	struct uthread *u = current_uthread();
	vaddr_t head = u->robust_list;

	u->robust_list = 0;
	if (unlikely(head != 0))
		futex_thread_died(head,
				  (uint32_t)thread_tid_in(t, t->proc->ns));
}

/* Tells user space that the thread is gone (pthread_join waits for it). */
static void clear_child_tid(struct proc *p)
{
	struct uthread *u = current_uthread();
	struct uref ref = { NULL, u->clear_child_tid, sizeof(int32_t) };
	int32_t zero = 0;
	unsigned woken;
	err_t err;

	if (u->clear_child_tid == 0)
		return;
	u->clear_child_tid = 0;
	/* Nobody shares the memory: nobody can look. */
	if (aspace_refs(p->aspace) == 1 && p->nthreads == 1)
		return;
	err = uref_write(&ref, 0, &zero, sizeof(zero));
	if (!err)
		err = futex_wake(ref, 1, FUTEX_BITSET_MATCH_ANY, true, &woken);
	(void)err;
}

/*
 * The thread leaves its process; true if it was the last.  *@stopped: those
 * that are left have all stopped.
 */
static bool leave_process(struct proc *p, struct thread *t, int code,
			  bool *stopped)
{
	struct rusage_info *d = &p->dead;
	nsec_t user, sys;
	bool last;

	thread_times(t, &user, &sys);
	spin_lock(&p->lock);
	list_del(&t->proc_link);
	last = --p->nthreads == 0;
	d->user_ns += user;
	d->sys_ns += sys;
	d->minflt += t->acct.minflt;
	d->majflt += t->acct.majflt;
	d->nvcsw += t->acct.nvcsw;
	d->nivcsw += t->acct.nivcsw;
	if (p->leader == t)
		p->leader = NULL;
	if (p->nstopped > 0 && uthread_of(t)->counted_stopped)
		p->nstopped--;
	*stopped = !last && p->stopping && p->nstopped == p->nthreads;
	if (last) {
		if (!p->group_exit)
			p->exit_status = (code & 0xff) << 8;
		__atomic_store_n(&p->group_exit, true, __ATOMIC_RELEASE);
		if (p->state == PROC_LIVE)
			proc_set_state_locked(p, PROC_DYING);
	}
	spin_lock(&p->sig_lock);
	sig_pending_flush(p, &uthread_of(t)->pending);
	if (!last)
		sig_retarget_locked(p, ~uthread_of(t)->mask);
	spin_unlock(&p->sig_lock);
	waitq_wake_all(&p->thread_wq);
	spin_unlock(&p->lock);
	return last;
}

/* --- the process --- */

/* Who adopts: the nearest living ancestor that asked to, or init. */
static struct proc *find_reaper_locked(struct proc *p)
{
	struct pidns *ns;
	struct proc *a;

	for (a = p->parent; a != NULL && a->ns == p->ns; a = a->parent)
		if (a->subreaper && proc_state(a) == PROC_LIVE)
			return a;
	/* The init of a namespace that dies gives to the one outside. */
	for (ns = p->ns; ns != NULL; ns = ns->parent)
		if (ns->reaper != NULL && ns->reaper != p)
			return ns->reaper;
	return NULL;
}

/* Nobody waits for @p: it goes at once. Tree lock held. */
static void collect_locked(struct proc *p)
{
	if (proc_bury_locked(p))
		proc_put(p); /* the tree's; callers hold their own */
}

/* POSIX: a stopped group that becomes an orphan is hung up. */
static void hang_up(int32_t pgid)
{
	if (pgid == 0)
		return;
	signal_group_simple(pgid, 1);  /* SIGHUP */
	signal_group_simple(pgid, 18); /* SIGCONT */
}

/* A child changes parents; returns the group to hang up, or 0. */
static int32_t reparent_locked(struct proc *c, struct proc *to)
{
	struct pgrp *g = c->pgrp;
	bool was = g == NULL || pgrp_orphaned_locked(g, NULL);

	list_del(&c->sibling);
	proc_set_parent_locked(c, to);
	list_add_tail(&to->children, &c->sibling);
	c->exit_signal = 17; /* SIGCHLD: a reaper waits for no other kind */
	if (was || !pgrp_orphaned_locked(g, NULL) ||
	    !pgrp_has_stopped_locked(g))
		return 0;
	return g->id;
}

static bool ignores_children(struct proc *parent)
{
	struct sig_action act = sig_action_of(parent, 17);

	return act.handler == 1 || (act.flags & 2) != 0; /* SA_NOCLDWAIT */
}

/* What prctl(PR_SET_PDEATHSIG) asked for in @c; 0: nothing. */
static int parent_death_signal(struct proc *c)
{
	int signo = 0;

	spin_lock(&c->lock);
	if (c->leader != NULL)
		signo = atomic_load_relaxed(
			&uthread_of(c->leader)->attr.pdeathsig);
	spin_unlock(&c->lock);
	return signo;
}

/*
 * The first child that must find a new parent.  Children born by a Camellia
 * call stay with a parent of their kind, whose getppid() they lose.
 */
static struct proc *child_to_give_locked(struct proc *p)
{
	struct proc *c;

	list_foreach_entry(c, &p->children, sibling)
	{
		if (!p->camellia_born || !c->camellia_born)
			return c;
		atomic_store_relaxed(&c->ppid, 0);
	}
	return NULL;
}

/* Gives the first child away; false when none was left. */
static bool release_child(struct proc *p)
{
	struct proc *reaper, *c;
	int32_t pgid = 0;
	int signo = 0;

	spin_lock(&proc_tree_lock);
	c = child_to_give_locked(p);
	if (c == NULL) {
		spin_unlock(&proc_tree_lock);
		return false;
	}
	reaper = find_reaper_locked(p);
	if (reaper == NULL || reaper == p) {
		/* init itself dies: the machine goes down. */
		list_del(&c->sibling);
		proc_set_parent_locked(c, NULL);
	} else {
		pgid = reparent_locked(c, reaper);
		signo = parent_death_signal(c);
		if (proc_state(c) == PROC_TOREAP) {
			signal_parent_locked(c, 0, 0);
			if (ignores_children(reaper))
				collect_locked(c);
			proc_wake_parent_locked(reaper);
		}
	}
	if (signo != 0)
		proc_get(c);
	spin_unlock(&proc_tree_lock);
	if (signo != 0) {
		signal_proc_simple(c, signo);
		proc_put(c);
	}
	hang_up(pgid);
	return true;
}

/* Our own group may be an orphan without us. */
static int32_t own_group_to_hang_up(struct proc *p)
{
	struct pgrp *g;
	int32_t pgid = 0;

	spin_lock(&proc_tree_lock);
	g = p->pgrp;
	if (pgrp_has_stopped_locked(g) && pgrp_orphaned_locked(g, p) &&
	    !pgrp_orphaned_locked(g, NULL))
		pgid = g->id;
	spin_unlock(&proc_tree_lock);
	return pgid;
}

static void release_children(struct proc *p)
{
	int32_t pgid = own_group_to_hang_up(p);

	while (release_child(p))
		;
	hang_up(pgid);
}

/* The session's terminal learns that its leader is gone. */
static void leave_session(struct proc *p)
{
	struct session *s;
	struct tty *tty = NULL;
	int32_t sid = 0;

	spin_lock(&proc_tree_lock);
	s = p->pgrp->session;
	if (s->leader == p) {
		tty = s->tty;
		sid = s->id;
		s->leader = NULL;
	}
	spin_unlock(&proc_tree_lock);
	if (tty != NULL && proc_session_leader_died != NULL)
		proc_session_leader_died(tty, sid);
	if (tty != NULL) {
		spin_lock(&proc_tree_lock);
		s->tty = NULL;
		spin_unlock(&proc_tree_lock);
	}
}

static void drop_handles(struct proc *p)
{
	struct handles *h;
	struct fsctx *fs;
	struct desc *exe;

	spin_lock(&p->lock);
	h = p->handles;
	fs = p->fs;
	exe = p->exe;
	p->handles = NULL;
	p->fs = NULL;
	p->exe = NULL;
	spin_unlock(&p->lock);
	handles_put(h); /* each thread took its use of it along */
	fsctx_put(fs);
	if (exe != NULL)
		desc_put(exe);
}

static void drop_aspace(struct proc *p)
{
	struct aspace_stats st;
	struct aspace *as;

	spin_lock(&p->lock);
	as = p->aspace;
	spin_unlock(&p->lock);
	aspace_get_stats(as, &st);
	spin_lock(&p->lock);
	p->aspace = NULL;
	p->dead.maxrss_kb = st.peak_rss_pages * 4;
	spin_unlock(&p->lock);
	aspace_put(as);
}

static void add_usage(struct rusage_info *to, const struct rusage_info *a)
{
	to->user_ns += a->user_ns;
	to->sys_ns += a->sys_ns;
	to->minflt += a->minflt;
	to->majflt += a->majflt;
	to->nvcsw += a->nvcsw;
	to->nivcsw += a->nivcsw;
	if (a->maxrss_kb > to->maxrss_kb)
		to->maxrss_kb = a->maxrss_kb;
}

/* The last act: TOREAP, or straight out when nobody will collect. */
static void tell_parent(struct proc *p)
{
	struct proc *parent;
	bool collect;

	spin_lock(&proc_tree_lock);
	parent = p->parent;
	collect = parent == NULL ||
		  (p->exit_signal == 17 && ignores_children(parent));
	if (!collect) {
		spin_lock(&p->lock);
		proc_set_state_locked(p, PROC_TOREAP);
		spin_unlock(&p->lock);
	}
	if (parent != NULL) {
		signal_parent_locked(p, 0, 0);
		if (collect)
			add_usage(&parent->children_usage, &p->dead);
	}
	if (collect)
		collect_locked(p);
	if (parent != NULL)
		proc_wake_parent_locked(parent);
	spin_unlock(&proc_tree_lock);
}

/* Wakes threads of @parent that are in proc_wait().  Tree lock held. */
void proc_wake_parent_locked(struct proc *parent)
{
	waitq_wake_all(&parent->child_wq);
}

/*
 * The init of a namespace takes everybody in it along; with that of the root
 * the machine ends.
 */
static void close_pidns(struct proc *p)
{
	struct pidns *ns = p->ns;
	struct proc *q;
	int32_t at = 1;

	spin_lock(&proc_tree_lock);
	if (ns->reaper != p || ns == &pidns_root) {
		spin_unlock(&proc_tree_lock);
		return;
	}
	ns->reaper = NULL;
	ns->closed = true;
	spin_unlock(&proc_tree_lock);
	while ((q = proc_next(ns, at)) != NULL) {
		at = proc_pid_in(q, ns) + 1;
		if (q != p)
			proc_kill(q, 9);
		proc_put(q);
	}
}

static void die_if_init(struct proc *p)
{
	if (pidns_root.reaper == p && proc_init_died != NULL)
		proc_init_died(p->exit_status);
}

static void take_apart(struct proc *p)
{
	itimer_fini(p);
	close_pidns(p);
	release_children(p);
	leave_session(p);
	vfork_release(p);
	if (proc_hooks.exit != NULL)
		proc_hooks.exit(p);
	drop_handles(p);
	spin_lock(&p->lock);
	proc_set_state_locked(p, PROC_DYING_ABORT);
	spin_unlock(&p->lock);
	drop_aspace(p);
	spin_lock(&p->sig_lock);
	sig_pending_flush(p, &p->pending);
	spin_unlock(&p->sig_lock);
	trace(TR_EXIT, (uint64_t)p->pid, (uint64_t)p->exit_status, 0);
	die_if_init(p);
	tell_parent(p);
}

void proc_thread_exit(int code)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	bool last, stopped;

	proc_robust_exit();
	clear_child_tid(p);
	thread_clear_work(t, WORK_INTERRUPT | WORK_RESTORE | WORK_TASK);
	/*
	 * Once this thread has left, another may be the last and free what
	 * they shared, or exec and take over the leader's id.
	 */
	handles_user_del(p->handles);
	aspace_activate(NULL);
	t->aspace = NULL;
	if (t->tid != p->pid)
		pid_hide(t->tid);
	else
		pid_hide_thread(t->tid);
	last = leave_process(p, t, code, &stopped);
	if (t->tid != p->pid)
		pid_release(t->tid);
	if (stopped)
		proc_stop_report(p);
	if (last)
		take_apart(p);
	thread_exit();
}

/* Marks the process as dying with @status; false if it was already. */
static bool begin_exit(struct proc *p, int status, struct thread *but)
{
	bool first;

	spin_lock(&p->lock);
	first = !p->group_exit && p->state == PROC_LIVE;
	if (first) {
		__atomic_store_n(&p->group_exit, true, __ATOMIC_RELEASE);
		p->exit_status = status;
		proc_set_state_locked(p, PROC_DYING);
		proc_kill_threads_locked(p, but);
	}
	spin_unlock(&p->lock);
	return first;
}

void proc_exit(int status)
{
	(void)begin_exit(current_proc(), status, current_thread());
	proc_thread_exit(status >> 8);
}

void proc_kill(struct proc *p, int status)
{
	(void)begin_exit(p, status, NULL);
}

int proc_exit_status(const struct proc *p)
{
	return p->exit_status;
}
