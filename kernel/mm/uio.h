/* SPDX-License-Identifier: MIT */
/*
 * A description of memory to copy to or from: user segments or one kernel
 * buffer.  It carries its own position; the copy functions advance it.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct aspace;

/* User memory named below sys/: never dereferenced, only copied through. */
struct uref {
	struct aspace *as; /* borrowed; NULL: the aspace that is loaded */
	vaddr_t addr;
	size_t len;
};

struct uio_seg {
	vaddr_t addr; /* user or kernel, as uio.kernel says */
	size_t len;
};

struct uio {
	const struct uio_seg *segs; /* borrowed for the call */
	unsigned nsegs;
	size_t seg_off;	    /* position in segs[0] */
	size_t left;	    /* bytes left in all */
	bool kernel;	    /* segments are kernel memory */
	struct uio_seg one; /* storage for the single-segment case */
};

void uio_init_kernel(struct uio *u, void *buf, size_t len);
void uio_init_user(struct uio *u, vaddr_t addr, size_t len);
/* @segs are checked by the caller (sys/): sum does not overflow. */
void uio_init_segs(struct uio *u, const struct uio_seg *segs, unsigned n,
		   size_t total);

/**
 * uio_put, uio_get - copy into, out of, the described memory
 *
 * *@done bytes were moved and the uio advanced by them; on -EFAULT that may
 * be more than zero.
 *
 * Context: thread, may sleep (page faults).  Locks: no spinlock; a mutex
 *          ranked before ASPACE may be held.
 * Returns: 0 or -EFAULT.  @n must not exceed left.
 */
__must_check err_t uio_put(struct uio *u, const void *src, size_t n,
			   size_t *done);
__must_check err_t uio_get(struct uio *u, void *dst, size_t n, size_t *done);
__must_check err_t uio_put_zero(struct uio *u, size_t n, size_t *done);
void uio_skip(struct uio *u, size_t n);
