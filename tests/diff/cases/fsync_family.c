/* SPDX-License-Identifier: MIT */
/* fsync, fdatasync and fadvise64: what they accept. */
#include "diff.h"

int main(void)
{
	int p[2];

	put_file("f", "x");
	show(open("f", O_RDWR));
	show(fsync(3));
	show(fdatasync(3));
	show(fsync(99));
	must(pipe(p));
	show(fdatasync(p[0]));
	show(syscall(SYS_fadvise64, 3, 0, 0, 2));
	show(syscall(SYS_fadvise64, 3, 0, 0, 4));
	show(syscall(SYS_fadvise64, 3, 0, 0, 99));
	show(syscall(SYS_fadvise64, 99, 0, 0, 2));
	show(syscall(SYS_fadvise64, p[0], 0, 0, 2));
	show(syscall(SYS_fadvise64, 3, 0, -1, 2));
	return 0;
}
