/* SPDX-License-Identifier: MIT */
/*
 * The sleep/wake hand-over with the change of kernel stacks.
 * Mirrors kernel/sched/wait.c, waitq.c and sched.c.
 *
 * Two cores.  A sleeper waits until a condition is true, and once for a
 * mutex while it tests it; a waker makes the condition true and wakes; a
 * third party hands the mutex over.  A core that finds the sleeper on a run
 * queue takes it.
 *
 * Invariants
 *  - no wake is lost: the sleeper always gets to see the condition;
 *  - the wake for the mutex is not taken for the wake of the condition, nor
 *    the other way round (the park token is apart);
 *  - a thread runs on one stack at a time: no core resumes it before its old
 *    core has left it (on_core);
 *  - every change of state is in thread_states.def;
 *  - the waiter is not touched after its thread has gone on (lifetime).
 *
 * -DBUG   the token is cleared after the condition was tested: a lost wake.
 * -DBUG2  cores do not look at on_core: two cores on one stack.
 * -DBUG3  one token for both kinds of wake: parking eats the other.
 * -DBUG4  the sleeper goes on without the queue's lock: a dangling waiter.
 */
#include "thread_states.pmlh"

#define LOCK(l)	  atomic { !l -> l = true }
#define UNLOCK(l) l = false

mtype state = RUNNING;
bool thread_lock, wq_lock, mutex_lock;
bool cond;		/* what the sleeper waits for */
bool mutex_mine;	/* the mutex was handed to the sleeper */
bool wake_token, park_token, parked;
bool linked;		/* the waiter is on the queue */
bool waiter_alive;	/* its memory is the sleeper's stack frame */
bool on_core = true;	/* the old core still saves it */
bool queued;		/* on a run queue */
bool done;
byte running = 1;	/* how many cores run the sleeper's code */

/* t->lock held: WAITING -> RUNNABLE, on the queue */
inline make_runnable() {
	set_thread_state(state, RUNNABLE);
	queued = true
}

inline thread_wake() {
	LOCK(thread_lock);
	wake_token = true;
	if
#ifdef BUG3
	:: state == WAITING -> make_runnable()
#else
	:: state == WAITING && !parked -> make_runnable()
#endif
	:: else
	fi;
	UNLOCK(thread_lock)
}

inline thread_unpark() {
	LOCK(thread_lock);
#ifdef BUG3
	wake_token = true;
	if
	:: state == WAITING -> make_runnable()
	:: else
	fi;
#else
	park_token = true;
	if
	:: state == WAITING && parked -> make_runnable()
	:: else
	fi;
#endif
	UNLOCK(thread_lock)
}

/* t->lock held: WAITING; the core leaves; somebody brings us back. */
inline block() {
	set_thread_state(state, WAITING);
	UNLOCK(thread_lock);
	running--;		/* stops executing ... */
	on_core = false;	/* ... finish_switch(): wholly saved */
	wake_me ? 1		/* resumed by a core */
}

chan wake_me = [0] of { bit };

/* sched_park(): wait for the mutex, inside the test of the condition. */
inline lock_mutex() {
	LOCK(mutex_lock);
	do
	:: mutex_mine -> break
	:: else ->
#ifdef BUG3
		wake_token = false;
#else
		park_token = false;
#endif
		UNLOCK(mutex_lock);
		LOCK(thread_lock);
		if
#ifdef BUG3
		:: wake_token -> UNLOCK(thread_lock)
#else
		:: park_token -> UNLOCK(thread_lock)
#endif
		:: else ->
			parked = true;
			block();
			parked = false
		fi;
#ifdef BUG3
		wake_token = false;	/* it was for the mutex, was it not? */
#endif
		LOCK(mutex_lock)
	od;
	UNLOCK(mutex_lock)
}

active proctype sleeper() {
	bool seen;

	/* waitq_add() */
	LOCK(wq_lock);
	waiter_alive = true;
	linked = true;
	UNLOCK(wq_lock);
	do
	:: true ->
#ifdef BUG
		seen = cond;
		wake_token = false;
#else
		wake_token = false;	/* thread_prepare_wait() */
		seen = cond;
		lock_mutex();		/* to test something else (poll) */
#endif
		if
		:: seen -> break
		:: else
		fi;
		LOCK(thread_lock);	/* thread_wait() */
		if
		:: wake_token -> UNLOCK(thread_lock)
		:: else -> block()
		fi
	od;
	/* waitq_remove(): the frame goes */
#ifndef BUG4
	LOCK(wq_lock);
	linked = false;
	waiter_alive = false;
	UNLOCK(wq_lock);
#else
	if
	:: linked -> LOCK(wq_lock); linked = false; waiter_alive = false;
		     UNLOCK(wq_lock)
	:: else -> waiter_alive = false
	fi;
#endif
	done = true
}

active proctype waker() {
	cond = true;
	LOCK(wq_lock);
	if
	:: linked ->
		assert(waiter_alive);
		linked = false;		/* autoremove */
		assert(waiter_alive);	/* w->thread is read */
		thread_wake();
		assert(waiter_alive)	/* still under the queue's lock */
	:: else
	fi;
	UNLOCK(wq_lock)
}

active proctype owner_of_mutex() {
	LOCK(mutex_lock);
	mutex_mine = true;		/* hand-over, under the lock */
	thread_unpark();
	UNLOCK(mutex_lock)
}

/* A core that looks for work: takes the sleeper off the queue. */
active [2] proctype core() {
end:
	do
#ifdef BUG2
	:: atomic { queued -> queued = false }
#else
	:: atomic { queued && !on_core -> queued = false }
#endif
		assert(!on_core);	/* nobody is on its stack */
		on_core = true;
		set_thread_state(state, RUNNING);
		running++;
		assert(running == 1);
		wake_me ! 1
	od
}

/* The sleeper ends, having seen the condition. */
active proctype observer() {
	done;
	assert(cond)
}
