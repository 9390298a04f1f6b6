/* SPDX-License-Identifier: MIT */
/* Copies to and from memory that a struct uio describes. */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/ucopy.h>
#include <mm/uio.h>

void uio_init_kernel(struct uio *u, void *buf, size_t len)
{
	u->one.addr = (vaddr_t)buf;
	u->one.len = len;
	u->segs = &u->one;
	u->nsegs = 1;
	u->seg_off = 0;
	u->left = len;
	u->kernel = true;
}

void uio_init_segs(struct uio *u, const struct uio_seg *segs, unsigned n,
		   size_t total)
{
	u->segs = segs;
	u->nsegs = n;
	u->seg_off = 0;
	u->left = total;
	u->kernel = false;
}

enum uio_dir {
	UIO_PUT,
	UIO_GET,
	UIO_ZERO,
};

/* Bytes NOT copied, like the uaccess functions. */
static size_t copy_kernel(enum uio_dir dir, vaddr_t at, void *buf, size_t n)
{
	switch (dir) {
	case UIO_PUT:
		memcpy((void *)at, buf, n);
		break;
	case UIO_GET:
		memcpy(buf, (const void *)at, n);
		break;
	case UIO_ZERO:
		memset((void *)at, 0, n);
		break;
	}
	return 0;
}

static size_t copy_user(enum uio_dir dir, vaddr_t at, void *buf, size_t n)
{
	if (!user_range_ok(at, n))
		return n;
	switch (dir) {
	case UIO_PUT:
		return uaccess_to((void __user *)at, buf, n);
	case UIO_GET:
		return uaccess_from(buf, (const void __user *)at, n);
	case UIO_ZERO:
		return uaccess_zero((void __user *)at, n);
	}
	return n;
}

/* Advance by @n bytes within the current segment. */
static inline void advance(struct uio *u, size_t n)
{
	u->seg_off += n;
	u->left -= n;
}

static err_t uio_move(struct uio *u, enum uio_dir dir, uint8_t *buf, size_t n,
		      size_t *done)
{
	size_t len, rest;
	vaddr_t at;

	*done = 0;
	kassert(n <= u->left);
	while (n != 0) {
		len = u->segs->len - u->seg_off;
		if (len == 0) {
			u->segs++;
			u->nsegs--;
			u->seg_off = 0;
			continue;
		}
		if (len > n)
			len = n;
		at = u->segs->addr + u->seg_off;
		rest = u->kernel ? copy_kernel(dir, at, buf, len)
				 : copy_user(dir, at, buf, len);
		advance(u, len - rest);
		*done += len - rest;
		if (rest != 0)
			return -EFAULT;
		n -= len;
		if (buf != NULL)
			buf += len;
	}
	return 0;
}

static inline err_t moved(struct uio *u, size_t n, size_t rest, size_t *done)
{
	advance(u, n - rest);
	*done = n - rest;
	return rest == 0 ? 0 : -EFAULT;
}

err_t uio_put(struct uio *u, const void *src, size_t n, size_t *done)
{
	vaddr_t at = u->segs->addr + u->seg_off;

	if (likely(uio_one_piece(u, n)))
		return moved(u, n, uaccess_to((void __user *)at, src, n), done);
	/* UIO_PUT does not write to it. */
	return uio_move(u, UIO_PUT, (uint8_t *)(uintptr_t)src, n, done);
}

err_t uio_get(struct uio *u, void *dst, size_t n, size_t *done)
{
	vaddr_t at = u->segs->addr + u->seg_off;

	if (likely(uio_one_piece(u, n)))
		return moved(u, n, uaccess_from(dst, (void __user *)at, n),
			     done);
	return uio_move(u, UIO_GET, dst, n, done);
}

err_t uio_put_slow(struct uio *u, const void *src, size_t n)
{
	size_t done;

	return uio_put(u, src, n, &done);
}

err_t uio_get_slow(struct uio *u, void *dst, size_t n)
{
	size_t done;

	return uio_get(u, dst, n, &done);
}

err_t uio_put_zero(struct uio *u, size_t n, size_t *done)
{
	return uio_move(u, UIO_ZERO, NULL, n, done);
}

void uio_skip(struct uio *u, size_t n)
{
	size_t len;

	kassert(n <= u->left);
	while (n != 0) {
		len = min(u->segs->len - u->seg_off, n);
		if (len == 0) {
			u->segs++;
			u->nsegs--;
			u->seg_off = 0;
			continue;
		}
		advance(u, len);
		n -= len;
	}
}
