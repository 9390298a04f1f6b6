/* SPDX-License-Identifier: MIT */
/* SA_NOCLDWAIT: no zombie, but the handler still runs. */
#include "diff.h"

static volatile sig_atomic_t count;

static void on_chld(int sig)
{
	(void)sig;
	count++;
}

int main(void)
{
	int st;

	on_signal(SIGCHLD, on_chld, SA_NOCLDWAIT | SA_RESTART);
	child_do(_exit(2));
	show(wait(&st));
	show(count);
	show(waitpid(-1, &st, WNOHANG));
	on_signal(SIGCHLD, on_chld, SA_RESTART);
	wait_say("zombie kept", child_do(_exit(3)));
	show(count);
	return 0;
}
