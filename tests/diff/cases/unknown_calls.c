/* SPDX-License-Identifier: MIT */
/* Unknown system calls answer ENOSYS. */
#include "diff.h"

int main(void)
{
	show(syscall(600));
	show(syscall(777, 1, 2, 3, 4, 5, 6));
	show(syscall(999));
	show(syscall(1023));
	show(syscall(-2));
	show(syscall(-1000));
	show(syscall(0x7fffffff));
	/* Numbers that were never given to anything on x86-64. */
	show(syscall(SYS_tuxcall));
	show(syscall(SYS_security));
	show(syscall(SYS_afs_syscall));
	show(syscall(SYS_getpmsg));
	show(syscall(SYS_vserver));
	show(syscall(SYS_nfsservctl, 0, 0, 0));
	/* Only the low 32 bits are the number. */
	fact(syscall((1L << 40) + SYS_getpid) == getpid());
	return 0;
}
