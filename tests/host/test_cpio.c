/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <lib/cpio.h>
#include <lib/err.h>

static char image[4096];
static size_t image_len;

static void pad4(void)
{
	while (image_len % 4 != 0)
		image[image_len++] = '\0';
}

static void add(const char *name, unsigned mode, const char *data)
{
	size_t len = strlen(data);

	image_len += (size_t)sprintf(
		image + image_len,
		"070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		7U, mode, 1000U, 100U, 1U, 0x12345678U, (unsigned)len, 3U, 1U,
		5U, 6U, (unsigned)strlen(name) + 1, 0U);
	strcpy(image + image_len, name);
	image_len += strlen(name) + 1;
	pad4();
	memcpy(image + image_len, data, len);
	image_len += len;
	pad4();
}

static void start(void)
{
	memset(image, 0, sizeof(image));
	image_len = 0;
}

/* Reads from a copy whose end the address sanitizer watches. */
static err_t read_all(size_t len, char *names)
{
	char *copy = malloc(len ? len : 1);
	struct cpio_reader r;
	struct cpio_entry e;
	err_t err;

	memcpy(copy, image, len);
	names[0] = '\0';
	cpio_init(&r, copy, len);
	while ((err = cpio_next(&r, &e)) == 0) {
		strcat(names, e.name);
		strcat(names, ":");
		strncat(names, e.data, e.size);
		strcat(names, " ");
		CHECK(e.name_len == strlen(e.name));
	}
	CHECK(cpio_next(&r, &e) == err);
	free(copy);
	return err;
}

static void entries_come_with_all_their_fields(void)
{
	struct cpio_reader r;
	struct cpio_entry e;

	start();
	add("etc/passwd", 0100644, "root");
	add("TRAILER!!!", 0, "");
	cpio_init(&r, image, image_len);
	CHECK(cpio_next(&r, &e) == 0);
	CHECK(strcmp(e.name, "etc/passwd") == 0 && e.name_len == 10);
	CHECK(e.size == 4 && memcmp(e.data, "root", 4) == 0);
	CHECK(e.ino == 7 && e.mode == 0100644 && e.uid == 1000 && e.gid == 100);
	CHECK(e.nlink == 1 && e.mtime == 0x12345678);
	CHECK(e.dev_major == 3 && e.dev_minor == 1);
	CHECK(e.rdev_major == 5 && e.rdev_minor == 6);
	CHECK(cpio_next(&r, &e) == -ENODATA);
}

static void archives_may_follow_one_another(void)
{
	char names[400];

	start();
	add("a", 0100644, "1");
	add("bb", 0100644, "22");
	add("TRAILER!!!", 0, "");
	image_len += 512 - image_len % 512;
	add("ccc", 0100644, "333");
	add("TRAILER!!!", 0, "");
	image_len += 300;
	CHECK(read_all(image_len, names) == -ENODATA);
	CHECK(strcmp(names, "a:1 bb:22 ccc:333 ") == 0);
}

static void an_empty_archive_is_none(void)
{
	char names[400];

	start();
	CHECK(read_all(0, names) == -ENODATA);
	CHECK(read_all(64, names) == -ENODATA);
}

static void a_cut_archive_is_malformed_or_ends(void)
{
	char names[400];
	size_t len;
	err_t err;

	start();
	add("a", 0100644, "some contents");
	add("b", 0100644, "");
	for (len = 1; len < image_len; len++) {
		err = read_all(len, names);
		CHECK(err == -EINVAL || err == -ENODATA);
		/* Nothing may be shown that is not whole. */
		CHECK(names[0] == '\0' ||
		      strncmp(names, "a:some contents ", 16) == 0);
	}
}

static void bad_headers_are_refused(void)
{
	char names[400];
	int i;

	start();
	add("name", 0100644, "data");
	for (i = 0; i < 110; i++) {
		char was = image[i];

		image[i] = 'x';
		CHECK(read_all(image_len, names) == -EINVAL);
		image[i] = was;
	}
	memcpy(image + 6 + 8 * 11, "00000000", 8); /* no name */
	CHECK(read_all(image_len, names) == -EINVAL);
	memcpy(image + 6 + 8 * 11, "00000004", 8); /* name without end */
	CHECK(read_all(image_len, names) == -EINVAL);
	memcpy(image + 6 + 8 * 11, "FFFFFFFF", 8);
	CHECK(read_all(image_len, names) == -EINVAL);
	memcpy(image + 6 + 8 * 11, "00000005", 8);
	CHECK(read_all(image_len, names) == -ENODATA);
	memcpy(image + 6 + 8 * 6, "FFFFFFFF", 8); /* size */
	CHECK(read_all(image_len, names) == -EINVAL);
}

TAP_MAIN(entries_come_with_all_their_fields, archives_may_follow_one_another,
	 an_empty_archive_is_none, a_cut_archive_is_malformed_or_ends,
	 bad_headers_are_refused)
