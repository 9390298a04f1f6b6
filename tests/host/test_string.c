/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own string functions, which have other names on a host, beside
 * those of the host's C library.
 */
#include "../lib/tap.h"

#include <host.h>
#include <lib/string.h>

void *pando_memcpy(void *dst, const void *src, size_t n);
void *pando_memmove(void *dst, const void *src, size_t n);
void *pando_memset(void *dst, int c, size_t n);
int pando_memcmp(const void *a, const void *b, size_t n);
void *pando_memchr(const void *s, int c, size_t n);
size_t pando_strlen(const char *s);
size_t pando_strnlen(const char *s, size_t max);
int pando_strcmp(const char *a, const char *b);
int pando_strncmp(const char *a, const char *b, size_t n);
char *pando_strchr(const char *s, int c);
char *pando_strrchr(const char *s, int c);

#define N 400

static uint8_t a[N], b[N];

static void fill_both(void)
{
	size_t i;

	for (i = 0; i < N; i++)
		a[i] = b[i] = (uint8_t)host_random();
}

static void copies_of_every_length_are_exact(void)
{
	uint8_t src[N];
	size_t n, at;

	for (n = 0; n < 300; n++) {
		for (at = 0; at < N; at++)
			src[at] = (uint8_t)host_random();
		fill_both();
		at = host_below(9);
		CHECK(pando_memcpy(a + at, src + 3, n) == a + at);
		memcpy(b + at, src + 3, n);
		CHECK(memcmp(a, b, N) == 0);
	}
}

static void moves_may_overlap_in_both_directions(void)
{
	size_t n, from, to;
	int round;

	for (round = 0; round < 20000; round++) {
		fill_both();
		n = host_below(round % 2 ? 80 : 300);
		from = host_below(N - n + 1);
		to = host_below(N - n + 1);
		CHECK(pando_memmove(a + to, a + from, n) == a + to);
		memmove(b + to, b + from, n);
		CHECK(memcmp(a, b, N) == 0);
	}
}

static void fills_of_every_length_are_exact(void)
{
	size_t n, at;

	for (n = 0; n < 300; n++) {
		fill_both();
		at = host_below(9);
		CHECK(pando_memset(a + at, 0x1ab, n) == a + at);
		memset(b + at, 0xab, n);
		CHECK(memcmp(a, b, N) == 0);
	}
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static void comparisons_have_the_right_sign(void)
{
	int round;
	size_t n;

	for (round = 0; round < 3000; round++) {
		fill_both();
		n = host_below(40);
		if (n != 0 && host_below(4) != 0)
			b[host_below(n)] ^= (uint8_t)(1U << host_below(8));
		CHECK(sign(pando_memcmp(a, b, n)) == sign(memcmp(a, b, n)));
	}
	CHECK(pando_strcmp("ab", "abc") < 0 && pando_strcmp("b", "abc") > 0);
	CHECK(pando_strcmp("\xff", "a") > 0 && pando_strcmp("", "") == 0);
	CHECK(pando_strncmp("abc", "abd", 2) == 0);
	CHECK(pando_strncmp("abc", "abd", 3) < 0);
	CHECK(pando_strncmp("ab", "ab", 9) == 0);
}

static void searches_find_the_first_and_the_last(void)
{
	const char *s = "a/b/c";

	CHECK(pando_memchr(s, '/', 5) == s + 1);
	CHECK(pando_memchr(s, 'x', 5) == NULL &&
	      pando_memchr(s, 'a', 0) == NULL);
	CHECK(pando_strchr(s, '/') == s + 1 && pando_strchr(s, 'x') == NULL);
	CHECK(pando_strchr(s, 0) == s + 5 && pando_strrchr(s, 0) == s + 5);
	CHECK(pando_strrchr(s, '/') == s + 3 && pando_strrchr(s, 'x') == NULL);
	CHECK(pando_strlen("") == 0 && pando_strlen(s) == 5);
	CHECK(pando_strnlen(s, 3) == 3 && pando_strnlen(s, 9) == 5);
}

static void a_copied_string_always_ends(void)
{
	char buf[4];

	CHECK(!str_copy(buf, 4, "abc") && strcmp(buf, "abc") == 0);
	CHECK(str_copy(buf, 4, "abcd") && strcmp(buf, "abc") == 0);
	CHECK(!str_copy(buf, 4, "") && buf[0] == 0);
	CHECK(str_copy(buf, 1, "x") && buf[0] == 0);
	CHECK(!str_copy_n(buf, 4, "abcdef", 3) && strcmp(buf, "abc") == 0);
	CHECK(str_copy_n(buf, 4, "abcdef", 6) && strcmp(buf, "abc") == 0);
	CHECK(!str_copy_n(buf, 4, "a\0cdef", 6) && strcmp(buf, "a") == 0);
}

static void beginnings_and_ends_are_recognised(void)
{
	CHECK(str_equal("ab", "ab") && !str_equal("ab", "abc"));
	CHECK(str_starts("abc", "ab") && !str_starts("a", "ab"));
	CHECK(str_ends("abc", "bc") && !str_ends("c", "bc"));
	CHECK(str_starts("abc", "") && str_ends("abc", ""));
}

static void wiped_memory_is_zero(void)
{
	size_t n;

	for (n = 0; n < 40; n++) {
		memset(a, 1, N);
		mem_wipe(a, n);
		CHECK(mem_is_zero(a, n));
		CHECK(!mem_is_zero(a, n + 1));
	}
}

TAP_MAIN(copies_of_every_length_are_exact, moves_may_overlap_in_both_directions,
	 fills_of_every_length_are_exact, comparisons_have_the_right_sign,
	 searches_find_the_first_and_the_last, a_copied_string_always_ends,
	 beginnings_and_ends_are_recognised, wiped_memory_is_zero)
