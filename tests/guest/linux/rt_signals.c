/* SPDX-License-Identifier: MIT */
/* Queued signals: order, values, and the limit of the queue. */
#include "../guest.h"

#define BASE 40 /* above those that libc takes for itself */

static struct {
	int sig, value;
} got[64];
static volatile int ngot;

static void on_rt(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	if (ngot < 64) {
		got[ngot].sig = sig;
		got[ngot].value = si->si_value.sival_int;
	}
	ngot++;
}

static void set_handlers(void)
{
	struct sigaction sa;
	int i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = on_rt;
	sa.sa_flags = SA_SIGINFO;
	sigfillset(&sa.sa_mask);
	for (i = 0; i < 4; i++)
		sigaction(BASE + i, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	ngot = 0;
}

static void block(int how)
{
	sigset_t set;
	int i;

	sigemptyset(&set);
	for (i = 0; i < 4; i++)
		sigaddset(&set, BASE + i);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(how, &set, NULL);
}

static void queue(int sig, int value)
{
	CHECK(sigqueue(getpid(), sig, (union sigval){ .sival_int = value }) ==
	      0);
}

static void lowest_first_and_in_order(void)
{
	int i;

	set_handlers();
	block(SIG_BLOCK);
	for (i = 0; i < 3; i++) {
		queue(BASE + 2, i);
		queue(BASE, 10 + i);
		queue(BASE + 3, 20 + i);
	}
	raise(SIGUSR2);
	raise(SIGUSR1);
	block(SIG_UNBLOCK);
	REQUIRE(ngot == 11);
	/*
	 * The delivery of several at once pushes one frame after the other:
	 * with everything masked in handlers they run one by one.
	 */
	CHECK(got[0].sig == SIGUSR1 && got[1].sig == SIGUSR2);
	for (i = 0; i < 3; i++) {
		CHECK(got[2 + i].sig == BASE && got[2 + i].value == 10 + i);
		CHECK(got[5 + i].sig == BASE + 2 && got[5 + i].value == i);
		CHECK(got[8 + i].sig == BASE + 3 && got[8 + i].value == 20 + i);
	}
}

static void standard_signals_do_not_queue(void)
{
	int i;

	set_handlers();
	block(SIG_BLOCK);
	for (i = 0; i < 5; i++) {
		queue(SIGUSR1, 30 + i);
		queue(BASE + 1, 40 + i);
	}
	block(SIG_UNBLOCK);
	CHECK(ngot == 6);
	CHECK(got[0].sig == SIGUSR1 && got[0].value == 30);
	CHECK(got[5].sig == BASE + 1 && got[5].value == 44);
}

static void waiting_takes_them_in_order(void)
{
	struct timespec none = { 0, 0 };
	siginfo_t si;
	sigset_t set;
	int i;

	set_handlers();
	block(SIG_BLOCK);
	queue(BASE + 1, 5);
	queue(BASE, 6);
	queue(BASE + 1, 7);
	sigemptyset(&set);
	sigaddset(&set, BASE);
	sigaddset(&set, BASE + 1);
	CHECK(sigtimedwait(&set, &si, &none) == BASE);
	CHECK(si.si_value.sival_int == 6 && si.si_code == SI_QUEUE);
	CHECK(si.si_pid == getpid());
	for (i = 0; i < 2; i++) {
		CHECK(sigtimedwait(&set, &si, &none) == BASE + 1);
		CHECK(si.si_value.sival_int == 5 + 2 * i);
	}
	CHECK(sigtimedwait(&set, &si, &none) == -1 && errno == EAGAIN);
	block(SIG_UNBLOCK);
	CHECK(ngot == 0);
}

static void the_queue_has_a_limit(void)
{
	struct rlimit l;
	int n = 0, i;

	set_handlers();
	block(SIG_BLOCK);
	CHECK(getrlimit(RLIMIT_SIGPENDING, &l) == 0);
	l.rlim_cur = 20;
	CHECK(setrlimit(RLIMIT_SIGPENDING, &l) == 0);
	while (n < 1000 &&
	       sigqueue(getpid(), BASE, (union sigval){ .sival_int = n }) == 0)
		n++;
	CHECK(n > 0 && n <= 20 && errno == EAGAIN);
	/* kill() may lose its details, never itself. */
	CHECK(kill(getpid(), SIGUSR1) == 0);
	block(SIG_UNBLOCK);
	CHECK(ngot == n + 1);
	for (i = 0; i < n; i++)
		CHECK(got[1 + i].sig == BASE && got[1 + i].value == i);
}

static void exec_or_exit_frees_the_queue(void)
{
	static struct census before;
	pid_t pid;
	int i, round;

	for (round = 0; round < 2; round++) {
		if (round == 1)
			census_take(&before);
		pid = fork();
		if (pid == 0) {
			block(SIG_BLOCK);
			for (i = 0; i < 15; i++)
				queue(BASE, i);
			_exit(0);
		}
		CHECK(exited_with(reap(pid), 0));
	}
	CHECK(census_same(&before));
}

static void between_processes(void)
{
	pid_t parent = getpid(), pid;
	siginfo_t si;
	sigset_t set;
	int i;

	block(SIG_BLOCK);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 15; i++)
			if (sigqueue(parent, BASE + 1,
				     (union sigval){ .sival_int = i }) != 0)
				_exit(1);
		_exit(0);
	}
	CHECK(exited_with(reap(pid), 0));
	sigemptyset(&set);
	sigaddset(&set, BASE + 1);
	for (i = 0; i < 15; i++) {
		CHECK(sigwaitinfo(&set, &si) == BASE + 1);
		CHECK(si.si_value.sival_int == i && si.si_pid == pid);
	}
	block(SIG_UNBLOCK);
}

TAP_MAIN(lowest_first_and_in_order, standard_signals_do_not_queue,
	 waiting_takes_them_in_order, between_processes, the_queue_has_a_limit,
	 exec_or_exit_frees_the_queue)
