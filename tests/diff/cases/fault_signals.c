/* SPDX-License-Identifier: MIT */
/* Processor exceptions other than page faults: signal, code, place. */
#include "diff.h"

/* The labels inside must exist once. */
#define ONCE __attribute__((noinline, noclone))

static sigjmp_buf back;
static volatile uintptr_t want;
extern char at_div[], at_ud2[], after_int3[], at_x87[];

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;

	say("%s code %d addr %s rip %s trapno %d\n", sig_name(sig), si->si_code,
	    (uintptr_t)si->si_addr == want ? "there"
	    : si->si_addr == NULL	   ? "0"
					   : "elsewhere",
	    (uintptr_t)uc->uc_mcontext.gregs[REG_RIP] == want ? "there"
							      : "elsewhere",
	    (int)uc->uc_mcontext.gregs[REG_TRAPNO]);
	siglongjmp(back, 1);
}

ONCE static void divide(void)
{
	want = (uintptr_t)at_div;
	__asm__ volatile("xor %%ecx, %%ecx\n mov $1, %%eax\n xor %%edx, %%edx\n"
			 ".globl at_div\nat_div: div %%ecx"
			 :
			 :
			 : "eax", "ecx", "edx");
}

ONCE static void undefined(void)
{
	want = (uintptr_t)at_ud2;
	__asm__ volatile(".globl at_ud2\nat_ud2: ud2");
}

ONCE static void breakpoint(void)
{
	want = (uintptr_t)after_int3;
	__asm__ volatile("int3\n.globl after_int3\nafter_int3: nop");
}

ONCE static void x87(void)
{
	unsigned short cw = 0x37f & ~4;

	want = (uintptr_t)at_x87;
	__asm__ volatile("fninit\n fldcw %0\n fld1\n fldz\n"
			 "fdivrp %%st, %%st(1)\n"
			 ".globl at_x87\nat_x87: fwait\n"
			 :
			 : "m"(cw));
}

ONCE static void unsafe_int(void)
{
	want = 0;
	__asm__ volatile("int $0x41");
}

#define TRY(fn) \
	do { \
		say("%s: ", #fn); \
		if (sigsetjmp(back, 1) == 0) { \
			fn(); \
			say("no fault\n"); \
		} \
	} while (0)

static void die_divide(void)
{
	on_signal(SIGFPE, SIG_DFL, 0);
	divide();
}

/* A fault whose signal is blocked or ignored kills. */
static void die_blocked(void)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGILL);
	sigprocmask(SIG_BLOCK, &s, NULL);
	undefined();
}

static void die_ignored(void)
{
	on_signal(SIGILL, SIG_IGN, 0);
	undefined();
}

int main(void)
{
	on_siginfo(SIGFPE, on_fault, 0);
	on_siginfo(SIGILL, on_fault, 0);
	on_siginfo(SIGTRAP, on_fault, 0);
	on_siginfo(SIGSEGV, on_fault, 0);
	TRY(divide);
	TRY(undefined);
	TRY(breakpoint);
	TRY(x87);
	TRY(unsafe_int);
	try_in_child("default", die_divide);
	try_in_child("blocked", die_blocked);
	try_in_child("ignored", die_ignored);
	return 0;
}
