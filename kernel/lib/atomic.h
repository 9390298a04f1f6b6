/* SPDX-License-Identifier: MIT */
/*
 * Atomic access with the order said aloud.
 *
 * The general forms take the order as a bare word: relaxed, acquire,
 * release, acq_rel, seq_cst; the forms with the order in their name are the
 * usual ones.  Where a name has no order (fetch_*, xchg, cas) it is acq_rel.
 * An acquire is paired with a release, and the comment at each names the
 * other.
 */
#pragma once

#define ATOMIC_ORDER_relaxed __ATOMIC_RELAXED
#define ATOMIC_ORDER_acquire __ATOMIC_ACQUIRE
#define ATOMIC_ORDER_release __ATOMIC_RELEASE
#define ATOMIC_ORDER_acq_rel __ATOMIC_ACQ_REL
#define ATOMIC_ORDER_seq_cst __ATOMIC_SEQ_CST
#define ATOMIC_ORDER(o)	     ATOMIC_ORDER_##o

#define atomic_load(p, o)     __atomic_load_n((p), ATOMIC_ORDER_##o)
#define atomic_store(p, v, o) __atomic_store_n((p), (v), ATOMIC_ORDER_##o)
#define atomic_add(p, v, o) \
	((void)__atomic_fetch_add((p), (v), ATOMIC_ORDER_##o))
#define atomic_sub(p, v, o) \
	((void)__atomic_fetch_sub((p), (v), ATOMIC_ORDER_##o))

#define atomic_load_relaxed(p)	   __atomic_load_n((p), __ATOMIC_RELAXED)
#define atomic_load_acquire(p)	   __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_load_seq_cst(p)	   __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define atomic_store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define atomic_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define atomic_store_seq_cst(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)

#define atomic_add_relaxed(p, v) atomic_add(p, v, relaxed)
#define atomic_sub_relaxed(p, v) atomic_sub(p, v, relaxed)
#define atomic_inc_relaxed(p)	 atomic_add(p, 1, relaxed)
#define atomic_dec_relaxed(p)	 atomic_sub(p, 1, relaxed)
#define atomic_or_relaxed(p, v) \
	((void)__atomic_fetch_or((p), (v), __ATOMIC_RELAXED))
#define atomic_and_relaxed(p, v) \
	((void)__atomic_fetch_and((p), (v), __ATOMIC_RELAXED))

/* The value before. */
#define atomic_fetch_add(p, v) __atomic_fetch_add((p), (v), __ATOMIC_ACQ_REL)
#define atomic_fetch_sub(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_ACQ_REL)
#define atomic_fetch_or(p, v)  __atomic_fetch_or((p), (v), __ATOMIC_ACQ_REL)
#define atomic_fetch_and(p, v) __atomic_fetch_and((p), (v), __ATOMIC_ACQ_REL)
#define atomic_fetch_xor(p, v) __atomic_fetch_xor((p), (v), __ATOMIC_ACQ_REL)
#define atomic_xchg(p, v)      __atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL)
#define atomic_fetch_add_relaxed(p, v) \
	__atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#define atomic_fetch_sub_release(p, v) \
	__atomic_fetch_sub((p), (v), __ATOMIC_RELEASE)

/*
 * If *@p is *@old, makes it @new and is true; else loads *@old and is false.
 */
#define atomic_cas(p, old, new) \
	__atomic_compare_exchange_n((p), (old), (new), false, \
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
#define atomic_cas_relaxed(p, old, new) \
	__atomic_compare_exchange_n((p), (old), (new), false, \
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED)

#define barrier_full()	   __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define barrier_acquire()  __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define barrier_release()  __atomic_thread_fence(__ATOMIC_RELEASE)
#define barrier_compiler() __asm__ volatile("" ::: "memory")
