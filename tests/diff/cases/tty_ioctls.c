/* SPDX-License-Identifier: MIT */
/* Terminal ioctls on things that are no terminal. */
#include "diff.h"

static void try_all(int fd)
{
	char buf[128] = { 0 };
	int on = 0;

	show(ioctl(fd, TCGETS, buf));
	show(ioctl(fd, TCSETS, buf));
	show(ioctl(fd, TIOCGWINSZ, buf));
	show(ioctl(fd, TIOCSWINSZ, buf));
	show(ioctl(fd, TIOCGPGRP, buf));
	show(ioctl(fd, TIOCSPGRP, buf));
	show(ioctl(fd, TIOCSCTTY, 0));
	show(ioctl(fd, TCSBRK, 1));
	show(isatty(fd));
	show(ioctl(fd, FIONBIO, &on));
	show(ioctl(fd, FIOCLEX));
	show(fcntl(fd, F_GETFD));
	show(ioctl(fd, FIONCLEX));
	show(fcntl(fd, F_GETFD));
	show(ioctl(fd, 0x12345678, buf));
}

int main(void)
{
	int p[2];

	must(pipe(p));
	put_file("f", "12345");
	must(open("f", O_RDWR));
	must(open(".", O_RDONLY));
	say("-- null\n");
	try_all(0);
	say("-- pipe\n");
	try_all(p[0]);
	say("-- file\n");
	try_all(5);
	say("-- directory\n");
	try_all(6);
	say("-- closed\n");
	try_all(99);
	/* No controlling terminal. */
	show(open("/dev/tty", O_RDWR));
	show(tcgetpgrp(0));
	return 0;
}
