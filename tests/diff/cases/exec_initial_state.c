/* SPDX-License-Identifier: MIT */
/* Registers, flags and FPU control words at a program's first instruction. */
#include "diff.h"

int main(int argc, char **argv)
{
	unsigned short cw;
	unsigned int csr;
	unsigned long flags;
	float z = 0;

	__asm__ volatile("fnstcw %0" : "=m"(cw));
	__asm__ volatile("stmxcsr %0" : "=m"(csr));
	__asm__ volatile("pushfq\n pop %0" : "=r"(flags));
	say("fcw %#x mxcsr %#x df %d ac %d\n", cw, csr & ~0x3fu,
	    (int)(flags >> 10 & 1), (int)(flags >> 18 & 1));
	say("stack aligned %d\n", (int)((uintptr_t)&argv[-1] % 16));
	if (argc > 1)
		return 0;
	/* exec starts afresh whatever the old program had set. */
	cw = 0x27f;
	csr = 0x9fc0;
	__asm__ volatile("fldcw %0\n ldmxcsr %1" : : "m"(cw), "m"(csr));
	(void)z;
	execl(argv[0], argv[0], "x", NULL);
	return 1;
}
