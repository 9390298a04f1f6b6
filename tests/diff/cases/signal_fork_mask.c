/* SPDX-License-Identifier: MIT */
/*
 * The mask, the actions and the alternate stack after fork; nothing is
 * pending.
 */
#include "diff.h"

static void on_sig(int sig)
{
	say("%s in %s\n", sig_name(sig), getppid() == 0 ? "?" : "someone");
}

int main(void)
{
	sigset_t s, p;

	on_signal(SIGUSR1, on_sig, 0);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigprocmask(SIG_BLOCK, &s, NULL);
	raise(SIGUSR1);
	wait_say("child", child_do({
			 sigpending(&p);
			 show(sigismember(&p, SIGUSR1));
			 sigprocmask(SIG_BLOCK, NULL, &p);
			 show(sigismember(&p, SIGUSR1));
			 sigprocmask(SIG_UNBLOCK, &s, NULL);
			 say("nothing came\n");
			 raise(SIGUSR1);
		 }));
	sigpending(&p);
	show(sigismember(&p, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &s, NULL);
	return 0;
}
