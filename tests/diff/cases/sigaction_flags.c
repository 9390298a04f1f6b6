/* SPDX-License-Identifier: MIT */
/* SA_RESETHAND, SA_NODEFER, sa_mask, the old action, and what is refused. */
#include "diff.h"

static volatile sig_atomic_t depth, deepest, calls;

static void on_nested(int sig)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	/* The call itself and not raise(), which blocks everything. */
	if (depth < 3 && calls++ < 5)
		kill(getpid(), sig);
	depth--;
}

static void on_masked(int sig)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	say("in %s: USR1 %d USR2 %d TERM %d\n", sig_name(sig),
	    sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2),
	    sigismember(&now, SIGTERM));
}

int main(void)
{
	struct sigaction sa, old;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_masked;
	show(sigaction(SIGKILL, &sa, NULL));
	show(sigaction(SIGSTOP, &sa, NULL));
	show(sigaction(SIGKILL, NULL, &old));
	show(sigaction(0, &sa, NULL));
	show(sigaction(65, &sa, NULL));
	show(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
	show(syscall(SYS_rt_sigaction, SIGUSR1, BAD_PTR, NULL, 8));
	show(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD_PTR, 8));

	sa.sa_flags = SA_RESTART | SA_NOCLDSTOP;
	sigaddset(&sa.sa_mask, SIGUSR2);
	sigaddset(&sa.sa_mask, SIGKILL);
	show(sigaction(SIGUSR1, &sa, &old));
	fact(old.sa_handler == SIG_DFL);
	show(sigaction(SIGUSR1, NULL, &old));
	fact(old.sa_handler == on_masked);
	fact((old.sa_flags & ~0x4000000) == (SA_RESTART | SA_NOCLDSTOP));
	show(sigismember(&old.sa_mask, SIGUSR2));
	show(sigismember(&old.sa_mask, SIGTERM));
	show(sigismember(&old.sa_mask, SIGKILL));
	raise(SIGUSR1);

	on_signal(SIGUSR1, on_masked, SA_RESETHAND);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &old);
	fact(old.sa_handler == SIG_DFL);

	on_signal(SIGUSR1, on_masked, SA_NODEFER);
	raise(SIGUSR1);
	on_signal(SIGUSR1, on_nested, SA_NODEFER);
	raise(SIGUSR1);
	show(deepest);
	deepest = 0;
	calls = 0;
	on_signal(SIGUSR1, on_nested, 0);
	raise(SIGUSR1);
	show(deepest);
	return 0;
}
