/* SPDX-License-Identifier: MIT */
/* A private mapping of a file: contents, the zero tail, writes stay private. */
#include "diff.h"

int main(void)
{
	static char buf[6000];
	char *p, *q;

	for (int i = 0; i < 6000; i++)
		buf[i] = (char)('a' + i % 26);
	must(open("f", O_RDWR | O_CREAT, 0644));
	must(write(3, buf, 6000));
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, 3, 0);
	q = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 4096);
	show(close(3));
	fact(memcmp(p, buf, 6000) == 0);
	fact(all_bytes(p + 6000, 8192 - 6000, 0));
	fact(memcmp(q, buf + 4096, 6000 - 4096) == 0);
	p[0] = '!';
	p[6000] = '?';
	must(open("f", O_RDWR));
	must(pread(3, buf, 1, 0));
	say("[%c]\n", buf[0]);
	/* A page that was not written still follows the file. */
	must(pwrite(3, "Q", 1, 4100));
	say("[%c]\n", q[4]);
	must(pwrite(3, "Z", 1, 1));
	say("[%c%c]\n", p[0], p[1]);
	wait_say("child", child_do(say("[%c%c]\n", p[0], p[1]); p[0] = '#'));
	say("[%c]\n", p[0]);
	show(unlink("f"));
	say("[%c]\n", q[5]);
	return 0;
}
