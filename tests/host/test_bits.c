/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <lib/bits.h>
#include <lib/minmax.h>

static void counts_and_places_agree_with_a_loop(void)
{
	unsigned round, i, count, low, high;
	uint64_t x;

	for (round = 0; round < 2000; round++) {
		x = host_random() & host_random() &
		    (host_random() >> host_below(64));
		count = 0;
		low = 64;
		high = 0;
		for (i = 0; i < 64; i++) {
			if ((x >> i & 1) == 0)
				continue;
			count++;
			low = min(low, i);
			high = i;
		}
		CHECK(bit_count(x) == count);
		if (x == 0)
			continue;
		CHECK(bit_lowest(x) == low && bit_highest(x) == high);
		CHECK(bit_ffs(x) == low + 1 && bit_fls(x) == high + 1);
	}
	CHECK(bit_ffs(0) == 0 && bit_fls(0) == 0);
	CHECK(bit_count(UINT64_MAX) == 64);
}

static void masks_have_the_right_ends(void)
{
	CHECK(BIT(63) == UINT64_C(1) << 63);
	CHECK(BITS(7, 4) == 0xf0);
	CHECK(BITS(63, 0) == UINT64_MAX);
	CHECK(BITS(0, 0) == 1);
}

static void logarithms_round_up(void)
{
	CHECK(log2_up(0) == 0 && log2_up(1) == 0 && log2_up(2) == 1);
	CHECK(log2_up(3) == 2 && log2_up(4) == 2 && log2_up(5) == 3);
	CHECK(log2_up(UINT64_MAX) == 64);
}

static void alignment_keeps_the_type(void)
{
	uint64_t big = UINT64_C(0x100000fff);

	CHECK(align_up(big, 4096) == UINT64_C(0x100001000));
	CHECK(align_down(big, 4096) == UINT64_C(0x100000000));
	CHECK(align_up(UINT64_C(0x1000), PAGE_SIZE) == 0x1000);
	CHECK(is_aligned(big + 1, 4096) && !is_aligned(big, 4096));
	CHECK(is_pow2(1) && is_pow2(4096) && !is_pow2(0) && !is_pow2(12));
	CHECK(div_round_up(10, 4) == 3 && div_round_up(8, 4) == 2);
}

static void least_and_greatest_evaluate_once(void)
{
	int array[7];
	int n = 0;

	CHECK(min(n++, 5) == 0 && n == 1);
	CHECK(max(min(3, 9), max(1, 2)) == 3);
	CHECK(min_t(size_t, 7, UINT32_C(9)) == 7);
	CHECK(clamp(12, 0, 10) == 10 && clamp(-1, 0, 10) == 0);
	CHECK(array_size(array) == 7);
}

TAP_MAIN(counts_and_places_agree_with_a_loop, masks_have_the_right_ends,
	 logarithms_round_up, alignment_keeps_the_type,
	 least_and_greatest_evaluate_once)
