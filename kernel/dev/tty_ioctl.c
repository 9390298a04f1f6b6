/* SPDX-License-Identifier: MIT */
/* Control calls of terminals: modes, size, flushing, flow. */
#include <abi/linux/ioctl.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <proc/proc.h>

#include "tty_impl.h"

#define SIG_TTOU  22
#define SIG_WINCH 28
/* DTR, RTS, CTS, carrier, DSR: a line that is always there. */
#define MODEM_LINES 0x166
#define SPEED	    115200u

static void get_modes(struct tty *t, struct linux_termios *out)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	*out = t->termios;
	spin_unlock_irqrestore(&t->lock, flags);
}

static void get_modes2(struct tty *t, struct linux_termios2 *out)
{
	struct linux_termios m;

	get_modes(t, &m);
	memcpy(out, &m, sizeof(m));
	out->c_ispeed = SPEED;
	out->c_ospeed = SPEED;
}

/* Both layouts begin alike. */
static err_t set_modes(struct tty *t, const void *arg, bool drain, bool flush)
{
	struct linux_termios m;
	irqflags_t flags;
	err_t err = tty_job_check(t, SIG_TTOU);
	bool was, is;

	if (!err && drain)
		err = tty_drain(t);
	if (err)
		return err;
	memcpy(&m, arg, sizeof(m));
	flags = spin_lock_irqsave(&t->lock);
	if (flush) {
		ldisc_flush_input(t);
		ring_consumed(&t->raw, ring_used(&t->raw));
	}
	was = tty_flag(t->termios.c_lflag, ICANON);
	is = tty_flag(m.c_lflag, ICANON);
	t->termios = m;
	if (was != is)
		ldisc_switch(t, is);
	if (!tty_flag(m.c_iflag, IXON))
		t->stopped = false;
	spin_unlock_irqrestore(&t->lock, flags);
	/* Readers wait for something else now; raw bytes may fit. */
	waitq_wake_events(&t->in_wq, POLL_IN | POLL_RDNORM);
	waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
	(void)work_defer(&t->work);
	return 0;
}

static err_t set_size(struct tty *t, const struct linux_winsize *ws)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	bool changed = memcmp(&t->winsize, ws, sizeof(*ws)) != 0;

	t->winsize = *ws;
	spin_unlock_irqrestore(&t->lock, flags);
	if (changed)
		tty_signal(t, SIG_WINCH);
	return 0;
}

static void send_char(struct tty *t, unsigned which)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	uint8_t c = t->termios.c_cc[which];

	if (c != 0)
		(void)t->dev->write(t->dev, &c, 1);
	spin_unlock_irqrestore(&t->lock, flags);
}

static err_t flow(struct tty *t, int how)
{
	irqflags_t flags;
	err_t err = tty_job_check(t, SIG_TTOU);

	if (err)
		return err;
	switch (how) {
	case TCOOFF:
	case TCOON:
		flags = spin_lock_irqsave(&t->lock);
		t->stopped = how == TCOOFF;
		tty_echo_flush(t);
		spin_unlock_irqrestore(&t->lock, flags);
		waitq_wake_events(&t->out_wq, POLL_OUT | POLL_WRNORM);
		return 0;
	case TCIOFF:
		send_char(t, VSTOP);
		return 0;
	case TCION:
		send_char(t, VSTART);
		return 0;
	default:
		return -EINVAL;
	}
}

static err_t flush(struct tty *t, int which)
{
	irqflags_t flags;
	err_t err = tty_job_check(t, SIG_TTOU);

	if (err)
		return err;
	if (which != TCIFLUSH && which != TCOFLUSH && which != TCIOFLUSH)
		return -EINVAL;
	flags = spin_lock_irqsave(&t->lock);
	if (which != TCOFLUSH) {
		ldisc_flush_input(t);
		ring_consumed(&t->raw, ring_used(&t->raw));
	}
	if (which != TCIFLUSH)
		tty_output_discard(t);
	spin_unlock_irqrestore(&t->lock, flags);
	(void)work_defer(&t->work);
	return 0;
}

/* TCSBRK with an argument is tcdrain(); a break itself means nothing here. */
static err_t send_break(struct tty *t)
{
	err_t err = tty_job_check(t, SIG_TTOU);

	return err ? err : tty_drain(t);
}

static err_t set_exclusive(struct tty *t, bool on)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	t->exclusive = on;
	spin_unlock_irqrestore(&t->lock, flags);
	return 0;
}

static err_t mode_control(struct tty *t, unsigned cmd, void *arg)
{
	switch (cmd) {
	case TCGETS:
		get_modes(t, arg);
		return 0;
	case TCGETS2:
		get_modes2(t, arg);
		return 0;
	case TCSETS:
	case TCSETS2:
		return set_modes(t, arg, false, false);
	case TCSETSW:
	case TCSETSW2:
		return set_modes(t, arg, true, false);
	case TCSETSF:
	case TCSETSF2:
		return set_modes(t, arg, true, true);
	case TCXONC:
		return flow(t, *(int *)arg);
	case TCFLSH:
		return flush(t, *(int *)arg);
	case TCSBRK:
	case TCSBRKP:
		return send_break(t);
	case TIOCSBRK:
	case TIOCCBRK:
		return tty_job_check(t, SIG_TTOU);
	default:
		return -ENOIOCTLCMD;
	}
}

static void get_size(struct tty *t, struct linux_winsize *out)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);

	*out = t->winsize;
	spin_unlock_irqrestore(&t->lock, flags);
}

static int readable(struct tty *t)
{
	irqflags_t flags = spin_lock_irqsave(&t->lock);
	uint32_t n = ldisc_readable(t);

	spin_unlock_irqrestore(&t->lock, flags);
	return (int)n;
}

static err_t other_control(struct tty *t, unsigned cmd, void *arg)
{
	int *value = arg;

	switch (cmd) {
	case TIOCGWINSZ:
		get_size(t, arg);
		return 0;
	case TIOCSWINSZ:
		return set_size(t, arg);
	case FIONREAD:
		*value = readable(t);
		return 0;
	case TIOCOUTQ:
		*value = (int)t->dev->pending(t->dev);
		return 0;
	case TIOCEXCL:
	case TIOCNXCL:
		return set_exclusive(t, cmd == TIOCEXCL);
	case TIOCSTI:
		return -EIO; /* typing for others is refused, as on Linux 6.2 */
	case TIOCGETD:
		*value = 0;
		return 0;
	case TIOCSETD:
		return *value == 0 ? 0 : -EINVAL;
	case TIOCMGET:
		*value = MODEM_LINES;
		return 0;
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
		return -EINVAL; /* there are no lines to set */
	case TIOCGDEV:
		*value = (int)t->rdev;
		return 0;
	case TIOCVHANGUP:
		if (!cred_is_root(current_cred()))
			return -EPERM;
		tty_hang_up(t);
		return 0;
	default:
		return -ENOTTY;
	}
}

err_t tty_control(struct desc *d, unsigned cmd, void *arg)
{
	struct tty *t = d->data;
	err_t err;

	if (tty_hung_up(t, d))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	err = mode_control(t, cmd, arg);
	if (err == -ENOIOCTLCMD)
		err = tty_job_control(t, cmd, arg);
	if (err == -ENOIOCTLCMD)
		err = other_control(t, cmd, arg);
	return err;
}
