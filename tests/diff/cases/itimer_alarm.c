/* SPDX-License-Identifier: MIT */
/* alarm and setitimer: what is left, order, intervals. */
#include "diff.h"

static volatile sig_atomic_t rings;

static void on_alarm(int sig)
{
	(void)sig;
	rings++;
}

int main(void)
{
	struct itimerval it, old;
	sigset_t alrm, none;

	sigemptyset(&none);
	sigemptyset(&alrm);
	sigaddset(&alrm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alrm, NULL);
	on_signal(SIGALRM, on_alarm, 0);

	show(alarm(1000));
	fact(alarm(500) >= 990);
	show(getitimer(ITIMER_REAL, &it));
	fact(it.it_value.tv_sec >= 490 && it.it_value.tv_sec <= 500);
	show(it.it_interval.tv_sec);
	/* A child has no timer; the parent keeps its own. */
	wait_say("child", child_do(show(alarm(0))));
	fact(alarm(0) >= 490);
	show(alarm(0));

	memset(&it, 0, sizeof(it));
	it.it_value.tv_usec = 1000;
	show(setitimer(ITIMER_REAL, &it, &old));
	show(old.it_value.tv_sec + old.it_value.tv_usec);
	sigsuspend(&none);
	show(rings);
	show(getitimer(ITIMER_REAL, &it));
	show(it.it_value.tv_sec + it.it_value.tv_usec);

	it.it_value.tv_usec = 1000;
	it.it_interval.tv_usec = 1000;
	must(setitimer(ITIMER_REAL, &it, NULL));
	while (rings < 4)
		sigsuspend(&none);
	memset(&it, 0, sizeof(it));
	show(setitimer(ITIMER_REAL, &it, &old));
	show(old.it_interval.tv_usec);
	show(rings);

	it.it_value.tv_usec = 1000000;
	show(setitimer(ITIMER_REAL, &it, NULL));
	it.it_value.tv_usec = -1;
	show(setitimer(ITIMER_REAL, &it, NULL));
	show(setitimer(9, &old, NULL));
	show(getitimer(-1, &it));
	show(syscall(SYS_setitimer, ITIMER_REAL, BAD_PTR, NULL));
	show(syscall(SYS_getitimer, ITIMER_REAL, BAD_PTR));
	wait_say("default", child_do({
			 memset(&it, 0, sizeof(it));
			 it.it_value.tv_usec = 1000;
			 on_signal(SIGALRM, SIG_DFL, 0);
			 setitimer(ITIMER_REAL, &it, NULL);
			 for (;;)
				 sigsuspend(&none);
		 }));
	return 0;
}
