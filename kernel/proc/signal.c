/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending and pending sets.
 *
 * PURPOSE: POSIX signals as Linux has them.  A signal is pending for a thread
 * or for its process; a thread takes it at its edge to user mode
 * (signal_deliver.c).
 *
 * LOCKING: p->sig_lock guards pending sets, masks and who waits for what;
 * sig->lock the actions.  Both are taken with proc_tree_lock held when the
 * kernel reports a child.  The threads of a process are listed under p->lock,
 * which comes before sig_lock.
 *
 * No lost signal: the sender adds to the set and then marks a thread with
 * WORK_SIGNAL under sig_lock; a thread that changes its mask does so under
 * sig_lock and looks at the sets again (sig_recheck_locked).
 *
 * NOT DONE HERE: frames on the user stack (sys/), stops (proc_stop.c).
 */
#include <debug/trace.h>
#include <lib/assert.h>
#include <lib/bits.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/slab.h>

#include "signal_impl.h"

struct signal_frame_ops signal_frame_ops;

/* signal(7) */
enum sig_default sig_default_of(int signo)
{
	static const uint8_t table[S_RT_MIN] = {
		[3] = SIG_CORE,	     [4] = SIG_CORE,	  [5] = SIG_CORE,
		[6] = SIG_CORE,	     [7] = SIG_CORE,	  [8] = SIG_CORE,
		[11] = SIG_CORE,     [17] = SIG_IGN_DFL,  [18] = SIG_CONT_DFL,
		[19] = SIG_STOP_DFL, [20] = SIG_STOP_DFL, [21] = SIG_STOP_DFL,
		[22] = SIG_STOP_DFL, [23] = SIG_IGN_DFL,  [24] = SIG_CORE,
		[25] = SIG_CORE,     [28] = SIG_IGN_DFL,  [31] = SIG_CORE,
	};

	return signo < S_RT_MIN ? (enum sig_default)table[signo] : SIG_TERM;
}

/* --- actions --- */

err_t sig_create(struct sig **out)
{
	struct sig *s = kzalloc(sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	ref_init(&s->ref, 1);
	spin_init(&s->lock, RANK_SIGACTION);
	*out = s;
	return 0;
}

err_t sig_copy(struct sig *from, struct sig **out)
{
	err_t err = sig_create(out);

	if (err)
		return err;
	spin_lock(&from->lock);
	memcpy((*out)->action, from->action, sizeof(from->action));
	spin_unlock(&from->lock);
	return 0;
}

void sig_get(struct sig *s)
{
	ref_get(&s->ref);
}

void sig_put(struct sig *s)
{
	if (ref_put(&s->ref))
		kfree(s);
}

/* exec: caught signals fall back to the default, ignored ones stay. */
void sig_reset_for_exec(struct sig *s)
{
	unsigned i;

	spin_lock(&s->lock);
	for (i = 0; i < NSIG; i++) {
		if (s->action[i].handler > 1)
			s->action[i].handler = 0;
		s->action[i].flags = 0;
		s->action[i].mask = 0;
		s->action[i].restorer = 0;
	}
	spin_unlock(&s->lock);
}

struct sig_action sig_action_of(struct proc *p, int signo)
{
	struct sig_action act;

	spin_lock(&p->sig->lock);
	act = p->sig->action[signo - 1];
	spin_unlock(&p->sig->lock);
	return act;
}

static bool acts_as_ignored(const struct sig_action *a, int signo)
{
	enum sig_default d = sig_default_of(signo);

	if (a->handler == 1)
		return true;
	return a->handler == 0 && (d == SIG_IGN_DFL || d == SIG_CONT_DFL);
}

/* --- pending sets --- */

void sig_pending_init(struct sig_pending *q)
{
	q->set = 0;
	list_init(&q->queue);
}

static void drop_locked(struct proc *p, struct sig_pending *q, sigset_bits set)
{
	struct sigq *e, *tmp;

	q->set &= ~set;
	list_foreach_entry_safe(e, tmp, &q->queue, link)
	{
		if ((SIGBIT(e->info.signo) & set) == 0)
			continue;
		list_del(&e->link);
		p->nsigq--;
		kfree(e);
	}
}

void sig_pending_flush(struct proc *p, struct sig_pending *q)
{
	drop_locked(p, q, ~UINT64_C(0));
}

static int pick(sigset_bits set)
{
	if ((set & SYNC_SIGNALS) != 0)
		set &= SYNC_SIGNALS;
	return __builtin_ctzll(set) + 1;
}

int sig_dequeue_locked(struct proc *p, struct sig_pending *q, sigset_bits set,
		       struct sig_info *info)
{
	struct sigq *e, *tmp, *found = NULL;
	bool more = false;
	int signo;

	set &= q->set;
	if (set == 0)
		return 0;
	signo = pick(set);
	list_foreach_entry_safe(e, tmp, &q->queue, link)
	{
		if (e->info.signo != signo)
			continue;
		if (found != NULL) {
			more = true;
			break;
		}
		found = e;
	}
	if (!more)
		q->set &= ~SIGBIT(signo);
	if (found == NULL) {
		*info = (struct sig_info){ .signo = signo };
		return signo;
	}
	*info = found->info;
	/* Queued with the global number; the receiver reads its own. */
	if (info->kind <= SIG_KIND_CHLD && info->pid > 0)
		info->pid = pid_local(p->ns, info->pid);
	list_del(&found->link);
	p->nsigq--;
	kfree(found);
	return signo;
}

/* Adds to a set.  Standard signals are pending once; real-time ones queue. */
static err_t enqueue_locked(struct proc *p, struct sig_pending *q,
			    const struct sig_info *info)
{
	bool rt = info->signo >= S_RT_MIN;
	struct sigq *e = NULL;

	if (!rt && (q->set & SIGBIT(info->signo)) != 0)
		return 0;
	if (p->nsigq < proc_limit(p, LIMIT_SIGPENDING))
		e = kmalloc(sizeof(*e));
	if (e == NULL && rt && info->code != 0)
		return -EAGAIN;
	q->set |= SIGBIT(info->signo);
	if (e != NULL) {
		e->info = *info;
		list_add_tail(&q->queue, &e->link);
		p->nsigq++;
	}
	return 0;
}

void sig_recheck_locked(struct thread *t)
{
	struct uthread *u = uthread_of(t);
	sigset_bits all = u->pending.set | t->proc->pending.set;

	if ((all & ~u->mask) != 0)
		thread_set_work(t, WORK_SIGNAL);
}

/* --- sending --- */

/* A stop signal ends pending continues, and the other way round. */
static void cancel_opposites(struct proc *p, int signo)
{
	sigset_bits set = 0;
	struct thread *t;

	if (signo == S_CONT)
		set = STOP_SIGNALS;
	else if ((SIGBIT(signo) & STOP_SIGNALS) != 0)
		set = SIGBIT(S_CONT);
	if (set == 0)
		return;
	spin_lock(&p->sig_lock);
	drop_locked(p, &p->pending, set);
	list_foreach_entry(t, &p->threads, proc_link)
		drop_locked(p, &uthread_of(t)->pending, set);
	spin_unlock(&p->sig_lock);
}

/* Some thread that does not block it, the leader if possible. */
static struct thread *choose_thread(struct proc *p, int signo)
{
	struct thread *t, *best = NULL;
	struct uthread *u;

	list_foreach_entry(t, &p->threads, proc_link)
	{
		u = uthread_of(t);
		if ((u->waiting_for & SIGBIT(signo)) != 0)
			return t;
		if ((u->mask & SIGBIT(signo)) != 0)
			continue;
		if (best == NULL || t == p->leader)
			best = t;
	}
	return best;
}

/*
 * A thread that was to take signals of the process leaves, or blocks them:
 * they go to others that can.  p->lock and p->sig_lock held.
 */
void sig_retarget_locked(struct proc *p, sigset_bits set)
{
	struct thread *t;
	int signo;

	for (set &= p->pending.set; set != 0; set &= set - 1) {
		signo = __builtin_ctzll(set) + 1;
		t = choose_thread(p, signo);
		if (t == NULL)
			continue;
		if ((uthread_of(t)->waiting_for & SIGBIT(signo)) != 0)
			thread_wake(t);
		else
			thread_set_work(t, WORK_SIGNAL);
	}
}

/*
 * The common part: @t is NULL for the process's own set.  p->lock held, so
 * the list of threads stands still.
 */
static err_t send_locked(struct proc *p, struct thread *t,
			 const struct sig_info *info, bool force)
{
	struct sig_action act = sig_action_of(p, info->signo);
	struct sig_pending *q;
	struct thread *target;
	sigset_bits bit = SIGBIT(info->signo);
	err_t err;

	spin_lock(&p->sig_lock);
	target = t != NULL ? t : choose_thread(p, info->signo);
	/* Ignored signals vanish, unless blocked (the action may change). */
	if (!force && acts_as_ignored(&act, info->signo) && target != NULL &&
	    ((uthread_of(target)->mask | uthread_of(target)->waiting_for) &
	     bit) == 0) {
		spin_unlock(&p->sig_lock);
		return 0;
	}
	q = t != NULL ? &uthread_of(t)->pending : &p->pending;
	err = enqueue_locked(p, q, info);
	if (!err && target != NULL) {
		if ((uthread_of(target)->waiting_for & bit) != 0)
			thread_wake(target);
		if ((uthread_of(target)->mask & bit) == 0 || force)
			thread_set_work(target, WORK_SIGNAL);
	}
	spin_unlock(&p->sig_lock);
	return err;
}

/*
 * An init gets only what it asked for, but for KILL and STOP from outside
 * its namespace; what the kernel itself sends it must take.
 */
static bool spared(struct proc *p, const struct sig_info *info)
{
	struct proc *self = current_proc();

	if (p->ns->reaper != p || info->code > 0 ||
	    sig_action_of(p, info->signo).handler != 0)
		return false;
	return self == NULL || self->ns == p->ns ||
	       (SIGBIT(info->signo) & UNBLOCKABLE) == 0;
}

/* Does @t, or the leader, block @signo, perhaps to wait for it? */
static bool takes_blocked(struct proc *p, struct thread *t, int signo)
{
	struct uthread *u;
	bool blocked = false;

	spin_lock(&p->lock);
	if (t == NULL)
		t = p->leader;
	if (t != NULL) {
		spin_lock(&p->sig_lock);
		u = uthread_of(t);
		blocked = ((u->mask | u->waiting_for) & ~UNBLOCKABLE &
			   SIGBIT(signo)) != 0;
		spin_unlock(&p->sig_lock);
	}
	spin_unlock(&p->lock);
	return blocked;
}

static err_t send(struct proc *p, struct thread *t, const struct sig_info *info)
{
	int signo = info->signo;
	err_t err = 0;

	if (proc_state(p) != PROC_LIVE)
		return proc_state(p) < PROC_TOREAP ? 0 : -ESRCH;
	if (signo == 0)
		return 0;
	trace(TR_SIGNAL, (uint64_t)p->pid, (uint64_t)signo, 0);
	if (spared(p, info) && !takes_blocked(p, t, signo))
		return 0;
	if (signo == S_KILL) {
		proc_kill(p, S_KILL);
		return 0;
	}
	spin_lock(&p->lock);
	cancel_opposites(p, signo);
	spin_unlock(&p->lock);
	if (signo == S_CONT)
		proc_continue(p);
	spin_lock(&p->lock);
	if (p->state == PROC_LIVE)
		err = send_locked(p, t, info, false);
	spin_unlock(&p->lock);
	return err;
}

err_t signal_proc(struct proc *p, const struct sig_info *info)
{
	return send(p, NULL, info);
}

err_t signal_thread(struct thread *t, const struct sig_info *info)
{
	return send(t->proc, t, info);
}

void signal_proc_simple(struct proc *p, int signo)
{
	struct sig_info info = { .signo = signo, .code = 0x80 }; /* SI_KERNEL */
	err_t err = signal_proc(p, &info);

	(void)err; /* dead already: nobody to tell */
}

/*
 * A fault: if it is blocked or ignored, the action becomes the default, so
 * that the thread cannot fault for ever.
 */
void signal_force(int signo, int code, vaddr_t addr, unsigned trapno)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	struct uthread *u = uthread_of(t);
	struct sig_info info = { .signo = signo,
				 .code = code,
				 .value = addr,
				 .trapno = trapno,
				 .kind = SIG_KIND_FAULT };
	struct sig_action *act = &p->sig->action[signo - 1];
	err_t err;

	spin_lock(&p->lock);
	spin_lock(&p->sig_lock);
	spin_lock(&p->sig->lock);
	if ((u->mask & SIGBIT(signo)) != 0 || act->handler == 1)
		act->handler = 0;
	spin_unlock(&p->sig->lock);
	u->mask &= ~SIGBIT(signo);
	drop_locked(p, &u->pending, SIGBIT(signo));
	spin_unlock(&p->sig_lock);
	err = send_locked(p, t, &info, true);
	(void)err; /* the bit is set even without memory for the details */
	spin_unlock(&p->lock);
}

/* --- telling a parent --- */

/*
 * @why 0: exit.  Fills SIGCHLD as Linux does.  proc_tree_lock held, so the
 * parent stays.
 */
void signal_parent_locked(struct proc *p, int why, int status)
{
	struct proc *parent = p->parent;
	struct sig_info info = { .kind = SIG_KIND_CHLD };
	struct sig_action act;
	err_t err;

	if (parent == NULL || proc_state(parent) != PROC_LIVE)
		return;
	info.signo = why == 0 ? p->exit_signal : S_CHLD;
	/* clone() takes any number; what is none is not sent. */
	if (info.signo == 0 || info.signo > NSIG)
		return;
	act = sig_action_of(parent, S_CHLD);
	if (why != 0 && (act.flags & SA_NOCLDSTOP) != 0)
		return;
	info.pid = p->pid;
	info.uid = proc_uid(p);
	info.utime = (int64_t)(p->dead.user_ns / 10000000);
	info.stime = (int64_t)(p->dead.sys_ns / 10000000);
	if (why != 0) {
		info.code = why;
		info.status = status;
	} else if ((p->exit_status & 0x7f) == 0) {
		info.code = 1; /* CLD_EXITED */
		info.status = (p->exit_status >> 8) & 0xff;
	} else {
		info.code = (p->exit_status & 0x80) != 0 ? 3 : 2;
		info.status = p->exit_status & 0x7f;
	}
	if (info.signo == S_KILL) {
		proc_kill(parent, S_KILL);
		return;
	}
	/* Not send(): continuing the parent would take the tree lock. */
	spin_lock(&parent->lock);
	if (parent->state == PROC_LIVE) {
		err = send_locked(parent, NULL, &info, false);
		(void)err;
	}
	spin_unlock(&parent->lock);
}

/* --- kill(2) and friends --- */

static bool may_signal(struct proc *target, int signo)
{
	struct proc *self = current_proc();

	if (proc_may(self, target, PROC_MAY_SIGNAL))
		return true;
	return signo == S_CONT && proc_sid(self) == proc_sid(target);
}

static void fill_sender(struct sig_info *info, int signo, int code)
{
	struct proc *self = current_proc();

	*info = (struct sig_info){ .signo = signo, .code = code };
	info->pid = self->pid;
	info->uid = current_cred()->uid;
}

/* To everyone @match allows; Linux's rule for the combined result. */
static err_t kill_many(int32_t pgid, const struct sig_info *info)
{
	struct proc *self = current_proc(), *p;
	bool bad = info->signo < 0 || info->signo > NSIG;
	bool found = false, allowed = false;
	int32_t at = 1;
	err_t err;

	while ((p = proc_next(self->ns, at)) != NULL) {
		int32_t pid = proc_pid_in(p, self->ns);
		bool hit = pgid != 0 ? proc_pgid(p) == pgid
				     : pid != 1 && p != self;

		at = pid + 1;
		if (hit && proc_state(p) < PROC_TOMBSTONE) {
			found = true;
			if (!bad && may_signal(p, info->signo)) {
				allowed = true;
				err = signal_proc(p, info);
				(void)err; /* zombies are targets too */
			}
		}
		proc_put(p);
	}
	if (!found)
		return -ESRCH;
	if (bad)
		return -EINVAL;
	return allowed ? 0 : -EPERM;
}

static err_t kill_group(int32_t pgid, const struct sig_info *info)
{
	return pgid == 0 ? -ESRCH : kill_many(pgid, info);
}

err_t signal_kill(int32_t pid, int signo)
{
	struct proc *self = current_proc(), *p;
	struct sig_info info;
	err_t err;

	fill_sender(&info, signo, 0);
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid < -1)
		return kill_group(pid_global(self->ns, -pid), &info);
	if (pid == -1)
		return kill_many(0, &info);
	if (pid == 0)
		return kill_group(proc_pgid(self), &info);
	p = proc_by_pid(self->ns, pid);
	if (p == NULL)
		return -ESRCH;
	if (signo < 0 || signo > NSIG)
		err = -EINVAL; /* only now, as Linux: ESRCH goes first */
	else
		err = may_signal(p, signo) ? signal_proc(p, &info) : -EPERM;
	if (err == -ESRCH && proc_state(p) == PROC_TOREAP)
		err = 0;
	proc_put(p);
	return err;
}

err_t signal_tgkill(int32_t tgid, int32_t tid, int signo,
		    const struct sig_info *given)
{
	struct proc *self = current_proc();
	struct sig_info info;
	struct thread *t;
	err_t err;

	if (signo < 0 || signo > NSIG)
		return -EINVAL;
	if (given != NULL)
		info = *given;
	else
		fill_sender(&info, signo, -6); /* SI_TKILL */
	t = thread_by_tid(self->ns, tid);
	if (t == NULL)
		return -ESRCH;
	if (tgid > 0 && proc_pid_in(t->proc, self->ns) != tgid)
		err = -ESRCH;
	else if (!may_signal(t->proc, signo))
		err = -EPERM;
	else
		err = signal_thread(t, &info);
	thread_put(t);
	return err;
}
