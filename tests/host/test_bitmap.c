/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <lib/bitmap.h>

#define N 203

static BITMAP_DECLARE(map, N);
static bool model[N];

static size_t model_find(bool want, size_t from)
{
	while (from < N && model[from] != want)
		from++;
	return from < N ? from : N;
}

static size_t model_run(size_t from, size_t n)
{
	size_t i;

	for (; from + n <= N; from++) {
		for (i = 0; i < n && !model[from + i]; i++)
			;
		if (i == n)
			return from;
	}
	return N;
}

static void change_something(void)
{
	size_t first = host_below(N);
	size_t n = host_below(N - first + 1);
	size_t i;

	switch (host_below(4)) {
	case 0:
		bitmap_set(map, first);
		model[first] = true;
		break;
	case 1:
		bitmap_clear(map, first);
		model[first] = false;
		break;
	case 2:
		n = n > 9 ? 9 : n;
		bitmap_set_range(map, first, n);
		for (i = 0; i < n; i++)
			model[first + i] = true;
		break;
	default:
		bitmap_clear_range(map, first, n);
		for (i = 0; i < n; i++)
			model[first + i] = false;
		break;
	}
}

static void random_changes_agree_with_an_array(void)
{
	size_t count, i, from, n;
	int round;

	for (round = 0; round < 3000; round++) {
		change_something();
		for (count = 0, i = 0; i < N; i++) {
			count += model[i];
			CHECK(bitmap_test(map, i) == model[i]);
		}
		from = host_below(N + 1);
		n = 1 + host_below(80);
		CHECK(bitmap_count(map, N) == count);
		CHECK(bitmap_empty(map, N) == (count == 0));
		CHECK(bitmap_find_set(map, N, from) == model_find(true, from));
		CHECK(bitmap_find_clear(map, N, from) ==
		      model_find(false, from));
		CHECK(bitmap_find_clear_run(map, N, from, n) ==
		      model_run(from, n));
	}
}

static void bits_past_the_end_are_left_alone(void)
{
	uint64_t two[2] = { 0, UINT64_C(0xff) << 56 };

	bitmap_fill(two, 100);
	CHECK(two[0] == UINT64_MAX);
	CHECK(two[1] == ((UINT64_C(0xff) << 56) | ((UINT64_C(1) << 36) - 1)));
	CHECK(bitmap_count(two, 100) == 100);
	CHECK(bitmap_find_clear(two, 100, 0) == 100);
	bitmap_zero(two, 100);
	CHECK(two[1] == UINT64_C(0xff) << 56);
	CHECK(bitmap_find_set(two, 100, 0) == 100);
	CHECK(bitmap_find_set(two, 0, 0) == 0);
}

static void the_loop_visits_every_set_bit(void)
{
	uint64_t m[2] = { UINT64_C(1) << 63 | 1, 6 };
	size_t bit, sum = 0;

	bitmap_foreach_set(bit, m, 128) sum = sum * 100 + bit;
	CHECK(sum == 636566);
}

TAP_MAIN(random_changes_agree_with_an_array, bits_past_the_end_are_left_alone,
	 the_loop_visits_every_set_bit)
