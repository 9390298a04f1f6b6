/* SPDX-License-Identifier: MIT */
/* sched_yield, affinity, getcpu, policy calls as programs use them. */
#include "diff.h"

int main(void)
{
	unsigned long mask[16] = { 0 };
	unsigned int cpu = 9999, node = 9999;
	long n;

	show(sched_yield());
	n = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
	fact(n > 0 && n % 8 == 0);
	fact(mask[0] != 0);
	show(syscall(SYS_sched_getaffinity, 0, 1, mask));
	show(syscall(SYS_sched_getaffinity, 0x3ffffffe, sizeof(mask), mask));
	show(syscall(SYS_getcpu, &cpu, &node, NULL));
	fact(cpu < 1024 && (mask[cpu / 64] >> cpu % 64 & 1) == 1);
	return 0;
}
