/* SPDX-License-Identifier: MIT */
/* Text that grows as it is written. */
#include <lib/fmt.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/slab.h>

#include "procfs_impl.h"

#define FIRST_SIZE 512u

void text_free(struct text *t)
{
	kfree(t->p);
	*t = (struct text){ NULL, 0, 0, false };
}

/* Room for @n more bytes and a terminator. */
static bool reserve(struct text *t, size_t n)
{
	size_t cap = max_t(size_t, t->cap, FIRST_SIZE);
	char *p;

	if (t->failed)
		return false;
	if (t->cap - t->len > n)
		return true;
	while (cap - t->len <= n)
		cap *= 2;
	p = kmalloc(cap);
	if (p == NULL) {
		t->failed = true;
		return false;
	}
	if (t->len != 0)
		memcpy(p, t->p, t->len);
	kfree(t->p);
	t->p = p;
	t->cap = cap;
	return true;
}

void text_put(struct text *t, const void *s, size_t n)
{
	if (n == 0 || !reserve(t, n))
		return;
	memcpy(t->p + t->len, s, n);
	t->len += n;
}

void text_str(struct text *t, const char *s)
{
	text_put(t, s, strlen(s));
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (!reserve(t, 1))
		return;
	va_start(ap, fmt);
	n = kvsnprintf(t->p + t->len, t->cap - t->len, fmt, ap);
	va_end(ap);
	if (n >= t->cap - t->len) {
		if (!reserve(t, n))
			return;
		va_start(ap, fmt);
		n = kvsnprintf(t->p + t->len, t->cap - t->len, fmt, ap);
		va_end(ap);
	}
	t->len += n;
}

void text_escaped(struct text *t, const char *s, const char *also)
{
	for (; *s != '\0'; s++) {
		if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\\' ||
		    strchr(also, *s) != NULL)
			text_printf(t, "\\%03o", (unsigned)(uint8_t)*s);
		else
			text_put(t, s, 1);
	}
}
