/* SPDX-License-Identifier: MIT */
/*
 * Futexes: threads that sleep until somebody names the same user word.
 *
 * A word in a shared mapping is named by its object and offset, any other by
 * address space and address; @shared asks for the former (Linux's calls
 * without FUTEX_PRIVATE_FLAG) and costs a look at the regions.
 *
 * Context: thread, may sleep.  Locks: takes FUTEX; ASPACE if @shared or if a
 * page must be brought in.  Refs: borrows each uref's aspace (NULL: the one
 * that is loaded).
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <mm/uio.h>

#define FUTEX_BITSET_MATCH_ANY 0xffffffffu

/**
 * futex_wait - sleep if the word is still @val
 * @bitset: only wakes that share a bit with it count
 * @deadline: in clock_monotonic(), or NO_DEADLINE
 *
 * The word must be in the address space that is loaded.
 *
 * Returns: 0 (woken); -EAGAIN (it was not @val); -EINTR; -ETIMEDOUT; -EFAULT;
 *          -EINVAL (not aligned, or no bits).
 */
__must_check err_t futex_wait(struct uref word, uint32_t val, uint32_t bitset,
			      nsec_t deadline, bool shared);

/**
 * futex_wake - wake up to @n threads, the longest waiting first
 *
 * Returns: 0 and *@woken; -EFAULT (@shared, and nothing is mapped there);
 *          -EINVAL.
 */
__must_check err_t futex_wake(struct uref word, unsigned n, uint32_t bitset,
			      bool shared, unsigned *woken);

/**
 * futex_requeue - wake up to @nwake and move up to @nmove more to @to
 * @expected: NULL, or what @from's word must be (-EAGAIN)
 *
 * Returns: 0 and *@count, woken and moved; -EAGAIN; -EFAULT; -EINVAL.
 */
__must_check err_t futex_requeue(struct uref from, unsigned nwake,
				 struct uref to, unsigned nmove,
				 const uint32_t *expected, bool shared,
				 unsigned *count);

/**
 * futex_wake_op - Linux's FUTEX_WAKE_OP
 * @op: operation, comparison and both arguments, as in the call
 *
 * Returns: 0 and *@woken of both words; -ENOSYS (no such operation); -EFAULT;
 *          -EINVAL.
 */
__must_check err_t futex_wake_op(struct uref word, unsigned n,
				 struct uref other, unsigned n_other,
				 uint32_t op, bool shared, unsigned *woken);

/**
 * futex_thread_died - go through a dying thread's list of robust locks
 * @head: of the list, in the address space that is loaded; 0: none
 * @tid: as the program knows it
 *
 * Words that name the thread are marked FUTEX_OWNER_DIED, and one waiter of
 * each is woken.
 */
void futex_thread_died(vaddr_t head, uint32_t tid);
