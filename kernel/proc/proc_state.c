/* SPDX-License-Identifier: MIT */
/* The life states of a process: names, legal edges, the only writer. */
#include <debug/trace.h>
#include <lib/assert.h>

#include "proc_impl.h"

static const char *const names[] = {
#define PROC_STATE(name, meaning) [PROC_##name] = #name,
#define PROC_EDGE(from, to, who)
#include <proc/proc_states.def>
#undef PROC_STATE
#undef PROC_EDGE
};

#define EDGE(from, to) (UINT64_C(1) << (8 * (from) + (to)))

static const uint64_t legal_edges = 0
#define PROC_STATE(name, meaning)
#define PROC_EDGE(from, to, who) | EDGE(PROC_##from, PROC_##to)
#include <proc/proc_states.def>
#undef PROC_STATE
#undef PROC_EDGE
	;

_Static_assert(PROC_NSTATES <= 8, "legal_edges is 8 rows of 8 bits");

const char *proc_state_name(enum proc_state s)
{
	return s < PROC_NSTATES ? names[s] : "?";
}

void proc_set_state_locked(struct proc *p, enum proc_state to)
{
	enum proc_state from = p->state;

	kassert(spin_held(&p->lock));
	if ((legal_edges & EDGE(from, to)) == 0)
		panic("process %d: %s -> %s is not an edge", p->pid,
		      proc_state_name(from), proc_state_name(to));

	/* What a state claims is checked where it becomes true. */
	if (to == PROC_TOREAP || to == PROC_FORGOTTEN)
		kassert(p->aspace == NULL && p->handles == NULL);

	state_history_add(&p->history, from, to);
	/* Pairs with the acquire in proc_state(). */
	__atomic_store_n(&p->state, to, __ATOMIC_RELEASE);
	trace(TR_PROC_STATE, (uint64_t)p->pid, from, to);
}

static const char *name_of(unsigned state)
{
	return proc_state_name((enum proc_state)state);
}

void proc_dump(const struct proc *p, void (*print)(const char *fmt, ...))
{
	print("process: %d (%s) %s, %u threads, parent %d", p->pid, p->name,
	      proc_state_name(p->state), p->nthreads, p->ppid);
	state_history_print(&p->history, "process", name_of, print);
}

enum proc_state proc_state(const struct proc *p)
{
	return __atomic_load_n(&p->state, __ATOMIC_ACQUIRE);
}
