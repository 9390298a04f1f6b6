/* SPDX-License-Identifier: MIT */
/*
 * Processes send each other signals, stop, continue and kill each other by a
 * seed, while they fork, sleep, wait and compute.  Who lives to the end has
 * sound registers, and nothing is left over.
 */
#include "../guest/guest.h"

#define PROCS 12
#define STEPS 400

static pid_t *volatile table; /* shared; 0: nobody */
static volatile sig_atomic_t handled;

static void on_signal(int sig)
{
	volatile double x = sig * 1.25;

	x = x * 3 + 1;
	handled++;
	if (x != sig * 3.75 + 1)
		_exit(60);
}

static void send_some(uint64_t *s)
{
	static const int sigs[] = { SIGUSR1, SIGUSR2, SIGALRM, SIGSTOP,
				    SIGCONT, SIGCONT, SIGCHLD, SIGTSTP };
	pid_t pid = table[rng_below(s, PROCS)];

	if (pid > 0 && pid != getpid())
		kill(pid, sigs[rng_below(s, 8)]);
}

static void compute(uint64_t *s)
{
	uint64_t a = rng_next(s), b = a, i;
	double d = 0;

	for (i = 0; i < 3000; i++) {
		a = a * 6364136223846793005u + 1442695040888963407u;
		d += 0.5;
	}
	for (i = 0; i < 3000; i++)
		b = b * 6364136223846793005u + 1442695040888963407u;
	if (a != b || d != 1500)
		_exit(61);
}

static void fork_some(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(5);
	if (pid > 0 && !exited_with(reap(pid), 5))
		_exit(62);
}

static void member(uint64_t seed)
{
	uint64_t s = seed;
	int i;

	die_with_parent();
	for (i = 0; i < STEPS; i++) {
		switch (rng_below(&s, 6)) {
		case 0:
			fork_some();
			break;
		case 1:
			nap_us(100);
			break;
		case 2:
			compute(&s);
			break;
		default:
			send_some(&s);
			break;
		}
	}
	_exit(0);
}

/* Somebody may be stopped with nobody left to continue it. */
static int reap_continuing(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, WNOHANG) == 0) {
		kill(pid, SIGCONT);
		nap_us(500);
	}
	return st;
}

/* Before the members are made: they may get one at once. */
static void set_handlers(bool restart)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sa.sa_flags = restart ? SA_RESTART : 0;
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigaction(SIGALRM, &sa, NULL);
}

static void storm(uint64_t seed)
{
	uint64_t s = seed;
	int i, st;

	memset((void *)table, 0, PAGE);
	for (i = 0; i < PROCS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			member(rng_next(&s) + (uint64_t)i * 2 + 1);
		REQUIRE(pid > 0);
		table[i] = pid;
		rng_next(&s);
	}
	/* A third of them dies early. */
	for (i = 0; i < PROCS; i += 3) {
		nap_us((long)rng_below(&s, 5000));
		kill(table[i], SIGKILL);
	}
	for (i = 0; i < PROCS; i++) {
		st = reap_continuing(table[i]);
		table[i] = 0;
		CHECK(exited_with(st, 0) ||
		      (i % 3 == 0 && killed_by(st, SIGKILL)));
	}
}

static void nobody_is_lost(void)
{
	static struct census before;
	uint64_t seed = rng_seed(31337);
	int round;

	table = shared_memory(PAGE);
	REQUIRE(table != NULL);
	for (round = 0; round < 8; round++) {
		set_handlers(round % 2 == 0);
		storm(seed + (uint64_t)round * 1000);
		if (round == 1)
			census_take(&before);
	}
	CHECK(census_same(&before));
}

TAP_MAIN(nobody_is_lost)
