/* SPDX-License-Identifier: MIT */
/* mremap: growing in place, moving, shrinking, fixed targets, errors. */
#include "diff.h"

static char *map(int pages)
{
	return mmap(NULL, (size_t)(pages * PAGE), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	char *p = map(8), *q, *r;

	for (int i = 0; i < 8; i++)
		p[i * PAGE] = 'a' + i;
	/* Shrink, then grow back: in place, fresh zeros. */
	fact(mremap(p, 8 * PAGE, 4 * PAGE, 0) == p);
	show(write(1, p + 4 * PAGE, 1));
	fact(mremap(p, 4 * PAGE, 8 * PAGE, 0) == p);
	say("%c %d\n", p[3 * PAGE], p[4 * PAGE]);
	/* No room: refused, or moved with its contents. */
	fact(mremap(p, 4 * PAGE, 6 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
	q = mremap(p, 4 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
	fact(q != MAP_FAILED && q != p);
	say("%c%c%c%c %d\n", q[0], q[PAGE], q[2 * PAGE], q[3 * PAGE],
	    q[4 * PAGE]);
	show(write(1, p, 1));
	/* To a fixed place, over something else. */
	r = map(6);
	r[0] = 'R';
	fact(mremap(q, 6 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r) ==
	     r);
	say("%c%c\n", r[0], r[PAGE]);
	show(write(1, q, 1));
	fact(mremap(r, 6 * PAGE, 6 * PAGE, 0) == r);

	fact(mremap(r + 1, PAGE, PAGE, 0) == MAP_FAILED && errno == EINVAL);
	fact(mremap(r, PAGE, 0, 0) == MAP_FAILED && errno == EINVAL);
	fact(mremap(r, PAGE, PAGE, 0x80) == MAP_FAILED && errno == EINVAL);
	fact(mremap(r, PAGE, PAGE, MREMAP_FIXED, p) == MAP_FAILED &&
	     errno == EINVAL);
	fact(mremap(q, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED &&
	     errno == EFAULT);
	fact(mremap(r, 6 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    r + PAGE) == MAP_FAILED &&
	     errno == EINVAL);
	/* A file mapping grows to show more of the file. */
	must(open("f", O_RDWR | O_CREAT, 0644));
	must(pwrite(3, "tail", 4, PAGE));
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 3, 0);
	p = mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	say("%.4s\n", p + PAGE);
	return 0;
}
