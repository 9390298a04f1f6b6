/* SPDX-License-Identifier: MIT */
/* Writing into a pipe without readers: death, EPIPE, or a handler and EPIPE. */
#include "diff.h"

static int p[2];

static void on_pipe(int sig)
{
	say("handler %s\n", sig_name(sig));
}

static void write_one(void)
{
	show(write(p[1], "x", 1));
}

int main(void)
{
	sigset_t s;
	siginfo_t si;
	struct timespec zero = { 0, 0 };

	must(pipe(p));
	close(p[0]);
	try_in_child("default", write_one);
	on_signal(SIGPIPE, SIG_IGN, 0);
	try_in_child("ignored", write_one);
	show(write(p[1], "x", 0));
	show(write(p[1], BAD_PTR, 1));
	on_signal(SIGPIPE, on_pipe, 0);
	try_in_child("handler", write_one);
	sigemptyset(&s);
	sigaddset(&s, SIGPIPE);
	sigprocmask(SIG_BLOCK, &s, NULL);
	write_one();
	memset(&si, 0, sizeof(si));
	show(sigtimedwait(&s, &si, &zero));
	say("code %d self %d\n", si.si_code, si.si_pid == getpid());
	return 0;
}
