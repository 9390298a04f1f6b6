/* SPDX-License-Identifier: MIT */
/*
 * A shared mapping and read/write see each other at once, across processes
 * too.
 */
#include "diff.h"

int main(void)
{
	char buf[8] = { 0 };
	char *p, *q;

	must(open("f", O_RDWR | O_CREAT, 0644));
	must(ftruncate(3, 8192));
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
	q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 4096);
	memcpy(p, "mapped", 7);
	must(pread(3, buf, 7, 0));
	say("[%s]\n", buf);
	must(pwrite(3, "written", 8, 0));
	say("[%s]\n", p);
	memcpy(q, "second", 7);
	say("[%s]\n", p + 4096);
	wait_say("child", child_do(memcpy(p + 100, "child", 6);
				   must(pwrite(3, "kid", 4, 200))));
	say("[%s] [%s]\n", p + 100, p + 200);
	show(msync(p, 8192, MS_SYNC));
	show(msync(p, 8192, MS_ASYNC));
	show(msync(p, 8192, MS_SYNC | MS_ASYNC));
	show(msync(p + 1, 8191, MS_SYNC));
	show(munmap(p, 8192));
	show(msync(p, 4096, MS_SYNC));
	say("[%s]\n", q);
	must(pread(3, buf, 7, 4096));
	say("[%s]\n", buf);
	/* Shrinking and growing again shows zeros. */
	must(ftruncate(3, 4096));
	must(ftruncate(3, 8192));
	show(q[0]);
	return 0;
}
