/* SPDX-License-Identifier: MIT */
/*
 * Arrays of bits in 64-bit words.  No function here is atomic.
 *
 * "Find" functions return @nbits when there is nothing to find.  Bits past
 * @nbits in the last word are neither read as results nor changed.
 */
#pragma once

#include <lib/types.h>

#define BITMAP_WORDS(nbits)	    (((size_t)(nbits) + 63) / 64)
#define BITMAP_DECLARE(name, nbits) uint64_t name[BITMAP_WORDS(nbits)]

static inline bool bitmap_test(const uint64_t *map, size_t bit)
{
	return (map[bit / 64] >> (bit % 64) & 1) != 0;
}

static inline void bitmap_set(uint64_t *map, size_t bit)
{
	map[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static inline void bitmap_clear(uint64_t *map, size_t bit)
{
	map[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
}

void bitmap_set_range(uint64_t *map, size_t first, size_t n);
void bitmap_clear_range(uint64_t *map, size_t first, size_t n);
/* Sets bits 0 to nbits-1. */
void bitmap_fill(uint64_t *map, size_t nbits);
void bitmap_zero(uint64_t *map, size_t nbits);
size_t bitmap_count(const uint64_t *map, size_t nbits);
bool bitmap_empty(const uint64_t *map, size_t nbits);

/* The first set, or clear, bit at or after @from. */
size_t bitmap_find_set(const uint64_t *map, size_t nbits, size_t from);
size_t bitmap_find_clear(const uint64_t *map, size_t nbits, size_t from);
/* The first of @n clear bits in a row at or after @from; @n is not 0. */
size_t bitmap_find_clear_run(const uint64_t *map, size_t nbits, size_t from,
			     size_t n);

#define bitmap_foreach_set(bit, map, nbits) \
	for ((bit) = bitmap_find_set(map, nbits, 0); (bit) < (nbits); \
	     (bit) = bitmap_find_set(map, nbits, (bit) + 1))
