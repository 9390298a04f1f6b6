/* SPDX-License-Identifier: MIT */
/* What a child has of its own and what it shares right after fork. */
#include "diff.h"

int main(void)
{
	pid_t me = getpid(), my_parent = getppid(), child;
	int shared = must(open("f", O_RDWR | O_CREAT, 0644));
	int local = 1;
	pid_t pgrp = getpgrp();
	pid_t sid = getsid(0);

	must(write(shared, "abcdef", 6));
	must(lseek(shared, 1, SEEK_SET));
	child = fork();
	if (child == 0) {
		fact(getpid() != me);
		fact(getppid() == me);
		fact(getpgrp() == pgrp);
		fact(getsid(0) == sid);
		fact(syscall(SYS_gettid) == getpid());
		local = 2;
		show(local);
		show(lseek(shared, 2, SEEK_CUR));
		show(close(shared));
		_exit(5);
	}
	wait_say("child", child);
	fact(child > 0);
	show(local);
	show(lseek(shared, 0, SEEK_CUR));
	fact(getppid() == my_parent);
	return 0;
}
