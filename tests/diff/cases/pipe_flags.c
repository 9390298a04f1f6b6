/* SPDX-License-Identifier: MIT */
/* pipe2: its flags, and where each of them shows. */
#include "diff.h"

int main(void)
{
	int p[2];
	char c;

	show(pipe2(p, O_CLOEXEC));
	show(fcntl(p[0], F_GETFD));
	show(fcntl(p[1], F_GETFD));
	show(fcntl(p[0], F_GETFL));
	show(fcntl(p[1], F_GETFL));
	show(pipe2(p, O_NONBLOCK));
	show(fcntl(p[0], F_GETFD));
	show(fcntl(p[0], F_GETFL));
	show(fcntl(p[1], F_GETFL));
	show(read(p[0], &c, 1));
	show(fcntl(p[0], F_SETFL, 0));
	show(fcntl(p[0], F_GETFL));
	/* The other end has flags of its own. */
	show(fcntl(p[1], F_GETFL));
	show(pipe2(p, O_APPEND));
	show(pipe2(p, O_WRONLY));
	show(pipe2(p, 0x40000000));
	show(pipe2(BAD_PTR, 0));
	return 0;
}
