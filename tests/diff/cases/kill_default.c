/* SPDX-License-Identifier: MIT */
/* The default action of every signal, seen by the parent. */
#include "diff.h"

static void one(int sig)
{
	struct gate g;
	char label[24];
	pid_t pid;
	int st;

	gate_init(&g);
	pid = child_do({
		setpgid(0, 0);
		gate_let(&g);
		for (;;)
			pause();
	});
	gate_pass(&g);
	gate_close(&g);
	snprintf(label, sizeof(label), "%d %s", sig, sig_name(sig));
	must(kill(pid, sig));
	if (sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN ||
	    sig == SIGTTOU) {
		waitpid(pid, &st, WUNTRACED);
		say_status(label, st);
	}
	/* Those that did nothing die of this one. */
	if (sig == SIGCHLD || sig == SIGCONT || sig == SIGURG ||
	    sig == SIGWINCH || sig == SIGSTOP || sig == SIGTSTP ||
	    sig == SIGTTIN || sig == SIGTTOU)
		must(kill(pid, SIGKILL));
	wait_say(label, pid);
}

int main(void)
{
	for (int sig = 1; sig < 32; sig++)
		one(sig);
	one(34);
	one(40);
	one(64);
	return 0;
}
