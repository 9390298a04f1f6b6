/* SPDX-License-Identifier: MIT */
/*
 * sigsuspend swaps the mask, returns EINTR after the handler, restores the
 * mask.
 */
#include "diff.h"

static void on_sig(int sig)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	say("handler %s: USR1 %d USR2 %d\n", sig_name(sig),
	    sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
}

int main(void)
{
	sigset_t both, only2, now;

	on_signal(SIGUSR1, on_sig, SA_RESTART);
	on_signal(SIGUSR2, on_sig, SA_RESTART);
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGUSR2);
	sigprocmask(SIG_BLOCK, &both, NULL);
	sigemptyset(&only2);
	sigaddset(&only2, SIGUSR2);

	must(kill(getpid(), SIGUSR2));
	must(kill(getpid(), SIGUSR1));
	show(sigsuspend(&only2));
	sigprocmask(SIG_BLOCK, NULL, &now);
	fact(sigismember(&now, SIGUSR1) && sigismember(&now, SIGUSR2));
	sigpending(&now);
	fact(!sigismember(&now, SIGUSR1) && sigismember(&now, SIGUSR2));

	child_do(nap_ms(1); kill(getppid(), SIGUSR1));
	show(sigsuspend(&only2));
	wait(NULL);
	show(syscall(SYS_rt_sigsuspend, &both, 4));
	show(syscall(SYS_rt_sigsuspend, BAD_PTR, 8));
	return 0;
}
