/* SPDX-License-Identifier: MIT */
/*
 * Reading of ELF files.
 *
 * PURPOSE: turn untrusted bytes into numbers that exec can use unchecked.
 * Sums of two numbers from the file are formed only where both are known to
 * be below ELF_USER_TOP, or with an overflow check.
 *
 * What Linux does not look at is not looked at here either (the class, byte
 * order and version in e_ident, e_version, section headers, p_paddr), so that
 * the same files run.  Layouts are read byte by byte through offsets: the
 * buffer needs no alignment.
 *
 * NOT DONE HERE: mapping, load bias, the 32-bit format, relocation.
 */
#include <lib/elf.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define ET_EXEC	  2
#define ET_DYN	  3
#define EM_X86_64 62

#define PT_LOAD	     1
#define PT_INTERP    3
#define PT_NOTE	     4
#define PT_GNU_STACK 0x6474e551

#define INTERP_MAX 4096 /* Linux' PATH_MAX */

#define NOTE_HEADER_SIZE 12
#define NOTE_TYPE_WORLD	 1
#define NOTE_NAME	 "Pando"

/* One program header, in the machine's own form. */
struct phdr {
	uint32_t type, flags;
	uint64_t offset, vaddr, file_size, mem_size, align;
};

static uint16_t read16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint32_t read32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t read64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void read_phdr(const uint8_t *p, struct phdr *out)
{
	out->type = read32(p);
	out->flags = read32(p + 4);
	out->offset = read64(p + 8);
	out->vaddr = read64(p + 16);
	out->file_size = read64(p + 32);
	out->mem_size = read64(p + 40);
	out->align = read64(p + 48);
}

err_t elf_check_header(const void *buf, size_t len, struct elf_header *out)
{
	static const char magic[4] = { 0x7f, 'E', 'L', 'F' };
	const uint8_t *h = buf;
	uint16_t type;

	if (len < ELF_HEADER_SIZE || memcmp(h, magic, sizeof(magic)) != 0)
		return -ENOEXEC;
	type = read16(h + 16);
	if (type != ET_EXEC && type != ET_DYN)
		return -ENOEXEC;
	if (read16(h + 18) != EM_X86_64)
		return -ENOEXEC;
	if (read16(h + 54) != ELF_PHDR_SIZE)
		return -ENOEXEC;

	out->entry = read64(h + 24);
	out->phdr_off = read64(h + 32);
	out->phdr_count = read16(h + 56);
	out->pie = type == ET_DYN;
	if (out->phdr_count == 0 || out->phdr_count > ELF_MAX_PHDRS)
		return -ENOEXEC;
	if (out->phdr_off > (uint64_t)INT64_MAX - PAGE_SIZE)
		return -ENOEXEC;
	return 0;
}

err_t elf_check_interp(const void *buf, size_t len, struct elf_header *out)
{
	return elf_check_header(buf, len, out) == 0 ? 0 : -ELIBBAD;
}

static err_t add_segment(struct elf_image *out, const struct phdr *p,
			 uint64_t phdr_off)
{
	uint64_t in_page = p->vaddr & PAGE_MASK;
	struct elf_segment *s = &out->segments[out->segment_count];
	bool maps_file;

	if (p->vaddr >= ELF_USER_TOP || p->mem_size > ELF_USER_TOP ||
	    p->vaddr > ELF_USER_TOP - p->mem_size || p->file_size > p->mem_size)
		return -EINVAL;
	/* What begins at a page and has no file bytes maps no file. */
	maps_file = p->file_size + in_page != 0;
	if (maps_file && ((p->offset & PAGE_MASK) != in_page ||
			  p->offset > (uint64_t)INT64_MAX - p->file_size))
		return -EINVAL;

	s->vaddr = p->vaddr;
	s->mem_size = p->mem_size;
	s->file_off = p->offset;
	s->file_size = p->file_size;
	s->flags = p->flags & (ELF_PF_R | ELF_PF_W | ELF_PF_X);
	out->segment_count++;

	out->lo = min(out->lo, p->vaddr - in_page);
	out->hi = max(out->hi, p->vaddr + p->mem_size);
	if (is_pow2(p->align))
		out->max_align = max(out->max_align, p->align);
	if (phdr_off >= p->offset && phdr_off - p->offset < p->file_size)
		out->phdr_vaddr = p->vaddr + (phdr_off - p->offset);
	return 0;
}

static err_t add_interp(struct elf_image *out, const struct phdr *p)
{
	/* Linux takes the first one. */
	if (out->has_interp)
		return 0;
	if (p->file_size > INTERP_MAX || p->file_size < 2)
		return -ENOEXEC;
	if (p->offset > (uint64_t)INT64_MAX - p->file_size)
		return -ENOEXEC;
	out->has_interp = true;
	out->interp.off = p->offset;
	out->interp.len = p->file_size;
	return 0;
}

static void add_note(struct elf_image *out, const struct phdr *p)
{
	struct elf_range *n = &out->notes[out->note_count];

	if (out->note_count == ELF_MAX_NOTES || p->file_size == 0 ||
	    p->file_size > ELF_MAX_NOTE_LEN ||
	    p->offset > (uint64_t)INT64_MAX - p->file_size)
		return;
	n->off = p->offset;
	n->len = p->file_size;
	out->note_count++;
}

/* Everything but segments: what Linux reads before the old program is gone. */
static err_t scan_phdrs(const uint8_t *phdrs, unsigned count,
			struct elf_image *out)
{
	struct phdr p;
	unsigned i;
	err_t err;

	for (i = 0; i < count; i++) {
		read_phdr(phdrs + i * ELF_PHDR_SIZE, &p);
		if (p.type == PT_INTERP) {
			err = add_interp(out, &p);
			if (err)
				return err;
		} else if (p.type == PT_NOTE) {
			add_note(out, &p);
		} else if (p.type == PT_GNU_STACK) {
			out->stack = (p.flags & ELF_PF_X) != 0
					     ? ELF_STACK_EXEC
					     : ELF_STACK_NOEXEC;
		}
	}
	return 0;
}

static void clear_image(struct elf_image *out)
{
	/* Without the table of segments, most of which stays unused. */
	memset(out, 0, offsetof(struct elf_image, segments));
	out->lo = UINT64_MAX;
	out->max_align = PAGE_SIZE;
}

err_t elf_parse_phdrs(const struct elf_header *header, const void *phdrs,
		      size_t len, struct elf_image *out)
{
	unsigned count = header->phdr_count;
	struct phdr p;
	unsigned i;
	err_t err;

	clear_image(out);
	if (count > ELF_MAX_PHDRS || len < (size_t)count * ELF_PHDR_SIZE)
		return -ENOEXEC;
	out->entry = header->entry;
	out->pie = header->pie;
	out->phdr_count = header->phdr_count;

	err = scan_phdrs(phdrs, count, out);
	if (err)
		return err;
	for (i = 0; i < count; i++) {
		read_phdr((const uint8_t *)phdrs + i * ELF_PHDR_SIZE, &p);
		if (p.type != PT_LOAD)
			continue;
		err = add_segment(out, &p, header->phdr_off);
		if (err)
			return err;
	}
	if (out->segment_count == 0 || out->hi <= out->lo)
		return -EINVAL;
	if (out->entry >= ELF_USER_TOP)
		return -EINVAL;
	return 0;
}

/* One note's descriptor, if it is the one that names a world. */
static void read_world(const uint8_t *name, uint32_t name_len,
		       const uint8_t *desc, uint32_t desc_len, uint32_t type,
		       struct elf_image *out)
{
	if (type != NOTE_TYPE_WORLD || name_len != sizeof(NOTE_NAME) ||
	    memcmp(name, NOTE_NAME, sizeof(NOTE_NAME)) != 0 || desc_len < 8)
		return;
	out->has_world = true;
	out->world = read32(desc);
	out->world_version = read32(desc + 4);
}

void elf_parse_notes(const void *buf, size_t len, struct elf_image *out)
{
	const uint8_t *p = buf;
	uint32_t name_len, desc_len;
	size_t name_room, desc_room;

	while (!out->has_world && len >= NOTE_HEADER_SIZE) {
		name_len = read32(p);
		desc_len = read32(p + 4);
		name_room = align_up((size_t)name_len, 4);
		desc_room = align_up((size_t)desc_len, 4);
		if (name_room > len - NOTE_HEADER_SIZE ||
		    desc_len > len - NOTE_HEADER_SIZE - name_room)
			return;
		read_world(p + NOTE_HEADER_SIZE, name_len,
			   p + NOTE_HEADER_SIZE + name_room, desc_len,
			   read32(p + 8), out);
		desc_room = min(desc_room, len - NOTE_HEADER_SIZE - name_room);
		p += NOTE_HEADER_SIZE + name_room + desc_room;
		len -= NOTE_HEADER_SIZE + name_room + desc_room;
	}
}

err_t elf_parse(const void *buf, size_t len, struct elf_image *out)
{
	struct elf_header header;
	struct elf_range *n;
	unsigned i;
	err_t err;

	err = elf_check_header(buf, len, &header);
	if (err)
		return err;
	if (header.phdr_off > len)
		return -ENOEXEC;
	err = elf_parse_phdrs(&header, buf + header.phdr_off,
			      len - header.phdr_off, out);
	if (err)
		return err;
	for (i = 0; i < out->note_count; i++) {
		n = &out->notes[i];
		if (n->off <= len && n->len <= len - n->off)
			elf_parse_notes(buf + n->off, n->len, out);
	}
	return 0;
}

err_t elf_check_interp_path(const struct elf_image *image, const char *path,
			    size_t len)
{
	if (len < image->interp.len)
		return -EIO;
	if (path[image->interp.len - 1] != '\0')
		return -ENOEXEC;
	return 0;
}
