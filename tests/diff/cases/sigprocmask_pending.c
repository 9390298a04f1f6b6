/* SPDX-License-Identifier: MIT */
/*
 * Blocked signals stay pending and arrive before the unblocking call returns.
 */
#include "diff.h"

static void on_sig(int sig)
{
	say("handler %s\n", sig_name(sig));
}

static void say_set(const char *label, const sigset_t *s)
{
	say("%s:", label);
	for (int i = 1; i <= 64; i++)
		if (sigismember(s, i) == 1)
			say(" %s", sig_name(i));
	say("\n");
}

int main(void)
{
	sigset_t set, old, pend;

	on_signal(SIGUSR1, on_sig, 0);
	on_signal(SIGUSR2, on_sig, 0);
	sigfillset(&set);
	show(sigprocmask(SIG_SETMASK, &set, &old));
	say_set("old", &old);
	sigprocmask(SIG_SETMASK, NULL, &old);
	fact(sigismember(&old, SIGKILL) == 0);
	fact(sigismember(&old, SIGSTOP) == 0);
	fact(sigismember(&old, SIGTERM) == 1);

	must(kill(getpid(), SIGUSR2));
	must(kill(getpid(), SIGUSR1));
	must(kill(getpid(), SIGUSR1));
	show(sigpending(&pend));
	say_set("pending", &pend);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	say("unblocked USR2\n");
	sigpending(&pend);
	say_set("pending", &pend);
	/* Setting it to ignored drops what is pending. */
	on_signal(SIGUSR1, SIG_IGN, 0);
	sigpending(&pend);
	say_set("pending", &pend);
	on_signal(SIGUSR1, on_sig, 0);
	must(kill(getpid(), SIGCHLD));
	sigpending(&pend);
	say_set("pending", &pend);

	show(syscall(SYS_rt_sigprocmask, 7, &set, NULL, 8));
	show(syscall(SYS_rt_sigprocmask, 7, NULL, &old, 8));
	show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 16));
	show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD_PTR, NULL, 8));
	show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, BAD_PTR, 8));
	show(syscall(SYS_rt_sigpending, BAD_PTR, 8));
	show(syscall(SYS_rt_sigpending, &pend, 16));
	return 0;
}
