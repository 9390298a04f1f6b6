/* SPDX-License-Identifier: MIT */
/*
 * The kernel log as TAP comments.
 */
#include <stdarg.h>
#include <stdio.h>

#include <debug/log.h>

void klog(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void klog_at(enum klog_level level, const char *fmt, ...)
{
	va_list ap;

	printf("# <%d> ", (int)level);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}
