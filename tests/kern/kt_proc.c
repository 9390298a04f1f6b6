/* SPDX-License-Identifier: MIT */
/* Ids and the tables of states. */
#include <debug/fault.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <proc/proc.h>
#include <proc/proc_impl.h>
#include <sched/thread.h>

#define HELD  40
#define TURNS 3000

KTEST(a_slot_is_not_reused_for_1024_others)
{
	static int32_t last[TURNS];
	unsigned i, k, early = 0;
	int32_t pid;
	err_t err;

	for (i = 0; i < TURNS; i++) {
		err = pid_alloc(&pid);
		if (!KCHECK(err == 0))
			return;
		KCHECK(pid > 0 && pid < 1 << 30);
		last[i] = pid;
		pid_release(pid);
	}
	/* Neither the number nor its slot. */
	for (i = 0; i < TURNS; i++)
		for (k = i > 1024 ? i - 1024 : 0; k < i; k++)
			early += ((last[i] ^ last[k]) & 0xfffff) == 0;
	KCHECK(early == 0);
}

KTEST(a_number_that_is_held_stays_taken)
{
	int32_t held[HELD], pid;
	unsigned i, k, clashes = 0;

	for (i = 0; i < HELD; i++) {
		KREQUIRE(pid_alloc(&held[i]) == 0);
		pid_hold(held[i]);
		pid_release(held[i]); /* one user is left */
	}
	for (i = 0; i < TURNS; i++) {
		KREQUIRE(pid_alloc(&pid) == 0);
		for (k = 0; k < HELD; k++)
			clashes += ((held[k] ^ pid) & 0xfffff) == 0;
		pid_release(pid);
	}
	KCHECK(clashes == 0);
	for (i = 0; i < HELD; i++)
		pid_release(held[i]);
}

KTEST(stale_numbers_find_nobody)
{
	int32_t pid;

	KREQUIRE(pid_alloc(&pid) == 0);
	/* Taken but not published. */
	KCHECK(proc_by_pid(&pidns_root, pid) == NULL);
	KCHECK(thread_by_tid(&pidns_root, pid) == NULL);
	pid_release(pid);
	KCHECK(proc_by_pid(&pidns_root, pid) == NULL);
	KCHECK(proc_by_pid(&pidns_root, 0) == NULL);
	KCHECK(proc_by_pid(&pidns_root, -1) == NULL);
	KCHECK(proc_by_pid(&pidns_root, INT32_MAX) == NULL);
	KCHECK(proc_by_pid(&pidns_root, 0xfffff) == NULL);
}

struct edge {
	uint8_t from, to;
};

static const struct edge proc_edges[] = {
#define PROC_STATE(name, meaning)
#define PROC_EDGE(from, to, who) { PROC_##from, PROC_##to },
#include <proc/proc_states.def>
#undef PROC_STATE
#undef PROC_EDGE
};

static const struct edge thread_edges[] = {
#define THREAD_STATE(name, letter, shown, meaning)
#define THREAD_EDGE(from, to, who) { THREAD_##from, THREAD_##to },
#include <sched/thread_states.def>
#undef THREAD_STATE
#undef THREAD_EDGE
};

static bool has(const struct edge *e, size_t n, unsigned from, unsigned to)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (e[i].from == from && e[i].to == to)
			return true;
	return false;
}

/* Everything can be reached from @start, and only @end has no way out. */
static bool sound(const struct edge *e, size_t n, unsigned states,
		  unsigned start, unsigned end)
{
	uint32_t reached = 1u << start, leaves = 0, before;
	size_t i;

	do {
		before = reached;
		for (i = 0; i < n; i++)
			if ((reached & 1u << e[i].from) != 0)
				reached |= 1u << e[i].to;
	} while (reached != before);
	for (i = 0; i < n; i++)
		leaves |= 1u << e[i].from;
	return reached == (1u << states) - 1 &&
	       leaves == (((1u << states) - 1) & ~(1u << end));
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PROC_HAS(from, to) \
	has(proc_edges, COUNT(proc_edges), PROC_##from, PROC_##to)

KTEST(the_life_of_a_process_only_goes_forward)
{
	size_t i;

	KCHECK(sound(proc_edges, COUNT(proc_edges), PROC_NSTATES, PROC_CREATED,
		     PROC_FORGOTTEN));
	for (i = 0; i < COUNT(proc_edges); i++)
		KCHECK(proc_edges[i].from < proc_edges[i].to);
	KCHECK(!PROC_HAS(LIVE, TOREAP));
	KCHECK(!PROC_HAS(LIVE, FORGOTTEN));
	KCHECK(!PROC_HAS(CREATED, DYING));
	KCHECK(!PROC_HAS(DYING, TOREAP));
	KCHECK(strcmp(proc_state_name(PROC_TOREAP), "TOREAP") == 0);
	KCHECK(strcmp(proc_state_name(PROC_NSTATES), "?") == 0);
}

KTEST(the_run_states_of_a_thread_are_sound)
{
	KCHECK(sound(thread_edges, COUNT(thread_edges), THREAD_NSTATES,
		     THREAD_NEW, THREAD_DEAD));
	KCHECK(!has(thread_edges, COUNT(thread_edges), THREAD_WAITING,
		    THREAD_RUNNING));
	KCHECK(!has(thread_edges, COUNT(thread_edges), THREAD_DEAD,
		    THREAD_RUNNABLE));
	KCHECK(strcmp(thread_state_name(THREAD_NSTATES), "?") == 0);
	KCHECK(thread_letter(current_thread()) == 'R');
}

/* A process that is built but never seen: each step may fail. */
KTEST(building_a_process_fails_cleanly)
{
	struct proc *p;
	unsigned n;
	err_t err;
	bool fired;

	for (n = CONFIG_DEBUG ? 1 : 0; n < 50; n++) {
		fault_arm(n);
		err = proc_alloc(&p);
		fired = fault_fired();
		KCHECK(err == 0 || fired);
		if (!err)
			proc_put(p);
		if (!fired)
			break;
	}
	KCHECK(n < 50);
}
