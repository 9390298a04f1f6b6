/* SPDX-License-Identifier: MIT */
/* Terminal stop signals do not stop a member of an orphaned group. */
#include "diff.h"

int main(void)
{
	pid_t pid = child_do({
		/* Leader of a new session: its group has no outside parent. */
		must(setsid());
		raise(SIGTSTP);
		say("after TSTP\n");
		raise(SIGTTIN);
		say("after TTIN\n");
		raise(SIGTTOU);
		say("after TTOU\n");
		raise(SIGSTOP);
		say("after STOP\n");
		_exit(0);
	});
	int st;

	waitpid(pid, &st, WUNTRACED);
	say_status("child", st);
	must(kill(pid, SIGCONT));
	wait_say("child", pid);
	return 0;
}
