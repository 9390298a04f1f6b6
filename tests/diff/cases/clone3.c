/* SPDX-License-Identifier: MIT */
/* clone3 works or is unknown; its size and flags are checked. */
#include "diff.h"

struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

int main(void)
{
	struct args a;
	uint64_t big[16];
	int word = 0;
	long pid;

	memset(&a, 0, sizeof(a));
	a.exit_signal = SIGCHLD;
	show(syscall(SYS_clone3, &a, 32));
	show(syscall(SYS_clone3, &a, 8192));
	show(syscall(SYS_clone3, BAD_PTR, 64));
	memset(big, 0, sizeof(big));
	big[4] = SIGCHLD;
	big[15] = 1;
	show(syscall(SYS_clone3, big, sizeof(big)));
	a.flags = 1ULL << 63;
	show(syscall(SYS_clone3, &a, 64));
	a.flags = SIGCHLD;
	show(syscall(SYS_clone3, &a, 64));
	a.flags = 0;
	a.exit_signal = 65;
	show(syscall(SYS_clone3, &a, 64));
	a.exit_signal = SIGCHLD;
	a.stack = 4096;
	show(syscall(SYS_clone3, &a, 64));
	a.stack = 0;
	a.flags = CLONE_PARENT_SETTID;
	a.parent_tid = (uintptr_t)&word;
	pid = syscall(SYS_clone3, &a, sizeof(a));
	if (pid == 0)
		_exit(77);
	fact(word == pid);
	wait_say("clone3", (pid_t)pid);
	return 0;
}
