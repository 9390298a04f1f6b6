/* SPDX-License-Identifier: MIT */
/* A stack that is full is SIGSEGV, also when the handler has no room. */
#include "../guest.h"
#include <setjmp.h>

static volatile int depth;

static int (*volatile dig_again)(int);

__attribute__((noinline)) static int dig(int n)
{
	volatile char a[3000];

	a[0] = (char)n;
	a[2999] = (char)n;
	depth = n;
	dig_again = dig;
	return dig_again(n + 1) + a[0] + a[2999];
}

static void overflow(void)
{
	dig(0);
}

static void small_stack(void)
{
	struct rlimit l = { 512 << 10, 512 << 10 };

	setrlimit(RLIMIT_STACK, &l);
	dig(0);
}

static void handler(int sig)
{
	(void)sig;
	_exit(0);
}

static void handler_without_room(void)
{
	signal(SIGSEGV, handler);
	dig(0);
}

static sigjmp_buf back;

static void jump_out(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void handler_on_its_own_stack(void)
{
	static char alt[16384];
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };
	struct sigaction sa;
	int i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = jump_out;
	sa.sa_flags = SA_ONSTACK;
	sigaltstack(&ss, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	for (i = 0; i < 5; i++)
		if (sigsetjmp(back, 1) == 0)
			dig(0);
	_exit(depth > 100 ? 6 : 1);
}

static void stack_pointer_nowhere(void)
{
	signal(SIGUSR1, handler);
	/* A signal arrives with rsp at an address that nobody can write. */
	__asm__ volatile("mov %0, %%rsp\n mov $39, %%eax\n syscall\n"
			 "mov %%eax, %%edi\n mov $10, %%esi\n"
			 "mov $62, %%eax\n syscall\n ud2\n"
			 :
			 : "r"(0xffff800000001000UL)
			 : "memory");
}

static void overflow_is_a_signal(void)
{
	CHECK(killed_by(in_child(overflow), SIGSEGV));
	CHECK(killed_by(in_child(small_stack), SIGSEGV));
}

static void handlers_and_full_stacks(void)
{
	CHECK(killed_by(in_child(handler_without_room), SIGSEGV));
	CHECK(exited_with(in_child(handler_on_its_own_stack), 6));
}

static void bad_stack_pointer(void)
{
	CHECK(killed_by(in_child(stack_pointer_nowhere), SIGSEGV));
}

static void once_more(void)
{
	overflow_is_a_signal();
	handlers_and_full_stacks();
	bad_stack_pointer();
}

static void nothing_leaks(void)
{
	CHECK(leak_free(once_more));
}

TAP_MAIN(overflow_is_a_signal, handlers_and_full_stacks, bad_stack_pointer,
	 nothing_leaks)
