/* SPDX-License-Identifier: MIT */
/* The native library: what is more than one system call. */
#include <pando.h>
#include <stdarg.h>
#include <stdio.h>

#define LOG_LINE_MAX 200

int64_t pando_logf(const char *fmt, ...)
{
	char line[LOG_LINE_MAX + 1];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0)
		return n;
	return pando_log(line, n > LOG_LINE_MAX ? LOG_LINE_MAX : (size_t)n);
}

int64_t pando_write_all(int handle, const void *buf, size_t n)
{
	const char *p = buf;

	while (n > 0) {
		int64_t done = pando_write(handle, p, n, PANDO_AT_CURRENT);

		if (done < 0)
			return done;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}
