/* SPDX-License-Identifier: MIT */
/*
 * The kernel command line, word by word.
 *
 * Words are separated by white space; double quotes keep white space inside
 * a word and are removed.  "key=value" is split at the first '='.  After the
 * word "--" all words belong to init and are not split.
 */
#pragma once

#include <lib/types.h>

struct cmdline {
	const char *rest;
	bool for_init; /* "--" has been seen */
};

struct cmdline_word {
	const char *key;   /* the whole word when there is no '=' */
	const char *value; /* NULL when there is no '=' */
	bool for_init;
	bool truncated; /* did not fit into the buffer */
};

void cmdline_init(struct cmdline *c, const char *text);

/*
 * The next word, copied to @buf, which @out points into; "--" itself is not
 * returned.  @size is at least 2.
 * Returns: false at the end.
 */
__must_check bool cmdline_next(struct cmdline *c, char *buf, size_t size,
			       struct cmdline_word *out);

/*
 * Looks for a kernel word @key; its value ("" when it has none) goes to
 * @buf.  The last one counts.  Returns: whether it is there.
 */
__must_check bool cmdline_find(const char *text, const char *key, char *buf,
			       size_t size);
