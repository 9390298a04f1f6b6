/* SPDX-License-Identifier: MIT */
/*
 * Any bytes at all as a program: what the parser accepts must be consistent.
 * units: lib/elf
 */
#include <stdlib.h>
#include <string.h>

#include <lib/elf.h>

#define INSIST(x) \
	do { \
		if (!(x)) \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct elf_image image;
	const struct elf_segment *s;
	uint32_t i;

	if (elf_parse(data, size, &image) != 0)
		return 0;
	INSIST(image.segment_count <= ELF_MAX_PHDRS);
	INSIST(image.note_count <= ELF_MAX_NOTES);
	INSIST(image.lo < image.hi && image.hi <= ELF_USER_TOP);
	INSIST(image.lo % 4096 == 0 && image.entry < ELF_USER_TOP);
	INSIST((image.max_align & (image.max_align - 1)) == 0);
	for (i = 0; i < image.segment_count; i++) {
		s = &image.segments[i];
		INSIST(s->file_size <= s->mem_size);
		INSIST(s->vaddr >= image.lo);
		INSIST(s->vaddr + s->mem_size <= image.hi);
		if (s->file_size != 0)
			INSIST(s->vaddr % 4096 == s->file_off % 4096);
	}
	return 0;
}
