/* SPDX-License-Identifier: MIT */
/* lseek: each origin, beyond the end, before the start, overflow. */
#include "diff.h"

int main(void)
{
	char c = '?';
	struct stat st;

	put_file("f", "0123456789");
	show(open("f", O_RDWR));
	show(lseek(3, 3, SEEK_SET));
	show(lseek(3, -1, SEEK_CUR));
	show(lseek(3, -2, SEEK_END));
	show(read(3, &c, 1));
	say("[%c]\n", c);
	show(lseek(3, -1, SEEK_SET));
	show(lseek(3, -100, SEEK_CUR));
	show(lseek(3, -100, SEEK_END));
	show(lseek(3, 0, SEEK_CUR));
	show(lseek(3, 100, SEEK_SET));
	show(read(3, &c, 1));
	must(fstat(3, &st));
	show(st.st_size);
	show(write(3, "x", 1));
	must(fstat(3, &st));
	show(st.st_size);
	show(lseek(3, 0, 99));
	show(lseek(3, 0, -1));
	show(lseek(99, 0, SEEK_SET));
	show(lseek(3, LONG_MAX, SEEK_SET));
	show(lseek(3, LONG_MIN, SEEK_SET));
	show(lseek(3, 0, SEEK_SET));
	show(lseek(3, LONG_MAX, SEEK_CUR));
	show(lseek(3, LONG_MAX, SEEK_END));
	show(open("/dev/null", O_RDWR));
	show(lseek(4, 5, SEEK_SET));
	show(open("/dev/zero", O_RDWR));
	show(lseek(5, 5, SEEK_SET));
	return 0;
}
