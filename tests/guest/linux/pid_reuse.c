/* SPDX-License-Identifier: MIT */
/* A process id comes back no sooner than after 1,024 others. */
#include "../guest.h"

#define TURNS 1500
#define APART 1024

/* The number of a process that has come and gone. */
__attribute__((noinline)) static pid_t come_and_go(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		reap(pid);
	return pid;
}

static void no_early_reuse(void)
{
	static pid_t seen[TURNS];
	int i, k, early = 0;

	for (i = 0; i < TURNS; i++) {
		seen[i] = come_and_go();
		if (!CHECK(seen[i] > 0 && seen[i] < 1 << 30))
			return;
	}
	for (i = 0; i < TURNS; i++)
		for (k = i > APART ? i - APART : 0; k < i; k++)
			early += seen[k] == seen[i];
	CHECK(early == 0);
}

/* A number of the dead names nobody. */
static void stale_numbers_find_nobody(void)
{
	pid_t pid = fork();
	int st;

	if (pid == 0)
		_exit(0);
	/* Until it is collected it can be named. */
	CHECK(await_state(pid, "Z") || state_of(pid) == 'Z');
	CHECK(kill(pid, 0) == 0);
	CHECK(getpgid(pid) == getpgrp());
	reap(pid);
	CHECK(kill(pid, 0) == -1 && errno == ESRCH);
	CHECK(getpgid(pid) == -1 && errno == ESRCH);
	CHECK(getsid(pid) == -1 && errno == ESRCH);
	CHECK(waitpid(pid, &st, 0) == -1 && errno == ECHILD);
	CHECK(state_of(pid) == 0);
}

/* The number of a group stays taken while the group has members. */
static void group_numbers_are_not_given_away(void)
{
	pid_t leader = fork(), member;
	int i, bad = 0;

	if (leader == 0) {
		setpgid(0, 0);
		pause();
	}
	setpgid(leader, leader);
	member = fork();
	if (member == 0) {
		die_with_parent();
		pause();
	}
	CHECK(setpgid(member, leader) == 0);
	kill(leader, SIGKILL);
	reap(leader);
	for (i = 0; i < 1200; i++)
		bad += come_and_go() == leader;
	CHECK(bad == 0);
	CHECK(getpgid(member) == leader);
	CHECK(kill(-leader, SIGKILL) == 0);
	CHECK(killed_by(reap(member), SIGKILL));
}

TAP_MAIN(no_early_reuse, stale_numbers_find_nobody,
	 group_numbers_are_not_given_away)
