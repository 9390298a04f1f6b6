/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: from bytes typed to bytes read.  Editing of lines in
 * canonical mode, signal characters, flow control.  Everything here runs
 * with t->lock held and only in thread context.
 */
#include <lib/minmax.h>
#include <lib/string.h>

#include "tty_impl.h"

#define MASK	 (TTY_BUF - 1)
#define BELL	 7
#define SIG_INT	 2
#define SIG_QUIT 3
#define SIG_TSTP 20

static bool bit_get(const uint64_t *map, uint32_t pos)
{
	return (map[(pos & MASK) / 64] >> (pos & 63) & 1) != 0;
}

static void bit_set(uint64_t *map, uint32_t pos, bool on)
{
	uint64_t bit = UINT64_C(1) << (pos & 63);

	if (on)
		map[(pos & MASK) / 64] |= bit;
	else
		map[(pos & MASK) / 64] &= ~bit;
}

static bool iflag(const struct tty *t, uint32_t bit)
{
	return tty_flag(t->termios.c_iflag, bit);
}

static bool lflag(const struct tty *t, uint32_t bit)
{
	return tty_flag(t->termios.c_lflag, bit);
}

/* Is @c the special character @which?  0 disables one. */
static bool is_cc(const struct tty *t, unsigned which, uint8_t c)
{
	return c != 0 && t->termios.c_cc[which] == c;
}

static uint32_t used(const struct tty *t)
{
	return t->head - t->tail;
}

void ldisc_init(struct tty *t)
{
	static const uint8_t cc[LINUX_NCCS] = {
		[VINTR] = 3,   [VQUIT] = 28,	[VERASE] = 127,	 [VKILL] = 21,
		[VEOF] = 4,    [VMIN] = 1,	[VSTART] = 17,	 [VSTOP] = 19,
		[VSUSP] = 26,  [VREPRINT] = 18, [VDISCARD] = 15, [VWERASE] = 23,
		[VLNEXT] = 22,
	};

	t->termios = (struct linux_termios){
		.c_iflag = ICRNL | IXON | IUTF8,
		.c_oflag = OPOST | ONLCR,
		.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
		.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL |
			   ECHOKE | IEXTEN,
	};
	memcpy(t->termios.c_cc, cc, sizeof(cc));
}

/* One byte is kept for the newline of a line that is too long. */
bool ldisc_has_room(const struct tty *t)
{
	return used(t) < TTY_BUF - 1 || (lflag(t, ICANON) && t->lines == 0);
}

static void store(struct tty *t, uint8_t c)
{
	bit_set(t->ends, t->head, false);
	bit_set(t->eofs, t->head, false);
	t->buf[t->head & MASK] = c;
	t->head++;
}

/* The line is complete; @eof: by an end-of-file character. */
static void finish_line(struct tty *t, uint8_t c, bool eof)
{
	uint32_t at = t->head;

	if (used(t) >= TTY_BUF)
		return;
	store(t, eof ? 0 : c);
	bit_set(t->ends, at, true);
	bit_set(t->eofs, at, eof);
	t->lines++;
	t->canon = t->head;
}

/* --- editing --- */

/* Column of the end of the line being typed. */
static uint32_t typed_column(const struct tty *t)
{
	uint32_t column = t->line_column, i;

	for (i = t->canon; i != t->head; i++)
		column = tty_echo_column(t, column, t->buf[i & MASK]);
	return column;
}

static bool continuation(const struct tty *t, uint8_t c)
{
	return iflag(t, IUTF8) && (c & 0xc0) == 0x80;
}

static uint8_t last_byte(const struct tty *t)
{
	return t->buf[(t->head - 1) & MASK];
}

/* Takes the last character off the line, all its bytes. */
static void drop_last(struct tty *t)
{
	uint8_t c;

	do {
		c = last_byte(t);
		t->head--;
	} while (continuation(t, c) && t->head != t->canon);
}

static void rub_out(struct tty *t, uint32_t columns, bool tab)
{
	for (; columns != 0; columns--) {
		tty_echo_raw(t, '\b');
		if (tab)
			continue;
		tty_echo_raw(t, ' ');
		tty_echo_raw(t, '\b');
	}
}

static void erase_one(struct tty *t, uint8_t key)
{
	uint32_t before = typed_column(t), after;
	bool tab = last_byte(t) == '\t';

	drop_last(t);
	if (!lflag(t, ECHO))
		return;
	if (!lflag(t, ECHOE)) {
		tty_echo(t, key);
		return;
	}
	after = typed_column(t);
	rub_out(t, before > after ? before - after : 0, tab);
}

static bool in_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static void erase_word(struct tty *t, uint8_t key)
{
	bool seen = false;

	while (t->head != t->canon) {
		if (in_word(last_byte(t)))
			seen = true;
		else if (seen)
			break;
		erase_one(t, key);
	}
}

static void kill_line(struct tty *t, uint8_t key)
{
	if (lflag(t, ECHO) && lflag(t, ECHOE) && lflag(t, ECHOKE)) {
		while (t->head != t->canon)
			erase_one(t, key);
		return;
	}
	t->head = t->canon;
	if (!lflag(t, ECHO))
		return;
	tty_echo(t, key);
	if (lflag(t, ECHOK))
		tty_echo_raw(t, '\n');
}

static void reprint(struct tty *t, uint8_t key)
{
	uint32_t i;

	tty_echo(t, key);
	tty_echo_raw(t, '\n');
	t->line_column = t->column;
	for (i = t->canon; i != t->head; i++)
		tty_echo(t, t->buf[i & MASK]);
}

/* True: @c was an editing character. */
static bool edit(struct tty *t, uint8_t c)
{
	bool erase = is_cc(t, VERASE, c), kill = is_cc(t, VKILL, c);
	bool werase = is_cc(t, VWERASE, c) && lflag(t, IEXTEN);

	if (erase || kill || werase) {
		if (t->head == t->canon)
			return true;
		if (erase)
			erase_one(t, c);
		else if (kill)
			kill_line(t, c);
		else
			erase_word(t, c);
		return true;
	}
	if (!lflag(t, IEXTEN))
		return false;
	if (is_cc(t, VLNEXT, c)) {
		t->lnext = true;
		if (lflag(t, ECHO) && lflag(t, ECHOCTL)) {
			tty_echo_raw(t, '^');
			tty_echo_raw(t, '\b');
		}
		return true;
	}
	if (is_cc(t, VREPRINT, c) && lflag(t, ECHO)) {
		reprint(t, c);
		return true;
	}
	return false;
}

/* True: @c ended a line. */
static bool line_end(struct tty *t, uint8_t c)
{
	if (c == '\n') {
		if (lflag(t, ECHO) || lflag(t, ECHONL))
			tty_echo_raw(t, '\n');
		finish_line(t, c, false);
		return true;
	}
	if (is_cc(t, VEOF, c)) {
		finish_line(t, c, true);
		return true;
	}
	if (is_cc(t, VEOL, c) || (is_cc(t, VEOL2, c) && lflag(t, IEXTEN))) {
		if (lflag(t, ECHO))
			tty_echo(t, c);
		finish_line(t, c, false);
		return true;
	}
	return false;
}

/* --- input --- */

static int signal_of(const struct tty *t, uint8_t c)
{
	if (!lflag(t, ISIG))
		return 0;
	if (is_cc(t, VINTR, c))
		return SIG_INT;
	if (is_cc(t, VQUIT, c))
		return SIG_QUIT;
	return is_cc(t, VSUSP, c) ? SIG_TSTP : 0;
}

static int signal_char(struct tty *t, uint8_t c, int signo)
{
	if (!lflag(t, NOFLSH)) {
		ldisc_flush_input(t);
		tty_output_discard(t);
	}
	if (iflag(t, IXON))
		t->stopped = false;
	if (lflag(t, ECHO))
		tty_echo(t, c);
	return signo;
}

static void plain(struct tty *t, uint8_t c)
{
	if (used(t) >= TTY_BUF - 1) {
		if (iflag(t, IMAXBEL))
			tty_echo_raw(t, BELL);
		return;
	}
	if (t->head == t->canon)
		t->line_column = t->column;
	if (lflag(t, ECHO))
		tty_echo(t, c);
	store(t, c);
}

/* True: flow control took @c. */
static bool flow_char(struct tty *t, uint8_t c)
{
	if (!iflag(t, IXON))
		return false;
	if (is_cc(t, VSTART, c)) {
		t->stopped = false;
		waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
		return true;
	}
	if (is_cc(t, VSTOP, c)) {
		t->stopped = true;
		return true;
	}
	return false;
}

int ldisc_input(struct tty *t, uint8_t c)
{
	int signo;

	if (iflag(t, ISTRIP))
		c &= 0x7f;
	if (iflag(t, IUCLC) && lflag(t, IEXTEN) && c >= 'A' && c <= 'Z')
		c = (uint8_t)(c + 32);
	if (t->lnext) {
		t->lnext = false;
		plain(t, c);
		return 0;
	}
	if (flow_char(t, c))
		return 0;
	signo = signal_of(t, c);
	if (signo != 0)
		return signal_char(t, c, signo);
	if (t->stopped && iflag(t, IXON) && iflag(t, IXANY)) {
		t->stopped = false;
		waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
	}
	if (c == '\r') {
		if (iflag(t, IGNCR))
			return 0;
		if (iflag(t, ICRNL))
			c = '\n';
	} else if (c == '\n' && iflag(t, INLCR)) {
		c = '\r';
	}
	if (lflag(t, ICANON) && (edit(t, c) || line_end(t, c)))
		return 0;
	plain(t, c);
	return 0;
}

void ldisc_flush_input(struct tty *t)
{
	t->tail = t->canon = t->head;
	t->lines = 0;
	t->lnext = false;
}

void ldisc_switch(struct tty *t, bool canonical)
{
	memset(t->ends, 0, sizeof(t->ends));
	memset(t->eofs, 0, sizeof(t->eofs));
	t->lines = 0;
	t->lnext = false;
	t->canon = t->tail;
	if (canonical && used(t) != 0) {
		/* What is there already counts as a line. */
		bit_set(t->ends, t->head - 1, true);
		t->lines = 1;
		t->canon = t->head;
	}
}

/* --- reading --- */

uint32_t ldisc_readable(const struct tty *t)
{
	uint32_t i, n = 0;

	if (!lflag(t, ICANON))
		return used(t);
	for (i = t->tail; i != t->canon; i++)
		if (!bit_get(t->eofs, i))
			n++;
	return n;
}

/* A mark right behind the last byte asked for goes too, or it would be read
 * as a second end of file. */
static size_t take_line(struct tty *t, uint8_t *to, size_t n, bool *end)
{
	size_t got = 0;
	bool eof;

	while (t->tail != t->canon && !*end) {
		eof = bit_get(t->eofs, t->tail);
		if (!eof && got == n)
			break;
		*end = bit_get(t->ends, t->tail);
		if (*end)
			t->lines--;
		if (!eof)
			to[got++] = t->buf[t->tail & MASK];
		t->tail++;
	}
	return got;
}

size_t ldisc_take(struct tty *t, uint8_t *to, size_t n, bool *end)
{
	size_t i;

	*end = false;
	if (lflag(t, ICANON))
		return take_line(t, to, n, end);
	n = min_t(size_t, n, used(t));
	for (i = 0; i < n; i++)
		to[i] = t->buf[(t->tail + i) & MASK];
	t->tail += (uint32_t)n;
	t->canon = t->tail;
	return n;
}
