/* SPDX-License-Identifier: MIT */
/*
 * Random numbers from ChaCha20 with fast key erasure.
 *
 * Each output block first replaces the key, and bytes are erased as they are
 * handed out: who reads the state later learns nothing about earlier output.
 * One state belongs to one user at a time (a core, or a lock's holder).
 */
#pragma once

#include <lib/types.h>

struct rng {
	uint32_t key[8];
	uint8_t pool[32]; /* the last @have bytes are fresh */
	uint32_t have;
};

void rng_init(struct rng *r);
/* Stirs @data into the state; more entropy never does harm. */
void rng_seed_mix(struct rng *r, const void *data, size_t len);
void rng_bytes(struct rng *r, void *out, size_t n);
uint64_t rng_u64(struct rng *r);
/* Evenly from 0 to @bound - 1; @bound is not 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);

/* One block of the cipher of RFC 8439. */
void chacha20_block(const uint32_t key[8], uint32_t counter,
		    const uint32_t nonce[3], uint8_t out[64]);
