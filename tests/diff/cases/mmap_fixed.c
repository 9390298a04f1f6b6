/* SPDX-License-Identifier: MIT */
/* MAP_FIXED replaces what was there, in the middle of other mappings. */
#include "diff.h"

static char *base;

static void tell(void)
{
	say("[");
	for (int i = 0; i < 8; i++) {
		char c = '-';
		int p[2];

		/* Reading through a system call finds out without a fault. */
		must(pipe(p));
		if (write(p[1], base + i * PAGE, 1) == 1)
			must(read(p[0], &c, 1));
		close(p[0]);
		close(p[1]);
		say("%c", c == 0 ? '0' : c);
	}
	say("]\n");
}

int main(void)
{
	base = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 8; i++)
		base[i * PAGE] = 'a' + i;
	tell();
	fact(mmap(base + 2 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		  0) == base + 2 * PAGE);
	tell();
	show(munmap(base + 5 * PAGE, PAGE));
	tell();
	show(munmap(base + 4 * PAGE, 3 * PAGE));
	tell();
	put_file("f", "FILE");
	must(open("f", O_RDONLY));
	fact(mmap(base + 3 * PAGE, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED,
		  3, 0) == base + 3 * PAGE);
	base[0] = 'A';
	tell();
	fact(mmap(base, PAGE, PROT_READ,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		  0) == MAP_FAILED &&
	     errno == EEXIST);
	show(munmap(base, 8 * PAGE));
	tell();
	fact(mmap(base, PAGE, PROT_READ,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		  0) == base);
	tell();
	return 0;
}
