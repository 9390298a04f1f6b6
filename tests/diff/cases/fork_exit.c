/* SPDX-License-Identifier: MIT */
/*
 * Exit codes: what the parent sees of exit, _exit and of values beyond a byte.
 */
#include "diff.h"

static void at_exit(void)
{
	say("atexit ran\n");
}

int main(void)
{
	static const int codes[] = { 0,	  1,   2,   42,	 126, 127,
				     128, 255, 256, 511, -1 };
	char label[32];

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		snprintf(label, sizeof(label), "_exit(%d)", codes[i]);
		wait_say(label, child_do(_exit(codes[i])));
	}
	wait_say("exit(3)", child_do(atexit(at_exit); exit(3)));
	wait_say("exit_group", child_do(syscall(SYS_exit_group, 9)));
	wait_say("SYS_exit", child_do(syscall(SYS_exit, 8)));
	return 7;
}
