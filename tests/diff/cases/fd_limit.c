/* SPDX-License-Identifier: MIT */
/* RLIMIT_NOFILE: EMFILE everywhere, the lowest free number is used. */
#include "diff.h"

int main(void)
{
	struct rlimit rl = { 10, 10 };
	int p[2];

	must(setrlimit(RLIMIT_NOFILE, &rl));
	for (int i = 0; i < 8; i++)
		show(open("/dev/null", O_RDONLY));
	show(dup(0));
	show(pipe(p));
	show(fcntl(0, F_DUPFD, 5));
	show(fcntl(0, F_DUPFD, 10));
	show(dup2(0, 9));
	show(dup2(0, 10));
	show(close(5));
	show(pipe(p));
	show(dup(0));
	show(close(4));
	show(close(7));
	show(pipe(p));
	show(p[0]);
	show(p[1]);
	/* What lies above a lowered limit stays usable. */
	rl.rlim_cur = 4;
	must(setrlimit(RLIMIT_NOFILE, &rl));
	show(fcntl(9, F_GETFD));
	show(close(3));
	show(dup(9));
	show(dup(9));
	return 0;
}
