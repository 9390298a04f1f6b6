/* SPDX-License-Identifier: MIT */
/* Blocking calls go on after a handler with SA_RESTART. */
#include "diff.h"

/* Shared, so that a child can wait for the handler to have run. */
static volatile int *hits;

static void on_sig(int sig)
{
	(void)sig;
	(*hits)++;
}

int main(void)
{
	pid_t parent = getpid(), pid, noisy;
	int p[2], st;
	char c = 0;

	hits = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	on_signal(SIGUSR1, on_sig, SA_RESTART);
	must(pipe(p));
	pid = child_do({
		for (int i = 0; i < 5; i++) {
			nap_ms(1);
			kill(parent, SIGUSR1);
		}
		must(write(p[1], "x", 1));
	});
	show(read(p[0], &c, 1));
	fact(c == 'x' && *hits >= 1);
	wait_say("writer", pid);

	noisy = pester(SIGUSR1);
	*hits = 0;
	pid = child_do({
		while (*hits < 3)
			nap_ms(1);
		_exit(3);
	});
	fact(waitpid(pid, &st, 0) == pid);
	say_status("waitpid", st);
	pester_end(noisy);
	return 0;
}
