/* SPDX-License-Identifier: MIT */
/* nanosleep and clock_nanosleep: arguments. */
#include "diff.h"

static long nap(long sec, long nsec)
{
	struct timespec ts = { sec, nsec };

	return syscall(SYS_nanosleep, &ts, NULL);
}

static long clock_nap(int clk, int flags, long sec, long nsec)
{
	struct timespec ts = { sec, nsec };

	return syscall(SYS_clock_nanosleep, clk, flags, &ts, NULL);
}

int main(void)
{
	show(nap(0, 0));
	show(nap(0, 1));
	show(nap(0, 1000000));
	show(nap(0, 1000000000));
	show(nap(0, -1));
	show(nap(-1, 0));
	show(syscall(SYS_nanosleep, NULL, NULL));
	show(syscall(SYS_nanosleep, BAD_PTR, NULL));
	show(clock_nap(CLOCK_REALTIME, 0, 0, 1));
	show(clock_nap(CLOCK_MONOTONIC, TIMER_ABSTIME, 0, 0));
	show(clock_nap(CLOCK_MONOTONIC, TIMER_ABSTIME, 0, 5));
	show(clock_nap(CLOCK_REALTIME, TIMER_ABSTIME, 1000, 0));
	show(clock_nap(CLOCK_BOOTTIME, 0, 0, 1));
	show(clock_nap(CLOCK_MONOTONIC, 0, -1, 0));
	show(clock_nap(99, 0, 0, 1));
	show(clock_nap(CLOCK_THREAD_CPUTIME_ID, 0, 0, 1));
	show(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, BAD_PTR, NULL));
	return 0;
}
