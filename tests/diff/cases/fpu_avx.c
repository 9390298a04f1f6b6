/* SPDX-License-Identifier: MIT */
/*
 * Upper halves of ymm registers over signals, switches and fork, where AVX is.
 */
#include "diff.h"

static volatile sig_atomic_t hits;

static void on_sig(int sig)
{
	(void)sig;
	hits++;
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile("vzeroall" : : : "memory");
}

__attribute__((target("avx"))) static bool avx_pattern(unsigned char seed)
{
	unsigned char in[64], out[64];

	for (int i = 0; i < 64; i++)
		in[i] = (unsigned char)(seed * 7 + i);
	__asm__ volatile("vmovdqu (%0), %%ymm3\n vmovdqu 32(%0), %%ymm12\n"
			 "mov $24, %%eax\n syscall\n"
			 "mov $100000, %%ecx\n1: dec %%ecx\n jnz 1b\n"
			 "vmovdqu %%ymm3, (%1)\n vmovdqu %%ymm12, 32(%1)\n"
			 "vzeroupper\n"
			 :
			 : "r"(in), "r"(out)
			 : "rax", "rcx", "r11", "xmm3", "xmm12", "memory");
	return memcmp(in, out, 64) == 0;
}

static bool pattern(unsigned char seed)
{
	return !__builtin_cpu_supports("avx") || avx_pattern(seed);
}

int main(void)
{
	pid_t noisy;
	bool ok = true;

	on_signal(SIGUSR1, on_sig, SA_RESTART);
	noisy = pester(SIGUSR1);
	for (int i = 0; i < 200 || hits < 3; i++)
		ok &= pattern((unsigned char)i);
	pester_end(noisy);
	fact(ok);
	for (int k = 0; k < 4; k++)
		child_do(for (int i = 0; i < 50;
			      i++) if (!pattern((unsigned char)(k * 50 + i)))
				 _exit(1));
	for (int st, k = 0; k < 4; k++) {
		wait(&st);
		ok &= WEXITSTATUS(st) == 0;
	}
	fact(ok);
	return 0;
}
