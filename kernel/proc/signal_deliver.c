/* SPDX-License-Identifier: MIT */
/*
 * The edge to user mode: kill, stop, signal frames, restarted calls.  Runs on
 * every return to user mode for which thread->work is not 0.
 */
#include <arch/cpu.h>
#include <arch/regs.h>
#include <lib/assert.h>
#include <lib/err.h>

#include "signal_impl.h"

/* Is the saved result one of the restart codes? */
static int restart_code(const struct regs *r)
{
	int64_t v = (int64_t)r->rax;

	if (r->vector != REGS_SYSCALL || v > -512 || v < -516)
		return 0;
	return (int)-v;
}

static void restart_call(struct regs *r)
{
	r->rax = r->error; /* the number */
	r->rip -= 2;	   /* the syscall instruction */
}

/* No handler runs: every interrupted call goes on. */
static void restart_without_handler(struct regs *r)
{
	int code = restart_code(r);

	if (code == 0)
		return;
	restart_call(r);
	if (code == ERESTART_RESTARTBLOCK)
		r->rax = 219; /* restart_syscall */
	r->vector = 0;
}

static void restart_with_handler(struct regs *r, const struct sig_action *act)
{
	int code = restart_code(r);

	if (code == 0)
		return;
	if (code == ERESTARTNOINTR ||
	    (code == ERESTARTSYS && (act->flags & SA_RESTART) != 0))
		restart_call(r);
	else
		regs_set_result(r, -EINTR);
	r->vector = 0;
}

/* Pushes the frame; on failure the thread gets SIGSEGV instead. */
static void run_handler(struct regs *r, const struct sig_info *info,
			const struct sig_action *act)
{
	struct thread *t = current_thread();
	struct uthread *u = uthread_of(t);
	struct proc *p = t->proc;
	bool on_alt = (u->altstack.flags & 2) == 0 &&
		      r->rsp - u->altstack.sp < u->altstack.size;
	sigset_bits old = u->mask, next;
	err_t err;

	restart_with_handler(r, act);
	if ((thread_work(t) & WORK_RESTORE) != 0) {
		old = u->saved_mask;
		thread_clear_work(t, WORK_RESTORE);
	}
	err = signal_frame_ops.push(r, info, act, old, &u->altstack, on_alt);
	if (err) {
		if (info->signo == S_SEGV) {
			/* Its own frame does not fit: that is the end. */
			spin_lock(&p->sig->lock);
			p->sig->action[S_SEGV - 1].handler = 0;
			spin_unlock(&p->sig->lock);
		}
		signal_force(S_SEGV, 0x80, 0, 0);
		return;
	}
	next = u->mask | act->mask;
	if ((act->flags & SA_NODEFER) == 0)
		next |= SIGBIT(info->signo);
	signal_set_mask(next);
	if ((u->altstack.flags & INT32_MIN) != 0) /* SS_AUTODISARM */
		u->altstack = (struct sig_stack){ .flags = 2 };
}

/* The next signal this thread should act on; 0 when there is none. */
static int next_signal(struct sig_info *info, struct sig_action *act)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	struct uthread *u = uthread_of(t);
	struct sig_action *slot;
	int signo;

	spin_lock(&p->sig_lock);
	signo = sig_dequeue_locked(p, &u->pending, ~u->mask, info);
	if (signo == 0)
		signo = sig_dequeue_locked(p, &p->pending, ~u->mask, info);
	if (signo == 0) {
		thread_clear_work(t, WORK_SIGNAL);
		spin_unlock(&p->sig_lock);
		return 0;
	}
	spin_lock(&p->sig->lock);
	slot = &p->sig->action[signo - 1];
	*act = *slot;
	if (act->handler > 1 && (act->flags & SA_RESETHAND) != 0)
		slot->handler = 0;
	spin_unlock(&p->sig->lock);
	spin_unlock(&p->sig_lock);
	return signo;
}

/* An init that blocked it when it came takes no default action, as sent. */
static void act_default(int signo, int code)
{
	struct proc *p = current_proc();
	bool is_init = p->ns->reaper == p;

	if (is_init && code <= 0 && (SIGBIT(signo) & UNBLOCKABLE) == 0)
		return;
	switch (sig_default_of(signo)) {
	case SIG_IGN_DFL:
	case SIG_CONT_DFL:
		return;
	case SIG_STOP_DFL:
		if (p == pidns_root.reaper)
			return;
		if (signo != S_STOP && proc_group_is_orphaned(proc_pgid(p)))
			return;
		proc_stop_begin(p, signo);
		return;
	case SIG_TERM:
	case SIG_CORE:
		proc_exit(signo);
	}
}

/* Delivers until a handler is entered or nothing is left. */
void signal_deliver(struct regs *r)
{
	struct sig_action act;
	struct sig_info info;
	int signo;

	while ((signo = next_signal(&info, &act)) != 0) {
		if (act.handler == 1)
			continue;
		if (act.handler == 0) {
			act_default(signo, info.code);
			if ((thread_work(current_thread()) &
			     (WORK_STOP | WORK_KILL)) != 0)
				return;
			continue;
		}
		run_handler(r, &info, &act);
		return; /* WORK_SIGNAL stays: look again before leaving */
	}
}

/*
 * trap_ops.user_work.  Interrupts are off on entry and on return.  The
 * scheduler's part comes last: it loads the FPU state, which signal frames
 * read.
 */
void proc_user_work(struct regs *r)
{
	struct thread *t = current_thread();
	unsigned work;

	irq_enable();
	for (;;) {
		work = thread_work(t);
		if ((work & WORK_KILL) != 0)
			proc_thread_exit(0);
		if ((work & WORK_STOP) != 0) {
			proc_stop_here(t->proc);
			continue;
		}
		if ((work & WORK_SIGNAL) != 0) {
			signal_deliver(r);
			work = thread_work(t);
			if ((work & (WORK_KILL | WORK_STOP)) != 0)
				continue;
			if ((work & WORK_SIGNAL) != 0)
				continue;
		}
		break;
	}
	restart_without_handler(r);
	if ((work & WORK_RESTORE) != 0) {
		thread_clear_work(t, WORK_RESTORE);
		signal_set_mask(uthread_of(t)->saved_mask);
		if ((thread_work(t) & WORK_SIGNAL) != 0) {
			irq_disable();
			return; /* called again: something is deliverable */
		}
	}
	thread_clear_work(t, WORK_TASK);
	irq_disable();
	sched_user_work(r);
}
