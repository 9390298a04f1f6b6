/* SPDX-License-Identifier: MIT */
/* The current thread's signal state: mask, actions, waiting, altstack. */
#include <lib/err.h>
#include <sched/waitq.h>

#include "signal_impl.h"

sigset_bits signal_mask(const struct thread *t)
{
	return uthread_of(t)->mask;
}

void signal_set_mask(sigset_bits mask)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	sigset_bits left;

	spin_lock(&p->sig_lock);
	left = p->pending.set & mask & ~uthread_of(t)->mask;
	uthread_of(t)->mask = mask & ~UNBLOCKABLE;
	sig_recheck_locked(t);
	spin_unlock(&p->sig_lock);
	/* This thread may have been the one that was to take them. */
	if (unlikely(left != 0)) {
		spin_lock(&p->lock);
		spin_lock(&p->sig_lock);
		sig_retarget_locked(p, left);
		spin_unlock(&p->sig_lock);
		spin_unlock(&p->lock);
	}
}

sigset_bits signal_pending_set(void)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	sigset_bits set;

	spin_lock(&p->sig_lock);
	set = (uthread_of(t)->pending.set | p->pending.set) &
	      uthread_of(t)->mask;
	spin_unlock(&p->sig_lock);
	return set;
}

/* What becomes ignored is no longer pending (POSIX). */
static void discard_ignored(struct proc *p, int signo)
{
	struct sig_info info;
	struct thread *t;

	spin_lock(&p->lock);
	spin_lock(&p->sig_lock);
	while (sig_dequeue_locked(p, &p->pending, SIGBIT(signo), &info) != 0)
		;
	list_foreach_entry(t, &p->threads, proc_link) while (
		sig_dequeue_locked(p, &uthread_of(t)->pending, SIGBIT(signo),
				   &info) != 0);
	spin_unlock(&p->sig_lock);
	spin_unlock(&p->lock);
}

err_t signal_action(int signo, const struct sig_action *act,
		    struct sig_action *old)
{
	struct proc *p = current_proc();
	struct sig *s = p->sig;
	enum sig_default d;

	if (signo < 1 || signo > NSIG)
		return -EINVAL;
	if (act != NULL && (SIGBIT(signo) & UNBLOCKABLE) != 0)
		return -EINVAL;
	spin_lock(&s->lock);
	if (old != NULL)
		*old = s->action[signo - 1];
	if (act != NULL) {
		s->action[signo - 1] = *act;
		s->action[signo - 1].mask &= ~UNBLOCKABLE;
	}
	spin_unlock(&s->lock);
	if (act == NULL)
		return 0;
	d = sig_default_of(signo);
	if (act->handler == 1 ||
	    (act->handler == 0 && (d == SIG_IGN_DFL || d == SIG_CONT_DFL)))
		discard_ignored(p, signo);
	return 0;
}

/* The mask is put back after the handler's frame was built. */
void signal_mask_during_call(sigset_bits mask)
{
	struct uthread *u = current_uthread();

	u->saved_mask = u->mask;
	signal_set_mask(mask);
	thread_set_work(current_thread(), WORK_RESTORE);
}

bool signal_interrupted(void)
{
	return (thread_work(current_thread()) & WORK_INTERRUPT) != 0;
}

err_t signal_suspend(sigset_bits mask)
{
	err_t err = 0;

	signal_mask_during_call(mask);
	while (!err) {
		thread_prepare_wait(WAIT_SIGNAL);
		err = thread_wait(NO_DEADLINE);
		thread_finish_wait();
	}
	return -ERESTARTNOHAND;
}

int64_t signal_wait(sigset_bits set, nsec_t deadline, struct sig_info *out)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	struct uthread *u = uthread_of(t);
	int signo = 0;
	err_t err = 0;

	set &= ~UNBLOCKABLE;
	for (;;) {
		thread_prepare_wait(WAIT_SIGNAL);
		spin_lock(&p->sig_lock);
		signo = sig_dequeue_locked(p, &u->pending, set, out);
		if (signo == 0)
			signo = sig_dequeue_locked(p, &p->pending, set, out);
		u->waiting_for = signo == 0 && !err ? set : 0;
		spin_unlock(&p->sig_lock);
		if (signo != 0 || err)
			break;
		if (deadline == 0)
			err = -ETIMEDOUT;
		else
			err = thread_wait(deadline);
	}
	thread_finish_wait();
	if (signo != 0)
		return signo;
	return err == -ETIMEDOUT ? -EAGAIN : err;
}

err_t signal_altstack(const struct sig_stack *ss, vaddr_t sp, size_t min_size,
		      struct sig_stack *old)
{
	struct uthread *u = current_uthread();
	struct sig_stack *cur = &u->altstack;
	bool on = (cur->flags & 2) == 0 && sp - cur->sp < cur->size;

	if (old != NULL) {
		*old = *cur;
		old->flags = (cur->flags & 2) != 0 ? 2 : on ? 1 : 0;
	}
	if (ss == NULL)
		return 0;
	if (on)
		return -EPERM;
	if ((ss->flags & ~0x80000003) != 0 || (ss->flags & 3) == 3)
		return -EINVAL;
	if ((ss->flags & 2) != 0) {
		*cur = (struct sig_stack){ .flags = 2 };
		return 0;
	}
	if (ss->size < min_size)
		return -ENOMEM;
	*cur = *ss;
	cur->flags &= ~1;
	return 0;
}

void signal_sets(struct proc *p, struct thread *t, sigset_bits out[5])
{
	unsigned i;

	spin_lock(&p->sig_lock);
	out[0] = t != NULL ? uthread_of(t)->pending.set : 0;
	out[1] = p->pending.set;
	out[2] = t != NULL ? uthread_of(t)->mask : 0;
	out[3] = 0;
	out[4] = 0;
	spin_lock(&p->sig->lock);
	for (i = 0; i < NSIG; i++) {
		if (p->sig->action[i].handler == 1)
			out[3] |= UINT64_C(1) << i;
		else if (p->sig->action[i].handler != 0)
			out[4] |= UINT64_C(1) << i;
	}
	spin_unlock(&p->sig->lock);
	spin_unlock(&p->sig_lock);
}

bool signal_is_ignored_or_blocked(int signo)
{
	struct sig_action act = sig_action_of(current_proc(), signo);

	return act.handler == 1 ||
	       (current_uthread()->mask & SIGBIT(signo)) != 0;
}

bool signal_is_handled(int signo)
{
	return sig_action_of(current_proc(), signo).handler > 1;
}
