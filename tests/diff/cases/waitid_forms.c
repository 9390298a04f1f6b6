/* SPDX-License-Identifier: MIT */
/* waitid: what it selects, WNOWAIT, the siginfo that it fills, its errors. */
#include "diff.h"

static void tell(const char *label, const siginfo_t *si, pid_t want)
{
	say("%s: signo %s code %d status %d pid %s uid %d\n", label,
	    sig_name(si->si_signo), si->si_code, si->si_status,
	    si->si_pid == want ? "child"
	    : si->si_pid == 0  ? "0"
			       : "other",
	    (int)si->si_uid);
}

int main(void)
{
	siginfo_t si;
	struct gate g;
	pid_t pid;

	gate_init(&g);
	memset(&si, 0x55, sizeof(si));
	show(waitid(P_ALL, 0, &si, WEXITED));
	pid = child_do(gate_pass(&g); _exit(33));
	show(waitid(P_PID, pid, &si, 0));
	show(waitid(P_PID, pid, &si, WNOHANG));
	show(waitid((idtype_t)77, pid, &si, WEXITED));
	show(waitid(P_PID, pid, &si, WEXITED | 0x4000));
	memset(&si, 0x55, sizeof(si));
	show(waitid(P_PID, pid, &si, WEXITED | WNOHANG));
	tell("alive", &si, pid);
	gate_let(&g);
	show(waitid(P_PID, pid, &si, WEXITED | WNOWAIT));
	tell("nowait", &si, pid);
	show(waitid(P_ALL, 0, &si, WEXITED | WNOWAIT));
	tell("nowait again", &si, pid);
	show(waitid(P_PGID, getpgrp(), &si, WEXITED));
	tell("collected", &si, pid);
	show(waitid(P_PID, pid, &si, WEXITED));

	pid = child_do(setpgid(0, 0); raise(SIGSTOP); pause());
	show(waitid(P_PID, pid, &si, WSTOPPED));
	tell("stopped", &si, pid);
	must(kill(pid, SIGCONT));
	show(waitid(P_PID, pid, &si, WCONTINUED));
	tell("continued", &si, pid);
	must(kill(pid, SIGTERM));
	show(waitid(P_PID, pid, NULL, WEXITED | WNOWAIT));
	show(waitid(P_PID, pid, &si, WEXITED));
	tell("killed", &si, pid);
	return 0;
}
