/* SPDX-License-Identifier: MIT */
/* All registers and flags survive a signal that arrives at any moment. */
#include "diff.h"

static volatile sig_atomic_t hits;

static void on_sig(int sig)
{
	(void)sig;
	hits++;
	/* Spoil everything that the compiler would not save for us. */
	__asm__ volatile("std\n stc\n cld\n mov $-1, %%rax\n mov %%rax, %%r8\n"
			 "mov %%rax, %%r9\n mov %%rax, %%r10\n"
			 "mov %%rax, %%r11\n mov %%rax, %%rcx\n"
			 "mov %%rax, %%rdx\n mov %%rax, %%rsi\n"
			 "mov %%rax, %%rdi\n"
			 :
			 :
			 : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
			   "r11", "cc");
}

static long spin_and_check(void)
{
	long bad;

	__asm__ volatile(
		"mov $0x101, %%rax\n mov $0x102, %%rcx\n mov $0x103, %%rdx\n"
		"mov $0x104, %%rsi\n mov $0x105, %%rdi\n mov $0x106, %%r8\n"
		"mov $0x107, %%r9\n mov $0x108, %%r10\n mov $0x109, %%r11\n"
		"mov $0x10a, %%r12\n mov $0x10b, %%r13\n mov $0x10c, %%r14\n"
		"mov $2000, %%ebx\n"
		"1: dec %%ebx\n jnz 1b\n"
		"xor %%ebx, %%ebx\n"
		"sub $0x101, %%rax\n or %%rax, %%rbx\n"
		"sub $0x102, %%rcx\n or %%rcx, %%rbx\n"
		"sub $0x103, %%rdx\n or %%rdx, %%rbx\n"
		"sub $0x104, %%rsi\n or %%rsi, %%rbx\n"
		"sub $0x105, %%rdi\n or %%rdi, %%rbx\n"
		"sub $0x106, %%r8\n or %%r8, %%rbx\n"
		"sub $0x107, %%r9\n or %%r9, %%rbx\n"
		"sub $0x108, %%r10\n or %%r10, %%rbx\n"
		"sub $0x109, %%r11\n or %%r11, %%rbx\n"
		"sub $0x10a, %%r12\n or %%r12, %%rbx\n"
		"sub $0x10b, %%r13\n or %%r13, %%rbx\n"
		"sub $0x10c, %%r14\n or %%r14, %%rbx\n"
		: "=&b"(bad)
		:
		: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
		  "r12", "r13", "r14", "cc");
	return bad;
}

int main(void)
{
	pid_t noisy;
	long bad = 0;

	on_signal(SIGUSR1, on_sig, 0);
	noisy = pester(SIGUSR1);
	while (hits < 20)
		bad |= spin_and_check();
	pester_end(noisy);
	fact(bad == 0);
	return 0;
}
