/* SPDX-License-Identifier: MIT */
/*
 * Any bytes at all as an archive: entries lie inside it, and it ends.
 * units: lib/cpio lib/string
 */
#include <stdlib.h>
#include <string.h>

#include <lib/cpio.h>

#define INSIST(x) \
	do { \
		if (!(x)) \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	const uint8_t *body;
	struct cpio_reader r;
	struct cpio_entry e;
	size_t last;

	cpio_init(&r, data, size);
	for (last = 0; cpio_next(&r, &e) == 0; last = r.pos) {
		INSIST(r.pos > last && r.pos <= size);
		INSIST((const uint8_t *)e.name + e.name_len < end);
		INSIST(strlen(e.name) == e.name_len);
		body = e.data;
		INSIST(body >= data && body <= end);
		INSIST(e.size <= (size_t)(end - body));
	}
	return 0;
}
