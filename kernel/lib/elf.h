/* SPDX-License-Identifier: MIT */
/*
 * Reading of x86-64 ELF files: what exec must know, checked.
 *
 * The caller reads the file; nothing here allocates, and all input is
 * distrusted.  In order:
 *
 *	elf_check_header(first bytes)	-> where the program headers are
 *	elf_parse_phdrs(those)		-> segments, entry, where notes are
 *	elf_parse_notes(each note)	-> the world
 *
 * or elf_parse() when the headers are within the first bytes.
 *
 * Errors are Linux': -ENOEXEC is what it returns before it gives up the old
 * program; -EINVAL is what it notices only after that, so a caller that wants
 * to look the same ends the process with SIGSEGV.
 */
#pragma once

#include <lib/types.h>

#define ELF_HEADER_SIZE	 64
#define ELF_PHDR_SIZE	 56
#define ELF_MAX_PHDRS	 73 /* as Linux: they fit in a page */
#define ELF_MAX_NOTES	 4
#define ELF_MAX_NOTE_LEN 4096
#define ELF_USER_TOP	 UINT64_C(0x7ffffffff000) /* Linux' TASK_SIZE */

#define ELF_PF_X 1
#define ELF_PF_W 2
#define ELF_PF_R 4

enum elf_stack {
	ELF_STACK_DEFAULT, /* no PT_GNU_STACK */
	ELF_STACK_NOEXEC,
	ELF_STACK_EXEC,
};

/* What elf_check_header() found. */
struct elf_header {
	uint64_t entry;
	uint64_t phdr_off;   /* in the file */
	uint16_t phdr_count; /* 1 to ELF_MAX_PHDRS */
	bool pie;	     /* addresses are relative: add a load bias */
};

/* A PT_LOAD.  File offset and address agree modulo the page size. */
struct elf_segment {
	uint64_t vaddr;
	uint64_t mem_size;
	uint64_t file_off;
	uint64_t file_size; /* <= mem_size; may reach past the file's end */
	uint32_t flags;	    /* ELF_PF_* */
};

struct elf_range {
	uint64_t off, len;
};

/* About 3 KiB: allocate it. */
struct elf_image {
	uint64_t entry;
	uint64_t phdr_vaddr; /* where a segment maps them; 0: nowhere */
	uint16_t phdr_count;
	bool pie;
	enum elf_stack stack;

	uint64_t lo, hi;    /* the segments' span: [lo, hi), lo page-aligned */
	uint64_t max_align; /* greatest valid p_align, at least a page */

	bool has_interp;
	struct elf_range interp; /* the path, NUL included, in the file */

	uint32_t note_count;
	struct elf_range notes[ELF_MAX_NOTES];
	bool has_world;
	uint32_t world;
	uint32_t world_version;

	uint32_t segment_count; /* in the file's order: later ones cover */
	struct elf_segment segments[ELF_MAX_PHDRS];
};

/*
 * @buf: the file's first @len bytes.
 * Context: any.
 * Returns: 0; -ENOEXEC.
 */
__must_check err_t elf_check_header(const void *buf, size_t len,
				    struct elf_header *out);

/*
 * @phdrs: @len bytes from header->phdr_off, less only where the file ends.
 * Context: any.
 * Returns: 0; -ENOEXEC; -EINVAL: see above.
 */
__must_check err_t elf_parse_phdrs(const struct elf_header *header,
				   const void *phdrs, size_t len,
				   struct elf_image *out);

/*
 * @buf: the bytes of one of out->notes.  Looks for Pando's note; other notes
 * and malformed ones change nothing.  Context: any.
 */
void elf_parse_notes(const void *buf, size_t len, struct elf_image *out);

/*
 * All of it from the file's first @len bytes; notes outside them are left to
 * the caller.  -ENOEXEC when the program headers are not in there.
 */
__must_check err_t elf_parse(const void *buf, size_t len,
			     struct elf_image *out);

/*
 * Checks the path that image->interp tells of, @len bytes as read.
 * Returns: 0; -EIO when the file ended early; -ENOEXEC without the last NUL.
 * (When no such file exists, exec returns that file's error: -ENOENT.)
 */
__must_check err_t elf_check_interp_path(const struct elf_image *image,
					 const char *path, size_t len);

/* The same as elf_check_header() for the interpreter itself: -ELIBBAD. */
__must_check err_t elf_check_interp(const void *buf, size_t len,
				    struct elf_header *out);
