/* SPDX-License-Identifier: MIT */
/*
 * Job control: whose terminal it is, which group may use it, and what happens
 * when its session ends.
 *
 * A session knows its terminal (proc/), a terminal its session and foreground
 * group (here).  The terminal's side is decided first, under t->lock.
 */
#include <lib/atomic.h>
#include <lib/err.h>
#include <proc/proc.h>
#include <proc/signal.h>

#include "tty_impl.h"

#define SIG_HUP	  1
#define SIG_CONT  18
#define SIG_TTIN  21
#define SIG_TTOU  22
#define SIG_WINCH 28

static bool is_ours(struct tty *t, struct proc *p)
{
	return p != NULL && proc_session_tty(p) == t;
}

err_t tty_job_check(struct tty *t, int signo)
{
	struct proc *p = current_proc();
	int32_t pgid, fg;

	if (!is_ours(t, p))
		return 0;
	pgid = proc_pgid(p);
	fg = tty_foreground(t);
	if (fg == 0 || fg == pgid)
		return 0;
	if (signal_is_ignored_or_blocked(signo))
		return signo == SIG_TTIN ? -EIO : 0;
	if (proc_group_is_orphaned(pgid))
		return -EIO;
	signal_group_simple(pgid, signo);
	/* Another thread may take the signal; this one must look, too. */
	thread_set_work(current_thread(), WORK_SIGNAL);
	return -ERESTARTSYS;
}

/* To the foreground group, if it still belongs to the terminal's session. */
void tty_signal(struct tty *t, int signo)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	int32_t pgid = t->pgid, sid = t->sid;

	spin_unlock_irqrestore(&t->lock, flags);
	if (pgid != 0 && proc_group_exists(NULL, pgid, sid))
		signal_group_simple(pgid, signo);
}

/* The terminal becomes that of session @sid; @steal: whoever has it. */
static bool claim(struct tty *t, int32_t sid, int32_t pgid, bool steal)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	bool ok = t->sid == 0 || steal;

	if (ok) {
		t->sid = sid;
		t->pgid = pgid;
	}
	spin_unlock_irqrestore(&t->lock, flags);
	return ok;
}

static int32_t session_of(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	int32_t sid = t->sid;

	spin_unlock_irqrestore(&t->lock, flags);
	return sid;
}

/* Nobody's any more, if it is still @sid's. */
static void disown(struct tty *t, int32_t sid)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	if (t->sid == sid) {
		t->sid = 0;
		t->pgid = 0;
	}
	spin_unlock_irqrestore(&t->lock, flags);
}

void tty_job_acquire(struct tty *t)
{
	struct proc *p = current_proc();

	if (p == NULL || !proc_is_session_leader(p) ||
	    proc_session_tty(p) != NULL)
		return;
	if (claim(t, proc_sid(p), proc_pgid(p), false))
		proc_session_set_tty(p, t);
}

void tty_hang_up(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->sid = 0;
	t->pgid = 0;
	t->stopped = false;
	t->exclusive = false;
	ldisc_flush_input(t);
	ldisc_init(t);
	/* Pairs with the acquire in tty_hung_up(). */
	atomic_store_release(&t->hangups, t->hangups + 1);
	spin_unlock_irqrestore(&t->lock, flags);
	waitq_wake_events(&t->in_wq, POLL_IN | POLL_HUP);
	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_HUP);
}

static void leader_died(struct tty *t, int32_t sid)
{
	if (session_of(t) != sid)
		return;
	tty_signal(t, SIG_HUP);
	tty_signal(t, SIG_CONT);
	tty_hang_up(t);
}

void tty_job_init(void)
{
	proc_session_leader_died = leader_died;
}

/* The session that loses its terminal to another one forgets it. */
static void forget(struct tty *t, int32_t sid)
{
	struct proc *p;
	int32_t at = 1;
	bool found = false;

	while (!found && (p = proc_next(NULL, at)) != NULL) {
		at = proc_pid(p) + 1;
		found = proc_sid(p) == sid && proc_session_tty(p) == t;
		if (found)
			proc_session_set_tty(p, NULL);
		proc_put(p);
	}
}

static err_t set_controlling(struct tty *t, struct proc *p, int how)
{
	int32_t sid = proc_sid(p), old = session_of(t);
	bool steal = how == 1 && cred_is_root(current_cred());

	if (proc_is_session_leader(p) && old == sid)
		return 0;
	if (!proc_is_session_leader(p) || proc_session_tty(p) != NULL)
		return -EPERM;
	if (old != 0 && steal)
		forget(t, old);
	if (!claim(t, sid, proc_pgid(p), steal))
		return -EPERM;
	proc_session_set_tty(p, t);
	return 0;
}

static err_t give_up(struct tty *t, struct proc *p)
{
	if (!is_ours(t, p))
		return -ENOTTY;
	/* A terminal belongs to a session; only its leader gives it up. */
	if (!proc_is_session_leader(p))
		return 0;
	tty_signal(t, SIG_HUP);
	tty_signal(t, SIG_CONT);
	disown(t, proc_sid(p));
	proc_session_set_tty(p, NULL);
	return 0;
}

static err_t set_foreground(struct tty *t, struct proc *p, int32_t pgid)
{
	struct pidns *ns = proc_pidns(p);
	int32_t sid = proc_sid(p);
	irqflags_t flags;
	err_t err;

	err = tty_job_check(t, SIG_TTOU);
	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (!is_ours(t, p) || session_of(t) != sid)
		return -ENOTTY;
	if (pgid < 0)
		return -EINVAL;
	pgid = pid_global(ns, pgid);
	if (pgid == 0 || !proc_group_exists(ns, pgid, 0))
		return -ESRCH;
	if (!proc_group_exists(ns, pgid, sid))
		return -EPERM;
	flags = spin_lock_irqsave(&t->lock);
	if (t->sid == sid)
		t->pgid = pgid;
	spin_unlock_irqrestore(&t->lock, flags);
	return 0;
}

err_t tty_job_control(struct tty *t, unsigned cmd, void *arg)
{
	struct proc *p = current_proc();
	int32_t *value = arg;

	if (p == NULL)
		return -ENOTTY;
	switch (cmd) {
	case TIOCSCTTY:
		return set_controlling(t, p, *value);
	case TIOCNOTTY:
		return give_up(t, p);
	case TIOCSPGRP:
		return set_foreground(t, p, *value);
	case TIOCGPGRP:
		if (!is_ours(t, p))
			return -ENOTTY;
		*value = pid_local(proc_pidns(p), tty_foreground(t));
		return 0;
	case TIOCGSID:
		if (!is_ours(t, p))
			return -ENOTTY;
		*value = pid_local(proc_pidns(p), session_of(t));
		return *value != 0 ? 0 : -ENOTTY;
	default:
		return -ENOIOCTLCMD;
	}
}
