/* SPDX-License-Identifier: MIT */
/* PR_SET_PDEATHSIG: the parent's death is a signal. */
#include "diff.h"

static void on_sig(int sig)
{
	(void)sig;
}

int main(void)
{
	struct gate ready, go, done;
	int sig = -1;

	gate_init(&ready);
	gate_init(&go);
	gate_init(&done);
	show(prctl(PR_SET_PDEATHSIG, 65));
	wait_say("middle", child_do({
			 child_do({
				 sigset_t s;

				 show(prctl(PR_SET_PDEATHSIG, SIGUSR1));
				 show(prctl(PR_GET_PDEATHSIG, &sig));
				 show(sig);
				 on_signal(SIGUSR1, on_sig, 0);
				 sigemptyset(&s);
				 sigaddset(&s, SIGUSR1);
				 sigprocmask(SIG_BLOCK, &s, NULL);
				 /* fork does not pass it on. */
				 wait_say("kid", child_do({
						  prctl(PR_GET_PDEATHSIG, &sig);
						  show(sig);
					  }));
				 gate_let(&ready);
				 sig = sigwaitinfo(&s, NULL);
				 gate_pass(&go);
				 say("then came %s\n", sig_name(sig));
				 gate_let(&done);
			 });
			 gate_pass(&ready);
		 }));
	gate_let(&go);
	gate_pass(&done);
	return 0;
}
