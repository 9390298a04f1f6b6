/* SPDX-License-Identifier: MIT */
/* The line discipline and output processing, without a machine. */
#include "../lib/tap.h"

#include <dev/tty_impl.h>
#include <host.h>
#include <lib/minmax.h>
#include <lib/string.h>

static char out[8192];
static size_t out_len, out_room;

void waitq_wake_events(struct waitq *wq, unsigned events)
{
	(void)wq;
	(void)events;
}

static size_t device_write(struct tty_device *d, const uint8_t *s, size_t n)
{
	(void)d;
	n = min(n, min(out_room, sizeof(out) - out_len));
	memcpy(out + out_len, s, n);
	out_len += n;
	out_room -= n;
	return n;
}

static size_t device_room(struct tty_device *d)
{
	(void)d;
	return out_room;
}

static unsigned discards;

static void device_discard(struct tty_device *d)
{
	(void)d;
	discards++;
}

static struct tty_device device = {
	.write = device_write,
	.write_room = device_room,
	.discard = device_discard,
};
static struct tty tty;

static void start(void)
{
	memset(&tty, 0, sizeof(tty));
	tty.dev = &device;
	ring_init(&tty.raw, tty.raw_buf, TTY_RAW);
	ring_init(&tty.echo, tty.echo_buf, TTY_ECHO);
	ldisc_init(&tty);
	out_len = 0;
	out_room = sizeof(out);
}

/* Types @s; returns the last signal. */
static int type(const char *s)
{
	int signo = 0, got;

	for (; *s != '\0'; s++) {
		got = ldisc_input(&tty, (uint8_t)*s);
		if (got != 0)
			signo = got;
		tty_echo_flush(&tty);
	}
	return signo;
}

static bool echoed(const char *s)
{
	bool same = out_len == strlen(s) && memcmp(out, s, out_len) == 0;

	out_len = 0;
	return same;
}

/* What one read of @max bytes gets; *@end as ldisc_take. */
static const char *taken(size_t max, bool *end)
{
	static char buf[TTY_BUF + 1];
	size_t n = ldisc_take(&tty, (uint8_t *)buf, max, end);

	buf[n] = '\0';
	return buf;
}

static void a_line_is_read_when_it_is_complete(void)
{
	bool end;

	start();
	type("ab");
	CHECK(tty.lines == 0 && ldisc_readable(&tty) == 0);
	type("c\rd");
	CHECK(tty.lines == 1 && ldisc_readable(&tty) == 4);
	CHECK(str_equal(taken(2, &end), "ab") && !end);
	CHECK(str_equal(taken(100, &end), "c\n") && end);
	CHECK(tty.lines == 0);
	CHECK(echoed("abc\r\nd"));
}

static void end_of_file_is_a_line_of_its_own(void)
{
	bool end;

	start();
	type("\004");
	CHECK(tty.lines == 1 && ldisc_readable(&tty) == 0);
	CHECK(str_equal(taken(10, &end), "") && end);
	/* A reader with exactly room for the text meets no second end. */
	type("abc\004");
	CHECK(str_equal(taken(3, &end), "abc") && end);
	CHECK(tty.lines == 0 && tty.head == tty.tail);
}

static void erasing_takes_back_what_was_shown(void)
{
	bool end;

	start();
	type("a\001\177");
	CHECK(echoed("a^A\b \b\b \b"));
	type("\303\244\177");
	CHECK(echoed("\303\244\b \b"));
	type("b c\027\027\177\177");
	CHECK(tty.head == tty.canon);
	out_len = 0;
	type("xyz\025ok\n");
	CHECK(echoed("xyz\b \b\b \b\b \bok\r\n"));
	CHECK(str_equal(taken(10, &end), "ok\n"));
}

static void a_tab_is_erased_by_its_width(void)
{
	start();
	type("ab\t\177");
	CHECK(echoed("ab\t\b\b\b\b\b\b"));
}

static void the_next_one_can_be_literal(void)
{
	bool end;

	start();
	CHECK(type("\026\003\n") == 0);
	CHECK(str_equal(taken(10, &end), "\003\n"));
}

static void signals_flush_unless_told_otherwise(void)
{
	start();
	discards = 0;
	CHECK(type("junk\003") == 2 && discards == 1);
	CHECK(echoed("junk^C") && tty.head == tty.tail);
	CHECK(type("\034") == 3 && type("\032") == 20);
	tty.termios.c_lflag |= NOFLSH;
	CHECK(type("keep\003") == 2 && tty.head - tty.tail == 4);
	tty.termios.c_lflag &= ~ISIG;
	CHECK(type("\003") == 0);
}

static void a_long_line_keeps_room_for_its_end(void)
{
	unsigned i;
	bool end;

	start();
	for (i = 0; i < 5000; i++) {
		CHECK(ldisc_has_room(&tty));
		type("x");
	}
	type("\n");
	CHECK(ldisc_readable(&tty) == TTY_BUF && !ldisc_has_room(&tty));
	CHECK(strlen(taken(TTY_BUF, &end)) == TTY_BUF && end);
	CHECK(ldisc_has_room(&tty));
}

static void raw_bytes_pass_at_once(void)
{
	bool end;

	start();
	tty.termios.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	tty.termios.c_iflag &= ~(ICRNL | IXON);
	ldisc_switch(&tty, false);
	type("\003\r\023\004\177");
	CHECK(ldisc_readable(&tty) == 5 && out_len == 0);
	CHECK(str_equal(taken(10, &end), "\003\r\023\004\177") && !end);
	type("left");
	tty.termios.c_lflag |= ICANON;
	ldisc_switch(&tty, true);
	CHECK(tty.lines == 1 && str_equal(taken(10, &end), "left") && end);
}

static void flow_control_stops_output(void)
{
	start();
	type("\023");
	CHECK(tty_output(&tty, (const uint8_t *)"abc", 3) == 0);
	type("\021");
	CHECK(tty_output(&tty, (const uint8_t *)"abc", 3) == 3);
	CHECK(echoed("abc"));
	type("\023x");
	CHECK(out_len == 0); /* echoes wait, too */
	tty.termios.c_iflag |= IXANY;
	type("y");
	CHECK(echoed("xy"));
}

static void output_is_processed_and_bounded(void)
{
	start();
	CHECK(tty_output(&tty, (const uint8_t *)"a\nb", 3) == 3);
	CHECK(echoed("a\r\nb"));
	tty.termios.c_oflag |= XTABS;
	CHECK(tty_output(&tty, (const uint8_t *)"\r\tb\t|", 5) == 5);
	CHECK(echoed("\r        b       |"));
	tty.termios.c_oflag = 0;
	CHECK(tty_output(&tty, (const uint8_t *)"a\n\t", 3) == 3);
	CHECK(echoed("a\n\t"));
	out_room = 10;
	CHECK(tty_output(&tty, (const uint8_t *)"0123456789abcdef", 16) < 11);
	CHECK(out_len <= 10);
}

TAP_MAIN(a_line_is_read_when_it_is_complete, end_of_file_is_a_line_of_its_own,
	 erasing_takes_back_what_was_shown, a_tab_is_erased_by_its_width,
	 the_next_one_can_be_literal, signals_flush_unless_told_otherwise,
	 a_long_line_keeps_room_for_its_end, raw_bytes_pass_at_once,
	 flow_control_stops_output, output_is_processed_and_bounded)
