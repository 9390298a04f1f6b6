/* SPDX-License-Identifier: MIT */
/*
 * Over exec: handlers are reset, ignored stays, the mask and what is pending
 * stay.
 */
#include "diff.h"

static void on_sig(int sig)
{
	(void)sig;
}

static const char *disposition(int sig)
{
	struct sigaction sa;

	sigaction(sig, NULL, &sa);
	return sa.sa_handler == SIG_DFL	  ? "default"
	       : sa.sa_handler == SIG_IGN ? "ignored"
					  : "handler";
}

static void tell(void)
{
	sigset_t mask, pend;
	stack_t ss;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigpending(&pend);
	sigaltstack(NULL, &ss);
	say("USR1 %s USR2 %s PIPE %s CHLD %s\n", disposition(SIGUSR1),
	    disposition(SIGUSR2), disposition(SIGPIPE), disposition(SIGCHLD));
	say("mask HUP %d TERM %d; pending HUP %d TERM %d; altstack flags %d\n",
	    sigismember(&mask, SIGHUP), sigismember(&mask, SIGTERM),
	    sigismember(&pend, SIGHUP), sigismember(&pend, SIGTERM),
	    ss.ss_flags);
}

static char stack[16384];

int main(int argc, char **argv)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigset_t s;

	if (argc > 1) {
		tell();
		return 0;
	}
	on_signal(SIGUSR1, on_sig, SA_RESTART);
	on_signal(SIGUSR2, SIG_IGN, 0);
	on_signal(SIGPIPE, SIG_IGN, 0);
	on_signal(SIGCHLD, on_sig, SA_RESTART);
	sigaltstack(&ss, NULL);
	sigemptyset(&s);
	sigaddset(&s, SIGHUP);
	sigprocmask(SIG_BLOCK, &s, NULL);
	must(kill(getpid(), SIGHUP));
	tell();
	/* A child inherits all but what is pending. */
	wait_say("child", child_do(tell()));
	wait_say("child exec", child_do(execl(argv[0], argv[0], "2", NULL)));
	execl(argv[0], argv[0], "2", NULL);
	return 1;
}
