/* SPDX-License-Identifier: MIT */
/* mknod: files and fifos for all, devices for root only. */
#include "diff.h"

int main(void)
{
	struct stat st;
	char c = 'x';
	int fd;

	must(chmod(".", 0777));
	show(mknod("file", S_IFREG | 0644, 0));
	show(mknod("plain", 0600, 0));
	show(mknod("fifo", S_IFIFO | 0644, 0));
	show(mknod("dir", S_IFDIR | 0755, 0));
	show(mknod("link", S_IFLNK | 0755, 0));
	show(mknod("odd", 0070000 | 0644, 0));
	show(mknod("file", S_IFREG | 0644, 0));
	must(lstat("plain", &st));
	say("%06o\n", st.st_mode);
	show(mknod("zero", S_IFCHR | 0666, makedev(1, 5)));
	must(lstat("zero", &st));
	say("%06o %u:%u\n", st.st_mode, major(st.st_rdev), minor(st.st_rdev));
	fd = open("zero", O_RDONLY);
	if (fd >= 0) {
		show(read(fd, &c, 1));
		show(c);
	}
	wait_say("user", child_do({
			 become(1234, 1234);
			 show(mknod("n", S_IFCHR | 0666, makedev(1, 3)));
			 show(mknod("ufile", S_IFREG | 0644, 0));
			 show(mknod("ufifo", S_IFIFO | 0644, 0));
		 }));
	return 0;
}
