/* SPDX-License-Identifier: MIT */
/* sendfile between files and pipes, with and without an offset. */
#include "diff.h"

int main(void)
{
	char buf[64] = { 0 };
	off_t off = 2;
	int p[2];

	put_file("in", "0123456789");
	show(open("in", O_RDONLY));
	show(open("out", O_RDWR | O_CREAT, 0644));
	show(sendfile(4, 3, NULL, 4));
	show(lseek(3, 0, SEEK_CUR));
	show(sendfile(4, 3, &off, 3));
	show(off);
	show(lseek(3, 0, SEEK_CUR));
	show(sendfile(4, 3, NULL, 100));
	show(sendfile(4, 3, NULL, 100));
	say_file("out");
	off = 100;
	show(sendfile(4, 3, &off, 5));
	off = -1;
	show(sendfile(4, 3, &off, 5));
	must(pipe(p));
	off = 0;
	show(sendfile(p[1], 3, &off, 10));
	show(read(p[0], buf, sizeof(buf)));
	say("[%s]\n", buf);
	show(sendfile(3, 4, NULL, 1));
	show(sendfile(4, 99, NULL, 1));
	show(sendfile(99, 3, NULL, 1));
	show(sendfile(4, p[0], NULL, 1));
	show(sendfile(4, 3, BAD_PTR, 1));
	show(sendfile(4, 3, NULL, 0));
	show(open("out", O_WRONLY | O_APPEND));
	off = 0;
	show(sendfile(7, 3, &off, 1));
	return 0;
}
