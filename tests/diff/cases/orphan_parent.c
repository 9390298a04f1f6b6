/* SPDX-License-Identifier: MIT */
/* An orphan gets a new parent, which collects it. */
#include "diff.h"

int main(void)
{
	struct gate dead, told;
	pid_t middle;

	gate_init(&dead);
	gate_init(&told);
	middle = child_do({
		pid_t old = getpid();

		child_do({
			fact(getppid() == old);
			gate_let(&told);
			gate_pass(&dead);
			fact(getppid() != old);
			fact(getppid() > 0);
			fact(kill(getppid(), 0) == 0);
			gate_let(&told);
		});
		gate_pass(&told);
	});
	wait_say("middle", middle);
	show(waitpid(-1, NULL, 0));
	gate_let(&dead);
	gate_pass(&told);
	show(waitpid(-1, NULL, 0));
	return 0;
}
