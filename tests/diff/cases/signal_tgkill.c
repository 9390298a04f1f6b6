/* SPDX-License-Identifier: MIT */
/* tkill and tgkill: exact targets and errors. */
#include "diff.h"

static void on_info(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	say("%s code %d self %d\n", sig_name(sig), si->si_code,
	    si->si_pid == getpid());
}

int main(void)
{
	pid_t me = getpid(), kid;

	on_siginfo(SIGUSR1, on_info, 0);
	show(syscall(SYS_tkill, me, SIGUSR1));
	show(syscall(SYS_tgkill, me, me, SIGUSR1));
	show(kill(me, SIGUSR1));
	show(syscall(SYS_tgkill, me, me, 0));
	show(syscall(SYS_tgkill, me, me, 65));
	show(syscall(SYS_tgkill, -1, me, SIGUSR1));
	show(syscall(SYS_tgkill, me, -1, SIGUSR1));
	show(syscall(SYS_tgkill, 0, me, SIGUSR1));
	show(syscall(SYS_tgkill, me, 0x3ffffffe, SIGUSR1));
	show(syscall(SYS_tkill, 0, SIGUSR1));
	show(syscall(SYS_tkill, 0x3ffffffe, SIGUSR1));
	kid = child_do(for (;;) pause());
	show(syscall(SYS_tgkill, me, kid, SIGKILL));
	show(syscall(SYS_tgkill, kid, kid, SIGKILL));
	wait_say("kid", kid);
	return 0;
}
