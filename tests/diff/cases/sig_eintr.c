/* SPDX-License-Identifier: MIT */
/* Blocking calls end with EINTR after a handler without SA_RESTART. */
#include "diff.h"

static void on_sig(int sig)
{
	(void)sig;
}

/* The C library starts again after EINTR. */
static long raw_timedwait(const sigset_t *s, const struct timespec *ts)
{
	return syscall(SYS_rt_sigtimedwait, s, NULL, ts, 8);
}

int main(void)
{
	struct timespec long_time = { 1000, 0 }, rem = { -1, -1 };
	struct pollfd pfd;
	sigset_t usr2;
	int p[2], word = 7;
	pid_t noisy, sleeper;
	static char page[PAGE];
	char c;
	fd_set fds;

	must(pipe(p));
	on_signal(SIGUSR1, on_sig, 0);
	noisy = pester(SIGUSR1);
	sleeper = child_do(for (;;) pause());

	show(read(p[0], &c, 1));
	show(waitpid(sleeper, NULL, 0));
	show(pause());
	show(nanosleep(&long_time, &rem));
	fact(rem.tv_sec >= 900 && rem.tv_sec < 1000 && rem.tv_nsec >= 0);
	rem.tv_sec = -1;
	/* Returns the number itself. */
	fact(clock_nanosleep(CLOCK_MONOTONIC, 0, &long_time, &rem) == EINTR);
	fact(rem.tv_sec >= 900 && rem.tv_sec < 1000);
	pfd.fd = p[0];
	pfd.events = POLLIN;
	show(poll(&pfd, 1, -1));
	FD_ZERO(&fds);
	FD_SET(p[0], &fds);
	show(select(p[0] + 1, &fds, NULL, NULL, NULL));
	show(syscall(SYS_futex, &word, 0, 7, NULL));
	sigemptyset(&usr2);
	sigaddset(&usr2, SIGUSR2);
	show(raw_timedwait(&usr2, &long_time));
	while (fcntl(p[1], F_SETFL, O_NONBLOCK) == 0 &&
	       write(p[1], page, sizeof(page)) > 0)
		;
	fcntl(p[1], F_SETFL, 0);
	show(write(p[1], "x", 1));

	/* These two end even with SA_RESTART. */
	on_signal(SIGUSR1, on_sig, SA_RESTART);
	show(poll(&pfd, 0, -1));
	show(nanosleep(&long_time, NULL));
	show(pause());
	show(raw_timedwait(&usr2, &long_time));
	pester_end(noisy);
	pester_end(sleeper);
	return 0;
}
