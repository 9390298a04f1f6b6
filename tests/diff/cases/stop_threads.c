/* SPDX-License-Identifier: MIT */
/* Every stop of a process with threads is reported, in quick succession. */
#include "diff.h"
#include <pthread.h>

static void *turn(void *arg)
{
	for (;;)
		arg != NULL ? (void)sched_yield() : (void)pause();
	return NULL;
}

static void rounds(const char *what, void *arg)
{
	pthread_t t;
	struct gate g;
	int st, n = 0;
	pid_t pid;

	gate_init(&g);
	pid = child_do({
		for (int i = 0; i < 4; i++)
			pthread_create(&t, NULL, turn, arg);
		gate_let(&g);
		for (;;)
			pause();
	});
	gate_pass(&g);
	for (int i = 0; i < 30; i++) {
		kill(pid, SIGSTOP);
		if (waitpid(pid, &st, WUNTRACED) == pid && WIFSTOPPED(st))
			n++;
		/* The next stop comes before all threads went on. */
		kill(pid, SIGCONT);
	}
	say("%s: %d stops\n", what, n);
	kill(pid, SIGKILL);
	wait_say(what, pid);
}

int main(void)
{
	rounds("asleep", NULL);
	rounds("running", &main);
	return 0;
}
