/* SPDX-License-Identifier: MIT */
/*
 * Stopping and continuing a whole process.  A stop is a request: each thread
 * stops at its edge to user mode, and the last one reports to the parent.
 *
 * proc_stop_here (last thread)          proc_continue
 *   p->lock: nstopped == nthreads
 *   drop p->lock
 *                                         p->lock: stopping = false, wake
 *   tree lock, p->lock: stopping? no:
 *   nothing is reported
 *
 * The report looks again under both locks, so a stop that was taken back in
 * between is never seen by the parent.  A thread that exits may be the one
 * that the others waited for: then it reports (proc_thread_exit).
 */
#include <lib/assert.h>
#include <lib/err.h>

#include "signal_impl.h"

#define CLD_STOPPED   5
#define CLD_CONTINUED 6

void proc_stop_begin(struct proc *p, int signo)
{
	struct thread *t;

	spin_lock(&p->lock);
	if (!p->stopping && p->state == PROC_LIVE) {
		p->stopping = true;
		p->stop_signal = signo;
		p->nstopped = 0;
		list_foreach_entry(t, &p->threads, proc_link)
		{
			uthread_of(t)->counted_stopped = false;
			thread_set_work(t, WORK_STOP);
		}
	}
	spin_unlock(&p->lock);
}

/* All threads that are left have stopped, or seemed to: tells the parent. */
void proc_stop_report(struct proc *p)
{
	bool still;

	spin_lock(&proc_tree_lock);
	spin_lock(&p->lock);
	still = p->stopping && p->nstopped == p->nthreads;
	spin_unlock(&p->lock);
	if (still) {
		p->stop_code = p->stop_signal;
		p->stop_reported = false;
		p->continued = false;
		signal_parent_locked(p, CLD_STOPPED, p->stop_signal);
		if (p->parent != NULL)
			proc_wake_parent_locked(p->parent);
	}
	spin_unlock(&proc_tree_lock);
}

void proc_stop_here(struct proc *p)
{
	struct thread *t = current_thread();
	struct uthread *u = uthread_of(t);
	err_t err = 0;

	spin_lock(&p->lock);
	while (p->stopping && !err) {
		if (u->counted_stopped) {
			err = waitq_sleep_killable(&p->stop_wq, &p->lock,
						   WAIT_STOPPED);
			continue;
		}
		/* Also when it slept through a continue and the next stop. */
		u->counted_stopped = true;
		if (++p->nstopped == p->nthreads) {
			spin_unlock(&p->lock);
			proc_stop_report(p);
			spin_lock(&p->lock);
		}
	}
	if (!p->stopping) {
		u->counted_stopped = false;
		thread_clear_work(t, WORK_STOP);
	}
	spin_unlock(&p->lock);
	if (err)
		thread_clear_work(t, WORK_STOP); /* killed meanwhile */
}

/* SIGCONT was sent.  Takes PROC_TREE: no lock may be held. */
void proc_continue(struct proc *p)
{
	bool was;

	spin_lock(&proc_tree_lock);
	spin_lock(&p->lock);
	was = p->stopping;
	p->stopping = false;
	p->nstopped = 0;
	waitq_wake_all(&p->stop_wq);
	spin_unlock(&p->lock);
	if (was && p->stop_code != 0) {
		p->stop_code = 0;
		p->continued = true;
		signal_parent_locked(p, CLD_CONTINUED, S_CONT);
		if (p->parent != NULL)
			proc_wake_parent_locked(p->parent);
	}
	spin_unlock(&proc_tree_lock);
}
