/* SPDX-License-Identifier: MIT */
/* A chain of processes passes a token down and the statuses come back up. */
#include "diff.h"

static int chain(int depth)
{
	int st;
	pid_t pid;

	if (depth == 0)
		return 1;
	pid = fork();
	if (pid == -1)
		return 0;
	if (pid == 0)
		_exit(chain(depth - 1));
	if (waitpid(pid, &st, 0) != pid || !WIFEXITED(st))
		return 0;
	return WEXITSTATUS(st) + 1;
}

int main(void)
{
	int p[2], q[2], token = 0;

	show(chain(40));
	/* A ring of pipes. */
	must(pipe(p));
	q[0] = p[0];
	for (int i = 0; i < 20; i++) {
		int next[2];

		must(pipe(next));
		child_do({
			int v;

			close(p[1]);
			close(next[0]);
			while (read(q[0], &v, sizeof(v)) == sizeof(v)) {
				v++;
				must(write(next[1], &v, sizeof(v)));
			}
		});
		close(q[0]);
		close(next[1]);
		q[0] = next[0];
	}
	for (int i = 0; i < 10; i++) {
		must(write(p[1], &token, sizeof(token)));
		must(read(q[0], &token, sizeof(token)));
	}
	show(token);
	/* The end travels through all of them. */
	close(p[1]);
	show(read(q[0], &token, sizeof(token)));
	while (wait(NULL) > 0)
		;
	return 0;
}
