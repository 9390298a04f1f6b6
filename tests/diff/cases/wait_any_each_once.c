/* SPDX-License-Identifier: MIT */
/* Twenty children, collected by wait(-1): each exactly once. */
#include "diff.h"

int main(void)
{
	pid_t pid[20];
	int seen[20] = { 0 };
	int st;
	pid_t p;

	for (int i = 0; i < 20; i++)
		pid[i] = child_do(_exit(100 + i));
	while ((p = wait(&st)) > 0)
		for (int i = 0; i < 20; i++)
			if (pid[i] == p && WIFEXITED(st) &&
			    WEXITSTATUS(st) == 100 + i)
				seen[i]++;
	show(wait(&st));
	for (int i = 0; i < 20; i++)
		say("%d", seen[i]);
	say("\n");
	return 0;
}
