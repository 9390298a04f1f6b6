/* SPDX-License-Identifier: MIT */
/*
 * Mapping a program's segments into a fresh address space.  Nothing of the
 * running program is touched: a failure here is an ordinary error.
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/uio.h>
#include <mm/vmobj.h>
#include <obj/desc.h>
#include <sync/krandom.h>

#include "exec_impl.h"
#include "proc_impl.h"

#define PIE_BASE   UINT64_C(0x555555554000)
#define PIE_RANDOM (UINT64_C(1) << 28) /* pages */

static unsigned segment_prot(const struct elf_segment *s)
{
	return ((s->flags & ELF_PF_R) != 0 ? PROT_R : 0) |
	       ((s->flags & ELF_PF_W) != 0 ? PROT_W : 0) |
	       ((s->flags & ELF_PF_X) != 0 ? PROT_X : 0);
}

static err_t read_at(struct desc *d, void *buf, size_t n, uint64_t off,
		     size_t *got)
{
	struct uio uio;
	int64_t r;

	uio_init_kernel(&uio, buf, n);
	r = desc_read_at(d, &uio, off);
	*got = r > 0 ? (size_t)r : 0;
	return r < 0 ? (err_t)r : 0;
}

/* Headers that do not lie in the first bytes, and notes likewise. */
static err_t parse(struct exec_image *im, const void *head, size_t head_len)
{
	struct elf_header h;
	size_t want, got;
	void *buf;
	unsigned i;
	err_t err;

	err = elf_check_header(head, head_len, &h);
	if (err)
		return err;
	want = (size_t)h.phdr_count * ELF_PHDR_SIZE;
	if (want < ELF_MAX_NOTE_LEN)
		want = ELF_MAX_NOTE_LEN;
	buf = kmalloc(want);
	if (buf == NULL)
		return -ENOMEM;
	err = read_at(im->exe, buf, (size_t)h.phdr_count * ELF_PHDR_SIZE,
		      h.phdr_off, &got);
	if (!err)
		err = elf_parse_phdrs(&h, buf, got, im->elf);
	for (i = 0; !err && i < im->elf->note_count; i++) {
		struct elf_range *n = &im->elf->notes[i];

		err = read_at(im->exe, buf, min_t(size_t, n->len, want), n->off,
			      &got);
		if (!err)
			elf_parse_notes(buf, got, im->elf);
	}
	kfree(buf);
	return err;
}

/* The part beyond the file's bytes: the last page's tail and zero pages. */
static err_t map_bss(struct exec_image *im, const struct elf_segment *s,
		     vaddr_t file_end, vaddr_t mem_end)
{
	vaddr_t page_end = align_up(file_end, PAGE_SIZE);
	struct map_args a = { .prot = segment_prot(s),
			      .flags = REG_FIXED,
			      .addr = page_end };
	struct uref tail;
	vaddr_t out;
	err_t err;

	if (mem_end > page_end) {
		a.len = mem_end - page_end;
		err = aspace_map(im->aspace, &a, &out);
		if (err)
			return err;
	}
	if (file_end == page_end || (s->flags & ELF_PF_W) == 0)
		return 0;
	tail = (struct uref){ im->aspace, file_end, page_end - file_end };
	return uref_write(&tail, 0, phys_to_virt(frame_zero_page()), tail.len);
}

static err_t map_segment(struct exec_image *im, struct vmobj *obj,
			 const struct elf_segment *s)
{
	vaddr_t start = im->bias + (s->vaddr & ~PAGE_MASK);
	uint64_t skew = s->vaddr & PAGE_MASK;
	struct map_args a = { .addr = start,
			      .len = s->file_size + skew,
			      .prot = segment_prot(s),
			      .flags = REG_FIXED,
			      .obj = obj,
			      .offset = s->file_off - skew,
			      .file = im->exe };
	vaddr_t out, end = im->bias + s->vaddr + s->file_size;
	err_t err;

	if (s->mem_size == 0)
		return 0;
	if (s->file_size != 0) {
		err = aspace_map(im->aspace, &a, &out);
		if (err)
			return err;
	} else {
		end = start; /* all zeroes */
	}
	if ((s->flags & ELF_PF_X) != 0) {
		if (im->code_start == 0 || start < im->code_start)
			im->code_start = im->bias + s->vaddr;
		im->code_end = max(im->code_end, end);
	} else if ((s->flags & ELF_PF_W) != 0) {
		im->data_start = im->bias + s->vaddr;
		im->data_end = max(im->data_end, end);
	}
	im->brk = max(im->brk, im->bias + s->vaddr + s->mem_size);
	return map_bss(im, s, end, im->bias + s->vaddr + s->mem_size);
}

static void choose_bias(struct exec_image *im)
{
	struct elf_image *e = im->elf;

	im->bias = 0;
	if (!e->pie)
		return;
	im->bias = PIE_BASE;
	if (aspace_randomise)
		im->bias += (krandom_u64() % PIE_RANDOM) << PAGE_SHIFT;
	im->bias = align_down(im->bias, e->max_align);
}

err_t exec_load(struct exec_image *im, const void *head, size_t head_len)
{
	struct elf_image *e = im->elf;
	struct vmobj *obj = NULL;
	unsigned i;
	err_t err;

	err = parse(im, head, head_len);
	if (err)
		return err;
	if (e->has_interp)
		return -ENOENT; /* dynamic programs: see docs/caveats.md */
	if (e->has_world && e->world != 0 && e->world != 4)
		return -ENOEXEC;
	if (im->exe->ops->map == NULL)
		return -ENOEXEC;
	err = im->exe->ops->map(im->exe, PROT_R | PROT_X, false, &obj);
	if (err)
		return err;
	choose_bias(im);
	for (i = 0; !err && i < e->segment_count; i++)
		err = map_segment(im, obj, &e->segments[i]);
	vmobj_put(obj);
	if (err)
		return err;
	im->entry = im->bias + e->entry;
	im->brk = align_up(im->brk, PAGE_SIZE);
	if (aspace_randomise)
		im->brk += (krandom_u64() % 0x2000) << PAGE_SHIFT;
	aspace_set_brk_base(im->aspace, im->brk);
	return 0;
}
