/* SPDX-License-Identifier: MIT */
/*
 * Extended attributes: no file system here keeps any, so arguments are
 * checked, and then there are none.
 */
#include <abi/linux/uio.h>

#include "linux_impl.h"

static err_t name_ok(uint64_t addr)
{
	char name[XATTR_NAME_LEN + 1];
	int64_t len = copy_string_from_user(name, UPTR_CONST(char, addr),
					    sizeof(name));

	if (len == 0 || len == -ENAMETOOLONG)
		return -ERANGE;
	return len < 0 ? (err_t)len : 0;
}

/* Finds the file that @path, or descriptor @fd with @path 0, names. */
static err_t file_ok(uint64_t path, int fd, unsigned walk)
{
	struct path p;
	struct desc *d;
	err_t err;

	if (path == 0) {
		err = fd_get(fd, &d);
		if (err == 0)
			desc_put(d);
		return err;
	}
	err = path_arg_walk(AT_FDCWD, path, walk, &p);
	if (err == 0)
		path_put(&p);
	return err;
}

static int64_t none(uint64_t path, int fd, unsigned walk, uint64_t name)
{
	err_t err = file_ok(path, fd, walk);

	if (err == 0)
		err = name_ok(name);
	return err ? err : -EOPNOTSUPP;
}

static int64_t set_none(struct regs *r, bool by_fd, unsigned walk)
{
	uint32_t flags = (uint32_t)ARG4(r);
	err_t err;

	if (by_fd) {
		err = file_ok(0, arg_int(ARG0(r)), 0);
		if (err)
			return err;
	}
	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	err = name_ok(ARG1(r));
	if (err)
		return err;
	if (ARG3(r) > XATTR_SIZE_LEN)
		return -E2BIG;
	if (!by_fd)
		err = file_ok(ARG0(r) ? ARG0(r) : 1, -1, walk);
	return err ? err : -EOPNOTSUPP;
}

int64_t linux_getxattr(struct regs *r)
{
	return none(ARG0(r) ? ARG0(r) : 1, -1, 0, ARG1(r));
}

int64_t linux_lgetxattr(struct regs *r)
{
	return none(ARG0(r) ? ARG0(r) : 1, -1, WALK_NOFOLLOW, ARG1(r));
}

int64_t linux_fgetxattr(struct regs *r)
{
	return none(0, arg_int(ARG0(r)), 0, ARG1(r));
}

int64_t linux_setxattr(struct regs *r)
{
	return set_none(r, false, 0);
}

int64_t linux_lsetxattr(struct regs *r)
{
	return set_none(r, false, WALK_NOFOLLOW);
}

int64_t linux_fsetxattr(struct regs *r)
{
	return set_none(r, true, 0);
}

int64_t linux_listxattr(struct regs *r)
{
	return file_ok(ARG0(r) ? ARG0(r) : 1, -1, 0);
}

int64_t linux_llistxattr(struct regs *r)
{
	return file_ok(ARG0(r) ? ARG0(r) : 1, -1, WALK_NOFOLLOW);
}

int64_t linux_flistxattr(struct regs *r)
{
	return file_ok(0, arg_int(ARG0(r)), 0);
}

int64_t linux_removexattr(struct regs *r)
{
	return none(ARG0(r) ? ARG0(r) : 1, -1, 0, ARG1(r));
}

int64_t linux_lremovexattr(struct regs *r)
{
	return none(ARG0(r) ? ARG0(r) : 1, -1, WALK_NOFOLLOW, ARG1(r));
}

int64_t linux_fremovexattr(struct regs *r)
{
	return none(0, arg_int(ARG0(r)), 0, ARG1(r));
}
