/* SPDX-License-Identifier: MIT */
/*
 * A pid namespace: numbers from 1, parents that are not seen, orphans that
 * come to its init, and everybody going with it.
 */
#include "diff.h"

#include <sched.h>
#include <sys/syscall.h>

static pid_t clone_newpid(void)
{
	return (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
}

static void orphan(void)
{
	pid_t me, mid = fork();

	if (mid == 0) {
		if (fork() == 0) {
			me = getpid();
			while (getppid() != 1)
				sched_yield();
			say("orphan %d has parent %d\n", me, getppid());
			_exit(3);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

static void inside(int outer)
{
	int st = 0;
	pid_t pid;

	say("pid %d ppid %d tid %ld\n", getpid(), getppid(),
	    syscall(SYS_gettid));
	say("pgrp %d sid %d\n", getpgrp(), getsid(0));
	say("kill outer: %s\n", kill(outer, 0) == 0 ? "ok" : err_name(errno));
	pid = fork();
	if (pid == 0) {
		say("child %d of %d\n", getpid(), getppid());
		_exit(7);
	}
	say("wait gave %d", wait(&st));
	say(" status %d\n", WEXITSTATUS(st));
	say("fork gave %d\n", pid);
	/* Its own init is not hurt by what it did not ask for. */
	kill(1, SIGKILL);
	kill(getpid(), SIGTERM);
	say("still here\n");
	say("setsid %d\n", setsid());
	say("pgrp %d sid %d\n", getpgrp(), getsid(0));
	orphan();
	if (fork() == 0)
		for (;;)
			pause();
	_exit(9);
}

int main(void)
{
	int me = getpid(), st = 0;
	pid_t pid = clone_newpid();

	if (pid == 0)
		inside(me);
	fact(waitpid(pid, &st, 0) == pid);
	fact(pid > 1);
	say("exit %d\n", WEXITSTATUS(st));

	must(unshare(CLONE_NEWPID));
	pid = fork();
	if (pid == 0) {
		say("after unshare: %d\n", getpid());
		_exit(0);
	}
	fact(waitpid(pid, &st, 0) == pid);
	/* Its init is dead: nobody is born there. */
	say("fork: %s\n", fork() == -1 ? err_name(errno) : "ok");

	pid = fork() == -1 ? clone_newpid() : 0;
	fact(pid == -1 || pid > 0);
	return 0;
}
