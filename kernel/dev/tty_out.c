/* SPDX-License-Identifier: MIT */
/* Terminal output: what OPOST does to it, and echoes. */
#include <lib/minmax.h>
#include <lib/string.h>

#include "tty_impl.h"

#define TAB	     8u
#define EXPANDED_MAX 8u

/* The column after @c was sent as it is. */
static uint32_t advance(const struct tty *t, uint32_t column, uint8_t c)
{
	switch (c) {
	case '\n':
		return tty_flag(t->termios.c_oflag, ONLRET) ? 0 : column;
	case '\r':
		return 0;
	case '\b':
		return column > 0 ? column - 1 : 0;
	case '\t':
		return (column | (TAB - 1)) + 1;
	default:
		if (c < 32 || c == 127 ||
		    (tty_flag(t->termios.c_iflag, IUTF8) && (c & 0xc0) == 0x80))
			return column;
		return column + 1;
	}
}

/* What @c becomes; returns how many bytes. */
static unsigned expand(struct tty *t, uint8_t c, uint8_t out[EXPANDED_MAX])
{
	uint32_t of = t->termios.c_oflag;
	unsigned n;

	out[0] = c;
	if (!tty_flag(of, OPOST))
		return 1;
	switch (c) {
	case '\n':
		if (tty_flag(of, ONLCR)) {
			t->column = 0;
			out[0] = '\r';
			out[1] = '\n';
			return 2;
		}
		break;
	case '\r':
		if (tty_flag(of, ONOCR) && t->column == 0)
			return 0;
		if (tty_flag(of, OCRNL))
			c = out[0] = '\n';
		break;
	case '\t':
		if ((of & TABDLY) == XTABS) {
			n = TAB - (t->column & (TAB - 1));
			t->column += n;
			memset(out, ' ', n);
			return n;
		}
		break;
	default:
		if (tty_flag(of, OLCUC) && c >= 'a' && c <= 'z')
			out[0] = (uint8_t)(c - 32);
		break;
	}
	t->column = advance(t, t->column, c);
	return 1;
}

/* To the device; writers who wait for room may find some. */
static size_t to_device(struct tty *t, const uint8_t *s, size_t n)
{
	size_t done = t->dev->write(t->dev, s, n);

	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
	return done;
}

void tty_echo_flush(struct tty *t)
{
	const uint8_t *s;
	uint32_t n;
	size_t sent;

	while (!t->stopped) {
		s = ring_read_span(&t->echo, &n);
		if (n == 0)
			break;
		sent = to_device(t, s, n);
		ring_consumed(&t->echo, (uint32_t)sent);
		if (sent < n)
			break;
	}
}

void tty_output_discard(struct tty *t)
{
	ring_consumed(&t->echo, ring_used(&t->echo));
	t->dev->discard(t->dev);
	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
}

size_t tty_output(struct tty *t, const uint8_t *s, size_t n)
{
	uint8_t stage[TTY_CHUNK + EXPANDED_MAX];
	size_t room, used = 0, len = 0;

	tty_echo_flush(t);
	if (t->stopped || !ring_empty(&t->echo))
		return 0;
	room = t->dev->write_room(t->dev);
	while (used < n && len < TTY_CHUNK && len + EXPANDED_MAX <= room)
		len += expand(t, s[used++], stage + len);
	/* There was room for all of it, and nobody else writes. */
	if (len != 0)
		(void)to_device(t, stage, len);
	return used;
}

void tty_echo_raw(struct tty *t, uint8_t c)
{
	uint8_t out[EXPANDED_MAX];
	unsigned n;

	/* An echo that finds no room is lost, as with a slow human. */
	if (ring_free(&t->echo) < EXPANDED_MAX)
		tty_echo_flush(t);
	if (ring_free(&t->echo) < EXPANDED_MAX)
		return;
	n = expand(t, c, out);
	(void)ring_write(&t->echo, out, n);
}

static bool as_caret(const struct tty *t, uint8_t c)
{
	return tty_flag(t->termios.c_lflag, ECHOCTL) && (c < 32 || c == 127) &&
	       c != '\t' && c != '\n';
}

void tty_echo(struct tty *t, uint8_t c)
{
	if (as_caret(t, c)) {
		tty_echo_raw(t, '^');
		c ^= 0100;
	}
	tty_echo_raw(t, c);
}

uint32_t tty_echo_column(const struct tty *t, uint32_t column, uint8_t c)
{
	return as_caret(t, c) ? column + 2 : advance(t, column, c);
}
