/* SPDX-License-Identifier: MIT */
/*
 * Scalars with a meaning, and the sizes that everybody agrees on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lib/annot.h>

typedef int err_t;	   /* 0 or -E* of abi/native/errors.tbl */
typedef uint64_t paddr_t;  /* physical address */
typedef uint64_t vaddr_t;  /* virtual address, user or kernel */
typedef uint32_t coreid_t; /* dense, 0 is the boot core */
typedef uint64_t nsec_t;   /* nanoseconds, a time or a span */
typedef int32_t pid_t;
typedef long ssize_t;

#define PAGE_SHIFT 12
#define PAGE_SIZE  (UINT64_C(1) << PAGE_SHIFT)
#define PAGE_MASK  (PAGE_SIZE - 1) /* the offset bits */

#define CACHE_LINE 64

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

#define NSEC_PER_USEC UINT64_C(1000)
#define NSEC_PER_MSEC UINT64_C(1000000)
#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_NEVER    UINT64_MAX

/*
 * The struct that holds @ptr as its field @member.  Through an integer, so
 * that it neither drops a const that matters nor trips -Wcast-align.
 */
#define container_of(ptr, type, member) \
	({ \
		_Static_assert(__builtin_types_compatible_p( \
				       __typeof__(*(ptr)), \
				       __typeof__(((type *)0)->member)), \
			       "container_of: pointer is not to that member"); \
		(type *)((uintptr_t)(ptr)-offsetof(type, member)); \
	})
