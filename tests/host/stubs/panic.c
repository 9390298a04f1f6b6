/* SPDX-License-Identifier: MIT */
/*
 * A panic ends the test program, or the statement in PANICS().
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <host.h>
#include <lib/assert.h>

jmp_buf host_panic_jump;
bool host_panic_expected;
char host_panic_text[256];

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(host_panic_text, sizeof(host_panic_text), fmt, ap);
	va_end(ap);
	if (host_panic_expected)
		longjmp(host_panic_jump, 1);
	fprintf(stderr, "panic: %s\n", host_panic_text);
	abort();
}
