/* SPDX-License-Identifier: MIT */
/* pread and pwrite leave the offset alone; holes read as zero. */
#include "diff.h"

int main(void)
{
	char buf[32];

	show(open("f", O_RDWR | O_CREAT, 0644));
	show(pwrite(3, "world", 5, 10));
	show(lseek(3, 0, SEEK_CUR));
	show(pwrite(3, "hello", 5, 0));
	show(pread(3, buf, sizeof(buf), 0));
	fact(memcmp(buf, "hello\0\0\0\0\0world", 15) == 0);
	show(lseek(3, 0, SEEK_CUR));
	show(pread(3, buf, 5, 12));
	show(pread(3, buf, 5, 15));
	show(pread(3, buf, 5, 1000));
	show(pread(3, buf, 5, -1));
	show(pwrite(3, buf, 5, -1));
	show(pread(99, buf, 5, 0));
	show(pread(3, buf, 0, 0));
	show(pwrite(3, buf, 0, 100));
	show(lseek(3, 0, SEEK_END));
	show(pread(3, BAD_PTR, 5, 0));
	show(pread(3, BAD_PTR, 5, 100));
	show(pwrite(3, BAD_PTR, 5, 0));
	return 0;
}
