/* SPDX-License-Identifier: MIT */
/* Arguments and environment arrive as they were given. */
#include "diff.h"

int main(int argc, char **argv, char **envp)
{
	char *odd[] = {
		"name with space", "", "-x", "a\tb\nc", "\xff\x01", NULL
	};
	char *env[] = { "A=1", "NOEQUALS", "", "A=2", NULL };
	char *none[] = { NULL };
	static char big[131072];
	static char *many[5002];
	char *mode = getenv("MODE");

	if (mode != NULL && strcmp(mode, "count") == 0) {
		size_t total = 0;

		for (int i = 0; i < argc; i++)
			total += strlen(argv[i]);
		say("argc %d total %zu\n", argc, total);
		return 0;
	}
	if (argc < 2 && mode != NULL) {
		say("argc %d argv0 %s\n", argc,
		    argv[0] == NULL ? "null" : argv[0]);
		return 0;
	}
	if (argc > 1) {
		for (int i = 0; i < argc; i++)
			say("arg %d [%s]\n", i, argv[i]);
		for (int i = 0; envp[i] != NULL; i++)
			say("env %d [%s]\n", i, envp[i]);
		fact(argv[argc] == NULL);
		fact(envp == argv + argc + 1);
		return 0;
	}
	wait_say("odd", child_do(execve(argv[0], odd, env)));
	wait_say("empty environment", child_do(execve(argv[0], odd, none)));
	wait_say("null environment", child_do(execve(argv[0], odd, NULL)));
	env[0] = "MODE=zero";
	wait_say("empty argv", child_do(execve(argv[0], none, env)));
	wait_say("null argv", child_do(execve(argv[0], NULL, env)));

	env[0] = "MODE=count";
	for (int i = 0; i < 5000; i++)
		many[i] = "abcdefghij";
	wait_say("5000", child_do(execve(argv[0], many, env)));
	memset(big, 'b', sizeof(big) - 1);
	many[1] = big;
	many[2] = NULL;
	wait_say("131071", child_do(execve(argv[0], many, env)));
	return 0;
}
