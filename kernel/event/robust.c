/* SPDX-License-Identifier: MIT */
/*
 * Robust futexes: a thread that dies tells those who wait for its locks.
 *
 * The list is the program's own, in its memory: it may be a circle, point
 * anywhere, and change while it is read.  So it is read a bounded number of
 * steps, each through a copy, and a fault ends the walk.  Nobody is told of
 * errors: the thread is going.
 */
#include <abi/linux/futex.h>
#include <event/futex.h>
#include <lib/err.h>
#include <mm/ucopy.h>
#include <sync/park.h>

#define ROBUST_MAX 2048u
#define PI_BIT	   UINT64_C(1) /* in a pointer: the lock inherits priority */

/* struct robust_list_head of Linux. */
struct robust_head {
	uint64_t first;
	int64_t offset;	  /* from an entry to its word */
	uint64_t pending; /* being taken or given back just now, or 0 */
};

static err_t load(vaddr_t addr, void *to, size_t n)
{
	struct uref ref = { NULL, addr, n };

	return uref_read(&ref, 0, to, n);
}

/* Marks the word, if it is still @tid's; *@old is what it was. */
static err_t mark(const struct uref *word, uint32_t tid, uint32_t *old)
{
	uint32_t seen;
	err_t err;

	for (;;) {
		err = ucopy_load32_nofault(word, old);
		if (!err && (*old & FUTEX_TID_MASK) != tid)
			return 0;
		seen = *old;
		if (!err)
			err = ucopy_cas32_nofault(word, &seen,
						  (*old & FUTEX_WAITERS) |
							  FUTEX_OWNER_DIED);
		if (!err && seen == *old)
			return 0;
		if (err && user_prefault(word->addr, word->len, true) != 0)
			return -EFAULT;
	}
}

/* The lock at @addr had @tid for its owner, perhaps. */
static err_t owner_died(vaddr_t addr, uint32_t tid, bool pi, bool pending)
{
	struct uref word = { NULL, addr, sizeof(uint32_t) };
	unsigned woken;
	uint32_t old;
	err_t err;
	bool mine;

	if ((addr & 3) != 0 || !user_range_ok(addr, sizeof(uint32_t)))
		return -EFAULT;
	err = mark(&word, tid, &old);
	if (err)
		return err;
	mine = (old & FUTEX_TID_MASK) == tid;
	/* Given back, but the wake did not come any more. */
	if (!pi &&
	    ((mine && (old & FUTEX_WAITERS) != 0) || (pending && old == 0)))
		return futex_wake(word, 1, FUTEX_BITSET_MATCH_ANY, true,
				  &woken);
	return 0;
}

void futex_thread_died(vaddr_t head, uint32_t tid)
{
	struct robust_head h;
	uint64_t at, next, pending;
	unsigned n;
	err_t err;

	if (head == 0 || load(head, &h, sizeof(h)) != 0)
		return;
	pending = h.pending & ~PI_BIT;
	at = h.first;
	for (n = 0; (at & ~PI_BIT) != head && n < ROBUST_MAX; n++) {
		/* Before its owner is told, who may free it. */
		err = load(at & ~PI_BIT, &next, sizeof(next));
		if ((at & ~PI_BIT) != pending &&
		    owner_died((at & ~PI_BIT) + (uint64_t)h.offset, tid,
			       (at & PI_BIT) != 0, false) != 0)
			return;
		if (err)
			break;
		at = next;
		if (n % 64 == 63)
			sched_point();
	}
	if (pending == 0)
		return;
	err = owner_died(pending + (uint64_t)h.offset, tid,
			 (h.pending & PI_BIT) != 0, true);
	(void)err;
}
