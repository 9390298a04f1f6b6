/* SPDX-License-Identifier: MIT */
/* A fork bomb inside RLIMIT_NPROC hits -EAGAIN and harms nobody. */
#include "../guest.h"

#define LIMIT 40

static volatile int *made;

static void bomb(void)
{
	struct rlimit l = { LIMIT, LIMIT };

	die_with_parent();
	if (setpgid(0, 0) != 0 || setrlimit(RLIMIT_NPROC, &l) != 0 ||
	    setgid(61234) != 0 || setuid(61234) != 0)
		_exit(30);
	for (;;) {
		pid_t pid = fork();

		if (pid == -1) {
			made[1] = errno;
			/* Doubles in every generation: none gives up. */
			pause();
		}
		__atomic_add_fetch(&made[0], pid != 0, __ATOMIC_SEQ_CST);
	}
}

static void bomb_is_bounded(void)
{
	static struct census before;
	pid_t pid;
	int i;

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	made = shared_memory(PAGE);
	REQUIRE(made != NULL && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	for (i = 0; i < 2; i++) {
		if (i == 1)
			census_take(&before);
		made[0] = made[1] = 0;
		pid = fork();
		if (pid == 0)
			bomb();
		while (made[1] == 0 && state_of(pid) != 'Z')
			nap_us(1000);
		CHECK(made[1] == EAGAIN);
		CHECK(made[0] <= LIMIT);
		/* All of the user's processes, by its process group. */
		CHECK(kill(-pid, SIGKILL) == 0);
		/* Orphans come to us. */
		while (waitpid(-1, NULL, 0) > 0)
			;
		CHECK(kill(-pid, 0) == -1 && errno == ESRCH);
	}
	CHECK(census_same(&before));
}

static void others_may_still_fork(void)
{
	struct rlimit l = { 1, 1 };
	pid_t pid, child;

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	pid = fork();
	if (pid == 0) {
		/* root is above this limit */
		setrlimit(RLIMIT_NPROC, &l);
		child = fork();
		if (child == 0)
			_exit(4);
		_exit(child > 0 && exited_with(reap(child), 4) ? 0 : 1);
	}
	CHECK(exited_with(reap(pid), 0));
}

TAP_MAIN(bomb_is_bounded, others_may_still_fork)
