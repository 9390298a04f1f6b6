/* SPDX-License-Identifier: MIT */
/*
 * The Test Anything Protocol in one header, for every kind of test program:
 * host unit tests and guest programs linked with musl.
 *
 *	static void one_and_one_make_two(void)
 *	{
 *		CHECK(1 + 1 == 2);
 *	}
 *	TAP_MAIN(one_and_one_make_two)
 *
 * Each function is one point, named after itself, and fails when any of its
 * checks does.  Nothing but the standard library is used, output is flushed
 * after every line, and a forked child may use CHECK and return through
 * tap_child_exit() for its failures to count in the parent.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int tap_failures_;
static const char *tap_skip_;

__attribute__((unused)) static int tap_check_(int ok, const char *file,
					      int line, const char *expr)
{
	if (!ok) {
		tap_failures_++;
		printf("# %s:%d: %s\n", file, line, expr);
		fflush(stdout);
	}
	return ok;
}

/* True when @expr holds; otherwise the test fails and goes on. */
#define CHECK(expr) tap_check_(!!(expr), __FILE__, __LINE__, #expr)

/* As CHECK, and leaves the test function when it fails. */
#define REQUIRE(expr) \
	do { \
		if (!CHECK(expr)) \
			return; \
	} while (0)

/* Marks the running test as skipped; use as `SKIP("why"); return;`. */
#define SKIP(why) ((void)(tap_skip_ = (why)))

struct tap_test_ {
	void (*run)(void);
};

/* Names are one string "a, b, c": copy the next one into @name. */
__attribute__((unused)) static const char *
tap_next_name_(const char *names, char *name, size_t size)
{
	size_t n = 0;

	while (*names == ' ' || *names == ',' || *names == '\t' ||
	       *names == '\n')
		names++;
	while (*names != '\0' && *names != ',' && *names != ' ') {
		if (n + 1 < size)
			name[n++] = *names;
		names++;
	}
	name[n] = '\0';
	return names;
}

/* An argument on the command line runs only the tests whose name has it. */
__attribute__((unused)) static int tap_run_(const struct tap_test_ *tests,
					    int count, const char *names,
					    const char *only)
{
	int failed = 0, i;
	char name[128];

	printf("1..%d\n", count);
	for (i = 0; i < count; i++) {
		names = tap_next_name_(names, name, sizeof(name));
		tap_failures_ = 0;
		tap_skip_ = NULL;
		if (only != NULL && strstr(name, only) == NULL)
			tap_skip_ = "not asked for";
		else
			tests[i].run();
		if (tap_failures_ != 0)
			failed++;
		printf("%sok %d - %s%s%s\n", tap_failures_ != 0 ? "not " : "",
		       i + 1, name, tap_skip_ != NULL ? " # SKIP " : "",
		       tap_skip_ != NULL ? tap_skip_ : "");
		fflush(stdout);
	}
	return failed != 0;
}

/* In a forked child: ends it with status 1 when a check of it failed. */
#define tap_child_exit() _exit(tap_failures_ != 0)

#define TAP_MAIN(...) \
	int main(int argc, char **argv) \
	{ \
		static void (*const fns_[])(void) = { __VA_ARGS__ }; \
		enum { \
			COUNT_ = sizeof(fns_) / sizeof(fns_[0]) \
		}; \
		static struct tap_test_ tests_[COUNT_]; \
		int i_; \
\
		for (i_ = 0; i_ < COUNT_; i_++) \
			tests_[i_].run = fns_[i_]; \
		return tap_run_(tests_, COUNT_, #__VA_ARGS__, \
				argc > 1 ? argv[1] : NULL); \
	}
