/* SPDX-License-Identifier: MIT */
/* Pipes. */
#include <fs/fs.h>

#include "linux_impl.h"

static int64_t make_pipe(uint64_t to, uint32_t flags)
{
	struct desc *rd, *wr;
	int64_t fd;
	int32_t fds[2];
	err_t err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = pipe_create(current_cred(), flags & O_NONBLOCK, &rd, &wr);
	if (err)
		return err;
	fd = fd_install(rd, flags);
	if (fd < 0) {
		desc_put(wr);
		return fd;
	}
	fds[0] = (int32_t)fd;
	fd = fd_install(wr, flags);
	if (fd < 0) {
		err = handle_close(my_handles(), fds[0]);
		return fd;
	}
	fds[1] = (int32_t)fd;
	err = copy_to_user(UPTR(void, to), fds, sizeof(fds));
	if (err && (handle_close(my_handles(), fds[0]) != 0 ||
		    handle_close(my_handles(), fds[1]) != 0))
		return err; /* another thread closed them first */
	return err;
}

int64_t linux_pipe(struct regs *r)
{
	return make_pipe(ARG0(r), 0);
}

int64_t linux_pipe2(struct regs *r)
{
	return make_pipe(ARG0(r), (uint32_t)ARG1(r));
}
