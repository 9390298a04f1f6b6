/* SPDX-License-Identifier: MIT */
/*
 * A handler may change the interrupted registers and mask through its context.
 */
#include "diff.h"

static void on_ill(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;

	(void)si;
	uc->uc_mcontext.gregs[REG_RIP] += 2;
	uc->uc_mcontext.gregs[REG_RAX] = 4711;
	uc->uc_mcontext.gregs[REG_R15] ^= 0xff;
	sigaddset(&uc->uc_sigmask, SIGUSR2);
	/* Carry on, direction off: user flags may be set, others may not. */
	uc->uc_mcontext.gregs[REG_EFL] |= 1;
	say("handler %s\n", sig_name(sig));
}

int main(void)
{
	long rax = 1, r15 = 0x1200;
	unsigned char carry = 0;
	sigset_t now;
	ucontext_t *volatile unused = NULL;

	(void)unused;
	on_siginfo(SIGILL, on_ill, 0);
	__asm__ volatile("mov %3, %%r15\n clc\n ud2\n setc %2\n mov %%r15, %1"
			 : "+a"(rax), "=r"(r15), "=q"(carry)
			 : "r"(r15)
			 : "r15", "cc", "memory");
	show(rax);
	show(r15);
	show(carry);
	sigprocmask(SIG_BLOCK, NULL, &now);
	show(sigismember(&now, SIGUSR2));
	show(sigismember(&now, SIGILL));
	return 0;
}
