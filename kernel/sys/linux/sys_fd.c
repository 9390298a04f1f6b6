/* SPDX-License-Identifier: MIT */
/* Descriptors themselves: copies of them, their flags, closing many. */
#include <fs/fs.h>
#include <lib/atomic.h>

#include "linux_impl.h"

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_NOATIME | O_ASYNC)
#define GETFL_DROP \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

static int64_t dup_from(struct desc *d, uint64_t min, unsigned flags)
{
	uint64_t limit = fd_limit();
	int fd;
	err_t err;

	if (min >= limit || min > INT32_MAX)
		return -EINVAL;
	desc_get(d);
	err = handle_install(my_handles(), d, (int)min, flags, limit, &fd);
	if (err) {
		desc_put(d);
		return err;
	}
	return fd;
}

int64_t linux_dup(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get_any(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	return fd_install(d, 0);
}

static int64_t dup_to(int from, int to, unsigned flags)
{
	struct desc *d;
	err_t err;

	if (to < 0 || (uint64_t)to >= fd_limit())
		return -EBADF;
	err = fd_get_any(from, &d);
	if (err)
		return err;
	record_locks_drop_fd(to);
	err = handle_install_at(my_handles(), d, to, flags, fd_limit());
	if (err) {
		desc_put(d);
		return err;
	}
	return to;
}

int64_t linux_dup2(struct regs *r)
{
	int from = arg_int(ARG0(r)), to = arg_int(ARG1(r));
	struct desc *d;
	err_t err;

	if (from != to)
		return dup_to(from, to, 0);
	err = fd_get_any(from, &d);
	if (err)
		return err;
	desc_put(d);
	return to;
}

int64_t linux_dup3(struct regs *r)
{
	int from = arg_int(ARG0(r)), to = arg_int(ARG1(r));
	uint32_t flags = (uint32_t)ARG2(r);

	if ((flags & ~O_CLOEXEC) || from == to)
		return -EINVAL;
	return dup_to(from, to, flags ? HANDLE_CLOEXEC : 0);
}

static int64_t set_status(struct desc *d, uint32_t flags)
{
	uint32_t old = atomic_load_relaxed(&d->flags), now;

	if ((flags & O_NOATIME) && (old & O_NOATIME) == 0 && d->node != NULL &&
	    !cred_is_root(current_cred()) &&
	    current_cred()->fsuid != d->node->attr.uid)
		return -EPERM;
	/* Nothing here reads around the page cache. */
	if (flags & O_DIRECT)
		return -EINVAL;
	do
		now = (old & ~SETFL_MASK) | (flags & SETFL_MASK);
	while (!atomic_cas(&d->flags, &old, now));
	return 0;
}

static int64_t get_status(struct desc *d)
{
	uint32_t f = atomic_load_relaxed(&d->flags) & ~GETFL_DROP;

	if (d->mode & DESC_PATH)
		return (f & (O_DIRECTORY | O_NOFOLLOW)) | O_PATH;
	return f | (d->mode & DESC_ACCMODE);
}

static int64_t pipe_size(struct desc *d, uint32_t cmd, uint64_t arg)
{
	int32_t size = (int32_t)arg;
	unsigned what = cmd == F_GETPIPE_SZ ? PIPE_CONTROL_GET_SIZE
					    : PIPE_CONTROL_SET_SIZE;
	err_t err;

	if ((d->node != NULL && !node_is(d->node, MODE_FIFO)) ||
	    d->ops->control == NULL)
		return -EBADF;
	err = d->ops->control(d, what, &size);
	if (err)
		return err == -ENOTTY ? -EBADF : err;
	/* Rounded up: the size that it has now. */
	err = d->ops->control(d, PIPE_CONTROL_GET_SIZE, &size);
	return err ? err : size;
}

static int64_t owner_ex(struct desc *d, uint32_t cmd, uint64_t arg)
{
	struct {
		int32_t type, pid;
	} o;
	err_t err;

	if (cmd == F_SETOWN_EX) {
		err = get_user(&o, UPTR_CONST(void, arg));
		if (err)
			return err;
		if (o.type < 0 || o.type > 2)
			return -EINVAL;
		atomic_store_relaxed(&d->async_owner,
				     o.type == 2 ? -o.pid : o.pid);
		return 0;
	}
	o.pid = atomic_load_relaxed(&d->async_owner);
	o.type = o.pid < 0 ? 2 : 1;
	if (o.pid < 0)
		o.pid = -o.pid;
	return put_user(UPTR(void, arg), &o);
}

static int64_t control(int fd, struct desc *d, uint32_t cmd, uint64_t arg)
{
	unsigned flags = 0;
	int64_t ret;

	switch (cmd) {
	case F_DUPFD:
		return dup_from(d, arg, 0);
	case F_DUPFD_CLOEXEC:
		return dup_from(d, arg, HANDLE_CLOEXEC);
	case F_GETFD:
		ret = handle_get_flags(my_handles(), fd, &flags);
		if (ret == 0)
			ret = flags & HANDLE_CLOEXEC ? FD_CLOEXEC : 0;
		return ret;
	case F_SETFD:
		return handle_set_flags(my_handles(), fd,
					arg & FD_CLOEXEC ? HANDLE_CLOEXEC : 0);
	case F_GETFL:
		return get_status(d);
	default:
		break;
	}
	if (d->mode & DESC_PATH)
		return -EBADF;
	switch (cmd) {
	case F_SETFL:
		return set_status(d, (uint32_t)arg);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return record_lock_control(d, cmd, arg);
	case F_SETOWN:
		if (arg_int(arg) == INT32_MIN)
			return -EINVAL;
		atomic_store_relaxed(&d->async_owner, arg_int(arg));
		return 0;
	case F_GETOWN:
		return atomic_load_relaxed(&d->async_owner);
	case F_SETOWN_EX:
	case F_GETOWN_EX:
		return owner_ex(d, cmd, arg);
	case F_GETSIG:
		return 0;
	case F_SETSIG:
		/* Readiness is never told by signals: only "none" fits. */
		return arg == 0 ? 0 : -EINVAL;
	case F_GETLEASE:
		return F_UNLCK;
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		return pipe_size(d, cmd, arg);
	default:
		return -EINVAL;
	}
}

int64_t linux_fcntl(struct regs *r)
{
	int fd = arg_int(ARG0(r));
	struct desc *d;
	int64_t ret;

	ret = fd_get_any(fd, &d);
	if (ret != 0)
		return ret;
	ret = control(fd, d, (uint32_t)ARG1(r), ARG2(r));
	desc_put(d);
	return ret;
}
