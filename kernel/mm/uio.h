/* SPDX-License-Identifier: MIT */
/*
 * A description of memory to copy to or from: user segments or one kernel
 * buffer.  It carries its own position; the copy functions advance it.
 */
#pragma once

#include <arch/uaccess.h>
#include <lib/annot.h>
#include <lib/err.h>
#include <lib/types.h>

struct aspace;

/* Does [addr, addr+n) lie in the user half? */
static inline bool user_range_ok(vaddr_t addr, size_t n)
{
	return addr < UINT64_C(0x00007ffffffff000) &&
	       n <= UINT64_C(0x00007ffffffff000) - addr;
}

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
static inline void uio_init_user(struct uio *u, vaddr_t addr, size_t len)
{
	u->one.addr = addr;
	u->one.len = len;
	u->segs = &u->one;
	u->nsegs = 1;
	u->seg_off = 0;
	u->left = len;
	u->kernel = false;
}

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

/* The usual case, straight to the copy: user memory in one piece. */
static inline bool uio_one_piece(const struct uio *u, size_t n)
{
	return !u->kernel && n <= u->segs->len - u->seg_off &&
	       user_range_ok(u->segs->addr + u->seg_off, n);
}

/*
 * uio_put_all, uio_get_all - the same, for who need not know how much was
 * moved before a fault: inline where bytes are few and calls count
 */
__must_check err_t uio_put_slow(struct uio *u, const void *src, size_t n);
__must_check err_t uio_get_slow(struct uio *u, void *dst, size_t n);

static inline __must_check err_t uio_put_all(struct uio *u, const void *src,
					     size_t n)
{
	vaddr_t at = u->segs->addr + u->seg_off;
	size_t rest;

	if (unlikely(!uio_one_piece(u, n)))
		return uio_put_slow(u, src, n);
	rest = uaccess_to((void __user *)at, src, n);
	u->seg_off += n - rest;
	u->left -= n - rest;
	return likely(rest == 0) ? 0 : -EFAULT;
}

static inline __must_check err_t uio_get_all(struct uio *u, void *dst, size_t n)
{
	vaddr_t at = u->segs->addr + u->seg_off;
	size_t rest;

	if (unlikely(!uio_one_piece(u, n)))
		return uio_get_slow(u, dst, n);
	rest = uaccess_from(dst, (const void __user *)at, n);
	u->seg_off += n - rest;
	u->left -= n - rest;
	return likely(rest == 0) ? 0 : -EFAULT;
}
