/* SPDX-License-Identifier: MIT */
/*
 * Small arithmetic: least, greatest, alignment, sizes of arrays.
 */
#pragma once

#include <lib/types.h>

#define MINMAX_SAME_TYPE(a, b) \
	_Static_assert(__builtin_types_compatible_p(__typeof__(a), \
						    __typeof__(b)), \
		       "min/max of two types: use min_t or max_t")

#define MINMAX_PICK(a, op, b, ua, ub) \
	({ \
		__auto_type ua = (a); \
		__auto_type ub = (b); \
		MINMAX_SAME_TYPE(ua, ub); \
		ua op ub ? ua : ub; \
	})
#define MINMAX_CAT2(a, b) a##b
#define MINMAX_CAT(a, b)  MINMAX_CAT2(a, b)
#define MINMAX_UNIQUE(a, op, b, n) \
	MINMAX_PICK(a, op, b, MINMAX_CAT(mm_a_, n), MINMAX_CAT(mm_b_, n))

/* Both operands must have one type; each is evaluated once. */
#define min(a, b) MINMAX_UNIQUE(a, <, b, __COUNTER__)
#define max(a, b) MINMAX_UNIQUE(a, >, b, __COUNTER__)
/* The same after conversion to @type. */
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(x, lo, hi)  min(max(x, lo), hi)

/* @a is a power of two; the result has the type of @x. */
#define align_down(x, a) ((__typeof__(x))((x) & ~((__typeof__(x))(a)-1)))
#define align_up(x, a) \
	((__typeof__(x))(((x) + ((__typeof__(x))(a)-1)) & \
			 ~((__typeof__(x))(a)-1)))
#define is_aligned(x, a)   (((x) & ((__typeof__(x))(a)-1)) == 0)
#define div_round_up(n, d) (((n) + (d)-1) / (d))

static inline bool is_pow2(uint64_t x)
{
	return x != 0 && (x & (x - 1)) == 0;
}

#define array_size(a) \
	(sizeof(a) / sizeof((a)[0]) + \
	 0 * sizeof(char[1 - \
			 2 * __builtin_types_compatible_p( \
				     __typeof__(a), __typeof__(&(a)[0]))]))
