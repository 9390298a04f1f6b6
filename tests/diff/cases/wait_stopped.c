/* SPDX-License-Identifier: MIT */
/* WUNTRACED and WCONTINUED: each change of state is told once. */
#include "diff.h"

int main(void)
{
	pid_t pid = child_do(setpgid(0, 0); for (;;) { raise(SIGSTOP); });
	int st;

	fact(waitpid(pid, &st, WUNTRACED) == pid);
	say_status("first", st);
	show(waitpid(pid, &st, WUNTRACED | WNOHANG));
	show(waitpid(pid, &st, WNOHANG));
	must(kill(pid, SIGCONT));
	fact(waitpid(pid, &st, WUNTRACED) == pid);
	say_status("stopped again", st);
	/* A stopped process does not see a signal until it goes on. */
	must(kill(pid, SIGTERM));
	show(waitpid(pid, &st, WNOHANG));
	must(kill(pid, SIGCONT));
	wait_say("terminated", pid);

	pid = child_do(setpgid(0, 0); raise(SIGTSTP); pause());
	fact(waitpid(pid, &st, WUNTRACED) == pid);
	say_status("tstp", st);
	must(kill(pid, SIGCONT));
	fact(waitpid(pid, &st, WCONTINUED) == pid);
	say_status("cont", st);
	show(waitpid(pid, &st, WCONTINUED | WNOHANG));
	must(kill(pid, SIGSTOP));
	fact(waitpid(pid, &st, WUNTRACED) == pid);
	say_status("stop", st);
	/* SIGKILL needs no SIGCONT. */
	must(kill(pid, SIGKILL));
	wait_say("killed", pid);
	return 0;
}
