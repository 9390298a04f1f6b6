/* SPDX-License-Identifier: MIT */
/* O_NOFOLLOW and O_PATH. */
#include "diff.h"

int main(void)
{
	char buf[16];
	struct stat st;

	put_file("f", "content");
	must(mkdir("d", 0755));
	put_file("d/g", "inner");
	must(symlink("f", "lf"));
	must(symlink("d", "ld"));
	show(open("lf", O_RDONLY | O_NOFOLLOW));
	show(open("f", O_RDONLY | O_NOFOLLOW));
	/* Only the last component counts. */
	show(open("ld/g", O_RDONLY | O_NOFOLLOW));
	show(open("ld", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
	show(open("ld/", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
	show(open("lf", O_PATH | O_NOFOLLOW));
	show(fstat(6, &st));
	fact(S_ISLNK(st.st_mode));
	show(readlinkat(6, "", buf, sizeof(buf)));
	show(open("f", O_PATH));
	show(read(7, buf, 1));
	show(write(7, buf, 1));
	show(syscall(SYS_fchmod, 7, 0600));
	show(ftruncate(7, 0));
	show(ioctl(7, FIONREAD, buf));
	show(lseek(7, 0, SEEK_SET));
	show(fstat(7, &st));
	show(fcntl(7, F_GETFL) == O_PATH);
	show(dup(7));
	show(open("d", O_PATH | O_DIRECTORY));
	show(openat(9, "g", O_RDONLY));
	show(fchdir(9));
	show(open("g", O_RDONLY));
	return 0;
}
