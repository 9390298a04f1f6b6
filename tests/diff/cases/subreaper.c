/* SPDX-License-Identifier: MIT */
/* A subreaper inherits the orphans below it. */
#include "diff.h"

int main(void)
{
	struct gate g;
	pid_t boss = getpid();
	siginfo_t si;
	int flag = -1;

	gate_init(&g);
	show(prctl(PR_GET_CHILD_SUBREAPER, &flag));
	show(flag);
	show(prctl(PR_SET_CHILD_SUBREAPER, 1));
	show(prctl(PR_GET_CHILD_SUBREAPER, &flag));
	show(flag);
	wait_say("middle", child_do({
			 child_do({
				 gate_pass(&g);
				 while (getppid() != boss)
					 nap_ms(1);
				 _exit(44);
			 });
			 prctl(PR_GET_CHILD_SUBREAPER, &flag);
			 show(flag);
		 }));
	gate_let(&g);
	must(waitid(P_ALL, 0, &si, WEXITED | WNOWAIT));
	wait_say("orphan", si.si_pid);
	show(waitpid(-1, NULL, 0));
	return 0;
}
