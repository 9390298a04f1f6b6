/* SPDX-License-Identifier: MIT */
/*
 * Formatted text: one pass over the format, pieces to a sink.
 *
 * A buffer is only one kind of sink.  Nothing allocates and no piece is
 * longer than what stands in the format or in an argument.
 */
#include <lib/fmt.h>
#include <lib/minmax.h>
#include <lib/string.h>

struct out {
	void (*sink)(void *ctx, const char *s, size_t n);
	void *ctx;
	size_t total;
};

/* One conversion: %[flags][width][.precision][length]letter */
struct spec {
	bool left, zero, plus, space, alt;
	bool has_precision;
	uint8_t length; /* bytes of an integer argument: 1, 2, 4 or 8 */
	char letter;
	size_t width;
	size_t precision;
};

static void emit(struct out *o, const char *s, size_t n)
{
	if (n == 0)
		return;
	o->sink(o->ctx, s, n);
	o->total += n;
}

static void pad(struct out *o, char c, size_t n)
{
	char chunk[16];
	size_t step;

	memset(chunk, c, sizeof(chunk));
	for (; n != 0; n -= step) {
		step = min(n, sizeof(chunk));
		emit(o, chunk, step);
	}
}

static size_t parse_size(const char **fmt)
{
	size_t n = 0;

	while (**fmt >= '0' && **fmt <= '9') {
		n = n * 10 + (size_t)(**fmt - '0');
		(*fmt)++;
	}
	return n;
}

/* @fmt stands behind the '%'. */
static const char *parse_flags(const char *fmt, struct spec *s)
{
	for (;; fmt++) {
		if (*fmt == '-')
			s->left = true;
		else if (*fmt == '0')
			s->zero = true;
		else if (*fmt == '+')
			s->plus = true;
		else if (*fmt == ' ')
			s->space = true;
		else if (*fmt == '#')
			s->alt = true;
		else
			return fmt;
	}
}

static const char *parse_length(const char *fmt, struct spec *s)
{
	s->length = 4;
	if (fmt[0] == 'h') {
		s->length = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	}
	if (fmt[0] == 'l') {
		s->length = 8;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	}
	if (fmt[0] == 'z' || fmt[0] == 't' || fmt[0] == 'j') {
		s->length = 8;
		return fmt + 1;
	}
	return fmt;
}

static void put_text(struct out *o, const struct spec *s, const char *text,
		     size_t len)
{
	size_t fill = s->width > len ? s->width - len : 0;

	if (!s->left)
		pad(o, ' ', fill);
	emit(o, text, len);
	if (s->left)
		pad(o, ' ', fill);
}

/* Digits of @v, from the end of @end backwards; returns how many. */
static size_t digits(char *end, uint64_t v, unsigned base, bool upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	size_t n = 0;

	do {
		*--end = set[v % base];
		v /= base;
		n++;
	} while (v != 0);
	return n;
}

static void put_number(struct out *o, const struct spec *s, uint64_t v,
		       unsigned base, const char *prefix)
{
	char buf[24];
	size_t n = digits(buf + sizeof(buf), v, base, s->letter == 'X');
	size_t prefix_len = strlen(prefix);
	size_t zeros = 0;
	size_t len, fill;

	if (s->has_precision) {
		if (s->precision == 0 && v == 0)
			n = 0;
		if (s->precision > n)
			zeros = s->precision - n;
	} else if (s->zero && !s->left && s->width > n + prefix_len) {
		zeros = s->width - n - prefix_len;
	}
	len = prefix_len + zeros + n;
	fill = s->width > len ? s->width - len : 0;

	if (!s->left)
		pad(o, ' ', fill);
	emit(o, prefix, prefix_len);
	pad(o, '0', zeros);
	emit(o, buf + sizeof(buf) - n, n);
	if (s->left)
		pad(o, ' ', fill);
}

static void put_signed(struct out *o, const struct spec *s, int64_t v)
{
	const char *sign = "";

	if (v < 0)
		sign = "-";
	else if (s->plus)
		sign = "+";
	else if (s->space)
		sign = " ";
	put_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, sign);
}

static void put_unsigned(struct out *o, const struct spec *s, uint64_t v)
{
	const char *prefix = "";
	unsigned base = 10;

	if (s->length < 8)
		v &= (UINT64_C(1) << (8 * s->length)) - 1;
	if (s->letter == 'o') {
		base = 8;
		if (s->alt && v != 0)
			prefix = "0";
	} else if (s->letter != 'u') {
		base = 16;
		if (s->alt && v != 0)
			prefix = s->letter == 'X' ? "0X" : "0x";
	}
	put_number(o, s, v, base, prefix);
}

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	if (text == NULL)
		text = "(null)";
	put_text(o, s, text,
		 s->has_precision ? strnlen(text, s->precision) : strlen(text));
}

/* va_list may be an array type: in a struct it can be passed on by pointer. */
struct args {
	va_list ap;
};

static int64_t signed_arg(struct args *a, const struct spec *s)
{
	int v;

	if (s->length == 8)
		return va_arg(a->ap, int64_t);
	v = va_arg(a->ap, int);
	if (s->length == 1)
		return (int8_t)v;
	return s->length == 2 ? (int16_t)v : v;
}

static uint64_t unsigned_arg(struct args *a, const struct spec *s)
{
	if (s->length == 8)
		return va_arg(a->ap, uint64_t);
	return va_arg(a->ap, unsigned);
}

/* False: an unknown letter. */
static bool convert(struct out *o, struct spec *s, struct args *a)
{
	char c;

	switch (s->letter) {
	case 'd':
	case 'i':
		put_signed(o, s, signed_arg(a, s));
		return true;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_unsigned(o, s, unsigned_arg(a, s));
		return true;
	case 'p':
		put_number(o, s, (uintptr_t)va_arg(a->ap, void *), 16, "0x");
		return true;
	case 's':
		put_string(o, s, va_arg(a->ap, const char *));
		return true;
	case 'c':
		c = (char)va_arg(a->ap, int);
		put_text(o, s, &c, 1);
		return true;
	case '%':
		emit(o, "%", 1);
		return true;
	default:
		return false;
	}
}

/* @fmt stands behind the '%'; returns where the letter is. */
static const char *parse_spec(const char *fmt, struct spec *s, struct args *a)
{
	int n;

	fmt = parse_flags(fmt, s);
	if (*fmt == '*') {
		n = va_arg(a->ap, int);
		s->left |= n < 0;
		s->width = n < 0 ? -(size_t)n : (size_t)n;
		fmt++;
	} else {
		s->width = parse_size(&fmt);
	}
	if (*fmt == '.') {
		fmt++;
		s->has_precision = true;
		if (*fmt == '*') {
			n = va_arg(a->ap, int);
			s->has_precision = n >= 0;
			s->precision = n >= 0 ? (size_t)n : 0;
			fmt++;
		} else {
			s->precision = parse_size(&fmt);
		}
	}
	fmt = parse_length(fmt, s);
	s->letter = *fmt;
	return fmt;
}

size_t kvprintf_to(void (*sink)(void *ctx, const char *s, size_t n), void *ctx,
		   const char *fmt, va_list ap)
{
	struct out o = { .sink = sink, .ctx = ctx };
	const char *start;
	struct args a;

	va_copy(a.ap, ap);
	while (*fmt != '\0') {
		struct spec s = { 0 };

		for (start = fmt; *fmt != '\0' && *fmt != '%'; fmt++)
			;
		emit(&o, start, (size_t)(fmt - start));
		if (*fmt == '\0')
			break;
		start = fmt;
		fmt = parse_spec(fmt + 1, &s, &a);
		if (s.letter != '\0')
			fmt++;
		if (!convert(&o, &s, &a))
			emit(&o, start, (size_t)(fmt - start));
	}
	va_end(a.ap);
	return o.total;
}

size_t kprintf_to(void (*sink)(void *ctx, const char *s, size_t n), void *ctx,
		  const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = kvprintf_to(sink, ctx, fmt, ap);
	va_end(ap);
	return n;
}

struct buffer {
	char *at;
	size_t room; /* without the final NUL */
};

static void to_buffer(void *ctx, const char *s, size_t n)
{
	struct buffer *b = ctx;

	n = min(n, b->room);
	memcpy(b->at, s, n);
	b->at += n;
	b->room -= n;
}

static void to_nowhere(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	(void)s;
	(void)n;
}

size_t kvsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct buffer b = { .at = buf, .room = size - 1 };
	size_t n;

	if (size == 0)
		return kvprintf_to(to_nowhere, NULL, fmt, ap);
	n = kvprintf_to(to_buffer, &b, fmt, ap);
	*b.at = '\0';
	return n;
}

size_t ksnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = kvsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

size_t kscnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = kvsnprintf(buf, size, fmt, ap);
	va_end(ap);
	if (size == 0)
		return 0;
	return min(n, size - 1);
}
