/* SPDX-License-Identifier: MIT */
/* What stat says about files of each kind. */
#include "diff.h"

static void tell(const char *path)
{
	struct stat st;

	memset(&st, 0xff, sizeof(st));
	if (lstat(path, &st) == -1) {
		say("%s: %s\n", path, err_name(errno));
		return;
	}
	say("%s: mode %06o nlink %d uid %d gid %d blksize %ld", path,
	    st.st_mode, (int)st.st_nlink, (int)st.st_uid, (int)st.st_gid,
	    (long)st.st_blksize);
	if (!S_ISDIR(st.st_mode))
		say(" size %ld", (long)st.st_size);
	if (S_ISREG(st.st_mode))
		say(" blocks %ld", (long)st.st_blocks);
	if (S_ISCHR(st.st_mode))
		say(" rdev %u:%u", major(st.st_rdev), minor(st.st_rdev));
	say(" nsec %d\n",
	    st.st_mtim.tv_nsec >= 0 && st.st_mtim.tv_nsec < 1000000000);
}

int main(void)
{
	struct stat a, b;

	put_file("empty", "");
	tell("empty");
	put_file("small", "123456789");
	tell("small");
	must(truncate("small", 5000));
	must(open("page", O_RDWR | O_CREAT, 0600));
	must(pwrite(3, "x", 1, 4096));
	tell("page");
	must(mkdir("dir", 0751));
	tell("dir");
	must(symlink("target", "link"));
	tell("link");
	must(mkfifo("fifo", 0604));
	tell("fifo");
	tell("missing");
	must(lstat(".", &a));
	must(lstat("dir/..", &b));
	fact(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	must(stat("small", &b));
	fact(a.st_dev == b.st_dev && a.st_ino != b.st_ino);
	must(fstat(3, &a));
	must(stat("page", &b));
	fact(memcmp(&a, &b, sizeof(a)) == 0);
	must(stat("/dev/null", &a));
	say("null %06o %u:%u\n", a.st_mode, major(a.st_rdev), minor(a.st_rdev));
	must(stat("/dev/zero", &a));
	say("zero %06o %u:%u\n", a.st_mode, major(a.st_rdev), minor(a.st_rdev));
	show(stat("link", &a));
	show(fstat(99, &a));
	show(stat("small/", &a));
	show(syscall(SYS_stat, "small", BAD_PTR));
	show(fstatat(AT_FDCWD, "link", &a, 0));
	show(fstatat(AT_FDCWD, "link", &a, AT_SYMLINK_NOFOLLOW));
	show(fstatat(3, "", &a, AT_EMPTY_PATH));
	show(a.st_size);
	show(fstatat(3, "", &a, 0));
	show(fstatat(3, "x", &a, 0));
	show(syscall(SYS_newfstatat, AT_FDCWD, "small", &a, 0x4));
	return 0;
}
