/* SPDX-License-Identifier: MIT */
/* SSE and x87 state are inherited by fork and then separate. */
#include "diff.h"

static uint64_t get_xmm5(void)
{
	uint64_t v;

	__asm__ volatile("movq %%xmm5, %0" : "=r"(v));
	return v;
}

int main(void)
{
	uint64_t pattern = 0x0123456789abcdef, after;
	unsigned short cw = 0x27f, cw2;
	unsigned int csr = 0x9f80, csr2;
	long pid;
	int st;

	__asm__ volatile("fldcw %0\n ldmxcsr %1" : : "m"(cw), "m"(csr));
	__asm__ volatile("movq %2, %%xmm5\n"
			 "syscall\n"
			 "movq %%xmm5, %1\n"
			 : "=a"(pid), "=r"(after)
			 : "r"(pattern), "a"((long)SYS_fork)
			 : "rcx", "r11", "xmm5", "memory");
	__asm__ volatile("fnstcw %0\n stmxcsr %1" : "=m"(cw2), "=m"(csr2));
	if (pid == 0) {
		fact(after == pattern);
		fact(cw2 == 0x27f && (csr2 & ~0x3fu) == 0x9f80);
		_exit(0);
	}
	waitpid((pid_t)pid, &st, 0);
	say_status("child", st);
	fact(after == pattern);
	fact(cw2 == 0x27f && (csr2 & ~0x3fu) == 0x9f80);
	(void)get_xmm5();
	return 0;
}
