/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <lib/bits.h>
#include <lib/hash.h>

static void a_hash_depends_on_every_byte_and_on_the_key(void)
{
	char a[40], b[40];
	size_t len, i;

	memset(a, 'x', sizeof(a));
	for (len = 1; len <= sizeof(a); len++) {
		for (i = 0; i < len; i++) {
			memcpy(b, a, sizeof(a));
			b[i] ^= 1;
			CHECK(hash_bytes(1, a, len) != hash_bytes(1, b, len));
		}
		CHECK(hash_bytes(1, a, len) != hash_bytes(2, a, len));
		CHECK(hash_bytes(1, a, len) != hash_bytes(1, a, len - 1));
	}
	CHECK(hash_str(5, "name") == hash_bytes(5, "name", 4));
}

static void buckets_fill_evenly(void)
{
	unsigned full[256] = { 0 };
	unsigned worst = 0, least = 1000000;
	char name[16];
	int i;

	for (i = 0; i < 256 * 100; i++) {
		snprintf(name, sizeof(name), "file%d", i);
		full[hash_bucket(hash_str(42, name), 8)]++;
	}
	for (i = 0; i < 256; i++) {
		worst = full[i] > worst ? full[i] : worst;
		least = full[i] < least ? full[i] : least;
	}
	CHECK(worst < 160 && least > 50);
	CHECK(hash_bucket(UINT64_MAX, 0) == 0);
}

static void one_bit_in_moves_half_of_the_bits_out(void)
{
	unsigned moved = 0;
	unsigned i;

	for (i = 0; i < 64; i++)
		moved +=
			bit_count(hash_u64(0x1234) ^ hash_u64(0x1234 ^ BIT(i)));
	CHECK(moved > 64 * 28 && moved < 64 * 36);
}

TAP_MAIN(a_hash_depends_on_every_byte_and_on_the_key, buckets_fill_evenly,
	 one_bit_in_moves_half_of_the_bits_out)
