/* SPDX-License-Identifier: MIT */
/* Anonymous memory: zero, writable, separate, placed where it was asked for. */
#include "diff.h"

int main(void)
{
	char *p, *q;

	p = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fact(p != MAP_FAILED);
	fact((uintptr_t)p % PAGE == 0);
	fact(all_bytes(p, 10 * PAGE, 0));
	memset(p, 'x', 10 * PAGE);
	q = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0);
	fact(all_bytes(q, PAGE, 0));
	fact(q + PAGE <= p || q >= p + 10 * PAGE);
	show(munmap(p, 10 * PAGE));
	/* A free hint is taken; a used one is not, without MAP_FIXED. */
	fact(mmap(p, 10 * PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == p);
	fact(all_bytes(p, 10 * PAGE, 0));
	fact(mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		  0) != p + PAGE);
	q = mmap(NULL, 64L << 20, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	fact(q != MAP_FAILED);
	q[0] = q[40L << 20] = q[(64L << 20) - 1] = 1;
	fact(q[20L << 20] == 0 && q[40L << 20] == 1);
	show(munmap(q, 64L << 20));
	q = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show(mprotect(q, PAGE, PROT_READ | PROT_WRITE));
	q[5] = 5;
	show(q[5]);
	return 0;
}
