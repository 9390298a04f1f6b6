/* SPDX-License-Identifier: MIT */
/*
 * Formatted text.
 *
 * %d %i %u %x %X %o %c %s %p %% with flags - 0 + # and space, a width
 * (number or *), a precision, and lengths hh h l ll z t j.  No floating point.
 * A null pointer to a string prints as (null).  Anything else in a format is
 * printed as it stands.
 */
#pragma once

#include <stdarg.h>

#include <lib/types.h>

/*
 * Into a buffer, cut to fit, always ended when @size is not 0.
 * Context: any.
 * Returns: the length of the whole text, cut or not.
 */
size_t ksnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
size_t kvsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
	__printf(3, 0);

/* The same, but the length that is now in @buf. */
size_t kscnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* Piece by piece to @sink; pieces are not empty and not ended by NUL. */
size_t kprintf_to(void (*sink)(void *ctx, const char *s, size_t n), void *ctx,
		  const char *fmt, ...) __printf(3, 4);
size_t kvprintf_to(void (*sink)(void *ctx, const char *s, size_t n), void *ctx,
		   const char *fmt, va_list ap) __printf(3, 0);
