/* SPDX-License-Identifier: MIT */
/* argv and envp, copied once into kernel pages: exec's first step. */
#include <arch/mmu.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/ucopy.h>

#include "exec_impl.h"
#include "proc_impl.h"

#define STRING_MAX (PAGE_SIZE * 32) /* Linux's MAX_ARG_STRLEN */

err_t exec_strings_create(struct exec_strings **out)
{
	struct exec_strings *s = kzalloc(sizeof(*s));
	struct proc *p = current_proc();
	uint64_t stack = p != NULL ? proc_limit(p, LIMIT_STACK) : MIB(8);

	if (s == NULL)
		return -ENOMEM;
	/* A quarter of the stack, at most 3/4 of 8 MiB, at least 128 KiB. */
	s->max = stack / 4;
	if (s->max > MIB(6))
		s->max = MIB(6);
	if (s->max < STRING_MAX)
		s->max = STRING_MAX;
	*out = s;
	return 0;
}

static void strbuf_free(struct strbuf *b)
{
	size_t i;

	for (i = 0; i < b->npages; i++)
		kfree(b->pages[i]);
	kfree(b->pages);
}

void exec_strings_destroy(struct exec_strings *s)
{
	strbuf_free(&s->arg);
	strbuf_free(&s->env);
	strbuf_free(&s->prefix);
	kfree(s);
}

static err_t strbuf_grow(struct strbuf *b)
{
	size_t capacity = b->capacity == 0 ? 8 : b->capacity * 2;
	char **pages, *page;

	if (b->npages == b->capacity) {
		pages = kcalloc(capacity, sizeof(*pages));
		if (pages == NULL)
			return -ENOMEM;
		if (b->npages != 0)
			memcpy(pages, b->pages, b->npages * sizeof(*pages));
		kfree(b->pages);
		b->pages = pages;
		b->capacity = capacity;
	}
	page = kmalloc(PAGE_SIZE);
	if (page == NULL)
		return -ENOMEM;
	b->pages[b->npages++] = page;
	return 0;
}

/* Where the next byte goes, and how many fit there. */
static err_t strbuf_tail(struct strbuf *b, char **at, size_t *room)
{
	err_t err;

	if (b->len == b->npages * PAGE_SIZE) {
		err = strbuf_grow(b);
		if (err)
			return err;
	}
	*at = b->pages[b->len / PAGE_SIZE] + b->len % PAGE_SIZE;
	*room = PAGE_SIZE - b->len % PAGE_SIZE;
	return 0;
}

static bool too_big(const struct exec_strings *s)
{
	size_t n = s->arg.len + s->env.len + s->prefix.len;

	n += (size_t)(s->arg.count + s->env.count) * sizeof(uint64_t);
	return n > s->max;
}

err_t exec_strings_add(struct exec_strings *s, bool env, const char *str,
		       size_t len)
{
	struct strbuf *b = env ? &s->env : &s->arg;
	size_t done = 0, room, part;
	char *at;
	err_t err;

	/* The terminator is the last of len + 1 bytes. */
	while (done <= len) {
		err = strbuf_tail(b, &at, &room);
		if (err)
			return err;
		part = min(room, len - done);
		memcpy(at, str + done, part);
		if (part < room) {
			at[part++] = '\0';
			b->len += part;
			break;
		}
		b->len += part;
		done += part;
	}
	b->count++;
	return too_big(s) ? -E2BIG : 0;
}

err_t exec_strings_add_user(struct exec_strings *s, bool env, vaddr_t addr)
{
	struct strbuf *b = env ? &s->env : &s->arg;
	size_t room, total = 0;
	int64_t got;
	char *at;
	err_t err;

	for (;;) {
		err = strbuf_tail(b, &at, &room);
		if (err)
			return err;
		got = ucopy_string_part(at, addr, &room);
		if (got < 0)
			return (err_t)got;
		if ((size_t)got < room) {
			if (total + (size_t)got + 1 > STRING_MAX)
				return -E2BIG;
			b->len += (size_t)got + 1;
			b->count++;
			return too_big(s) ? -E2BIG : 0;
		}
		b->len += room;
		addr += room;
		total += room;
		if (total >= STRING_MAX || b->len > s->max)
			return -E2BIG;
	}
}

unsigned exec_strings_argc(const struct exec_strings *s)
{
	return s->prefix.count + s->arg.count;
}

void exec_strings_drop_first(struct exec_strings *s)
{
	struct strbuf *b = &s->arg;

	if (b->count == 0)
		return;
	while (b->pages[b->start / PAGE_SIZE][b->start % PAGE_SIZE] != '\0')
		b->start++;
	b->start++;
	b->count--;
}

void exec_strings_drop_prefix(struct exec_strings *s)
{
	struct strbuf *b = &s->prefix;
	size_t n;

	if (b->count == 0)
		return;
	n = strlen(b->pages[0]) + 1;
	memmove(b->pages[0], b->pages[0] + n, b->len - n);
	b->len -= n;
	b->count--;
}

/* The prefix is short (paths and one argument a script level): one page. */
err_t exec_strings_prepend(struct exec_strings *s, const char *str)
{
	struct strbuf *b = &s->prefix;
	size_t n = strlen(str) + 1;
	err_t err;

	if (b->npages == 0) {
		err = strbuf_grow(b);
		if (err)
			return err;
	}
	if (b->len + n > PAGE_SIZE)
		return -E2BIG;
	memmove(b->pages[0] + n, b->pages[0], b->len);
	memcpy(b->pages[0], str, n);
	b->len += n;
	b->count++;
	return too_big(s) ? -E2BIG : 0;
}

size_t exec_strings_bytes(const struct exec_strings *s)
{
	return s->prefix.len + (s->arg.len - s->arg.start) + s->env.len;
}
