/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>

/* The host's numbers, before ours have the names. */
static const struct {
	const char *name;
	int number;
} host_errors[] = {
	{ "EPERM", EPERM },	      { "ENOENT", ENOENT },
	{ "EAGAIN", EAGAIN },	      { "ERANGE", ERANGE },
	{ "EDEADLK", EDEADLK },	      { "ENOSYS", ENOSYS },
	{ "ELOOP", ELOOP },	      { "ENODATA", ENODATA },
	{ "ELIBBAD", ELIBBAD },	      { "EOVERFLOW", EOVERFLOW },
	{ "EOPNOTSUPP", EOPNOTSUPP }, { "ETIMEDOUT", ETIMEDOUT },
	{ "ECANCELED", ECANCELED },   { "EHWPOISON", EHWPOISON },
};

#include "../lib/tap.h"

#include <lib/err.h>

static void numbers_are_those_of_linux(void)
{
	size_t i;

	for (i = 0; i < sizeof(host_errors) / sizeof(host_errors[0]); i++) {
		CHECK(strcmp(err_name(-host_errors[i].number),
			     host_errors[i].name) == 0);
	}
	CHECK(EWOULDBLOCK == EAGAIN && ENOTSUP == EOPNOTSUPP);
}

/* glibc knows every name too. */
static void every_name_and_number_agree_with_the_host(void)
{
	int n, count = 0;

	for (n = 1; n < 140; n++) {
		const char *host = strerrorname_np(n);

		if (host == NULL) {
			CHECK(strcmp(err_name(n), "E?") == 0);
			continue;
		}
		CHECK(strcmp(err_name(n), host) == 0);
		CHECK(strlen(err_sentence(n)) > 10);
		count++;
	}
	CHECK(count == 131);
}

static void every_number_has_some_name(void)
{
	CHECK(strcmp(err_name(0), "OK") == 0);
	CHECK(strcmp(err_name(ENOENT), "ENOENT") == 0);
	CHECK(strcmp(err_name(41), "E?") == 0);
	CHECK(strcmp(err_name(100000), "E?") == 0);
	CHECK(strcmp(err_name(-2147483647 - 1), "E?") == 0);
}

TAP_MAIN(numbers_are_those_of_linux, every_name_and_number_agree_with_the_host,
	 every_number_has_some_name)
