/* SPDX-License-Identifier: MIT */
/* F_GETFL shows the access mode and F_SETFL changes only some flags. */
#include "diff.h"

static void tell(int fd)
{
	int fl = fcntl(fd, F_GETFL);

	say("mode %d append %d nonblock %d creat %d trunc %d excl %d\n",
	    fl & O_ACCMODE, !!(fl & O_APPEND), !!(fl & O_NONBLOCK),
	    !!(fl & O_CREAT), !!(fl & O_TRUNC), !!(fl & O_EXCL));
}

int main(void)
{
	show(open("f", O_RDWR | O_CREAT | O_TRUNC | O_EXCL, 0644));
	tell(3);
	show(fcntl(3, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT));
	tell(3);
	show(fcntl(3, F_SETFL, 0));
	tell(3);
	show(open("f", O_WRONLY | O_APPEND | O_NONBLOCK));
	tell(4);
	show(fcntl(4, F_SETFD, 0xff));
	show(fcntl(4, F_GETFD));
	show(fcntl(99, F_GETFL));
	show(fcntl(99, F_SETFD, 1));
	show(fcntl(3, 12345, 0));
	show(fcntl(3, F_DUPFD, 10));
	show(fcntl(3, F_DUPFD, 10));
	show(fcntl(3, F_DUPFD, -1));
	show(fcntl(3, F_DUPFD, 1024));
	show(fcntl(3, F_DUPFD_CLOEXEC, 20));
	show(fcntl(20, F_GETFD));
	show(fcntl(10, F_GETFD));
	return 0;
}
