/* SPDX-License-Identifier: MIT */
/*
 * The kernel command line.
 */
#include <lib/cmdline.h>
#include <lib/string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void cmdline_init(struct cmdline *c, const char *text)
{
	c->rest = text;
	c->for_init = false;
}

/* Copies one word without its quotes; returns what stands behind it. */
static const char *copy_word(const char *p, char *buf, size_t size,
			     bool *truncated)
{
	bool quoted = false;
	size_t n = 0;

	*truncated = false;
	for (; *p != '\0' && (quoted || !is_space(*p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (n + 1 < size)
			buf[n++] = *p;
		else
			*truncated = true;
	}
	buf[n] = '\0';
	return p;
}

bool cmdline_next(struct cmdline *c, char *buf, size_t size,
		  struct cmdline_word *out)
{
	const char *p = c->rest;
	const char *start;
	char *eq;

	for (;;) {
		while (is_space(*p))
			p++;
		if (*p == '\0') {
			c->rest = p;
			return false;
		}
		start = p;
		p = copy_word(p, buf, size, &out->truncated);
		/* As it is written: a quoted "--" is an ordinary word. */
		if (c->for_init || p - start != 2 || start[0] != '-' ||
		    start[1] != '-')
			break;
		c->for_init = true;
	}
	c->rest = p;
	out->for_init = c->for_init;
	out->key = buf;
	out->value = NULL;
	if (c->for_init)
		return true;
	eq = strchr(buf, '=');
	if (eq != NULL) {
		*eq = '\0';
		out->value = eq + 1;
	}
	return true;
}

/* Whether the written word @p has the key @key; @value is what follows '='. */
static bool has_key(const char *p, const char *key, const char **value)
{
	if (!str_starts(p, key))
		return false;
	p += strlen(key);
	if (*p != '\0' && *p != '=' && !is_space(*p))
		return false;
	*value = *p == '=' ? p + 1 : NULL;
	return true;
}

/* The end of the written word @p. */
static const char *skip_word(const char *p)
{
	bool quoted = false;

	for (; *p != '\0' && (quoted || !is_space(*p)); p++)
		quoted ^= *p == '"';
	return p;
}

bool cmdline_find(const char *text, const char *key, char *buf, size_t size)
{
	const char *p = text;
	const char *value, *end;
	bool found = false;
	bool truncated;

	for (;;) {
		while (is_space(*p))
			p++;
		end = skip_word(p);
		if (end == p || (end - p == 2 && p[0] == '-' && p[1] == '-'))
			return found;
		if (has_key(p, key, &value)) {
			found = true;
			copy_word(value == NULL ? "" : value, buf, size,
				  &truncated);
		}
		p = end;
	}
}
