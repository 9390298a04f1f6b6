/* SPDX-License-Identifier: MIT */
/* statx: the mask, empty paths, errors. */
#include "diff.h"

struct sx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	uint64_t rest[24];
};

static long do_statx(int fd, const char *path, int flags, unsigned int mask,
		     struct sx *x)
{
	return syscall(SYS_statx, fd, path, flags, mask, x);
}

int main(void)
{
	struct sx x;

	_Static_assert(sizeof(x) == 256, "ABI");
	put_file("f", "12345");
	must(symlink("f", "l"));
	show(do_statx(AT_FDCWD, "f", 0, 0x7ff, &x));
	fact((x.mask & 0x7ff) == 0x7ff);
	say("mode %o nlink %u uid %u gid %u size %d blocks %d\n", x.mode,
	    x.nlink, x.uid, x.gid, (int)x.size, (int)x.blocks);
	show(do_statx(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, 0x7ff, &x));
	say("mode %o size %d\n", x.mode, (int)x.size);
	show(open("f", O_RDONLY));
	show(do_statx(3, "", AT_EMPTY_PATH, 0x7ff, &x));
	show(x.size);
	show(do_statx(3, "", 0, 0x7ff, &x));
	show(do_statx(AT_FDCWD, "missing", 0, 0x7ff, &x));
	show(do_statx(AT_FDCWD, "f", 0x4, 0x7ff, &x));
	show(do_statx(AT_FDCWD, "f", 0x6000, 0x7ff, &x));
	show(do_statx(AT_FDCWD, "f", 0, 0x80000000u, &x));
	show(do_statx(AT_FDCWD, "f", 0, 0x7ff, BAD_PTR));
	show(do_statx(99, "f", 0, 0x7ff, &x));
	show(do_statx(AT_FDCWD, "f", 0, 0, &x));
	return 0;
}
