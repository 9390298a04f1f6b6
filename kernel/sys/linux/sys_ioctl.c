/* SPDX-License-Identifier: MIT */
/*
 * Control calls.  What a command's argument is stands in one table, so that
 * the objects below get kernel memory and never a user address.
 */
#include <abi/linux/ioctl.h>
#include <abi/linux/termios.h>
#include <lib/atomic.h>

#include "linux_impl.h"

enum arg_kind {
	ARG_IN = 1,    /* copied in before */
	ARG_OUT = 2,   /* copied out after */
	ARG_VALUE = 4, /* the argument is a number: an int below */
	ARG_NONE = 8,
};

static const struct command {
	uint32_t cmd;
	uint16_t size;
	uint16_t kind;
} commands[] = {
	{ TCGETS, sizeof(struct linux_termios), ARG_OUT },
	{ TCSETS, sizeof(struct linux_termios), ARG_IN },
	{ TCSETSW, sizeof(struct linux_termios), ARG_IN },
	{ TCSETSF, sizeof(struct linux_termios), ARG_IN },
	{ TCGETS2, sizeof(struct linux_termios2), ARG_OUT },
	{ TCSETS2, sizeof(struct linux_termios2), ARG_IN },
	{ TCSETSW2, sizeof(struct linux_termios2), ARG_IN },
	{ TCSETSF2, sizeof(struct linux_termios2), ARG_IN },
	{ TCSBRK, 4, ARG_VALUE },
	{ TCSBRKP, 4, ARG_VALUE },
	{ TCXONC, 4, ARG_VALUE },
	{ TCFLSH, 4, ARG_VALUE },
	{ TIOCEXCL, 0, ARG_NONE },
	{ TIOCNXCL, 0, ARG_NONE },
	{ TIOCSCTTY, 4, ARG_VALUE },
	{ TIOCNOTTY, 0, ARG_NONE },
	{ TIOCGPGRP, 4, ARG_OUT },
	{ TIOCSPGRP, 4, ARG_IN },
	{ TIOCGSID, 4, ARG_OUT },
	{ TIOCOUTQ, 4, ARG_OUT },
	{ TIOCSTI, 1, ARG_IN },
	{ TIOCGWINSZ, sizeof(struct linux_winsize), ARG_OUT },
	{ TIOCSWINSZ, sizeof(struct linux_winsize), ARG_IN },
	{ TIOCMGET, 4, ARG_OUT },
	{ TIOCMBIS, 4, ARG_IN },
	{ TIOCMBIC, 4, ARG_IN },
	{ TIOCMSET, 4, ARG_IN },
	{ TIOCSETD, 4, ARG_IN },
	{ TIOCGETD, 4, ARG_OUT },
	{ TIOCSBRK, 0, ARG_NONE },
	{ TIOCCBRK, 0, ARG_NONE },
	{ TIOCGPTN, 4, ARG_OUT },
	{ TIOCSPTLCK, 4, ARG_IN },
	{ TIOCGDEV, 4, ARG_OUT },
	{ TIOCVHANGUP, 0, ARG_NONE },
	{ FIONREAD, 4, ARG_OUT },
	{ RNDGETENTCNT, 4, ARG_OUT },
	{ RNDADDTOENTCNT, 4, ARG_IN },
};

#define ARG_SIZE_MAX 64

static const struct command *find_command(uint32_t cmd)
{
	for (unsigned i = 0; i < array_size(commands); i++) {
		if (commands[i].cmd == cmd)
			return &commands[i];
	}
	return NULL;
}

static int64_t to_object(struct desc *d, uint32_t cmd, uint64_t arg)
{
	const struct command *c = find_command(cmd);
	union {
		uint8_t bytes[ARG_SIZE_MAX];
		int32_t value;
		uint64_t align;
	} buf = { { 0 } };
	int64_t ret;

	_Static_assert(sizeof(struct linux_termios2) <= ARG_SIZE_MAX, "buf");
	if (c == NULL || d->ops->control == NULL)
		return -ENOTTY;
	if (c->kind == ARG_IN) {
		ret = copy_from_user(buf.bytes, UPTR_CONST(void, arg), c->size);
		if (ret != 0)
			return ret;
	} else if (c->kind == ARG_VALUE) {
		buf.value = arg_int(arg);
	}
	ret = d->ops->control(d, cmd, &buf);
	if (ret == 0 && c->kind == ARG_OUT)
		ret = copy_to_user(UPTR(void, arg), buf.bytes, c->size);
	if (ret == -ENOIOCTLCMD)
		return -ENOTTY;
	return ret == -EINTR ? -ERESTARTSYS : ret;
}

static int64_t set_flag(struct desc *d, uint32_t flag, uint64_t arg)
{
	int32_t on;
	err_t err = get_user(&on, UPTR_CONST(int32_t, arg));

	if (err)
		return err;
	if (on != 0)
		(void)atomic_fetch_or(&d->flags, flag);
	else
		(void)atomic_fetch_and(&d->flags, ~flag);
	return 0;
}

/* What every regular file answers. */
static int64_t file_ioctl(struct desc *d, uint32_t cmd, uint64_t arg)
{
	int64_t left;
	int32_t value;

	switch (cmd) {
	case FIONREAD:
		left = (int64_t)(atomic_load_relaxed(&d->node->attr.size) -
				 atomic_load_relaxed(&d->pos));
		value = (int32_t)left;
		return put_user(UPTR(int32_t, arg), &value);
	case FIOQSIZE:
		left = (int64_t)atomic_load_relaxed(&d->node->attr.size);
		return put_user(UPTR(int64_t, arg), &left);
	default:
		return to_object(d, cmd, arg);
	}
}

static int64_t any_ioctl(int fd, struct desc *d, uint32_t cmd, uint64_t arg)
{
	int32_t value = 4096;

	switch (cmd) {
	case FIOCLEX:
		return handle_set_flags(my_handles(), fd, HANDLE_CLOEXEC);
	case FIONCLEX:
		return handle_set_flags(my_handles(), fd, 0);
	case FIONBIO:
		return set_flag(d, O_NONBLOCK, arg);
	case FIOASYNC:
		return -ENOTTY;
	case FIGETBSZ:
		if (d->node == NULL)
			return -EBADF;
		return put_user(UPTR(int32_t, arg), &value);
	default:
		if (d->node != NULL && node_is(d->node, MODE_REG))
			return file_ioctl(d, cmd, arg);
		return to_object(d, cmd, arg);
	}
}

int64_t linux_ioctl(struct regs *r)
{
	int fd = arg_int(ARG0(r));
	struct desc *d;
	int64_t ret;

	ret = fd_get(fd, &d);
	if (ret != 0)
		return ret;
	ret = any_ioctl(fd, d, (uint32_t)ARG1(r), ARG2(r));
	desc_put(d);
	return ret;
}
