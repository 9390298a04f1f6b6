/* SPDX-License-Identifier: MIT */
/*
 * Reader of cpio archives in the "newc" form, as an initrd has them: one or
 * several, one after the other, with zeros between them.
 *
 * Names and contents point into the archive.  Files with several names come
 * as several entries with one (dev, ino); the contents are with the last.
 */
#pragma once

#include <lib/types.h>

struct cpio_reader {
	const uint8_t *base;
	size_t size;
	size_t pos;
};

struct cpio_entry {
	const char *name; /* ends in NUL */
	size_t name_len;
	const void *data;
	uint32_t size;
	uint32_t ino;
	uint32_t mode; /* type and permissions, as in Linux' st_mode */
	uint32_t uid;
	uint32_t gid;
	uint32_t nlink;
	uint32_t mtime; /* seconds */
	uint32_t dev_major, dev_minor;
	uint32_t rdev_major, rdev_minor;
};

void cpio_init(struct cpio_reader *r, const void *base, size_t size);

/**
 * cpio_next - the next entry, over the ends of archives
 *
 * Context: any.
 * Returns: 0; -ENODATA after the last one; -EINVAL when the archive is
 *	malformed at this place, and at every call from then on.
 */
__must_check err_t cpio_next(struct cpio_reader *r, struct cpio_entry *out);
