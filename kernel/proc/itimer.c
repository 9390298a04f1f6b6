/* SPDX-License-Identifier: MIT */
/*
 * ITIMER_REAL and alarm.  The timer fires in interrupt context, which may not
 * send signals: it hands over to deferred work, and that sends SIGALRM.
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <sched/msg.h>

#include "signal_impl.h"

static void send_alarm(void *arg)
{
	struct proc *p = arg;
	nsec_t next = 0;

	signal_proc_simple(p, S_ALRM);
	spin_lock(&p->sig_lock);
	/* Set anew since it fired: then the new time stands. */
	if (p->itimer_interval != 0 && timer_deadline(&p->itimer) == 0 &&
	    proc_state(p) == PROC_LIVE)
		next = clock_monotonic() + p->itimer_interval;
	if (next != 0)
		timer_arm(&p->itimer, next);
	spin_unlock(&p->sig_lock);
	proc_put(p);
}

static void fired(struct timer *t)
{
	struct proc *p = container_of(t, struct proc, itimer);

	bool last;

	/* The work carries a reference; one still queued has its own. */
	if (!ref_tryget(&p->ref))
		return;
	if (work_defer(&p->itimer_work))
		return;
	last = ref_put(&p->ref);
	kassert(!last); /* the queued one's is still there */
}

void itimer_init(struct proc *p)
{
	timer_init(&p->itimer, fired);
	core_msg_init(&p->itimer_work, send_alarm, p);
}

void itimer_fini(struct proc *p)
{
	spin_lock(&p->sig_lock);
	p->itimer_interval = 0;
	spin_unlock(&p->sig_lock);
	(void)timer_cancel(&p->itimer);
}

static nsec_t left(struct proc *p)
{
	nsec_t deadline = timer_deadline(&p->itimer);
	nsec_t now = clock_monotonic();

	if (deadline == 0)
		return 0;
	return deadline > now ? deadline - now : 1000;
}

nsec_t proc_itimer_get(struct proc *p, nsec_t *interval)
{
	nsec_t v;

	spin_lock(&p->sig_lock);
	*interval = p->itimer_interval;
	v = left(p);
	spin_unlock(&p->sig_lock);
	return v;
}

nsec_t proc_itimer_set(struct proc *p, nsec_t value, nsec_t interval,
		       nsec_t *old_interval)
{
	nsec_t old;

	spin_lock(&p->sig_lock);
	old = left(p);
	*old_interval = p->itimer_interval;
	(void)timer_cancel(&p->itimer);
	p->itimer_interval = value != 0 ? interval : 0;
	if (value != 0)
		timer_arm(&p->itimer, clock_monotonic() + value);
	spin_unlock(&p->sig_lock);
	return old;
}
