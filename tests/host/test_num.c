/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <lib/err.h>
#include <lib/num.h>

static void numbers_of_every_base_are_read(void)
{
	uint64_t v;

	CHECK(num_parse("0", 10, &v) == 0 && v == 0);
	CHECK(num_parse("18446744073709551615", 10, &v) == 0 &&
	      v == UINT64_MAX);
	CHECK(num_parse("0xfF", 0, &v) == 0 && v == 255);
	CHECK(num_parse("ff", 16, &v) == 0 && v == 255);
	CHECK(num_parse("0755", 0, &v) == 0 && v == 0755);
	CHECK(num_parse("0", 0, &v) == 0 && v == 0);
	CHECK(num_parse("101", 2, &v) == 0 && v == 5);
	CHECK(num_parse_n("123456", 3, 10, &v) == 0 && v == 123);
}

static void what_is_no_number_is_refused(void)
{
	uint64_t v = 77;

	CHECK(num_parse("", 10, &v) == -EINVAL);
	CHECK(num_parse("0x", 0, &v) == -EINVAL);
	CHECK(num_parse("12a", 10, &v) == -EINVAL);
	CHECK(num_parse("-1", 10, &v) == -EINVAL);
	CHECK(num_parse(" 1", 10, &v) == -EINVAL);
	CHECK(num_parse("09", 0, &v) == -EINVAL);
	CHECK(num_parse("18446744073709551616", 10, &v) == -ERANGE);
	CHECK(num_parse("99999999999999999999999", 10, &v) == -ERANGE);
	CHECK(num_parse("9999999999999999999999x", 10, &v) == -EINVAL);
	CHECK(v == 77);
}

static void signs_are_read_to_the_limits(void)
{
	int64_t v;

	CHECK(num_parse_signed("-9223372036854775808", 10, &v) == 0 &&
	      v == INT64_MIN);
	CHECK(num_parse_signed("9223372036854775807", 10, &v) == 0 &&
	      v == INT64_MAX);
	CHECK(num_parse_signed("9223372036854775808", 10, &v) == -ERANGE);
	CHECK(num_parse_signed("-9223372036854775809", 10, &v) == -ERANGE);
	CHECK(num_parse_signed("-", 10, &v) == -EINVAL);
	CHECK(num_parse_signed("--1", 10, &v) == -EINVAL);
}

static void sizes_have_units(void)
{
	uint64_t v;

	CHECK(num_parse_size("512", &v) == 0 && v == 512);
	CHECK(num_parse_size("4k", &v) == 0 && v == 4096);
	CHECK(num_parse_size("16M", &v) == 0 && v == MIB(16));
	CHECK(num_parse_size("2g", &v) == 0 && v == GIB(2));
	CHECK(num_parse_size("1T", &v) == 0 && v == GIB(1024));
	CHECK(num_parse_size("0x10K", &v) == 0 && v == 16384);
	CHECK(num_parse_size("M", &v) == -EINVAL);
	CHECK(num_parse_size("1kk", &v) == -EINVAL);
	CHECK(num_parse_size("99999999999T", &v) == -ERANGE);
}

static void a_scan_stops_behind_the_number(void)
{
	const char *text = "123:456";
	const char *s = text;
	uint64_t v;

	CHECK(num_scan(&s, 1000, &v) && v == 123 && s == text + 3);
	CHECK(!num_scan(&s, 1000, &v) && s == text + 3);
	s++;
	CHECK(!num_scan(&s, 455, &v) && s == text + 4);
	CHECK(num_scan(&s, 456, &v) && v == 456 && *s == '\0');
}

TAP_MAIN(numbers_of_every_base_are_read, what_is_no_number_is_refused,
	 signs_are_read_to_the_limits, sizes_have_units,
	 a_scan_stops_behind_the_number)
