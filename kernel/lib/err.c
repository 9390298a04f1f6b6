/* SPDX-License-Identifier: MIT */
/*
 * Names of errors, from the table.
 */
#include <lib/err.h>
#include <lib/minmax.h>

struct err_text {
	const char *name;
	const char *sentence;
};

static const struct err_text texts[ERRORS_MAX + 1] = {
	[0] = { "OK", "No error." },
#define ERROR(name, number, text) [number] = { #name, text },
#include <gen/errors.h>
#undef ERROR
};

static const struct err_text unknown = { "E?", "An error without a name." };

static const struct err_text *find_text(err_t err)
{
	unsigned n = err < 0 ? -(unsigned)err : (unsigned)err;

	if (n >= array_size(texts) || texts[n].name == NULL)
		return &unknown;
	return &texts[n];
}

const char *err_name(err_t err)
{
	return find_text(err)->name;
}

const char *err_sentence(err_t err)
{
	return find_text(err)->sentence;
}
