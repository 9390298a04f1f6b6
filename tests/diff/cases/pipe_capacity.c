/* SPDX-License-Identifier: MIT */
/* How much a pipe takes, and what a full one answers. */
#include "diff.h"

int main(void)
{
	static char page[PAGE];
	int p[2], n = 0;
	long total = 0;

	must(pipe2(p, O_NONBLOCK));
	while (write(p[1], page, sizeof(page)) == (ssize_t)sizeof(page))
		n++;
	say("%s\n", err_name(errno));
	show(n);
	show(write(p[1], page, 1));
	show(write(p[1], page, 2 * sizeof(page)));
	show(read(p[0], page, sizeof(page)));
	/* Up to PIPE_BUF all or nothing, beyond it what fits. */
	show(write(p[1], page, sizeof(page)));
	show(write(p[1], page, sizeof(page)));
	show(read(p[0], page, sizeof(page)));
	show(write(p[1], page, sizeof(page)) + 0);
	show(read(p[0], page, sizeof(page)));
	static char big[3 * PAGE];
	show(write(p[1], big, sizeof(big)));
	show(fcntl(p[0], F_GETPIPE_SZ));
	while ((n = (int)read(p[0], big, sizeof(big))) > 0)
		total += n;
	say("%s\n", err_name(errno));
	show(total);
	for (n = 0; write(p[1], "x", 1) == 1; n++)
		;
	show(n);
	return 0;
}
