/* SPDX-License-Identifier: MIT */
/* Names: making, moving and removing them. */
#include <abi/linux/fcntl.h>
#include <mm/slab.h>

#include "linux_impl.h"

static int64_t mkdir_at(int dirfd, uint64_t path, uint32_t mode)
{
	struct path_arg a;
	err_t err = path_arg_get(&a, dirfd, path, false);

	if (err)
		return err;
	err = ns_mkdir(&a.walk, a.name, mode & 07777);
	path_arg_put(&a);
	return err;
}

int64_t linux_mkdir(struct regs *r)
{
	return mkdir_at(AT_FDCWD, ARG0(r), (uint32_t)ARG1(r));
}

int64_t linux_mkdirat(struct regs *r)
{
	return mkdir_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r));
}

static int64_t mknod_at(int dirfd, uint64_t path, uint32_t mode, uint32_t dev)
{
	uint32_t fmt = mode & MODE_FMT;
	struct path_arg a;
	err_t err;

	if (fmt == 0)
		mode |= MODE_REG;
	else if (fmt == MODE_DIR)
		return -EPERM;
	else if (fmt != MODE_REG && fmt != MODE_CHR && fmt != MODE_BLK &&
		 fmt != MODE_FIFO && fmt != MODE_SOCK)
		return -EINVAL;
	err = path_arg_get(&a, dirfd, path, false);
	if (err)
		return err;
	if (fmt != MODE_CHR && fmt != MODE_BLK)
		dev = 0;
	err = ns_mknod(&a.walk, a.name, mode & (MODE_FMT | 07777), dev);
	path_arg_put(&a);
	return err;
}

int64_t linux_mknod(struct regs *r)
{
	return mknod_at(AT_FDCWD, ARG0(r), (uint32_t)ARG1(r),
			(uint32_t)ARG2(r));
}

int64_t linux_mknodat(struct regs *r)
{
	return mknod_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r),
			(uint32_t)ARG3(r));
}

static int64_t remove_at(int dirfd, uint64_t path, bool dir)
{
	struct path_arg a;
	err_t err = path_arg_get(&a, dirfd, path, false);

	if (err)
		return err;
	if (dir)
		err = ns_rmdir(&a.walk, a.name);
	else
		err = ns_unlink(&a.walk, a.name);
	path_arg_put(&a);
	return err;
}

int64_t linux_rmdir(struct regs *r)
{
	return remove_at(AT_FDCWD, ARG0(r), true);
}

int64_t linux_unlink(struct regs *r)
{
	return remove_at(AT_FDCWD, ARG0(r), false);
}

int64_t linux_unlinkat(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG2(r);

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return remove_at(arg_int(ARG0(r)), ARG1(r), flags != 0);
}

/* --- symbolic links --- */

static int64_t symlink_at(uint64_t target, int dirfd, uint64_t path)
{
	char *text = kmalloc(PATH_MAX_BYTES);
	struct path_arg a;
	int64_t ret;

	if (text == NULL)
		return -ENOMEM;
	ret = copy_string_from_user(text, UPTR_CONST(char, target),
				    PATH_MAX_BYTES);
	if (ret == 0)
		ret = -ENOENT;
	if (ret < 0)
		goto out;
	ret = path_arg_get(&a, dirfd, path, false);
	if (ret != 0)
		goto out;
	ret = ns_symlink(&a.walk, text, a.name);
	path_arg_put(&a);
out:
	kfree(text);
	return ret;
}

int64_t linux_symlink(struct regs *r)
{
	return symlink_at(ARG0(r), AT_FDCWD, ARG1(r));
}

int64_t linux_symlinkat(struct regs *r)
{
	return symlink_at(ARG0(r), arg_int(ARG1(r)), ARG2(r));
}

static int64_t readlink_at(int dirfd, uint64_t path, uint64_t to, int size)
{
	struct path_arg a;
	size_t len = 0, room;
	char *text;
	int64_t ret;

	if (size <= 0)
		return -EINVAL;
	ret = path_arg_get(&a, dirfd, path, true);
	if (ret != 0)
		return ret;
	room = min_t(size_t, (size_t)size, PATH_MAX_BYTES);
	text = kmalloc(room);
	if (text == NULL) {
		path_arg_put(&a);
		return -ENOMEM;
	}
	if (a.name[0] == '\0' && a.desc == NULL)
		ret = -ENOENT;
	else
		ret = ns_readlink(&a.walk, a.name, text, room, &len);
	/* A descriptor of no link is no place to read one from. */
	if (ret == -EINVAL && a.name[0] == '\0')
		ret = -ENOENT;
	path_arg_put(&a);
	if (ret == 0)
		ret = copy_to_user(UPTR(char, to), text, len);
	kfree(text);
	return ret != 0 ? ret : (int64_t)len;
}

int64_t linux_readlink(struct regs *r)
{
	return readlink_at(AT_FDCWD, ARG0(r), ARG1(r), arg_int(ARG2(r)));
}

int64_t linux_readlinkat(struct regs *r)
{
	return readlink_at(arg_int(ARG0(r)), ARG1(r), ARG2(r),
			   arg_int(ARG3(r)));
}

/* --- two names --- */

static int64_t link_at(int olddir, uint64_t old, int newdir, uint64_t new_path,
		       uint32_t flags)
{
	unsigned walk = WALK_NOFOLLOW;
	struct path_arg from, to;
	err_t err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_SYMLINK_FOLLOW)
		walk = 0;
	if (flags & AT_EMPTY_PATH) {
		if (!cred_is_root(current_cred()))
			return -ENOENT;
		walk |= WALK_EMPTY;
	}
	err = path_arg_get(&from, olddir, old, (flags & AT_EMPTY_PATH) != 0);
	if (err)
		return err;
	err = path_arg_get(&to, newdir, new_path, false);
	if (err == 0) {
		err = ns_link(&from.walk, from.name, walk, &to.walk, to.name);
		path_arg_put(&to);
	}
	path_arg_put(&from);
	return err;
}

int64_t linux_link(struct regs *r)
{
	return link_at(AT_FDCWD, ARG0(r), AT_FDCWD, ARG1(r), 0);
}

int64_t linux_linkat(struct regs *r)
{
	return link_at(arg_int(ARG0(r)), ARG1(r), arg_int(ARG2(r)), ARG3(r),
		       (uint32_t)ARG4(r));
}

static int64_t rename_at(int olddir, uint64_t old, int newdir,
			 uint64_t new_path, uint32_t flags)
{
	struct path_arg from, to;
	err_t err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if ((flags & RENAME_EXCHANGE) &&
	    (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)))
		return -EINVAL;
	err = path_arg_get(&from, olddir, old, false);
	if (err)
		return err;
	err = path_arg_get(&to, newdir, new_path, false);
	if (err == 0) {
		err = ns_rename(&from.walk, from.name, &to.walk, to.name,
				flags);
		path_arg_put(&to);
	}
	path_arg_put(&from);
	return err;
}

int64_t linux_rename(struct regs *r)
{
	return rename_at(AT_FDCWD, ARG0(r), AT_FDCWD, ARG1(r), 0);
}

int64_t linux_renameat(struct regs *r)
{
	return rename_at(arg_int(ARG0(r)), ARG1(r), arg_int(ARG2(r)), ARG3(r),
			 0);
}

int64_t linux_renameat2(struct regs *r)
{
	return rename_at(arg_int(ARG0(r)), ARG1(r), arg_int(ARG2(r)), ARG3(r),
			 (uint32_t)ARG4(r));
}
