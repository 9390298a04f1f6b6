/* SPDX-License-Identifier: MIT */
/*
 * Two processes that only compute, on one core, get processor time in about
 * the ratio of their weights.  What counts is their own processor time.
 */
#include "../guest.h"
#include <sched.h>

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static double used_ms(const struct rusage *r)
{
	return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1e3 +
	       (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1e3;
}

/*
 * One process with @nice runs until another with 0 has used @ms of processor
 * time: what the first one got meanwhile.
 */
static double share_against(int nice_value, double ms)
{
	struct rusage r;
	int ready[2], go[2], st;
	pid_t hog, other;
	char c;

	if (pipe(ready) != 0 || pipe(go) != 0)
		return -1;
	hog = fork();
	if (hog == 0) {
		die_with_parent();
		pin();
		setpriority(PRIO_PROCESS, 0, nice_value);
		(void)!write(ready[1], "r", 1);
		for (;;)
			__asm__ volatile("" ::: "memory");
	}
	other = fork();
	if (other == 0) {
		die_with_parent();
		pin();
		(void)!write(ready[1], "r", 1);
		(void)!read(go[0], &c, 1);
		while (cpu_ms() < ms)
			;
		_exit(0);
	}
	(void)!read(ready[0], &c, 1);
	(void)!read(ready[0], &c, 1);
	(void)!write(go[1], "g", 1);
	reap(other);
	kill(hog, SIGKILL);
	while (wait4(hog, &st, 0, &r) != hog)
		;
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	close(go[1]);
	return used_ms(&r);
}

static void equal_weights_share_equally(void)
{
	double got = share_against(0, 150);

	note("150 ms against %.0f ms", got);
	CHECK(got > 150 / 2.5 && got < 150 * 2.5);
}

static void nice_10_gets_a_ninth(void)
{
	/* Weights 1024 and 110. */
	double got = share_against(10, 400);

	note("400 ms against %.0f ms", got);
	CHECK(got > 400 / 40.0 && got < 400 / 3.0);
}

static void nice_is_inherited_and_bounded(void)
{
	pid_t pid = fork(), inner;

	if (pid == 0) {
		CHECK(setpriority(PRIO_PROCESS, 0, 5) == 0);
		inner = fork();
		if (inner == 0) {
			CHECK(getpriority(PRIO_PROCESS, 0) == 5);
			CHECK(setpriority(PRIO_PROCESS, 0, 100) == 0);
			CHECK(getpriority(PRIO_PROCESS, 0) == 19);
			tap_child_exit();
		}
		CHECK(exited_with(reap(inner), 0));
		tap_child_exit();
	}
	CHECK(exited_with(reap(pid), 0));
}

TAP_MAIN(equal_weights_share_equally, nice_10_gets_a_ninth,
	 nice_is_inherited_and_bounded)
