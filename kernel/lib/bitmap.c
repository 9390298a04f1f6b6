/* SPDX-License-Identifier: MIT */
/*
 * Arrays of bits, a word at a time.
 */
#include <lib/bitmap.h>
#include <lib/bits.h>
#include <lib/minmax.h>

/* Bits @first to @first + n - 1 of a word; n is 1 to 64 - first. */
static inline uint64_t word_mask(size_t first, size_t n)
{
	return (~UINT64_C(0) >> (64 - n)) << first;
}

void bitmap_set_range(uint64_t *map, size_t first, size_t n)
{
	size_t step;

	for (; n != 0; first += step, n -= step) {
		step = min(n, 64 - first % 64);
		map[first / 64] |= word_mask(first % 64, step);
	}
}

void bitmap_clear_range(uint64_t *map, size_t first, size_t n)
{
	size_t step;

	for (; n != 0; first += step, n -= step) {
		step = min(n, 64 - first % 64);
		map[first / 64] &= ~word_mask(first % 64, step);
	}
}

void bitmap_fill(uint64_t *map, size_t nbits)
{
	bitmap_set_range(map, 0, nbits);
}

void bitmap_zero(uint64_t *map, size_t nbits)
{
	bitmap_clear_range(map, 0, nbits);
}

size_t bitmap_count(const uint64_t *map, size_t nbits)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < nbits / 64; i++)
		count += bit_count(map[i]);
	if (nbits % 64 != 0)
		count += bit_count(map[i] & word_mask(0, nbits % 64));
	return count;
}

/* The first bit that differs from @invert's bits at or after @from. */
static size_t find(const uint64_t *map, size_t nbits, size_t from,
		   uint64_t invert)
{
	uint64_t word;
	size_t i;

	if (from >= nbits)
		return nbits;
	i = from / 64;
	word = (map[i] ^ invert) & (~UINT64_C(0) << (from % 64));
	while (word == 0) {
		if (++i >= BITMAP_WORDS(nbits))
			return nbits;
		word = map[i] ^ invert;
	}
	return min(nbits, i * 64 + bit_lowest(word));
}

size_t bitmap_find_set(const uint64_t *map, size_t nbits, size_t from)
{
	return find(map, nbits, from, 0);
}

size_t bitmap_find_clear(const uint64_t *map, size_t nbits, size_t from)
{
	return find(map, nbits, from, ~UINT64_C(0));
}

bool bitmap_empty(const uint64_t *map, size_t nbits)
{
	return bitmap_find_set(map, nbits, 0) >= nbits;
}

size_t bitmap_find_clear_run(const uint64_t *map, size_t nbits, size_t from,
			     size_t n)
{
	size_t end;

	for (;;) {
		from = bitmap_find_clear(map, nbits, from);
		if (from >= nbits || nbits - from < n)
			return nbits;
		end = bitmap_find_set(map, from + n, from);
		if (end == from + n)
			return from;
		from = end;
	}
}
