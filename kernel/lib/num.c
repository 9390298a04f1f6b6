/* SPDX-License-Identifier: MIT */
/*
 * Numbers out of text.
 */
#include <lib/err.h>
#include <lib/num.h>
#include <lib/string.h>

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 255;
}

err_t num_parse_n(const char *s, size_t len, unsigned base, uint64_t *out)
{
	bool overflow = false;
	uint64_t v = 0;
	size_t i = 0;
	unsigned d;

	if ((base == 0 || base == 16) && len > 2 && s[0] == '0' &&
	    (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		i = 2;
	} else if (base == 0) {
		base = len > 1 && s[0] == '0' ? 8 : 10;
	}
	if (i == len)
		return -EINVAL;
	for (; i < len; i++) {
		d = digit_value(s[i]);
		if (d >= base)
			return -EINVAL;
		overflow |= __builtin_mul_overflow(v, base, &v);
		overflow |= __builtin_add_overflow(v, d, &v);
	}
	if (overflow)
		return -ERANGE;
	*out = v;
	return 0;
}

err_t num_parse(const char *s, unsigned base, uint64_t *out)
{
	return num_parse_n(s, strlen(s), base, out);
}

err_t num_parse_signed(const char *s, unsigned base, int64_t *out)
{
	bool negative = *s == '-';
	uint64_t v;
	err_t err;

	err = num_parse(s + negative, base, &v);
	if (err)
		return err;
	if (v > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*out = (int64_t)(negative ? -v : v);
	return 0;
}

err_t num_parse_size(const char *s, uint64_t *out)
{
	static const char units[] = "kKmMgGtT";
	size_t len = strlen(s);
	unsigned shift = 0;
	const char *unit;
	uint64_t v;
	err_t err;

	if (len > 1) {
		unit = strchr(units, s[len - 1]);
		if (unit != NULL) {
			shift = 10 * ((unsigned)(unit - units) / 2 + 1);
			len--;
		}
	}
	err = num_parse_n(s, len, 0, &v);
	if (err)
		return err;
	if (v > UINT64_MAX >> shift)
		return -ERANGE;
	*out = v << shift;
	return 0;
}

bool num_scan(const char **s, uint64_t max, uint64_t *out)
{
	const char *p = *s;
	uint64_t v = 0;
	unsigned d;

	for (; (d = digit_value(*p)) < 10; p++) {
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, d, &v) || v > max)
			return false;
	}
	if (p == *s)
		return false;
	*s = p;
	*out = v;
	return true;
}
