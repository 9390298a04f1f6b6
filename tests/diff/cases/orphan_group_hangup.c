/* SPDX-License-Identifier: MIT */
/* A stopped group that becomes orphaned gets SIGHUP and then SIGCONT. */
#include "diff.h"

static volatile sig_atomic_t hups;

static void on_hup(int sig)
{
	(void)sig;
	hups++;
}

int main(void)
{
	struct gate go, done;
	pid_t pid;

	gate_init(&go);
	gate_init(&done);
	pid = child_do({
		pid_t kid;
		int st;

		must(setsid());
		kid = child_do({
			on_signal(SIGHUP, on_hup, 0);
			setpgid(0, 0);
			raise(SIGSTOP);
			gate_pass(&go);
			say("running again, hang-ups: %d\n", (int)hups);
			gate_let(&done);
		});
		waitpid(kid, &st, WUNTRACED);
		say_status("kid", st);
	});
	wait_say("parent of the group", pid);
	gate_let(&go);
	gate_pass(&done);
	return 0;
}
