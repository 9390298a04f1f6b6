/* SPDX-License-Identifier: MIT */
/*
 * The initial stack of a Linux program (System V ABI, AMD64 supplement, 3.4.1
 * "Initial Stack and Register State"), from high to low addresses:
 *
 *	null word | execfn | envp strings | argv strings | platform | random
 *	auxv | NULL | envp[] | NULL | argv[] | argc  <- sp, 16-byte aligned
 */
#include <abi/linux/auxvec.h>
#include <arch/cpu.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/uio.h>
#include <sync/krandom.h>

#include "exec_impl.h"
#include "proc_impl.h"

#define INITIAL_STACK (UINT64_C(33) * PAGE_SIZE) /* mapped at once */
#define PTRS_AT_ONCE  64u

static err_t put(struct exec_image *im, vaddr_t at, const void *src, size_t n)
{
	struct uref ref = { im->aspace, at, n };

	return n == 0 ? 0 : uref_write(&ref, 0, src, n);
}

static err_t put_strbuf(struct exec_image *im, vaddr_t at,
			const struct strbuf *b)
{
	size_t off = b->start, part;
	err_t err;

	while (off < b->len) {
		part = min(PAGE_SIZE - off % PAGE_SIZE, b->len - off);
		err = put(im, at, b->pages[off / PAGE_SIZE] + off % PAGE_SIZE,
			  part);
		if (err)
			return err;
		at += part;
		off += part;
	}
	return 0;
}

/* Pointers to the strings of @b, which lie at @strings; *slot advances. */
static err_t put_pointers(struct exec_image *im, const struct strbuf *b,
			  vaddr_t strings, vaddr_t *slot)
{
	uint64_t ptrs[PTRS_AT_ONCE];
	size_t off = b->start;
	unsigned i, n = 0;
	err_t err;

	for (i = 0; i < b->count; i++) {
		ptrs[n++] = strings + off - b->start;
		while (b->pages[off / PAGE_SIZE][off % PAGE_SIZE] != '\0')
			off++;
		off++;
		if (n == PTRS_AT_ONCE || i + 1 == b->count) {
			err = put(im, *slot, ptrs, n * sizeof(ptrs[0]));
			if (err)
				return err;
			*slot += n * sizeof(ptrs[0]);
			n = 0;
		}
	}
	return 0;
}

static void aux(struct exec_image *im, uint64_t type, uint64_t value)
{
	kassert(im->nauxv + 2 <= 40);
	im->auxv[im->nauxv++] = type;
	im->auxv[im->nauxv++] = value;
}

static void fill_auxv(struct exec_image *im, vaddr_t random, vaddr_t platform,
		      vaddr_t execfn)
{
	const struct elf_image *e = im->elf;

	im->nauxv = 0;
	aux(im, AT_HWCAP, cpu_hwcap());
	aux(im, AT_PAGESZ, PAGE_SIZE);
	aux(im, AT_CLKTCK, 100);
	aux(im, AT_PHDR, e->phdr_vaddr == 0 ? 0 : im->bias + e->phdr_vaddr);
	aux(im, AT_PHENT, ELF_PHDR_SIZE);
	aux(im, AT_PHNUM, e->phdr_count);
	aux(im, AT_BASE, 0);
	aux(im, AT_FLAGS, 0);
	aux(im, AT_ENTRY, im->entry);
	aux(im, AT_UID, im->uid);
	aux(im, AT_EUID, im->euid);
	aux(im, AT_GID, im->gid);
	aux(im, AT_EGID, im->egid);
	aux(im, AT_SECURE, im->secure);
	aux(im, AT_RANDOM, random);
	aux(im, AT_HWCAP2, segbases_user_writable() ? 2 : 0);
	aux(im, AT_EXECFN, execfn);
	aux(im, AT_PLATFORM, platform);
	aux(im, AT_NULL, 0);
}

static err_t map_stack(struct exec_image *im, size_t need)
{
	struct map_args a = { .prot = PROT_R | PROT_W,
			      .flags = REG_FIXED | REG_GROWSDOWN | REG_STACK };
	vaddr_t out;

	if (im->elf->stack == ELF_STACK_EXEC)
		a.prot |= PROT_X;
	im->stack_top = USER_TOP - PAGE_SIZE;
	if (aspace_randomise)
		im->stack_top -= (krandom_u64() & 0x3fffff) << PAGE_SHIFT;
	a.len = max(INITIAL_STACK, align_up(need, PAGE_SIZE) + PAGE_SIZE);
	a.addr = im->stack_top - a.len;
	aspace_set_stack_top(im->aspace, im->stack_top);
	return aspace_map(im->aspace, &a, &out);
}

err_t exec_build_stack(struct exec_image *im, const struct exec_strings *s)
{
	static const char platform[] = "x86_64";
	size_t strings = exec_strings_bytes(s), fn_len;
	size_t argc = s->prefix.count + s->arg.count, envc = s->env.count;
	vaddr_t at, fn_at, env_at, arg_at, plat_at, rand_at, slot;
	uint64_t random[2], word;
	err_t err;

	fn_len = strlen(im->execfn) + 1;
	err = map_stack(im, strings + fn_len + 1024 +
				    (argc + envc + 4) * sizeof(uint64_t));
	if (err)
		return err;
	at = im->stack_top - sizeof(uint64_t);
	fn_at = at - fn_len;
	env_at = fn_at - s->env.len;
	arg_at = env_at - (s->arg.len - s->arg.start) - s->prefix.len;
	plat_at = arg_at - sizeof(platform);
	rand_at = (plat_at - sizeof(random)) & ~UINT64_C(15);
	fill_auxv(im, rand_at, plat_at, fn_at);
	slot = rand_at - (argc + envc + 3 + im->nauxv) * sizeof(uint64_t);
	slot &= ~UINT64_C(15);
	im->sp = slot;
	im->arg_start = arg_at;
	im->arg_end = im->env_start = env_at;
	im->env_end = fn_at;

	krandom_bytes(random, sizeof(random));
	err = put(im, rand_at, random, sizeof(random));
	if (!err)
		err = put(im, plat_at, platform, sizeof(platform));
	if (!err)
		err = put(im, fn_at, im->execfn, fn_len);
	if (!err)
		err = put_strbuf(im, arg_at, &s->prefix);
	if (!err)
		err = put_strbuf(im, arg_at + s->prefix.len, &s->arg);
	if (!err)
		err = put_strbuf(im, env_at, &s->env);
	word = argc;
	if (!err)
		err = put(im, slot, &word, sizeof(word));
	slot += sizeof(word);
	if (!err)
		err = put_pointers(im, &s->prefix, arg_at, &slot);
	if (!err)
		err = put_pointers(im, &s->arg, arg_at + s->prefix.len, &slot);
	slot += sizeof(word); /* fresh pages are zero: the NULLs are there */
	if (!err)
		err = put_pointers(im, &s->env, env_at, &slot);
	slot += sizeof(word);
	if (!err)
		err = put(im, slot, im->auxv, im->nauxv * sizeof(im->auxv[0]));
	return err;
}
