/* SPDX-License-Identifier: MIT */
/*
 * E2BIG: one string of 128 KiB, or all of them over a quarter of the stack
 * limit.
 */
#include "diff.h"

int main(int argc, char **argv)
{
	static char str[131073];
	static char *many[200];
	char *none[] = { NULL };
	struct rlimit rl;

	if (argc > 1) {
		say("argc %d\n", argc);
		return 0;
	}
	memset(str, 's', sizeof(str) - 1);
	many[0] = argv[0];
	many[1] = str;
	wait_say("131072 bytes", child_do(show(execve(argv[0], many, none))));
	wait_say("environment", child_do(show(execve(argv[0], many, many))));
	str[131071] = '\0';
	for (int i = 1; i < 190; i++)
		many[i] = str;
	getrlimit(RLIMIT_STACK, &rl);
	fact(rl.rlim_cur == 8 << 20);
	wait_say("190 times 128k", child_do(show(execve(argv[0], many, none))));
	many[12] = NULL;
	wait_say("11 times 128k", child_do(show(execve(argv[0], many, none))));
	rl.rlim_cur = 4 << 20;
	must(setrlimit(RLIMIT_STACK, &rl));
	wait_say("smaller limit", child_do(show(execve(argv[0], many, none))));
	return 0;
}
