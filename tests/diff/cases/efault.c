/* SPDX-License-Identifier: MIT */
/* Bad pointers given to many calls: EFAULT, and nothing happens. */
#include "diff.h"

int main(void)
{
	char *kernel = (char *)0xffff800000001000;
	int p[2];

	must(pipe(p));
	must(write(p[1], "abc", 3));
	show(read(p[0], BAD_PTR, 3));
	show(read(p[0], kernel, 3));
	show(write(p[1], BAD_PTR, 3));
	show(write(p[1], kernel, 3));
	show(write(p[1], NULL, 3));
	show(read(p[0], NULL, 0));
	show(open(BAD_PTR, O_RDONLY));
	show(open(kernel, O_RDONLY));
	show(open(NULL, O_RDONLY));
	show(syscall(SYS_stat, BAD_PTR, p));
	show(syscall(SYS_fstat, 0, BAD_PTR));
	show(syscall(SYS_fstat, 0, kernel));
	show(syscall(SYS_pipe, kernel));
	show(syscall(SYS_uname, BAD_PTR));
	show(syscall(SYS_sysinfo, BAD_PTR));
	show(syscall(SYS_getrlimit, RLIMIT_NOFILE, BAD_PTR));
	show(syscall(SYS_setrlimit, RLIMIT_NOFILE, BAD_PTR));
	show(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, kernel));
	show(syscall(SYS_gettimeofday, BAD_PTR, NULL));
	show(syscall(SYS_getgroups, 0, BAD_PTR));
	show(syscall(SYS_setgroups, 1, BAD_PTR));
	show(syscall(SYS_getrandom, BAD_PTR, 5, 0));
	show(syscall(SYS_poll, BAD_PTR, 1, 0));
	show(syscall(SYS_futex, BAD_PTR, 0, 0, NULL));
	show(syscall(SYS_rename, "x", BAD_PTR));
	show(syscall(SYS_symlink, BAD_PTR, "x"));
	show(syscall(SYS_getdents64, 0, BAD_PTR, 100));
	show(syscall(SYS_sched_getaffinity, 0, 128, BAD_PTR));
	show(syscall(SYS_nanosleep, kernel, NULL));
	show(syscall(SYS_rt_sigaction, SIGUSR1, kernel, NULL, 8));
	show(syscall(SYS_chdir, kernel));
	show(syscall(SYS_readv, 0, BAD_PTR, 1));
	show(syscall(SYS_arch_prctl, 0x1003, BAD_PTR));
	/* What was in the pipe is still there. */
	show(ioctl(p[0], FIONREAD, &p[1]));
	show(p[1]);
	return 0;
}
