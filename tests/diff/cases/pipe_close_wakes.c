/* SPDX-License-Identifier: MIT */
/* A reader sees the end, a writer the broken pipe, when the other side goes. */
#include "diff.h"

int main(void)
{
	static char big[200000];
	int p[2];
	pid_t pid;
	char c;

	/* A blocked reader; the last writer closes by exiting. */
	must(pipe(p));
	pid = child_do(close(p[0]); nap_ms(2));
	close(p[1]);
	show(read(p[0], &c, 1));
	wait_say("writer", pid);
	close(p[0]);

	/* A blocked writer; the reader takes some and exits. */
	on_signal(SIGPIPE, SIG_IGN, 0);
	must(pipe(p));
	pid = child_do(close(p[1]); nap_ms(2); must(read(p[0], big, 100)));
	close(p[0]);
	fact(write(p[1], big, sizeof(big)) >= 65536);
	show(write(p[1], big, 1));
	wait_say("reader", pid);
	close(p[1]);

	/* A copy of the descriptor keeps it open. */
	must(pipe(p));
	show(dup(p[1]));
	show(close(p[1]));
	must(fcntl(p[0], F_SETFL, O_NONBLOCK));
	show(read(p[0], &c, 1));
	show(close(5));
	show(read(p[0], &c, 1));
	return 0;
}
