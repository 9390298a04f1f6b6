/* SPDX-License-Identifier: MIT */
/* The program break: growing, shrinking, zeros, limits, after fork. */
#include "diff.h"

static char *raw_brk(void *p)
{
	return (char *)syscall(SYS_brk, p);
}

int main(void)
{
	char *start = raw_brk(NULL), *end;
	struct rlimit rl;

	fact(start != NULL);
	fact(raw_brk(start + 10 * PAGE) == start + 10 * PAGE);
	fact(all_bytes(start, 10 * PAGE, 0));
	memset(start, 'b', 10 * PAGE);
	fact(raw_brk(start + 10 * PAGE + 100) == start + 10 * PAGE + 100);
	fact(raw_brk(start) == start);
	fact(raw_brk(start + 10 * PAGE) == start + 10 * PAGE);
	fact(all_bytes(start + PAGE, 9 * PAGE, 0));
	/* Impossible requests answer with the old break. */
	fact(raw_brk((void *)1) == start + 10 * PAGE);
	fact(raw_brk((void *)0x7fffffffffff) == start + 10 * PAGE);
	fact(raw_brk((void *)-1) == start + 10 * PAGE);
	end = start + 10 * PAGE;
	memset(start, 'p', 10 * PAGE);
	wait_say("child", child_do({
			 fact(raw_brk(NULL) == end);
			 fact(all_bytes(start, 10 * PAGE, 'p'));
			 fact(raw_brk(end + PAGE) == end + PAGE);
		 }));
	fact(raw_brk(NULL) == end);
	rl.rlim_cur = rl.rlim_max = 4 << 20;
	must(setrlimit(RLIMIT_DATA, &rl));
	fact(raw_brk(end + (8 << 20)) == end);
	fact(raw_brk(end + PAGE) == end + PAGE);
	/* Something in the way. */
	fact(mmap(end + 4 * PAGE, PAGE, PROT_READ,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		  0) == end + 4 * PAGE);
	fact(raw_brk(end + 8 * PAGE) == end + PAGE);
	return 0;
}
