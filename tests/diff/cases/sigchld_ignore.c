/* SPDX-License-Identifier: MIT */
/* With SIGCHLD ignored children vanish, and wait blocks until all are gone. */
#include "diff.h"

int main(void)
{
	struct gate g;
	int st;

	gate_init(&g);
	/* The default action also ignores, but keeps zombies. */
	wait_say("default", child_do(_exit(1)));
	on_signal(SIGCHLD, SIG_IGN, 0);
	child_do(_exit(2));
	show(wait(&st));
	child_do(gate_pass(&g); _exit(3));
	show(waitpid(-1, &st, WNOHANG));
	gate_let(&g);
	show(waitpid(-1, &st, 0));
	on_signal(SIGCHLD, SIG_DFL, 0);
	wait_say("default again", child_do(_exit(4)));
	return 0;
}
