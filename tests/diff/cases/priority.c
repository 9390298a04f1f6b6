/* SPDX-License-Identifier: MIT */
/* getpriority, setpriority and nice: the raw values, ranges, who may. */
#include "diff.h"

int main(void)
{
	pid_t kid;

	show(getpriority(PRIO_PROCESS, 0));
	show(syscall(SYS_getpriority, PRIO_PROCESS, 0));
	show(setpriority(PRIO_PROCESS, 0, 5));
	show(syscall(SYS_getpriority, PRIO_PROCESS, 0));
	show(setpriority(PRIO_PROCESS, 0, 100));
	show(getpriority(PRIO_PROCESS, 0));
	show(setpriority(PRIO_PROCESS, 0, -100));
	show(getpriority(PRIO_PROCESS, 0));
	show(setpriority(PRIO_PROCESS, 0, 0));
	show(nice(3));
	wait_say("inherited", child_do(show(getpriority(PRIO_PROCESS, 0))));
	kid = child_do(for (;;) pause());
	show(setpriority(PRIO_PROCESS, kid, 7));
	show(getpriority(PRIO_PROCESS, kid));
	show(setpriority(PRIO_PGRP, 0, 9));
	show(getpriority(PRIO_PROCESS, kid));
	show(getpriority(PRIO_PGRP, 0));
	wait_say("user", child_do({
			 become(1234, 1234);
			 show(setpriority(PRIO_PROCESS, 0, 12));
			 show(setpriority(PRIO_PROCESS, 0, 4));
			 show(setpriority(PRIO_PROCESS, kid, 19));
			 show(getpriority(PRIO_PROCESS, kid));
			 show(nice(-1));
		 }));
	kill(kid, SIGKILL);
	wait_say("kid", kid);
	show(getpriority(9, 0));
	show(setpriority(9, 0, 0));
	show(getpriority(PRIO_PROCESS, 0x3ffffffe));
	show(getpriority(PRIO_PGRP, 0x3ffffffe));
	return 0;
}
