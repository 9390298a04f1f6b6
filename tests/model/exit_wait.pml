/* SPDX-License-Identifier: MIT */
/*
 * exit against wait: a parent never sleeps through its child's death, and
 * the status is collected exactly once by two racing waiters (two threads of
 * the parent).  Mirrors kernel/proc/proc_exit.c (tell_parent) and
 * proc_wait.c.
 *
 * Invariants
 *  - both waiters come back: one with the status, one with ECHILD;
 *  - a child is collected once, and only when it is TOREAP;
 *  - nothing is read of a child that was forgotten;
 *  - every change of state is in proc_states.def.
 *
 * -DBUG   the waiter drops the tree lock before it is on the queue.
 * -DBUG2  the child wakes its parent before it is TOREAP.
 */
#include "proc_states.pmlh"

#define NWAITERS 2
#define TAKE() atomic { !tree_lock -> tree_lock = true }
#define DROP() tree_lock = false

mtype child = LIVE;
bool tree_lock;
bool asleep[NWAITERS];
bool in_tree = true;
byte collected, echild;

/* waitq_sleep(): on the queue before the lock is dropped. */
inline sleep(i) {
#ifdef BUG
	DROP();
	asleep[i] = true;
#else
	asleep[i] = true;
	DROP();
#endif
	!asleep[i];
	TAKE()
}

inline wake_all() {
	asleep[0] = false;
	asleep[1] = false
}

active proctype exiting_child() {
	/* Locks of its own: others see the states at any time. */
	set_proc_state(child, DYING);
	set_proc_state(child, DYING_ABORT);
#ifdef BUG2
	TAKE();
	wake_all();
	DROP();
	set_proc_state(child, TOREAP)
#else
	TAKE();
	set_proc_state(child, TOREAP);
	wake_all();
	DROP()
#endif
}

active [NWAITERS] proctype waiter() {
	byte me = _pid - 1;

	TAKE();
	do
	:: in_tree && child == TOREAP ->
		set_proc_state(child, FORGOTTEN);
		in_tree = false;
		collected++;
		/* proc_forget_locked() tells the other waiters. */
		wake_all();
		break
	:: !in_tree ->
		assert(child == FORGOTTEN);
		echild++;
		break
	:: in_tree && child != TOREAP -> sleep(me)
	od;
	DROP();
	assert(collected == 1)
}

active proctype observer() {
	collected + echild == NWAITERS;
	assert(collected == 1 && echild == NWAITERS - 1)
}
