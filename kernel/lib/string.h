/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings.  The names of C keep C's meaning; the compiler calls
 * memcpy, memmove, memset and memcmp on its own.
 */
#pragma once

#include <lib/types.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
#if !PANDO_HOST
/* A few bytes, of a number known when compiling, become loads and stores. */
#define memcpy(...) __builtin_memcpy(__VA_ARGS__)
#define memset(...) __builtin_memset(__VA_ARGS__)
#define memcmp(...) __builtin_memcmp(__VA_ARGS__)
#endif

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
/* The number of bytes before @c or the end, whichever comes first. */
size_t str_until(const char *s, char c);
char *strrchr(const char *s, int c);

/*
 * Copies @src, cut to fit, and always ends it; @size is not 0.
 * Returns: true when something was cut off.
 */
bool str_copy(char *dst, size_t size, const char *src);
/* The same with a source of @n bytes that need not end in NUL. */
bool str_copy_n(char *dst, size_t size, const char *src, size_t n);
bool str_equal(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Erases a secret: the compiler may not leave it out. */
void mem_wipe(void *p, size_t n);
/* Whether all bytes are 0. */
bool mem_is_zero(const void *p, size_t n);
