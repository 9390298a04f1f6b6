/* SPDX-License-Identifier: MIT */
/* Pending signals: standard ones merge, real-time ones queue; lowest first. */
#include "diff.h"

static void on_info(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	say("%s code %d value %d self %d\n", sig_name(sig), si->si_code,
	    si->si_code == SI_QUEUE ? si->si_value.sival_int : -1,
	    si->si_pid == getpid());
}

int main(void)
{
	static const int sigs[] = { 40, SIGUSR2, 35, SIGUSR1 };
	sigset_t all, old, in_handler;
	struct sigaction sa;

	sigfillset(&all);
	sigfillset(&in_handler);
	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = on_info;
	sa.sa_flags = SA_SIGINFO;
	sa.sa_mask = in_handler;
	for (int i = 0; i < 4; i++)
		must(sigaction(sigs[i], &sa, NULL));
	must(sigprocmask(SIG_BLOCK, &all, &old));
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 4; i++) {
			union sigval v = { .sival_int = 100 * round + i };

			must(sigqueue(getpid(), sigs[i], v));
		}
	must(kill(getpid(), 40));
	must(sigprocmask(SIG_SETMASK, &old, NULL));
	say("done\n");
	return 0;
}
