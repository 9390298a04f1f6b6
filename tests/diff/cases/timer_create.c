/* SPDX-License-Identifier: MIT */
/* POSIX timers that send a signal, and their errors. */
#include "diff.h"

int main(void)
{
	struct itimerspec its, old;
	struct sigevent ev;
	siginfo_t si;
	timer_t t = NULL;
	sigset_t s;
	int id = -1;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGALRM);
	sigprocmask(SIG_BLOCK, &s, NULL);
	memset(&ev, 0, sizeof(ev));
	ev.sigev_notify = SIGEV_SIGNAL;
	ev.sigev_signo = SIGUSR1;
	ev.sigev_value.sival_int = 77;
	show(timer_create(CLOCK_MONOTONIC, &ev, &t));
	memset(&its, 0, sizeof(its));
	its.it_value.tv_nsec = 1000;
	show(timer_settime(t, 0, &its, &old));
	show(old.it_value.tv_sec + old.it_value.tv_nsec);
	memset(&si, 0, sizeof(si));
	show(sigwaitinfo(&s, &si));
	say("code %d value %d\n", si.si_code, si.si_value.sival_int);
	show(timer_gettime(t, &old));
	show(old.it_value.tv_sec + old.it_value.tv_nsec);
	its.it_value.tv_nsec = 1000000000;
	show(timer_settime(t, 0, &its, NULL));
	show(timer_delete(t));
	show(timer_delete(t));
	show(timer_settime(t, 0, &its, NULL));

	/* Without an event: SIGALRM, and the value is the timer's number. */
	show(syscall(SYS_timer_create, CLOCK_REALTIME, NULL, &id));
	its.it_value.tv_nsec = 1000;
	show(syscall(SYS_timer_settime, id, 0, &its, NULL));
	show(sigwaitinfo(&s, &si));
	say("code %d value is id %d\n", si.si_code,
	    si.si_value.sival_int == id);
	show(syscall(SYS_timer_delete, id));

	show(syscall(SYS_timer_create, 99, NULL, &id));
	ev.sigev_signo = 65;
	show(syscall(SYS_timer_create, CLOCK_REALTIME, &ev, &id));
	ev.sigev_signo = SIGUSR1;
	ev.sigev_notify = 99;
	show(syscall(SYS_timer_create, CLOCK_REALTIME, &ev, &id));
	show(syscall(SYS_timer_create, CLOCK_REALTIME, NULL, BAD_PTR));
	return 0;
}
