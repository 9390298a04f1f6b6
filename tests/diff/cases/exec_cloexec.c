/* SPDX-License-Identifier: MIT */
/* Which descriptors survive exec. */
#include "diff.h"

int main(int argc, char **argv)
{
	if (argc > 1) {
		for (int fd = 3; fd < 12; fd++) {
			int fl = fcntl(fd, F_GETFD);

			if (fl != -1)
				say("fd %d open, flags %d\n", fd, fl);
		}
		return 0;
	}
	put_file("f", "0123456789");
	show(open("f", O_RDONLY));
	show(open("f", O_RDONLY | O_CLOEXEC));
	show(dup(4));
	show(dup3(4, 6, O_CLOEXEC));
	show(fcntl(4, F_DUPFD_CLOEXEC, 7));
	show(fcntl(4, F_DUPFD, 8));
	show(open("f", O_RDONLY));
	show(fcntl(9, F_SETFD, FD_CLOEXEC));
	show(dup2(4, 10));
	show(fcntl(4, F_SETFD, 0));
	wait_say("exec", child_do(execl(argv[0], argv[0], "x", NULL)));
	/* A failed exec closes nothing. */
	show(execl("missing", "x", NULL));
	show(fcntl(9, F_GETFD));
	return 0;
}
