/* SPDX-License-Identifier: MIT */
/* select: the three sets, their order of bits, time-outs, errors. */
#include "diff.h"

static void tell(const char *label, fd_set *s)
{
	say("%s:", label);
	for (int i = 0; i < 64; i++)
		if (FD_ISSET(i, s))
			say(" %d", i);
	say("\n");
}

int main(void)
{
	struct timeval tv = { 0, 0 }, bad = { -1, 0 };
	fd_set r, w, e;
	int p[2];

	must(pipe(p));
	must(dup2(p[0], 40));
	must(dup2(p[1], 63));
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(40, &r);
	FD_SET(63, &w);
	FD_SET(40, &e);
	show(select(64, &r, &w, &e, &tv));
	tell("r", &r);
	tell("w", &w);
	tell("e", &e);
	must(write(p[1], "x", 1));
	FD_SET(40, &r);
	FD_SET(63, &r);
	show(select(64, &r, &w, NULL, NULL));
	tell("r", &r);
	tell("w", &w);
	/* Bits at or above the first argument are left alone. */
	FD_SET(3, &r);
	FD_SET(50, &r);
	show(select(41, &r, NULL, NULL, NULL));
	tell("r", &r);
	FD_ZERO(&r);
	FD_SET(33, &r);
	show(select(64, &r, NULL, NULL, &tv));
	show(select(0, NULL, NULL, NULL, &tv));
	show(select(-1, NULL, NULL, NULL, &tv));
	show(select(0, NULL, NULL, NULL, &bad));
	FD_ZERO(&r);
	FD_SET(63, &r);
	tv.tv_usec = 2000;
	show(select(64, &r, NULL, NULL, &tv));
	tell("r", &r);
	show(syscall(SYS_select, 64, BAD_PTR, NULL, NULL, &tv));
	return 0;
}
