/* SPDX-License-Identifier: MIT */
/* A native program is one among the others: it runs Linux's calls too. */
#include "../guest.h"

#include <pando.h>

/* As exec'd, from a child of itself. */
__attribute__((constructor)) static void maybe_child(void)
{
	if (getenv("GUEST_WORLD_CHILD") != NULL)
		pando_exit(pando_nop() == 0 && getpid() > 0 ? 17 : 1);
}

static void both_kinds_of_calls_work(void)
{
	int fd[2];
	char c = 0;

	CHECK(pando_getpid() == syscall(SYS_getpid));
	REQUIRE(pipe(fd) == 0);
	/* Written by one, read by the other. */
	CHECK(pando_write(fd[1], "n", 1, PANDO_AT_CURRENT) == 1);
	CHECK(read(fd[0], &c, 1) == 1 && c == 'n');
	CHECK(write(fd[1], "l", 1) == 1);
	CHECK(pando_read(fd[0], &c, 1, PANDO_AT_CURRENT) == 1 && c == 'l');
	close(fd[0]);
	close(fd[1]);
}

static void exec_of_its_own_kind(void)
{
	char *argv[] = { (char *)"child", NULL };
	char *envp[] = { (char *)"GUEST_WORLD_CHILD=1", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execve("/proc/self/exe", argv, envp);
		_exit(1);
	}
	CHECK(exited_with(reap(pid), 17));
}

static void exec_of_a_linux_program(void)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)"exit 6", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execv("/bin/sh", argv);
		_exit(1);
	}
	CHECK(exited_with(reap(pid), 6));
}

static void it_is_in_the_one_tree(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	CHECK(await_state(pid, "S"));
	CHECK(kill(pid, SIGTERM) == 0);
	CHECK(killed_by(reap(pid), SIGTERM));
}

static void all_of_them(void)
{
	both_kinds_of_calls_work();
	exec_of_its_own_kind();
	it_is_in_the_one_tree();
}

static void nothing_leaks(void)
{
	CHECK(leak_free(all_of_them));
}

TAP_MAIN(both_kinds_of_calls_work, exec_of_its_own_kind,
	 exec_of_a_linux_program, it_is_in_the_one_tree, nothing_leaks)
