/* SPDX-License-Identifier: MIT */
/* The kernel command line. */
#include <arch/mmu.h>
#include <debug/log.h>
#include <lib/cmdline.h>
#include <lib/num.h>
#include <lib/string.h>

#include "init.h"

struct boot_options boot_options = { .kaslr = true };

static bool flag(const char *key, const char *name, bool *field, bool value)
{
	if (!str_equal(key, name))
		return false;
	*field = value;
	return true;
}

static bool number(const char *value, uint64_t *out)
{
	return value != NULL && num_parse(value, 0, out) == 0;
}

static bool with_value(const char *key, const char *value)
{
	struct boot_options *o = &boot_options;

	if (str_equal(key, "init") && value != NULL) {
		(void)str_copy(o->init, sizeof(o->init), value);
		return true;
	}
	if (str_equal(key, "ktest")) {
		o->ktest = true;
		(void)str_copy(o->pattern, sizeof(o->pattern),
			       value != NULL ? value : "");
		return true;
	}
	if (str_equal(key, "seed")) {
		o->have_seed = number(value, &o->seed);
		return o->have_seed;
	}
	if (str_equal(key, "winsize"))
		return value != NULL; /* dev/console.c reads it */
	if (str_equal(key, "loglevel"))
		return number(value, &o->loglevel);
	return false;
}

static bool known(const char *key, const char *value)
{
	struct boot_options *o = &boot_options;

	return flag(key, "hostio", &o->hostio, true) ||
	       flag(key, "tty", &o->tty, true) ||
	       flag(key, "quiet", &o->quiet, true) ||
	       flag(key, "trace", &o->trace, true) ||
	       flag(key, "nokaslr", &o->kaslr, false) || with_value(key, value);
}

void boot_options_parse(void)
{
	struct cmdline_word word;
	struct cmdline line;
	char buf[512];

	cmdline_init(&line, boot_cmdline());
	while (cmdline_next(&line, buf, sizeof(buf), &word)) {
		if (word.for_init)
			break;
		if (word.truncated || !known(word.key, word.value))
			klog("command line: unknown word '%s'", word.key);
	}
}
