/* SPDX-License-Identifier: MIT */
/* Descriptor numbers to descriptions. */
#include "linux_impl.h"

err_t fd_get_any(int fd, struct desc **out)
{
	return handle_lookup(my_handles(), fd, out);
}

err_t fd_get(int fd, struct desc **out)
{
	err_t err = handle_lookup(my_handles(), fd, out);

	if (err)
		return err;
	if ((*out)->mode & DESC_PATH) {
		desc_put(*out);
		return -EBADF;
	}
	return 0;
}

uint64_t fd_limit(void)
{
	return proc_limit(self_proc(), LIMIT_NOFILE);
}

int64_t fd_install(struct desc *d, uint32_t open_flags)
{
	unsigned flags = open_flags & O_CLOEXEC ? HANDLE_CLOEXEC : 0;
	int fd;
	err_t err;

	err = handle_install(my_handles(), d, 0, flags, fd_limit(), &fd);
	if (err) {
		desc_put(d);
		return err == -EINVAL ? -EMFILE : err;
	}
	return fd;
}
