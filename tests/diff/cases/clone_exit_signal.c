/* SPDX-License-Identifier: MIT */
/* Exit signals of clone that are none, and who collects such children. */
#include "diff.h"

static volatile sig_atomic_t got;

static void count(int sig)
{
	(void)sig;
	got++;
}

int main(void)
{
	static const int signals[] = { 0, 65, 100, 255, SIGUSR1, 64 };
	pid_t pid;
	int st, in[2];
	char c;

	on_signal(SIGUSR1, count, 0);
	on_signal(64, count, 0);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		pid = (pid_t)syscall(SYS_clone, signals[i], 0, 0, 0, 0);
		if (pid == 0)
			_exit(i);
		while (waitpid(pid, &st, __WALL) == -1 && errno == EINTR)
			;
		say("%d: ", signals[i]);
		say_status("child", st);
		say("signals so far: %d\n", (int)got);
	}

	/* An orphan without a signal: its new parent waits as for any. */
	must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	must(pipe(in));
	wait_say("parent", child_do({
			 if (syscall(SYS_clone, 0, 0, 0, 0, 0) == 0) {
				 close(in[1]);
				 if (read(in[0], &c, 1) == 0)
					 _exit(7);
				 _exit(1);
			 }
		 }));
	close(in[1]);
	pid = waitpid(-1, &st, 0);
	fact(pid > 0);
	say_status("orphan", st);
	return 0;
}
