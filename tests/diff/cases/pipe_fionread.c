/* SPDX-License-Identifier: MIT */
/* FIONREAD and poll follow what is in a pipe. */
#include "diff.h"

static int p[2];

static void tell(void)
{
	struct pollfd f[2] = { { .fd = p[0], .events = POLLIN | POLLOUT },
			       { .fd = p[1], .events = POLLIN | POLLOUT } };
	int n = -1;

	show(ioctl(p[0], FIONREAD, &n));
	show(n);
	show(ioctl(p[1], FIONREAD, &n));
	show(poll(f, 2, 0));
	say("revents %#x %#x\n", f[0].revents, f[1].revents);
}

int main(void)
{
	static char buf[65536];
	int on = 1;

	must(pipe(p));
	tell();
	must(write(p[1], "abc", 3));
	tell();
	must(read(p[0], buf, 2));
	tell();
	must(fcntl(p[1], F_SETFL, O_NONBLOCK));
	must(read(p[0], buf, 1));
	must(write(p[1], buf, sizeof(buf)));
	tell();
	show(ioctl(p[0], FIONBIO, &on));
	show(fcntl(p[0], F_GETFL));
	show(ioctl(p[0], FIONREAD, BAD_PTR));
	show(ioctl(p[0], 0x5401, buf));
	return 0;
}
