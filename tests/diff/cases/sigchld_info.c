/* SPDX-License-Identifier: MIT */
/* The siginfo of SIGCHLD, and SA_NOCLDSTOP. */
#include "diff.h"

static volatile sig_atomic_t count;
static volatile pid_t child;

static void on_chld(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	count++;
	say("handler %s: code %d status %d pid %s\n", sig_name(sig),
	    si->si_code, si->si_status,
	    si->si_pid == child ? "child" : "other");
}

static void await(int n)
{
	sigset_t none;

	sigemptyset(&none);
	while (count < n)
		sigsuspend(&none);
}

int main(void)
{
	sigset_t chld;
	int st;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	on_siginfo(SIGCHLD, on_chld, 0);

	child = child_do(_exit(12));
	await(1);
	wait_say("exit", child);

	child = child_do(setpgid(0, 0); raise(SIGSTOP); pause());
	await(2);
	must(kill(child, SIGCONT));
	await(3);
	must(kill(child, SIGKILL));
	await(4);
	wait_say("kill", child);

	on_siginfo(SIGCHLD, on_chld, SA_NOCLDSTOP);
	child = child_do(setpgid(0, 0); raise(SIGSTOP); _exit(1));
	waitpid(child, &st, WUNTRACED);
	say_status("stop", st);
	must(kill(child, SIGCONT));
	await(5);
	wait_say("end", child);
	show(count);
	return 0;
}
