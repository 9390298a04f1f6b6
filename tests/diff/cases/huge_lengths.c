/* SPDX-License-Identifier: MIT */
/* Lengths beyond what a call may transfer. */
#include "diff.h"

int main(void)
{
	static char buf[100];
	int p[2];

	must(pipe(p));
	put_file("f", "0123456789");
	must(open("f", O_RDWR));
	show(read(5, buf, (size_t)-1));
	show(read(5, buf, (size_t)1 << 63));
	show(write(5, buf, (size_t)-1));
	show(read(p[0], buf, (size_t)-1));
	show(write(p[1], buf, (size_t)-4096));
	show(pread(5, buf, (size_t)-1, 0));
	/* A length that is only larger than the file. */
	show(read(5, buf, 1UL << 30));
	must(open("/dev/null", O_RDWR));
	show(write(6, buf, 0x7ffff000));
	show(write(6, buf, 0x80000000UL));
	show(write(6, buf, 1UL << 40));
	show(read(6, buf, 1UL << 40));
	show(syscall(SYS_getcwd, buf, (size_t)-1) > 0);
	return 0;
}
