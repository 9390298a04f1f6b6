/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <lib/cmdline.h>

/* All words as "key[=value]", init's in brackets, with | between them. */
static const char *words(const char *text, size_t size)
{
	static char out[400];
	char buf[64];
	struct cmdline_word w;
	struct cmdline c;

	out[0] = '\0';
	cmdline_init(&c, text);
	while (cmdline_next(&c, buf, size, &w)) {
		strcat(out, w.for_init ? "[" : "");
		strcat(out, w.key);
		if (w.value != NULL) {
			strcat(out, "=");
			strcat(out, w.value);
		}
		strcat(out, w.truncated ? "..." : "");
		strcat(out, w.for_init ? "]" : "|");
	}
	return out;
}

#define WORDS(text, want) CHECK(strcmp(words(text, 64), want) == 0)

static void words_are_split_at_white_space(void)
{
	WORDS("", "");
	WORDS("  \t\n", "");
	WORDS("quiet", "quiet|");
	WORDS("  init=/bin/sh\thostio  seed=7 ", "init=/bin/sh|hostio|seed=7|");
	WORDS("a=b=c =x y=", "a=b=c|=x|y=|");
}

static void quotes_keep_white_space(void)
{
	WORDS("init=\"/a b\" x", "init=/a b|x|");
	WORDS("\"k e=v\"", "k e=v|");
	WORDS("\"\" a", "|a|");
	WORDS("\"open end", "open end|");
}

static void the_rest_is_for_init(void)
{
	WORDS("a=1 -- b=2 -- \"c d\"", "a=1|[b=2][--][c d]");
	WORDS("--", "");
	WORDS("--x", "--x|");
	WORDS("a -- ", "a|");
	WORDS("\"--\" a", "--|a|");
}

static void a_long_word_is_cut_and_says_so(void)
{
	CHECK(strcmp(words("abcdef gh", 4), "abc...|gh|") == 0);
	CHECK(strcmp(words("ab=cdef", 5), "ab=c...|") == 0);
}

static void a_key_is_found_by_its_name(void)
{
	const char *text = "init=/a quiet initx=1 init=\"/b c\" -- seed=3";
	char buf[32];

	CHECK(cmdline_find(text, "init", buf, sizeof(buf)));
	CHECK(strcmp(buf, "/b c") == 0);
	CHECK(cmdline_find(text, "quiet", buf, sizeof(buf)) && buf[0] == 0);
	CHECK(!cmdline_find(text, "seed", buf, sizeof(buf)));
	CHECK(!cmdline_find(text, "ini", buf, sizeof(buf)));
	CHECK(!cmdline_find("", "x", buf, sizeof(buf)));
	CHECK(cmdline_find("x=123456", "x", buf, 4) && strcmp(buf, "123") == 0);
}

TAP_MAIN(words_are_split_at_white_space, quotes_keep_white_space,
	 the_rest_is_for_init, a_long_word_is_cut_and_says_so,
	 a_key_is_found_by_its_name)
