/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: ChaCha20 (RFC 8439) with fast key erasure.
 *
 * A refill runs one block with the key: its first half is the next key, its
 * second half is output.  A long request gets a key of its own, used for it
 * alone, so that it costs one block per 64 bytes.
 */
#include <lib/bits.h>
#include <lib/minmax.h>
#include <lib/rng.h>
#include <lib/string.h>

static __always_inline void quarter_round(uint32_t x[16], unsigned a,
					  unsigned b, unsigned c, unsigned d)
{
	x[a] += x[b];
	x[d] = rotl32(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotl32(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotl32(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotl32(x[b] ^ x[c], 7);
}

void chacha20_block(const uint32_t key[8], uint32_t counter,
		    const uint32_t nonce[3], uint8_t out[64])
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	uint32_t x[16];
	unsigned i;

	memcpy(in + 4, key, 32);
	in[12] = counter;
	memcpy(in + 13, nonce, 12);
	memcpy(x, in, sizeof(x));
	for (i = 0; i < 10; i++) {
		quarter_round(x, 0, 4, 8, 12);
		quarter_round(x, 1, 5, 9, 13);
		quarter_round(x, 2, 6, 10, 14);
		quarter_round(x, 3, 7, 11, 15);
		quarter_round(x, 0, 5, 10, 15);
		quarter_round(x, 1, 6, 11, 12);
		quarter_round(x, 2, 7, 8, 13);
		quarter_round(x, 3, 4, 9, 14);
	}
	for (i = 0; i < 16; i++)
		x[i] += in[i];
	memcpy(out, x, sizeof(x)); /* both are little-endian */
}

static const uint32_t no_nonce[3];
static const uint32_t seed_nonce[3] = { 0x6465, 0x6573, 1 };

void rng_init(struct rng *r)
{
	memset(r, 0, sizeof(*r));
}

/* Replaces the key; the other half of the block goes to @out. */
static void next_half(struct rng *r, void *out)
{
	uint8_t block[64];

	chacha20_block(r->key, 0, no_nonce, block);
	memcpy(r->key, block, 32);
	memcpy(out, block + 32, 32);
	mem_wipe(block, sizeof(block));
}

void rng_seed_mix(struct rng *r, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t chunk[8];
	uint8_t block[64];
	uint32_t counter = (uint32_t)len;
	size_t step;
	unsigned i;

	do {
		step = min(len, sizeof(chunk));
		memset(chunk, 0, sizeof(chunk));
		memcpy(chunk, p, step);
		for (i = 0; i < 8; i++)
			r->key[i] ^= chunk[i];
		/* The length and the nonce set this apart from output. */
		chacha20_block(r->key, counter, seed_nonce, block);
		memcpy(r->key, block, 32);
		p += step;
		len -= step;
		counter++;
	} while (len != 0);
	mem_wipe(chunk, sizeof(chunk));
	mem_wipe(block, sizeof(block));
	/* What was made from the old state is not used any more. */
	mem_wipe(r->pool, sizeof(r->pool));
	r->have = 0;
}

static void long_request(struct rng *r, uint8_t *out, size_t n)
{
	uint32_t nonce[3] = { 0, 0, 2 };
	uint32_t counter = 0;
	uint32_t key[8];
	uint8_t block[64];

	next_half(r, key);
	for (; n >= sizeof(block); n -= sizeof(block), out += sizeof(block)) {
		chacha20_block(key, counter++, nonce, out);
		nonce[0] += counter == 0;
	}
	chacha20_block(key, counter, nonce, block);
	memcpy(out, block, n);
	mem_wipe(block, sizeof(block));
	mem_wipe(key, sizeof(key));
}

void rng_bytes(struct rng *r, void *out, size_t n)
{
	uint8_t *to = out;
	uint8_t *from;
	size_t step;

	if (n > 2 * sizeof(r->pool)) {
		long_request(r, to, n);
		return;
	}
	while (n != 0) {
		if (r->have == 0) {
			next_half(r, r->pool);
			r->have = sizeof(r->pool);
		}
		step = min_t(size_t, n, r->have);
		from = r->pool + sizeof(r->pool) - r->have;
		memcpy(to, from, step);
		memset(from, 0, step);
		r->have -= (uint32_t)step;
		to += step;
		n -= step;
	}
}

uint64_t rng_u64(struct rng *r)
{
	uint64_t v;

	rng_bytes(r, &v, sizeof(v));
	return v;
}

uint64_t rng_below(struct rng *r, uint64_t bound)
{
	/* Numbers below 2^64 mod bound would make some results likelier. */
	uint64_t least = -bound % bound;
	uint64_t v;

	do {
		v = rng_u64(r);
	} while (v < least);
	return v % bound;
}
