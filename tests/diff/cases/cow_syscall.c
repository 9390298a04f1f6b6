/* SPDX-License-Identifier: MIT */
/* The kernel's own writes into copy-on-write and untouched pages. */
#include "diff.h"

int main(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct stat *st = (void *)(p + PAGE - 64);
	int pp[2];

	must(pipe(pp));
	p[0] = 'o';
	must(write(pp[1], "abcdef", 6));
	wait_say("child",
		 child_do(show(read(pp[0], p, 3)); say("[%.3s]\n", p)));
	say("[%c]\n", p[0]);
	/* Across a page border, the second page never touched. */
	show(read(pp[0], p + 2 * PAGE - 2, 3));
	say("[%.3s]\n", p + 2 * PAGE - 2);
	memset(p, 'z', 2 * PAGE);
	wait_say("stat",
		 child_do(show(fstat(pp[0], st)); fact(S_ISFIFO(st->st_mode))));
	fact(all_bytes(p, 2 * PAGE, 'z'));
	/* Into a page of zeros that was only read so far. */
	fact(p[3 * PAGE] == 0);
	must(write(pp[1], "x", 1));
	show(read(pp[0], p + 3 * PAGE, 1));
	say("[%c]\n", p[3 * PAGE]);
	return 0;
}
