/* SPDX-License-Identifier: MIT */
/* ppoll and pselect change the signal mask only while they wait. */
#include "diff.h"

static volatile sig_atomic_t hits;

static void on_sig(int sig)
{
	(void)sig;
	hits++;
}

int main(void)
{
	struct timespec ts = { 0, 0 }, bad = { 0, -1 };
	sigset_t s, none, now;
	struct pollfd f;
	int p[2];
	fd_set fds;

	must(pipe(p));
	f.fd = p[0];
	f.events = POLLIN;
	sigemptyset(&none);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigprocmask(SIG_BLOCK, &s, NULL);
	on_signal(SIGUSR1, on_sig, SA_RESTART);
	raise(SIGUSR1);
	show(ppoll(&f, 1, &ts, NULL));
	show(hits);
	show(ppoll(&f, 1, NULL, &none));
	show(hits);
	sigprocmask(SIG_BLOCK, NULL, &now);
	show(sigismember(&now, SIGUSR1));
	raise(SIGUSR1);
	FD_ZERO(&fds);
	FD_SET(p[0], &fds);
	show(pselect(p[0] + 1, &fds, NULL, NULL, NULL, &none));
	show(hits);
	show(ppoll(&f, 1, &bad, NULL));
	must(write(p[1], "x", 1));
	show(ppoll(&f, 1, NULL, &s));
	show(pselect(p[0] + 1, &fds, NULL, NULL, NULL, &none));
	return 0;
}
