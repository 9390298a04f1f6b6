/* SPDX-License-Identifier: MIT */
/* Opening and closing files. */
#include <abi/linux/stat.h>

#include "linux_impl.h"

#define MODE_BITS 07777u

static int64_t open_at(int dirfd, uint64_t path, uint32_t flags, uint32_t mode)
{
	struct path_arg a;
	struct desc *d = NULL;
	err_t err;

	flags = (flags & O_VALID) | O_LARGEFILE;
	if (flags & O_PATH)
		flags &= O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		if ((flags & O_ACCMODE) == O_RDONLY)
			return -EINVAL;
	} else if (flags & (O_TMPFILE & ~O_DIRECTORY)) {
		return -EINVAL;
	}
	if ((flags & O_CREAT) == 0 && (flags & O_TMPFILE) != O_TMPFILE)
		mode = 0;
	err = path_arg_get(&a, dirfd, path, false);
	if (err)
		return err;
	/* No slot: nothing is created or cut. */
	err = handle_prepare(my_handles(), fd_limit());
	if (!err)
		err = ns_open(&a.walk, a.name, flags, mode & MODE_BITS, &d);
	path_arg_put(&a);
	if (err)
		return err == -EINTR ? -ERESTARTSYS : err;
	return fd_install(d, flags);
}

int64_t linux_open(struct regs *r)
{
	return open_at(AT_FDCWD, ARG0(r), (uint32_t)ARG1(r), (uint32_t)ARG2(r));
}

int64_t linux_openat(struct regs *r)
{
	return open_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r),
		       (uint32_t)ARG3(r));
}

int64_t linux_creat(struct regs *r)
{
	return open_at(AT_FDCWD, ARG0(r), O_CREAT | O_WRONLY | O_TRUNC,
		       (uint32_t)ARG1(r));
}

int64_t linux_close(struct regs *r)
{
	int fd = arg_int(ARG0(r));

	record_locks_drop_fd(fd);
	return handle_close(my_handles(), fd);
}

int64_t linux_umask(struct regs *r)
{
	return fsctx_set_umask(proc_fsctx(self_proc()),
			       (uint32_t)ARG0(r) & 0777);
}
