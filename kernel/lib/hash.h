/* SPDX-License-Identifier: MIT */
/*
 * Hash functions for tables in memory.
 *
 * hash_bytes() is keyed: with a secret key an attacker who chooses the names
 * cannot choose the buckets.  It is no cryptographic hash.
 */
#pragma once

#include <lib/types.h>

/* A permutation of the 64-bit numbers in which every bit moves every bit. */
static inline uint64_t hash_u64(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xe9846af9b1a615d5);
	x ^= x >> 29;
	x *= UINT64_C(0x9fb21c651e98df25);
	x ^= x >> 32;
	return x;
}

/* The two halves of the 128-bit product, folded. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 u128;
	u128 p = (u128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t hash_combine(uint64_t h, uint64_t x)
{
	return hash_fold(h ^ UINT64_C(0xa0761d6478bd642f),
			 x ^ UINT64_C(0x8ebc6af09c88c6e3));
}

/* Four bytes from any address. */
static inline uint32_t hash_load32(const void *p)
{
	uint32_t w;

	__builtin_memcpy(&w, p, 4);
	return w;
}

static inline uint64_t hash_bytes(uint64_t key, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = key ^ (uint64_t)len * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t w;

	for (; len >= 8; len -= 8, p += 8) {
		__builtin_memcpy(&w, p, 8);
		h = hash_combine(h, w ^ key);
	}
	/* What is left, in two loads that may overlap: the length is in @h. */
	w = 0;
	if (len >= 4)
		w = (uint64_t)hash_load32(p) << 32 | hash_load32(p + len - 4);
	else if (len != 0)
		w = (uint64_t)p[0] << 16 | (uint64_t)p[len / 2] << 8 |
		    p[len - 1];
	return hash_combine(h, w ^ key);
}

/* Of a string that ends in NUL. */
static inline uint64_t hash_str(uint64_t key, const char *s)
{
	return hash_bytes(key, s, __builtin_strlen(s));
}

/* A bucket of a table of 2^bits. */
static inline size_t hash_bucket(uint64_t h, unsigned bits)
{
	return bits == 0 ? 0 : (size_t)(h >> (64 - bits));
}
