/* SPDX-License-Identifier: MIT */
/* close_range: many descriptors at once. */
#include <proc/proc_attr.h>

#include "linux_impl.h"

static void drop_locks(uint32_t first, uint32_t last)
{
	struct handles *h = my_handles();
	int fd = first > INT32_MAX ? -1 : handle_next(h, (int)first);

	if (!handles_noted_locks(my_handles()))
		return;
	while (fd >= 0 && (uint32_t)fd <= last) {
		record_locks_drop_fd(fd);
		fd = fd == INT32_MAX ? -1 : handle_next(h, fd + 1);
	}
}

int64_t linux_close_range(struct regs *r)
{
	uint32_t first = (uint32_t)ARG0(r), last = (uint32_t)ARG1(r);
	uint32_t flags = (uint32_t)ARG2(r);
	err_t err;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		err = proc_unshare_handles();
		if (err)
			return err;
	}
	if ((flags & CLOSE_RANGE_CLOEXEC) == 0)
		drop_locks(first, last);
	handles_close_range(my_handles(), first, last,
			    (flags & CLOSE_RANGE_CLOEXEC) != 0);
	return 0;
}
