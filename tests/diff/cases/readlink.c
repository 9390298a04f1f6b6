/* SPDX-License-Identifier: MIT */
/* readlink: cut without a final zero, and its errors. */
#include "diff.h"

int main(void)
{
	char buf[16], long_name[PATH_MAX + 1];
	struct stat st;

	must(symlink("0123456789", "l"));
	memset(buf, '#', sizeof(buf));
	show(readlink("l", buf, sizeof(buf)));
	say("[%.16s]\n", buf);
	memset(buf, '#', sizeof(buf));
	show(readlink("l", buf, 4));
	say("[%.16s]\n", buf);
	show(syscall(SYS_readlink, "l", buf, 0));
	show(syscall(SYS_readlink, "l", buf, -1));
	show(readlink("missing", buf, 4));
	put_file("f", "");
	show(readlink("f", buf, 4));
	show(readlink(".", buf, 4));
	show(readlink("l/", buf, 4));
	show(readlink("", buf, 4));
	show(readlink("l", BAD_PTR, 4));
	must(lstat("l", &st));
	show(st.st_size);
	say("%o\n", st.st_mode);
	memset(long_name, 'a', PATH_MAX);
	long_name[PATH_MAX] = '\0';
	show(symlink(long_name, "m"));
	long_name[PATH_MAX - 1] = '\0';
	show(symlink(long_name, "m"));
	must(lstat("m", &st));
	show(st.st_size);
	show(open("m", O_RDONLY));
	return 0;
}
