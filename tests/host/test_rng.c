/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <lib/rng.h>

/* RFC 8439, 2.3.2. */
static void the_block_function_has_the_figures_of_the_rfc(void)
{
	static const uint8_t want[64] = {
		0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f,
		0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7,
		0x33, 0xc0, 0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a, 0xc3, 0xd4,
		0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09,
		0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12,
		0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8,
		0xa2, 0x50, 0x3c, 0x4e
	};
	static const uint8_t nonce_bytes[12] = { 0, 0, 0, 9, 0, 0, 0, 0x4a };
	uint8_t key_bytes[32], out[64];
	uint32_t key[8], nonce[3];
	unsigned i;

	for (i = 0; i < 32; i++)
		key_bytes[i] = (uint8_t)i;
	memcpy(key, key_bytes, 32);
	memcpy(nonce, nonce_bytes, 12);
	chacha20_block(key, 1, nonce, out);
	CHECK(memcmp(out, want, 64) == 0);
}

/* RFC 8439, A.1, first vector. */
static void the_zero_key_has_the_figures_of_the_rfc(void)
{
	static const uint8_t want[16] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1,
					  0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5,
					  0x53, 0x86, 0xbd, 0x28 };
	uint32_t key[8] = { 0 }, nonce[3] = { 0 };
	uint8_t out[64];

	chacha20_block(key, 0, nonce, out);
	CHECK(memcmp(out, want, 16) == 0);
}

static void seeds_decide_the_output(void)
{
	struct rng a, b;
	uint8_t x[200], y[200];

	rng_init(&a);
	rng_init(&b);
	rng_seed_mix(&a, "seed", 4);
	rng_seed_mix(&b, "seed", 4);
	rng_bytes(&a, x, sizeof(x));
	rng_bytes(&b, y, sizeof(y));
	CHECK(memcmp(x, y, sizeof(x)) == 0);
	rng_seed_mix(&b, "", 0);
	CHECK(rng_u64(&a) != rng_u64(&b));

	rng_init(&a);
	rng_init(&b);
	rng_seed_mix(&a, "seed", 4);
	rng_seed_mix(&b, "seed\0", 5);
	CHECK(rng_u64(&a) != rng_u64(&b));
}

static void output_of_any_length_looks_random(void)
{
	uint8_t buf[400];
	struct rng r;
	size_t n, i, ones = 0;

	rng_init(&r);
	rng_seed_mix(&r, "x", 1);
	for (n = 1; n < 300; n++) {
		memset(buf, 0, sizeof(buf));
		rng_bytes(&r, buf, n);
		CHECK(buf[n] == 0 && buf[n + 1] == 0);
		for (i = 0; i < n; i++)
			ones += (size_t)__builtin_popcount(buf[i]);
	}
	/* 299 * 300 / 2 bytes, half of their bits. */
	CHECK(ones > 44850 * 4 - 3000 && ones < 44850 * 4 + 3000);
}

static void handed_out_bytes_are_erased(void)
{
	struct rng r;
	uint64_t v;
	size_t i;

	rng_init(&r);
	rng_seed_mix(&r, "x", 1);
	v = rng_u64(&r);
	for (i = 0; i + sizeof(v) <= sizeof(r); i++)
		CHECK(memcmp((const char *)&r + i, &v, sizeof(v)) != 0);
}

static void a_bound_is_kept_and_reached(void)
{
	unsigned seen[6] = { 0 };
	struct rng r;
	int i;

	rng_init(&r);
	rng_seed_mix(&r, "dice", 4);
	for (i = 0; i < 6000; i++)
		seen[rng_below(&r, 6)]++;
	for (i = 0; i < 6; i++)
		CHECK(seen[i] > 800 && seen[i] < 1200);
	CHECK(rng_below(&r, 1) == 0);
}

TAP_MAIN(the_block_function_has_the_figures_of_the_rfc,
	 the_zero_key_has_the_figures_of_the_rfc, seeds_decide_the_output,
	 output_of_any_length_looks_random, handed_out_bytes_are_erased,
	 a_bound_is_kept_and_reached)
