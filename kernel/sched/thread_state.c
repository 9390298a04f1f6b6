/* SPDX-License-Identifier: MIT */
/*
 * Run states: names and the check of every transition, from the table.
 *
 * A state changes under thread->lock, except that the core that runs a thread
 * takes it between RUNNABLE and RUNNING under its run queue's lock: a waker
 * treats the two alike.
 */
#include <debug/trace.h>
#include <lib/assert.h>
#include <sched/thread.h>

#include "sched_impl.h"

static const char *const shown_names[] = {
#define THREAD_STATE(name, letter, shown, meaning) [THREAD_##name] = shown,
#define THREAD_EDGE(from, to, who)
#include <sched/thread_states.def>
#undef THREAD_STATE
#undef THREAD_EDGE
};

static const char letters[] = {
#define THREAD_STATE(name, letter, shown, meaning) [THREAD_##name] = letter,
#define THREAD_EDGE(from, to, who)
#include <sched/thread_states.def>
#undef THREAD_STATE
#undef THREAD_EDGE
};

#define EDGE(from, to) (UINT64_C(1) << (8 * (to) + (from)))

/* Byte `to`, bit `from`: with a constant `to`, checking is one bit test. */
const uint64_t thread_legal_edges = 0
#define THREAD_STATE(name, letter, shown, meaning)
#define THREAD_EDGE(from, to, who) | EDGE(THREAD_##from, THREAD_##to)
#include <sched/thread_states.def>
#undef THREAD_STATE
#undef THREAD_EDGE
	;

_Static_assert(THREAD_NSTATES <= 8, "thread_legal_edges is 8 rows of 8 bits");

static const struct {
	const char *name;
	char kind;
} reasons[] = {
#define WAIT_REASON(name, kind, shown) [WAIT_##name] = { shown, kind },
#include <sched/wait_reasons.def>
#undef WAIT_REASON
};

const char *thread_state_name(enum thread_state s)
{
	return (unsigned)s < THREAD_NSTATES ? shown_names[s] : "?";
}

const char *wait_reason_name(enum wait_reason r)
{
	return (unsigned)r < WAIT_NREASONS ? reasons[r].name : "?";
}

char thread_letter(const struct thread *t)
{
	enum thread_state s = __atomic_load_n(&t->state, __ATOMIC_RELAXED);
	enum wait_reason r = __atomic_load_n(&t->reason, __ATOMIC_RELAXED);

	if (s == THREAD_WAITING && (unsigned)r < WAIT_NREASONS)
		return reasons[r].kind;
	return letters[s];
}

void thread_bad_edge(const struct thread *t, enum thread_state to)
{
	panic("thread %d (%s): %s -> %s is not an edge", t->tid, t->name,
	      thread_state_name(t->state), thread_state_name(to));
}
