/* SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wformat-truncation"
#pragma GCC diagnostic ignored "-Wformat"
#include "../lib/tap.h"

#include <limits.h>

#include <host.h>
#include <lib/fmt.h>

/* Our text and length, and those of the host's C library. */
#define SAME(...) \
	do { \
		char ours[200], theirs[200]; \
		size_t n = ksnprintf(ours, sizeof(ours), __VA_ARGS__); \
		int m = snprintf(theirs, sizeof(theirs), __VA_ARGS__); \
\
		if (!CHECK(n == (size_t)m && strcmp(ours, theirs) == 0)) \
			printf("# %s|%s|\n", ours, theirs); \
	} while (0)

static void integers_print_as_in_c(void)
{
	SAME("%d %d %d", 0, INT_MAX, INT_MIN);
	SAME("%i|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42);
	SAME("%5d|%-5d|%05d|%+d", -42, -42, -42, -42);
	SAME("%u %x %X %o", UINT_MAX, UINT_MAX, UINT_MAX, UINT_MAX);
	SAME("%#x %#X %#o %#x", 255, 255, 8, 0);
	SAME("%08x|%#08x|%-8x|", 0xbeef, 0xbeef, 0xbeef);
	SAME("%ld %lu %lx", LONG_MIN, ULONG_MAX, ULONG_MAX);
	SAME("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, ULLONG_MAX);
	SAME("%zu %zd %jd %td", SIZE_MAX, (ssize_t)-1, (intmax_t)-2,
	     (ptrdiff_t)-3);
	SAME("%hhd %hhu %hd %hu", -1, 255, -1, 65535);
	SAME("%.3d %.0d %8.3d %-8.3d|", 5, 0, 5, 5);
	SAME("%*d|%-*d|%*d|", 6, 1, 6, 2, -6, 3);
}

static void strings_print_as_in_c(void)
{
	SAME("%s|%5s|%-5s|%.2s|%.*s|", "abc", "abc", "abc", "abc", 1, "abc");
	SAME("%5.1s|%-5.1s|%s", "xyz", "xyz", "");
	SAME("%c%c%3c%-3c|", 'a', 'b', 'c', 'd');
	SAME("100%% %s%%", "x");
	SAME("%40s|%-40s|", "long padding", "long padding");
	SAME("%.*s|", -1, "all of it");
}

static void an_unended_string_is_not_read_past_its_precision(void)
{
	char *three = malloc(3);
	char buf[8];

	memcpy(three, "abc", 3);
	CHECK(ksnprintf(buf, sizeof(buf), "%.3s", three) == 3);
	CHECK(strcmp(buf, "abc") == 0);
	free(three);
}

static void pointers_are_hexadecimal(void)
{
	char buf[40];

	CHECK(ksnprintf(buf, sizeof(buf), "%p", (void *)0x1f00) == 6);
	CHECK(strcmp(buf, "0x1f00") == 0);
	ksnprintf(buf, sizeof(buf), "%p %s", NULL, (char *)NULL);
	CHECK(strcmp(buf, "0x0 (null)") == 0);
}

static void the_buffer_is_never_overrun(void)
{
	char buf[8];
	size_t size;

	for (size = 1; size <= 6; size++) {
		memset(buf, '#', sizeof(buf));
		CHECK(ksnprintf(buf, size, "%d-%s", 12, "abc") == 6);
		CHECK(strlen(buf) == size - 1);
		CHECK(strncmp(buf, "12-abc", size - 1) == 0);
		CHECK(buf[size] == '#');
		CHECK(kscnprintf(buf, size, "12-abc") == size - 1);
	}
	CHECK(ksnprintf(NULL, 0, "%d-%s", 12, "abc") == 6);
	CHECK(kscnprintf(NULL, 0, "abc") == 0);
	CHECK(kscnprintf(buf, 8, "abc") == 3);
}

static void what_is_unknown_is_printed_as_it_stands(void)
{
	char buf[40];

	ksnprintf(buf, sizeof(buf), "a%5qb%");
	CHECK(strcmp(buf, "a%5qb%") == 0);
}

static void count_bytes(void *ctx, const char *s, size_t n)
{
	CHECK(n != 0 && s != NULL);
	*(size_t *)ctx += n;
}

static void a_sink_gets_every_byte(void)
{
	size_t n = 0;

	CHECK(kprintf_to(count_bytes, &n, "%100d%s%c", 1, "ab", 'c') == 103);
	CHECK(n == 103);
}

TAP_MAIN(integers_print_as_in_c, strings_print_as_in_c,
	 an_unended_string_is_not_read_past_its_precision,
	 pointers_are_hexadecimal, the_buffer_is_never_overrun,
	 what_is_unknown_is_printed_as_it_stands, a_sink_gets_every_byte)
