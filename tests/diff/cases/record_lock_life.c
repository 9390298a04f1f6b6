/* SPDX-License-Identifier: MIT */
/* Record locks: what ends them, with shared tables and exec, too. */
#include "diff.h"

static char stack[65536] __attribute__((aligned(16)));
static int fd;

static int take(int on)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(on, F_SETLK, &l);
}

static void state(const char *when)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	must(fcntl(fd, F_GETLK, &l));
	say("%s: %s\n", when, l.l_type == F_UNLCK ? "free" : "held");
}

static int locker(void *arg)
{
	(void)arg;
	return take(fd);
}

/* A child locks and becomes a cat, which ends when the pipe does. */
static void across_exec(int flags, const char *when)
{
	char *argv[] = { "cat", NULL };
	int in[2], out[2];
	char c;
	pid_t pid;

	must(pipe2(in, O_CLOEXEC));
	must(pipe2(out, O_CLOEXEC));
	pid = child_do({
		must(take(must(open("f", O_RDWR | flags))));
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv("/bin/cat", argv);
	});
	/* What comes back proves that the exec is over. */
	must(write(in[1], "x", 1));
	must(read(out[0], &c, 1));
	state(when);
	close(in[1]);
	waitpid(pid, NULL, 0);
	state("and gone");
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

int main(void)
{
	struct gate g;
	pid_t pid;

	put_file("f", "");
	fd = must(open("f", O_RDWR));
	across_exec(0, "exec keeps it");
	across_exec(O_CLOEXEC, "exec closes it");

	wait_say("shared table", child_do({
			 pid = clone(locker, stack + sizeof(stack),
				     CLONE_FILES | SIGCHLD, NULL);
			 wait_say("locker", pid);
			 wait_say("look", child_do(state("its table lives")));
			 close(dup(fd));
			 wait_say("look", child_do(state("a copy closed")));
			 must(take(fd));
		 }));
	state("the table went");

	gate_init(&g);
	pid = child_do({
		must(take(fd));
		dup2(1, fd);
		gate_let(&g);
		pause();
	});
	gate_pass(&g);
	state("dup2 over it");
	kill(pid, SIGKILL);
	wait_say("holder", pid);
	state("at the end");
	return 0;
}
