/* SPDX-License-Identifier: MIT */
/*
 * After hundreds of fork/exec/exit cycles every object and every frame is
 * back.  tests/stress has the same with thousands.
 */
#include "../guest.h"

#define CYCLES 500

/* As exec'd, the program is done before it begins. */
__attribute__((constructor)) static void maybe_done(void)
{
	if (getenv("GUEST_CYCLE") != NULL)
		_exit(7);
}

static void cycles(int n, bool exec)
{
	char *argv[] = { (char *)"cycle", NULL };
	char *envp[] = { (char *)"GUEST_CYCLE=1", NULL };
	int bad = 0;

	while (n-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			if (exec)
				execve("/proc/self/exe", argv, envp);
			_exit(exec ? 1 : 7);
		}
		bad += pid <= 0 || !exited_with(reap(pid), 7);
	}
	CHECK(bad == 0);
}

static void check_cycles(bool exec)
{
	static struct census before;

	int round;

	cycles(20, exec);
	/* What something takes when it first runs comes once only. */
	for (round = 0; round < 3; round++) {
		census_take(&before);
		cycles(CYCLES, exec);
		if (census_quiet(&before))
			return;
	}
	CHECK(census_same(&before));
}

static void fork_exit_leaks_nothing(void)
{
	check_cycles(false);
}

static void fork_exec_exit_leaks_nothing(void)
{
	check_cycles(true);
}

/* Orphans are collected by the first process. */
static void orphans(void)
{
	int fd[2], i;
	char c;

	REQUIRE(pipe(fd) == 0);
	for (i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (fork() == 0) {
				/* Until the parent is gone. */
				while (getppid() != 1 && i % 2 == 0)
					sched_yield();
				_exit(0);
			}
			_exit(0);
		}
		CHECK(exited_with(reap(pid), 0));
	}
	close(fd[1]);
	/* The end of file says that the last of them is dead. */
	while (read(fd[0], &c, 1) > 0)
		;
	close(fd[0]);
}

static void orphans_leak_nothing(void)
{
	if (!on_pando()) {
		SKIP("needs a machine of its own");
		return;
	}
	CHECK(leak_free(orphans));
}

static void many_at_once(void)
{
	pid_t pid[60];
	int i;

	for (i = 0; i < 60; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			pause();
		if (!CHECK(pid[i] > 0))
			break;
	}
	while (i-- > 0) {
		kill(pid[i], SIGKILL);
		CHECK(killed_by(reap(pid[i]), SIGKILL));
	}
}

static void sixty_at_once_leak_nothing(void)
{
	CHECK(leak_free(many_at_once));
}

TAP_MAIN(fork_exit_leaks_nothing, fork_exec_exit_leaks_nothing,
	 orphans_leak_nothing, sixty_at_once_leak_nothing)
