/* SPDX-License-Identifier: MIT */
/*
 * Numbers out of text.
 */
#pragma once

#include <lib/types.h>

/**
 * num_parse_n - an unsigned number that fills exactly @len bytes
 * @base: 2 to 16, or 0: sixteen after 0x, eight after 0, else ten
 *
 * Context: any.
 * Returns: 0; -EINVAL when it is no number; -ERANGE above 2^64-1.
 */
__must_check err_t num_parse_n(const char *s, size_t len, unsigned base,
			       uint64_t *out);
/* The same for a string that ends in NUL. */
__must_check err_t num_parse(const char *s, unsigned base, uint64_t *out);
/* A number with an optional - in front; -ERANGE outside int64_t. */
__must_check err_t num_parse_signed(const char *s, unsigned base, int64_t *out);
/* A size: a number (base 0) and perhaps one of k K m M g G t T (powers of 1024). */
__must_check err_t num_parse_size(const char *s, uint64_t *out);

/*
 * The number at the start of *@s, in base ten, at most @max; moves *@s past
 * it.  False, and nothing moves, when there is none or it is greater.
 */
__must_check bool num_scan(const char **s, uint64_t max, uint64_t *out);
