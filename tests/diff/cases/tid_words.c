/* SPDX-License-Identifier: MIT */
/* set_tid_address, set_robust_list, arch_prctl: answers and checks. */
#include "diff.h"

int main(void)
{
	unsigned long fs = 0, fs2 = 0;
	int word = 5;
	char list[24];

	fact(syscall(SYS_set_tid_address, &word) == getpid());
	show(syscall(SYS_set_robust_list, list, 24));
	show(syscall(SYS_set_robust_list, list, 23));
	show(syscall(SYS_arch_prctl, 0x1003, &fs));
	__asm__ volatile("mov %%fs:0, %0" : "=r"(fs2));
	fact(fs != 0 && fs == fs2);
	show(syscall(SYS_arch_prctl, 0x1002, fs));
	show(syscall(SYS_arch_prctl, 0x1002, 0xffff800000000000));
	show(syscall(SYS_arch_prctl, 0x7777, 0));
	fact(syscall(SYS_gettid) == getpid());
	return 0;
}
