/* SPDX-License-Identifier: MIT */
/* madvise: DONTNEED gives zeros or the file again; other advice and errors. */
#include "diff.h"

int main(void)
{
	char *p, *f, *s;

	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 'x', 4 * PAGE);
	show(madvise(p + PAGE, 2 * PAGE, MADV_DONTNEED));
	say("%d %d %d %d\n", p[0], p[PAGE], p[2 * PAGE], p[3 * PAGE]);
	must(open("f", O_RDWR | O_CREAT, 0644));
	must(write(3, "file", 4));
	f = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 3, 0);
	f[0] = 'F';
	show(madvise(f, PAGE, MADV_DONTNEED));
	say("%.4s\n", f);
	s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		 -1, 0);
	s[0] = 's';
	show(madvise(s, PAGE, MADV_DONTNEED));
	say("%c\n", s[0]);
	show(madvise(p, 4 * PAGE, MADV_NORMAL));
	show(madvise(p, 4 * PAGE, MADV_RANDOM));
	show(madvise(p, 4 * PAGE, MADV_SEQUENTIAL));
	show(madvise(p, 4 * PAGE, MADV_WILLNEED));
	show(madvise(p + 1, PAGE, MADV_DONTNEED));
	show(madvise(p, 0, MADV_DONTNEED));
	show(madvise(p, PAGE, 9999));
	must(munmap(p + PAGE, PAGE));
	show(madvise(p, 4 * PAGE, MADV_DONTNEED));
	say("%d %d\n", p[0], p[3 * PAGE]);
	return 0;
}
