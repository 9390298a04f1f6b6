/* SPDX-License-Identifier: MIT */
/*
 * What host tests have besides the kernel's own headers.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Objects that the stub allocator handed out and did not get back. */
size_t host_live_objects(void);

extern jmp_buf host_panic_jump;
extern bool host_panic_expected;
extern char host_panic_text[256];

/*
 * Whether @statement panics; the message is then in host_panic_text.  What
 * the statement held is lost, so use it with objects on the stack.
 */
#define PANICS(statement) \
	({ \
		volatile bool panicked_ = true; \
		host_panic_expected = true; \
		if (setjmp(host_panic_jump) == 0) { \
			statement; \
			panicked_ = false; \
		} \
		host_panic_expected = false; \
		panicked_; \
	})

/* The same numbers at every run. */
static inline uint64_t host_random(void)
{
	static uint64_t state = 1;
	uint64_t x = state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* From 0 to @bound - 1. */
static inline size_t host_below(size_t bound)
{
	return (size_t)(host_random() % bound);
}
