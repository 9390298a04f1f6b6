/* SPDX-License-Identifier: MIT */
/* rt_sigtimedwait: polling, queued values, timeouts, errors. */
#include "diff.h"

static long timedwait(const sigset_t *s, siginfo_t *si,
		      const struct timespec *t)
{
	return syscall(SYS_rt_sigtimedwait, s, si, t, 8);
}

int main(void)
{
	struct timespec zero = { 0, 0 }, little = { 0, 1000000 };
	struct timespec bad = { 0, 1000000000 }, neg = { -1, 0 };
	union sigval v = { .sival_int = 55 };
	siginfo_t si;
	sigset_t s;
	pid_t pid;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, 40);
	sigprocmask(SIG_BLOCK, &s, NULL);
	show(timedwait(&s, NULL, &zero));
	show(timedwait(&s, NULL, &little));
	show(timedwait(&s, NULL, &bad));
	show(timedwait(&s, NULL, &neg));
	show(timedwait(BAD_PTR, NULL, &zero));
	show(timedwait(&s, NULL, BAD_PTR));
	show(syscall(SYS_rt_sigtimedwait, &s, NULL, &zero, 4));
	must(sigqueue(getpid(), 40, v));
	must(kill(getpid(), SIGUSR1));
	memset(&si, 0, sizeof(si));
	show(timedwait(&s, &si, &zero));
	show(si.si_code);
	show(timedwait(&s, &si, &zero));
	show(si.si_code);
	show(si.si_value.sival_int);
	show(timedwait(&s, &si, &zero));
	pid = child_do(nap_ms(1); kill(getppid(), SIGUSR1));
	show(timedwait(&s, &si, NULL));
	fact(si.si_pid == pid && si.si_uid == 0);
	wait_say("sender", pid);
	return 0;
}
