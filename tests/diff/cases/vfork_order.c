/* SPDX-License-Identifier: MIT */
/* vfork: the parent waits, memory is shared, and exec or exit releases it. */
#include "diff.h"

static volatile int stage;

int main(int argc, char **argv)
{
	struct gate g;
	pid_t pid;

	if (argc > 1) {
		gate_pass(&(struct gate){ { atoi(argv[1]), -1 } });
		return 31;
	}
	gate_init(&g);
	pid = vfork();
	if (pid == 0) {
		stage = 1;
		nap_ms(5);
		stage = 2;
		_exit(30);
	}
	show(stage);
	wait_say("exit", pid);

	pid = vfork();
	if (pid == 0) {
		char fd[8];

		snprintf(fd, sizeof(fd), "%d", g.fd[0]);
		stage = 3;
		execl(argv[0], argv[0], fd, NULL);
		stage = 4;
		_exit(99);
	}
	/* The new program is still running. */
	show(stage);
	show(waitpid(pid, NULL, WNOHANG));
	gate_let(&g);
	wait_say("exec", pid);

	pid = vfork();
	if (pid == 0) {
		execl("no/such/file", "x", NULL);
		stage = errno;
		_exit(98);
	}
	say("after a failed exec: %s\n", err_name(stage));
	wait_say("failed exec", pid);

	pid = vfork();
	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(97);
	}
	wait_say("killed", pid);
	return 0;
}
