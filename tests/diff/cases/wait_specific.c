/* SPDX-License-Identifier: MIT */
/* wait4 for one child, for any, and for nobody's child. */
#include "diff.h"

int main(void)
{
	struct gate g[3];
	pid_t pid[3];
	int st;

	show(wait(NULL));
	show(waitpid(-1, NULL, WNOHANG));
	for (int i = 0; i < 3; i++) {
		gate_init(&g[i]);
		pid[i] = child_do(gate_pass(&g[i]); _exit(10 + i));
	}
	show(waitpid(-1, &st, WNOHANG));
	show(waitpid(1, &st, 0));
	show(waitpid(getpid(), &st, 0));
	/* The reverse of the order of birth. */
	for (int i = 2; i >= 0; i--) {
		char label[16];

		gate_let(&g[i]);
		snprintf(label, sizeof(label), "child %d", i);
		wait_say(label, pid[i]);
		show(waitpid(pid[i], &st, 0));
	}
	show(wait(&st));
	return 0;
}
