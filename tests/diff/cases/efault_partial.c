/* SPDX-License-Identifier: MIT */
/*
 * Buffers whose second page is missing: what was done before the fault counts.
 */
#include "diff.h"

int main(void)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *edge = p + PAGE;
	static char buf[100];
	struct iovec iov[2] = { { buf, 10 }, { edge - 3, 10 } };

	memset(p, 'x', 2 * PAGE);
	must(munmap(edge, PAGE));
	memset(buf, 'b', sizeof(buf));
	must(open("f", O_RDWR | O_CREAT, 0644));
	must(write(3, buf, 100));

	/* A path may end right at the edge, but not run over it. */
	memcpy(edge - 2, "f", 2);
	show(access(edge - 2, F_OK));
	memset(edge - 2, 'x', 2);
	show(access(edge - 2, F_OK));
	show(read(0, edge, 1));
	must(lseek(3, 0, SEEK_SET));
	show(read(3, edge - 10, 10));
	show(syscall(SYS_fstat, 3, edge - 8));
	show(syscall(SYS_pipe, edge - 4));
	show(syscall(SYS_uname, edge - 100));
	show(open("/dev/zero", O_RDONLY));
	show(read(4, edge - 50, 50));
	show(open("/dev/null", O_WRONLY));
	show(write(5, edge - 50, 50));
	/* /dev/null never looks. */
	show(write(5, edge - 50, 100));
	show(readv(3, iov, 1));
	must(munmap(p, PAGE));
	show(write(3, edge - 50, 10));
	show(lseek(3, 0, SEEK_CUR));
	return 0;
}
