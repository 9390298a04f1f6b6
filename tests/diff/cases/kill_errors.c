/* SPDX-License-Identifier: MIT */
/* Whom kill may reach and what it answers otherwise. */
#include "diff.h"

int main(void)
{
	pid_t zombie, victim;
	int st;

	show(kill(getpid(), 0));
	show(kill(getpid(), -1));
	show(kill(getpid(), 65));
	show(kill(0x3ffffffe, 0));
	show(kill(0x3ffffffe, 65));
	show(kill(-0x3ffffffe, SIGTERM));
	show(kill(INT_MIN, 0));
	zombie = child_do(_exit(0));
	waitid(P_PID, zombie, NULL, WEXITED | WNOWAIT);
	show(kill(zombie, SIGKILL));
	show(kill(zombie, 0));
	wait_say("zombie", zombie);
	show(kill(zombie, 0));

	victim = child_do(setpgid(0, 0); for (;;) pause());
	wait_say("other user", child_do({
			 become(1234, 1234);
			 show(kill(victim, 0));
			 show(kill(victim, SIGTERM));
			 show(kill(victim, 65));
			 show(kill(getppid(), SIGCONT));
			 show(kill(getpid(), 0));
		 }));
	show(waitpid(victim, &st, WNOHANG));
	must(kill(victim, SIGKILL));
	wait_say("victim", victim);
	return 0;
}
