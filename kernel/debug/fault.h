/* SPDX-License-Identifier: MIT */
/*
 * Fault injection: make the n-th allocation fail, for every n.
 *
 * Everything that can run out asks fault_point() first and fails when it is
 * true.  A test arms the n-th point, runs, and repeats with n + 1 until
 * fault_fired() says that there was no n-th any more:
 *
 *	unsigned n = 0;
 *
 *	do {
 *		fault_arm(++n);
 *		... the operation; check that nothing leaked ...
 *	} while (fault_fired());
 *
 * In a release kernel a fault point is the constant false.
 */
#pragma once

#include <lib/types.h>

#if CONFIG_DEBUG || PANDO_HOST
/* True: fail this one.  @name says what kind it is.  Context: any. */
__must_check bool fault_point(const char *name);
/* The @nth fault point from now fails, once; 0: none. */
void fault_arm(unsigned nth);
/* Disarms; whether the armed point was reached. */
bool fault_fired(void);
#else
static inline __must_check bool fault_point(const char *name)
{
	(void)name;
	return false;
}

static inline void fault_arm(unsigned nth)
{
	(void)nth;
}

static inline bool fault_fired(void)
{
	return false;
}
#endif
