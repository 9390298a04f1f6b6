/* SPDX-License-Identifier: MIT */
/* A signal to a whole group, and to one's own group. */
#include "diff.h"

int main(void)
{
	struct gate ready;
	pid_t first = 0, pid[3], boss;

	gate_init(&ready);
	for (int i = 0; i < 3; i++) {
		pid[i] = child_do(gate_let(&ready); for (;;) pause());
		if (first == 0)
			first = pid[i];
		must(setpgid(pid[i], first));
	}
	for (int i = 0; i < 3; i++)
		gate_pass(&ready);
	show(kill(-first, 0));
	show(kill(-first, SIGUSR1));
	for (int i = 0; i < 3; i++)
		wait_say("member", pid[i]);
	show(kill(-first, 0));

	boss = child_do({
		pid_t kid;

		setpgid(0, 0);
		on_signal(SIGTERM, SIG_IGN, 0);
		kid = child_do(on_signal(SIGTERM, SIG_DFL, 0); gate_let(&ready);
			       for (;;) pause());
		gate_pass(&ready);
		show(kill(0, SIGTERM));
		wait_say("kid of the group", kid);
	});
	wait_say("boss", boss);
	return 0;
}
