/* SPDX-License-Identifier: MIT */
/*
 * Pando's own system calls, for programs of the native world (`tools/pando cc
 * --world native`).  They go beside those of libc: a native program is linked
 * with musl and may use all of it.
 *
 * Each returns 0 or more, or a negative errno; errno itself is not touched.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <gen/native_syscalls.h>

/* As an offset: the handle's own, which then moves. */
#define PANDO_AT_CURRENT UINT64_MAX

/* A call that nobody answered, and how often it was tried. */
struct pando_call_count {
	uint64_t nr, count;
};

static inline int64_t pando_call4(long nr, uint64_t a, uint64_t b, uint64_t c,
				  uint64_t d)
{
	register uint64_t r10 __asm__("r10") = d;
	int64_t ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return ret;
}

static inline int64_t pando_call0(long nr)
{
	int64_t ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Enters the kernel and returns: 0. */
static inline int64_t pando_nop(void)
{
	return pando_call0(NATIVE_NR_nop);
}

static inline int64_t pando_getpid(void)
{
	return pando_call0(NATIVE_NR_getpid);
}

static inline int64_t pando_getppid(void)
{
	return pando_call0(NATIVE_NR_getppid);
}

__attribute__((noreturn)) static inline void pando_exit(int code)
{
	for (;;)
		pando_call4(NATIVE_NR_exit, (uint64_t)code, 0, 0, 0);
}

/* Bytes moved; 0 at the end of the file. */
static inline int64_t pando_read(int handle, void *buf, size_t n,
				 uint64_t offset)
{
	return pando_call4(NATIVE_NR_read, (uint64_t)handle,
			   (uint64_t)(uintptr_t)buf, n, offset);
}

static inline int64_t pando_write(int handle, const void *buf, size_t n,
				  uint64_t offset)
{
	return pando_call4(NATIVE_NR_write, (uint64_t)handle,
			   (uint64_t)(uintptr_t)buf, n, offset);
}

static inline int64_t pando_close(int handle)
{
	return pando_call4(NATIVE_NR_close, (uint64_t)handle, 0, 0, 0);
}

/* A line of at most 200 characters for the kernel log. */
static inline int64_t pando_log(const char *text, size_t n)
{
	return pando_call4(NATIVE_NR_log, (uint64_t)(uintptr_t)text, n, 0, 0);
}

/* Up to @max of them; how many there are. */
static inline int64_t pando_call_counts(struct pando_call_count *counts,
					size_t max)
{
	return pando_call4(NATIVE_NR_call_counts, (uint64_t)(uintptr_t)counts,
			   max, 0, 0);
}

/* printf for the kernel log: 0, or a negative errno. */
int64_t pando_logf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Writes all of @n bytes at the handle's own offset: 0, or an errno. */
int64_t pando_write_all(int handle, const void *buf, size_t n);
