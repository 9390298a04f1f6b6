/* SPDX-License-Identifier: MIT */
/*
 * Tests that run inside the booted kernel (`ktest` or `ktest=WORD` on the
 * command line), in tests/kern/kt_*.c:
 *
 *	KTEST(one_and_one_make_two)
 *	{
 *		KCHECK(1 + 1 == 2);
 *	}
 *
 * A test runs in a kernel thread, may sleep, and fails if memory is missing
 * after it.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct ktest {
	const char *name;
	void (*run)(void);
};

/* The linker collects pointers to all of them. */
#define KTEST(name_) \
	static void name_(void); \
	static const struct ktest ktest_##name_ = { #name_, name_ }; \
	static const struct ktest *const ktest_ptr_##name_ __used __section( \
		".ktests") = &ktest_##name_; \
	static void name_(void)

/* True when @expr holds; otherwise the test fails and goes on. */
#define KCHECK(expr) \
	ktest_check((expr) ? true : false, __FILE__, __LINE__, #expr)
/* As KCHECK, and leaves the test function when it fails. */
#define KREQUIRE(expr) \
	do { \
		if (!KCHECK(expr)) \
			return; \
	} while (0)
/* Marks the running test as skipped; use as `KSKIP("why"); return;`. */
#define KSKIP(why) ktest_skip(why)

bool ktest_check(bool ok, const char *file, int line, const char *expr);
void ktest_skip(const char *why);
/* Gets each line, with its newline; by default it goes to the kernel log. */
extern void (*ktest_print)(const char *line);

/**
 * ktest_run - run the tests whose name contains @pattern, printing TAP
 * @pattern: NULL or "" for all
 *
 * Context: thread, may sleep.
 * Returns: true when none failed.
 */
bool ktest_run(const char *pattern);
