/* SPDX-License-Identifier: MIT */
/* SSE, x87 and AVX state survive a signal whose handler spoils them. */
#include "diff.h"

static volatile sig_atomic_t hits;

static void on_sig(int sig)
{
	(void)sig;
	hits++;
	__asm__ volatile("pcmpeqd %%xmm0, %%xmm0\n pcmpeqd %%xmm1, %%xmm1\n"
			 "pcmpeqd %%xmm7, %%xmm7\n pcmpeqd %%xmm15, %%xmm15\n"
			 "fninit\n fldpi\n fldpi\n"
			 :
			 :
			 : "xmm0", "xmm1", "xmm7", "xmm15", "st", "st(1)");
}

static int check_sse(int sig)
{
	uint64_t in[8], out[8];
	unsigned int csr = 0x1f80 | 0x6000, csr2;
	long pid = getpid(), r;
	double st;

	for (int i = 0; i < 8; i++)
		in[i] = 0x1111111111111111ULL * (unsigned int)(i + 1);
	__asm__ volatile("movdqu 0(%4), %%xmm0\n movdqu 16(%4), %%xmm1\n"
			 "movdqu 32(%4), %%xmm7\n movdqu 48(%4), %%xmm15\n"
			 "ldmxcsr %6\n fninit\n fld1\n"
			 "syscall\n"
			 "fstpl %1\n stmxcsr %2\n"
			 "movdqu %%xmm0, 0(%5)\n movdqu %%xmm1, 16(%5)\n"
			 "movdqu %%xmm7, 32(%5)\n movdqu %%xmm15, 48(%5)\n"
			 "fninit\n"
			 : "=a"(r), "=m"(st), "=m"(csr2), "=m"(out)
			 : "r"(in), "r"(out), "m"(csr), "a"((long)SYS_kill),
			   "D"(pid), "S"((long)sig)
			 : "rcx", "r11", "xmm0", "xmm1", "xmm7", "xmm15", "st",
			   "memory");
	csr = 0x1f80;
	__asm__ volatile("ldmxcsr %0" : : "m"(csr));
	return r == 0 && memcmp(in, out, sizeof(in)) == 0 && st == 1.0 &&
	       (csr2 & ~0x3fu) == (0x1f80 | 0x6000);
}

int main(void)
{
	bool ok = true;

	on_signal(SIGUSR1, on_sig, 0);
	for (int i = 0; i < 50; i++)
		ok &= check_sse(SIGUSR1);
	fact(ok);
	show(hits);
	return 0;
}
