/* SPDX-License-Identifier: MIT */
/*
 * Figures: load average, times of threads and cores.
 *
 * Time is charged exactly, at each switch.  The split into user and system
 * time is sampled by timer interrupts, whatever they came for; a thread that
 * runs alone is sampled after 10 ms, then at gaps that double up to a second,
 * so that it is neither disturbed nor taken for what it is not.
 */
#include <lib/atomic.h>
#include <lib/minmax.h>

#include "sched_impl.h"

#define LOAD_PERIOD	    (5 * NSEC_PER_SEC)
#define LOAD_ONE	    (UINT64_C(1) << LOADAVG_SHIFT)
#define SAMPLE_GAP_MAX	    NSEC_PER_SEC
#define FIRST_DEVICE_VECTOR 32

/* 2^11 / e^(5 s / 1, 5, 15 min) */
static const uint64_t decay[3] = { 1884, 2014, 2037 };

/* One period of 5 s for each that has passed with what ran until now. */
void load_update(struct core *c, nsec_t now)
{
	struct thread *cur = current_thread();
	uint64_t active = atomic_load_relaxed(&c->rq.nr);
	unsigned i, n;

	if (cur != c->idle && cur->state != THREAD_DEAD)
		active++;
	active <<= LOADAVG_SHIFT;
	/* After an hour nothing is left of what was before. */
	for (n = 0; now >= c->load_next && n < 720; n++) {
		for (i = 0; i < 3; i++)
			c->load[i] = (c->load[i] * decay[i] +
				      active * (LOAD_ONE - decay[i])) >>
				     LOADAVG_SHIFT;
		c->load_next += LOAD_PERIOD;
	}
	if (now >= c->load_next)
		c->load_next = now + LOAD_PERIOD;
}

/* In the timer interrupt: did it hit user mode? */
static bool hit_user(const struct thread *t)
{
	const struct regs *r = current_regs();

	/*
	 * The frame at the top of the stack is that of the entry from user
	 * mode; if a device made it, the timer hit user mode (or the work
	 * that such an interrupt left behind, which is rare and short).
	 */
	return t->fpu != NULL && regs_from_user(r) &&
	       r->vector >= FIRST_DEVICE_VECTOR && r->vector != REGS_SYSCALL;
}

void acct_sample(struct core *c, nsec_t now)
{
	struct thread *t = current_thread();
	nsec_t ns;

	if (t == c->idle)
		return;
	ns = now - c->sampled;
	c->sampled = now;
	if (hit_user(t)) {
		t->acct.user_ns += ns;
		c->user_samples += ns;
	} else {
		t->acct.sys_ns += ns;
		c->sys_samples += ns;
	}
	if (now >= c->sample_at) {
		c->sample_gap = min(2 * c->sample_gap, SAMPLE_GAP_MAX);
		c->sample_at = now + c->sample_gap;
	}
}

/* @total split as @user to @sys; all of it user time without samples. */
static nsec_t user_part(nsec_t total, nsec_t user, nsec_t sys)
{
	if (sys == 0)
		return total;
	if (user == 0)
		return 0;
	/* Scaled down: the product must fit. */
	while (user + sys >= UINT64_C(1) << 20) {
		user >>= 1;
		sys >>= 1;
	}
	if (total >= UINT64_C(1) << 43)
		return total / (user + sys) * user;
	return total * user / (user + sys);
}

void acct_finish(struct thread *t)
{
	nsec_t user = t->fpu == NULL
			      ? 0
			      : user_part(t->acct.run_ns, t->acct.user_ns,
					  t->acct.sys_ns);

	t->acct.user_ns = user;
	t->acct.sys_ns = t->acct.run_ns - user;
}

void thread_times(const struct thread *t, nsec_t *user_ns, nsec_t *sys_ns)
{
	nsec_t total = t->acct.run_ns, user, now, stamp;
	const struct core *c;

	if (atomic_load_relaxed(&t->state) == THREAD_RUNNING) {
		c = core_of(t->core);
		now = clock_now();
		stamp = c == NULL ? now : atomic_load_relaxed(&c->stamp);
		if (now > stamp)
			total += now - stamp;
	}
	user = t->fpu == NULL
		       ? 0
		       : user_part(total, t->acct.user_ns, t->acct.sys_ns);
	*user_ns = user;
	*sys_ns = total - user;
}

void sched_get_stats(coreid_t core, struct sched_stats *out)
{
	struct core *c = core_of(core);
	nsec_t now = clock_now(), since;
	unsigned i;

	*out = (struct sched_stats){ 0 };
	if (c == NULL)
		return;
	if (c == this_core() && now >= c->load_next) {
		irqflags_t flags = irq_save();

		load_update(c, now);
		irq_restore(flags);
	}
	since = now - atomic_load_relaxed(&c->stamp);
	out->switches = c->switches;
	out->threads = atomic_load_relaxed(&sched_nthreads);
	out->running = atomic_load_relaxed(&c->rq.nr);
	out->idle_ns = c->idle_ns;
	out->user_ns = c->busy_ns;
	if (percpu_of(core)->thread == c->idle) {
		out->idle_ns += since;
	} else {
		out->user_ns += since;
		out->running++;
	}
	since = out->user_ns;
	out->user_ns = user_part(since, c->user_samples, c->sys_samples);
	out->sys_ns = since - out->user_ns;
	for (i = 0; i < 3; i++)
		out->loadavg[i] = c->load[i];
	out->messages = c->messages;
	out->timers_fired = c->timers.fired;
}
