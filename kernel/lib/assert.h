/* SPDX-License-Identifier: MIT */
/*
 * What to do about the impossible.
 *
 * kassert() is compiled into every flavour and states what only a kernel bug
 * can break; nothing that a user can cause is ever asserted.  kassert_dbg()
 * is for checks too dear for a release kernel.
 */
#pragma once

#include <lib/annot.h>

/*
 * The kernel cannot go on.  Prints the message (no newline needed) and what
 * is known about the machine, then powers off.
 * Context: any.
 */
__noreturn __cold void panic(const char *fmt, ...) __printf(1, 2);

#define kassert(x) \
	do { \
		if (unlikely(!(x))) \
			panic("%s:%d: assertion failed: %s", __FILE__, \
			      __LINE__, #x); \
	} while (0)

#define kassert_dbg(x) \
	do { \
		if (CONFIG_DEBUG) \
			kassert(x); \
	} while (0)

/* A place that control cannot reach. */
#define kassert_unreachable() panic("%s:%d: unreachable", __FILE__, __LINE__)

#ifndef static_assert
#define static_assert _Static_assert
#endif
