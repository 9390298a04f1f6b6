/* SPDX-License-Identifier: MIT */
/*
 * A handler on its own stack, the state that sigaltstack reports, its errors.
 */
#include "diff.h"

static char stack[65536] __attribute__((aligned(16)));

static bool on_stack(const void *p)
{
	return (const char *)p >= stack &&
	       (const char *)p < stack + sizeof(stack);
}

static void on_usr1(int sig)
{
	stack_t ss, none = { .ss_flags = SS_DISABLE };
	int local = sig;

	say("on the alternate stack: %d\n", on_stack(&local));
	show(sigaltstack(NULL, &ss));
	show(ss.ss_flags);
	show(sigaltstack(&none, NULL));
}

static void on_usr2(int sig)
{
	int local = sig;

	say("without SA_ONSTACK: %d\n", on_stack(&local));
}

static void on_segv(int sig)
{
	int local = sig;

	say("overflow caught, alternate stack: %d\n", on_stack(&local));
	_exit(21);
}

static int recurse(volatile char *p)
{
	volatile char buf[4096];

	buf[0] = *p;
	return *p != 0 ? recurse(buf) + buf[0] : 0;
}

int main(void)
{
	stack_t ss, old;
	char c = 1;
	struct rlimit rl = { 256 * 1024, 256 * 1024 };

	show(sigaltstack(NULL, &old));
	show(old.ss_flags);
	ss.ss_sp = stack;
	ss.ss_flags = 0;
	ss.ss_size = 1024;
	show(sigaltstack(&ss, NULL));
	ss.ss_size = sizeof(stack);
	ss.ss_flags = 8;
	show(sigaltstack(&ss, NULL));
	ss.ss_flags = 0;
	show(syscall(SYS_sigaltstack, BAD_PTR, NULL));
	show(sigaltstack(&ss, NULL));
	show(sigaltstack(NULL, &old));
	fact(old.ss_sp == stack && old.ss_size == sizeof(stack));
	show(old.ss_flags);
	on_signal(SIGUSR1, on_usr1, SA_ONSTACK);
	on_signal(SIGUSR2, on_usr2, 0);
	raise(SIGUSR1);
	raise(SIGUSR2);
	wait_say("stack overflow", child_do({
			 must(setrlimit(RLIMIT_STACK, &rl));
			 on_signal(SIGSEGV, on_segv, SA_ONSTACK);
			 recurse(&c);
		 }));
	/* fork keeps it. */
	wait_say("forked", child_do(raise(SIGUSR1)));
	return 0;
}
