/* SPDX-License-Identifier: MIT */
/*
 * Reference counts.
 *
 * "Get" is for one who already has a reference; "tryget" makes a strong
 * reference from a weak one and may refuse; "put" says whether it was the
 * last.  A count that a user drove past REF_SATURATED sticks: the object is
 * never freed, which is a leak instead of a use after free.
 */
#pragma once

#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/types.h>

struct ref {
	uint32_t count; /* ATOMIC */
};

#define REF_SATURATED UINT32_C(0x80000000)
#define REF_STUCK     UINT32_C(0xc0000000)

#define REF_INIT(n) \
	((struct ref){ \
		(n), \
	})

static inline void ref_init(struct ref *r, uint32_t n)
{
	atomic_store_relaxed(&r->count, n);
}

/* A guess as soon as it is returned, except 1 for the only owner. */
static inline uint32_t ref_read(const struct ref *r)
{
	return atomic_load_acquire(&r->count);
}

static inline void ref_get(struct ref *r)
{
	uint32_t old = atomic_fetch_add_relaxed(&r->count, 1);

	kassert(old != 0);
	if (unlikely(old >= REF_SATURATED - 1))
		atomic_store_relaxed(&r->count, REF_STUCK);
}

/* From a weak pointer.  False means the object is already on its way out. */
static inline __must_check bool ref_tryget(struct ref *r)
{
	uint32_t old = atomic_load_relaxed(&r->count);

	do {
		if (old == 0)
			return false;
		if (unlikely(old >= REF_SATURATED))
			return true;
	} while (!atomic_cas_relaxed(&r->count, &old, old + 1));
	return true;
}

/* True when this was the last reference: the caller must release the object. */
static inline __must_check bool ref_put(struct ref *r)
{
	uint32_t old = atomic_fetch_sub_release(&r->count, 1);

	kassert(old != 0);
	if (unlikely(old >= REF_SATURATED))
		atomic_store_relaxed(&r->count, REF_STUCK);
	if (likely(old != 1))
		return false;
	/*
	 * Pairs with the release in everybody else's put.  A load, not a
	 * fence: the thread sanitizer understands it.
	 */
	(void)atomic_load_acquire(&r->count);
	return true;
}
