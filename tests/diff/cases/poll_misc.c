/* SPDX-License-Identifier: MIT */
/* poll: what is ready, bad descriptors, negative ones, time-outs, errors. */
#include "diff.h"

int main(void)
{
	struct pollfd f[6];
	int p[2], q[2];

	must(pipe(p));
	must(pipe(q));
	put_file("f", "x");
	f[0] = (struct pollfd){ .fd = must(open("f", O_RDONLY)),
				.events = POLLIN | POLLOUT };
	f[1] = (struct pollfd){ .fd = 99, .events = POLLIN };
	f[2] = (struct pollfd){ .fd = -1, .events = POLLIN, .revents = 77 };
	f[3] = (struct pollfd){ .fd = must(open("/dev/null", O_RDWR)),
				.events = POLLIN | POLLOUT };
	f[4] = (struct pollfd){ .fd = p[0], .events = POLLIN };
	f[5] = (struct pollfd){ .fd = q[1], .events = POLLOUT };
	show(poll(f, 6, 0));
	for (int i = 0; i < 6; i++)
		say(" %#x", f[i].revents);
	say("\n");
	close(p[1]);
	close(q[0]);
	show(poll(f + 4, 2, -1));
	say(" %#x %#x\n", f[4].revents, f[5].revents);
	f[4].events = f[5].events = 0;
	show(poll(f + 4, 2, 0));
	say(" %#x %#x\n", f[4].revents, f[5].revents);
	show(poll(NULL, 0, 1));
	show(poll(NULL, 0, 0));
	show(poll(BAD_PTR, 1, 0));
	show(syscall(SYS_poll, f, 1000000, 0));
	must(pipe(p));
	f[0] = (struct pollfd){ .fd = p[0], .events = POLLIN };
	show(poll(f, 1, 2));
	show(f[0].revents);
	child_do(nap_ms(2); must(write(p[1], "x", 1)));
	show(poll(f, 1, -1));
	say("%#x\n", f[0].revents);
	wait(NULL);
	/* The same descriptor twice. */
	f[1] = f[0];
	show(poll(f, 2, 0));
	return 0;
}
