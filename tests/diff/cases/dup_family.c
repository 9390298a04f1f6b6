/* SPDX-License-Identifier: MIT */
/* dup, dup2, dup3: numbers, shared offset, flags, errors. */
#include "diff.h"

int main(void)
{
	char c;

	put_file("f", "0123456789");
	show(open("f", O_RDWR | O_CLOEXEC));
	show(dup(3));
	show(fcntl(4, F_GETFD));
	show(read(3, &c, 1));
	show(lseek(4, 0, SEEK_CUR));
	show(dup2(3, 9));
	show(fcntl(9, F_GETFD));
	show(dup2(3, 3));
	show(fcntl(3, F_GETFD));
	show(dup2(99, 99));
	show(dup2(99, 5));
	show(dup2(3, -1));
	show(dup2(3, 100000000));
	show(dup3(3, 3, 0));
	show(dup3(3, 5, O_CLOEXEC));
	show(fcntl(5, F_GETFD));
	show(syscall(SYS_dup3, 3, 5, O_NONBLOCK));
	show(dup3(99, 5, 0));
	show(dup(99));
	show(dup(-1));
	/* The target is closed first, and silently. */
	show(dup2(3, 4));
	show(close(3));
	show(dup(4));
	/* Flags of the description are shared, of the descriptor are not. */
	show(fcntl(3, F_SETFL, O_APPEND));
	show(fcntl(9, F_GETFL) & O_APPEND);
	show(close(3));
	show(close(3));
	show(close(-1));
	return 0;
}
