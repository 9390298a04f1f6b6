/* SPDX-License-Identifier: MIT */
/* The siginfo of memory faults: code and address. */
#include "diff.h"

static volatile char *base;
static sigjmp_buf back;

static void on_fault(int sig, siginfo_t *si, void *uc)
{
	const char *a = si->si_addr;

	(void)uc;
	if (a >= (char *)base && a < (char *)base + 4 * PAGE)
		say("%s code %d at base+%ld\n", sig_name(sig), si->si_code,
		    (long)(a - (char *)base));
	else if ((uintptr_t)a < 65536)
		say("%s code %d at %ld\n", sig_name(sig), si->si_code,
		    (long)(uintptr_t)a);
	else
		say("%s code %d elsewhere\n", sig_name(sig), si->si_code);
	siglongjmp(back, 1);
}

#define TRY(what) \
	do { \
		say("%s: ", #what); \
		if (sigsetjmp(back, 1) == 0) { \
			what; \
			say("no fault\n"); \
		} \
	} while (0)

static void poke(volatile char *p)
{
	*p = 1;
}

static char peek(volatile char *p)
{
	return *p;
}

static void jump(volatile char *p)
{
	__asm__ volatile("call *%0" : : "r"(p) : "memory");
}

int main(void)
{
	static volatile char *volatile null;

	on_siginfo(SIGSEGV, on_fault, 0);
	on_siginfo(SIGBUS, on_fault, 0);
	base = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(munmap((char *)base + PAGE, PAGE));
	must(mprotect((char *)base + 2 * PAGE, PAGE, PROT_READ));
	must(mprotect((char *)base + 3 * PAGE, PAGE, PROT_NONE));
	TRY(poke(base));
	TRY(poke(base + PAGE + 5));
	TRY(peek(base + PAGE + 6));
	TRY(poke(base + 2 * PAGE + 7));
	TRY(peek(base + 2 * PAGE + 7));
	TRY(peek(base + 3 * PAGE + 8));
	TRY(poke(base + 3 * PAGE + 9));
	TRY(jump(base + 3));
	TRY(jump(base + PAGE + 3));
	TRY(poke(null + 8));
	TRY(peek(null));
	TRY(jump(null));
	/* Not canonical: a general protection fault, no address. */
	TRY(peek((volatile char *)0x800000000000));
	TRY(peek((volatile char *)0x1234567800000000));
	/* Canonical and the kernel's. */
	TRY(peek((volatile char *)0xffffffff80000000));
	TRY(__asm__ volatile("hlt"));
	TRY(__asm__ volatile("cli"));
	TRY(__asm__ volatile("mov %%cr0, %%rax" : : : "rax"));
	TRY(__asm__ volatile("outb %%al, $0x80" : : : "rax"));
	return 0;
}
