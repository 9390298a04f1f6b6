/* SPDX-License-Identifier: MIT */
/*
 * cpio "newc": a header of 110 characters (a magic number, then thirteen
 * fields of eight hexadecimal digits), the name with its NUL, the contents.
 * Name and contents are padded to 4 bytes, counted from the header.  The
 * entry TRAILER!!! ends an archive; zeros may stand before the next one.
 *
 * All lengths come from the archive and are compared with what is left
 * before anything is added to anything.
 */
#include <lib/assert.h>
#include <lib/cpio.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define HEADER_SIZE 110
#define MAGIC_SIZE  6
#define NFIELDS	    13

enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_SIZE,
	F_DEV_MAJOR,
	F_DEV_MINOR,
	F_RDEV_MAJOR,
	F_RDEV_MINOR,
	F_NAME_SIZE,
	F_CHECK,
};

static_assert(F_CHECK + 1 == NFIELDS, "newc");
static_assert(MAGIC_SIZE + 8 * NFIELDS == HEADER_SIZE, "newc");

void cpio_init(struct cpio_reader *r, const void *base, size_t size)
{
	r->base = base;
	r->size = size;
	r->pos = 0;
}

static bool parse_hex8(const uint8_t *s, uint32_t *out)
{
	uint32_t v = 0;
	unsigned i;

	for (i = 0; i < 8; i++) {
		v <<= 4;
		if (s[i] >= '0' && s[i] <= '9')
			v |= s[i] - '0';
		else if (s[i] >= 'a' && s[i] <= 'f')
			v |= s[i] - 'a' + 10U;
		else if (s[i] >= 'A' && s[i] <= 'F')
			v |= s[i] - 'A' + 10U;
		else
			return false;
	}
	*out = v;
	return true;
}

static bool parse_header(const uint8_t *h, uint32_t fields[NFIELDS])
{
	unsigned i;

	/* 070702 has a checksum that most writers leave 0; it is not read. */
	if (memcmp(h, "07070", 5) != 0 || (h[5] != '1' && h[5] != '2'))
		return false;
	for (i = 0; i < NFIELDS; i++) {
		if (!parse_hex8(h + MAGIC_SIZE + 8 * i, &fields[i]))
			return false;
	}
	return true;
}

static void fill_entry(struct cpio_entry *e, const uint32_t f[NFIELDS],
		       const uint8_t *h, size_t body)
{
	e->name = (const char *)h + HEADER_SIZE;
	e->name_len = strlen(e->name);
	e->data = h + body;
	e->size = f[F_SIZE];
	e->ino = f[F_INO];
	e->mode = f[F_MODE];
	e->uid = f[F_UID];
	e->gid = f[F_GID];
	e->nlink = f[F_NLINK];
	e->mtime = f[F_MTIME];
	e->dev_major = f[F_DEV_MAJOR];
	e->dev_minor = f[F_DEV_MINOR];
	e->rdev_major = f[F_RDEV_MAJOR];
	e->rdev_minor = f[F_RDEV_MINOR];
}

err_t cpio_next(struct cpio_reader *r, struct cpio_entry *out)
{
	uint32_t f[NFIELDS];
	const uint8_t *h;
	size_t left, body;

	for (;;) {
		while (r->pos < r->size && r->base[r->pos] == 0)
			r->pos++;
		left = r->size - r->pos;
		if (left == 0)
			return -ENODATA;
		h = r->base + r->pos;
		if (left < HEADER_SIZE || !parse_header(h, f))
			return -EINVAL;

		left -= HEADER_SIZE;
		if (f[F_NAME_SIZE] == 0 || f[F_NAME_SIZE] > left ||
		    h[HEADER_SIZE + f[F_NAME_SIZE] - 1] != 0)
			return -EINVAL;
		body = align_up((size_t)HEADER_SIZE + f[F_NAME_SIZE], 4);
		left = r->size - r->pos;
		/* The padding of an empty last entry may be missing. */
		if (f[F_SIZE] != 0 && (body > left || f[F_SIZE] > left - body))
			return -EINVAL;
		body = min(body, left);

		r->pos += min(left, body + align_up((size_t)f[F_SIZE], 4));
		fill_entry(out, f, h, body);
		if (!str_equal(out->name, "TRAILER!!!"))
			return 0;
	}
}
