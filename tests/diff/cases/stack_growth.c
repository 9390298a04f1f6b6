/* SPDX-License-Identifier: MIT */
/* The stack grows by itself, far, until its limit. */
#include "diff.h"

static long deep(int n)
{
	volatile char buf[1000];

	buf[0] = (char)n;
	buf[999] = 1;
	return n == 0 ? 0 : buf[999] + deep(n - 1) + (buf[0] - (char)n);
}

static void too_deep(void)
{
	say("sum %ld\n", deep(1 << 20));
}

static void big_frame(void)
{
	volatile char buf[3 << 20];

	/* First the far end. */
	buf[0] = 1;
	buf[sizeof(buf) - 1] = 2;
	say("frame %d\n", buf[0] + buf[sizeof(buf) - 1]);
}

static void in_syscall(void)
{
	volatile char buf[1 << 20];
	int p[2];

	must(pipe(p));
	must(write(p[1], "k", 1));
	/* The kernel touches the new stack page first. */
	show(read(p[0], (void *)buf, 1));
	say("[%c]\n", buf[0]);
}

static void fairly_deep(void)
{
	say("sum %ld\n", deep(5000));
}

static void limited(void)
{
	struct rlimit rl = { 1 << 20, RLIM_INFINITY };

	must(setrlimit(RLIMIT_STACK, &rl));
	say("sum %ld\n", deep(500));
	big_frame();
}

/* All in children: what has grown once does not shrink. */
int main(void)
{
	try_in_child("5 MB by steps", fairly_deep);
	try_in_child("big frame", big_frame);
	try_in_child("system call", in_syscall);
	try_in_child("past 8 MiB", too_deep);
	try_in_child("3 MiB of 1", limited);
	return 0;
}
