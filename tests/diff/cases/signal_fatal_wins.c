/* SPDX-License-Identifier: MIT */
/* Death by signal in the middle of blocking calls, one after the other. */
#include "diff.h"

static int p[2];

static void in_read(void)
{
	char c;

	show(read(p[0], &c, 1));
}

static void in_sleep(void)
{
	struct timespec ts = { 1000, 0 };

	show(nanosleep(&ts, NULL));
}

static void in_wait(void)
{
	child_do({
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	});
	show(wait(NULL));
}

static void in_poll(void)
{
	show(poll(NULL, 0, -1));
}

static void in_futex(void)
{
	int word = 1;

	show(syscall(SYS_futex, &word, 0, 1, NULL));
}

static void in_write(void)
{
	static char buf[70000];

	show(write(p[1], buf, sizeof(buf)));
}

static void in_spin(void)
{
	for (volatile int i = 0;; i++)
		;
}

static void in_stop(void)
{
	raise(SIGSTOP);
}

static void try(const char *name, void (*fn)(void))
{
	struct gate g;
	pid_t pid;

	gate_init(&g);
	pid = child_do(setpgid(0, 0); gate_let(&g); fn());
	gate_pass(&g);
	gate_close(&g);
	nap_ms(2);
	must(kill(pid, SIGKILL));
	wait_say(name, pid);
	/* Whoever it had started. */
	kill(-pid, SIGKILL);
}

int main(void)
{
	must(pipe(p));
	try("read", in_read);
	try("sleep", in_sleep);
	try("wait", in_wait);
	try("poll", in_poll);
	try("futex", in_futex);
	try("spin", in_spin);
	try("stopped", in_stop);
	try("write", in_write);
	return 0;
}
