/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <elf.h>
#include <errno.h>

#include <host.h>
#include <lib/elf.h>

/* <elf.h> and <errno.h> are the host's: the layouts and numbers to agree with. */

static struct {
	Elf64_Ehdr h;
	Elf64_Phdr p[ELF_MAX_PHDRS];
	uint8_t notes[256];
} file;
static struct elf_image image;

#define NOTES_OFF (sizeof(file.h) + sizeof(file.p))

static Elf64_Phdr *add(uint32_t type, uint32_t flags, uint64_t off,
		       uint64_t vaddr, uint64_t file_size, uint64_t mem_size)
{
	Elf64_Phdr *p = &file.p[file.h.e_phnum++];

	p->p_type = type;
	p->p_flags = flags;
	p->p_offset = off;
	p->p_vaddr = vaddr;
	p->p_filesz = file_size;
	p->p_memsz = mem_size;
	p->p_align = 4096;
	return p;
}

/* A good static program with text, data and bss. */
static void good_file(void)
{
	memset(&file, 0, sizeof(file));
	memcpy(file.h.e_ident, ELFMAG, 4);
	file.h.e_ident[EI_CLASS] = ELFCLASS64;
	file.h.e_ident[EI_DATA] = ELFDATA2LSB;
	file.h.e_type = ET_EXEC;
	file.h.e_machine = EM_X86_64;
	file.h.e_entry = 0x401000;
	file.h.e_phoff = sizeof(file.h);
	file.h.e_phentsize = sizeof(Elf64_Phdr);
	add(PT_LOAD, PF_R | PF_X, 0, 0x400000, 0x2345, 0x2345);
	add(PT_LOAD, PF_R | PF_W, 0x2f00, 0x403f00, 0x200, 0x5000);
}

/* From a copy whose end the address sanitizer watches. */
static err_t parse_len(size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	err_t err;

	memcpy(copy, &file, len);
	err = elf_parse(copy, len, &image);
	free(copy);
	return err;
}

static err_t parse(void)
{
	return parse_len(sizeof(file));
}

static void a_good_file_is_described(void)
{
	good_file();
	add(PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0);
	CHECK(parse() == 0);
	CHECK(!image.pie && image.entry == 0x401000 && image.phdr_count == 3);
	CHECK(image.phdr_vaddr == 0x400040);
	CHECK(image.stack == ELF_STACK_NOEXEC && !image.has_interp);
	CHECK(image.lo == 0x400000 && image.hi == 0x408f00);
	CHECK(image.segment_count == 2 && image.max_align == 4096);
	CHECK(image.segments[1].vaddr == 0x403f00);
	CHECK(image.segments[1].file_off == 0x2f00);
	CHECK(image.segments[1].file_size == 0x200);
	CHECK(image.segments[1].mem_size == 0x5000);
	CHECK(image.segments[1].flags == (ELF_PF_R | ELF_PF_W));
	CHECK(!image.has_world);
}

static void a_position_independent_file_says_so(void)
{
	good_file();
	file.h.e_type = ET_DYN;
	file.p[0].p_vaddr = 0;
	file.p[1].p_vaddr = 0x3f00;
	file.p[1].p_align = 0x200000;
	file.h.e_entry = 0x1000;
	CHECK(parse() == 0);
	CHECK(image.pie && image.lo == 0 && image.max_align == 0x200000);
	CHECK(image.stack == ELF_STACK_DEFAULT && image.phdr_vaddr == 0x40);
}

static void bad_headers_are_not_executable(void)
{
	size_t len;

	good_file();
	for (len = 0; len < sizeof(file.h) + 2 * sizeof(Elf64_Phdr); len++)
		CHECK(parse_len(len) == -ENOEXEC);
	CHECK(parse_len(len) == 0);
#define BAD(field, value) \
	do { \
		good_file(); \
		file.h.field = (value); \
		CHECK(parse() == -ENOEXEC); \
	} while (0)
	BAD(e_ident[0], 0);
	BAD(e_ident[3], 'G');
	BAD(e_type, ET_REL);
	BAD(e_type, ET_CORE);
	BAD(e_machine, EM_386);
	BAD(e_machine, EM_AARCH64);
	BAD(e_phentsize, 32);
	BAD(e_phentsize, 0);
	BAD(e_phnum, 0);
	BAD(e_phnum, ELF_MAX_PHDRS + 1);
	BAD(e_phnum, 65535);
	BAD(e_phoff, sizeof(file) - 8);
	BAD(e_phoff, sizeof(file) + 1);
	BAD(e_phoff, UINT64_MAX);
	BAD(e_phoff, (uint64_t)INT64_MAX);
#undef BAD
}

static void what_linux_ignores_is_ignored(void)
{
	good_file();
	file.h.e_ident[EI_CLASS] = 9;
	file.h.e_ident[EI_DATA] = 9;
	file.h.e_ident[EI_VERSION] = 9;
	file.h.e_version = 99;
	file.h.e_shoff = UINT64_MAX;
	file.h.e_shnum = 65535;
	CHECK(parse() == 0);
}

static void bad_segments_are_invalid(void)
{
#define BAD(i, field, value) \
	do { \
		good_file(); \
		file.p[i].field = (value); \
		CHECK(parse() == -EINVAL); \
	} while (0)
	BAD(1, p_filesz, 0x5001); /* more in the file than in memory */
	BAD(1, p_vaddr, ELF_USER_TOP + 0xf00);
	BAD(1, p_vaddr, UINT64_MAX - 0xff);
	BAD(1, p_memsz, ELF_USER_TOP);
	BAD(1, p_memsz, UINT64_MAX);
	BAD(1, p_offset, 0x2e00); /* not congruent */
	BAD(1, p_offset, UINT64_MAX - 0xff);
#undef BAD
	good_file();
	file.h.e_entry = ELF_USER_TOP;
	CHECK(parse() == -EINVAL);
	good_file();
	file.p[0].p_type = file.p[1].p_type = PT_NULL;
	CHECK(parse() == -EINVAL);
}

static void a_segment_of_nothing_but_zeros_needs_no_offset(void)
{
	good_file();
	add(PT_LOAD, PF_R | PF_W, 0x777, 0x500000, 0, 0x1000);
	CHECK(parse() == 0 && image.segment_count == 3);
	CHECK(image.hi == 0x501000);
}

static void an_interpreter_is_reported_and_checked(void)
{
	struct elf_header h;

	good_file();
	add(PT_INTERP, PF_R, 0x800, 0, 5, 5);
	add(PT_INTERP, PF_R, 0x900, 0, 7, 7);
	CHECK(parse() == 0 && image.has_interp);
	CHECK(image.interp.off == 0x800 && image.interp.len == 5);
	CHECK(elf_check_interp_path(&image, "/ld1", 5) == 0);
	CHECK(elf_check_interp_path(&image, "/ld12", 6) == -ENOEXEC);
	CHECK(elf_check_interp_path(&image, "/ld", 4) == -EIO);
	file.p[2].p_filesz = 1;
	CHECK(parse() == -ENOEXEC);
	file.p[2].p_filesz = 4097;
	CHECK(parse() == -ENOEXEC);
	CHECK(elf_check_interp(&file, sizeof(file), &h) == 0);
	file.h.e_machine = EM_386;
	CHECK(elf_check_interp(&file, sizeof(file), &h) == -ELIBBAD);
	CHECK(elf_check_interp("#!", 2, &h) == -ELIBBAD);
}

static void an_executable_stack_is_reported(void)
{
	good_file();
	add(PT_GNU_STACK, PF_R | PF_W | PF_X, 0, 0, 0, 0);
	CHECK(parse() == 0 && image.stack == ELF_STACK_EXEC);
}

static size_t put_note(size_t at, const char *name, uint32_t type,
		       const void *desc, uint32_t len)
{
	uint32_t head[3] = { (uint32_t)strlen(name) + 1, len, type };

	memcpy(file.notes + at, head, 12);
	at += 12;
	memcpy(file.notes + at, name, head[0]);
	at += (head[0] + 3) / 4 * 4;
	memcpy(file.notes + at, desc, len);
	return at + (len + 3) / 4 * 4;
}

static void the_note_names_the_world(void)
{
	uint32_t world[2] = { 3, 17 };
	size_t n, len;

	good_file();
	n = put_note(0, "GNU", 3, "build-id-xyz", 11);
	n = put_note(n, "Pando", 9, world, 8);
	n = put_note(n, "Pando", 1, world, 8);
	add(PT_NOTE, PF_R, NOTES_OFF, 0, n, n);
	CHECK(parse() == 0 && image.note_count == 1);
	CHECK(image.has_world && image.world == 3 && image.world_version == 17);
	for (len = 0; len < n; len++) {
		file.p[2].p_filesz = len;
		CHECK(parse() == 0 && !image.has_world);
	}
}

static void malformed_notes_change_nothing(void)
{
	uint32_t world[2] = { 3, 17 };
	int i, round;
	size_t n;

	good_file();
	n = put_note(0, "Pando", 1, world, 4);
	add(PT_NOTE, PF_R, NOTES_OFF, 0, n, n);
	CHECK(parse() == 0 && !image.has_world);
	memset(file.notes, 0xff, sizeof(file.notes));
	file.p[2].p_filesz = sizeof(file.notes);
	CHECK(parse() == 0 && !image.has_world);
	for (round = 0; round < 2000; round++) {
		for (i = 0; i < 64; i++)
			file.notes[i] = (uint8_t)host_below(8);
		CHECK(parse_len(NOTES_OFF + 64) == 0);
	}
	file.p[2].p_offset = UINT64_MAX;
	CHECK(parse() == 0 && image.note_count == 0);
	for (i = 0; i < 10; i++)
		add(PT_NOTE, PF_R, NOTES_OFF, 0, 16, 16);
	CHECK(parse() == 0 && image.note_count == ELF_MAX_NOTES);
}

TAP_MAIN(a_good_file_is_described, a_position_independent_file_says_so,
	 bad_headers_are_not_executable, what_linux_ignores_is_ignored,
	 bad_segments_are_invalid,
	 a_segment_of_nothing_but_zeros_needs_no_offset,
	 an_interpreter_is_reported_and_checked,
	 an_executable_stack_is_reported, the_note_names_the_world,
	 malformed_notes_change_nothing)
