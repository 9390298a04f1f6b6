/* SPDX-License-Identifier: MIT */
/*
 * Counting and finding bits in a word, without a helper library.
 */
#pragma once

#include <lib/types.h>

#define BIT(n)	     (UINT64_C(1) << (n))
#define BITS(hi, lo) ((~UINT64_C(0) >> (63 - (hi))) & (~UINT64_C(0) << (lo)))

/* Number of the lowest set bit; @x is not 0. */
static inline unsigned bit_lowest(uint64_t x)
{
	return (unsigned)__builtin_ctzll(x);
}

/* Number of the highest set bit; @x is not 0. */
static inline unsigned bit_highest(uint64_t x)
{
	return 63U - (unsigned)__builtin_clzll(x);
}

/* As in C's ffs(): 0 for 0, else the lowest bit's number plus one. */
static inline unsigned bit_ffs(uint64_t x)
{
	return x == 0 ? 0 : bit_lowest(x) + 1;
}

/* 0 for 0, else the highest bit's number plus one: how many bits x needs. */
static inline unsigned bit_fls(uint64_t x)
{
	return x == 0 ? 0 : bit_highest(x) + 1;
}

/* The instruction is not in every x86-64, and the call is not in a kernel. */
static inline unsigned bit_count(uint64_t x)
{
	x -= (x >> 1) & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    ((x >> 2) & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)((x * UINT64_C(0x0101010101010101)) >> 56);
}

/* Smallest n with 2^n >= x; 0 for 0 and 1. */
static inline unsigned log2_up(uint64_t x)
{
	return x <= 1 ? 0 : bit_highest(x - 1) + 1;
}

static inline uint32_t rotl32(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline uint64_t rotl64(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}
