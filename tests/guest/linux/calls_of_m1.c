/* SPDX-License-Identifier: MIT */
/*
 * Each call that the programs of milestone M1 make is there: with arguments
 * that are wrong on purpose the answer is not -ENOSYS.  What may be missing
 * by the rules (sockets, rseq, clone3, openat2) gives what Linux gives.
 */
#include "../guest.h"
#include <sched.h>

#define CALL(n) \
	{ \
		SYS_##n, #n \
	}

static const struct {
	long nr;
	const char *name;
} must_exist[] = {
	CALL(read),
	CALL(write),
	CALL(close),
	CALL(poll),
	CALL(lseek),
	CALL(mmap),
	CALL(mprotect),
	CALL(munmap),
	CALL(brk),
	CALL(rt_sigaction),
	CALL(rt_sigprocmask),
	CALL(ioctl),
	CALL(pread64),
	CALL(writev),
	CALL(access),
	CALL(dup),
	CALL(dup2),
	CALL(getpid),
	CALL(sendfile),
	CALL(execve),
	CALL(wait4),
	CALL(kill),
	CALL(uname),
	CALL(fcntl),
	CALL(flock),
	CALL(fsync),
	CALL(ftruncate),
	CALL(getcwd),
	CALL(chdir),
	CALL(rename),
	CALL(mkdir),
	CALL(rmdir),
	CALL(unlink),
	CALL(readlink),
	CALL(symlink),
	CALL(chmod),
	CALL(chown),
	CALL(lchown),
	CALL(umask),
	CALL(sysinfo),
	CALL(times),
	CALL(getuid),
	CALL(getgid),
	CALL(geteuid),
	CALL(getegid),
	CALL(setpgid),
	CALL(getppid),
	CALL(getpgrp),
	CALL(getgroups),
	CALL(rt_sigsuspend),
	CALL(statfs),
	CALL(getpriority),
	CALL(prctl),
	CALL(arch_prctl),
	CALL(mount),
	CALL(umount2),
	CALL(gettid),
	CALL(futex),
	CALL(sched_getaffinity),
	CALL(getdents64),
	CALL(clock_nanosleep),
	CALL(tgkill),
	CALL(openat),
	CALL(mknodat),
	CALL(newfstatat),
	CALL(unlinkat),
	CALL(utimensat),
	CALL(dup3),
	CALL(pipe2),
	CALL(prlimit64),
	CALL(getrandom),
	CALL(statx),
	CALL(faccessat2),
	CALL(timer_create),
	CALL(chroot),
	CALL(sync),
	CALL(syslog),
	CALL(fadvise64),
	CALL(set_robust_list),
	CALL(getxattr),
	CALL(lgetxattr),
	/* The siblings that users expect. */
	CALL(pipe),
	CALL(fstat),
	CALL(stat),
	CALL(lstat),
	CALL(open),
	CALL(select),
	CALL(waitid),
	CALL(getpgid),
	CALL(getsid),
	CALL(rt_sigpending),
	CALL(rt_sigtimedwait),
	CALL(rt_sigqueueinfo),
	CALL(ppoll),
	CALL(preadv),
	CALL(pwritev),
	CALL(truncate),
	CALL(linkat),
	CALL(symlinkat),
	CALL(renameat),
	CALL(renameat2),
	CALL(mincore),
	CALL(gettimeofday),
	CALL(time),
	CALL(nanosleep),
	CALL(clock_gettime),
	CALL(getrusage),
	CALL(tkill),
	CALL(pselect6),
	CALL(fdatasync),
	CALL(fchown),
	CALL(madvise),
	CALL(mremap),
	CALL(setitimer),
	CALL(getitimer),
	CALL(link),
	CALL(readv),
	CALL(fchmod),
	CALL(sigaltstack),
	CALL(readlinkat),
	CALL(fchmodat),
	CALL(sched_yield),
	CALL(fchdir),
	CALL(creat),
	CALL(getrlimit),
	CALL(fstatfs),
	CALL(clock_getres),
	CALL(mkdirat),
	CALL(fchownat),
	CALL(sethostname),
};

/* There, or missing in the way that a new libc expects. */
static const struct {
	long nr;
	const char *name;
} may_miss[] = {
	CALL(rseq),    CALL(clone3),	 CALL(openat2),
	CALL(socket),  CALL(connect),	 CALL(getpeername),
	CALL(unshare), CALL(pivot_root), CALL(close_range),
};

static bool blocks_or_changes(long nr)
{
	return nr == SYS_kill || nr == SYS_sync || nr == SYS_sched_yield;
}

static void calls_exist(void)
{
	unsigned i;
	long r;

	for (i = 0; i < sizeof(must_exist) / sizeof(must_exist[0]); i++) {
		if (blocks_or_changes(must_exist[i].nr))
			continue;
		errno = 0;
		r = syscall(must_exist[i].nr, -1L,
			    must_exist[i].nr == SYS_futex ? 0L : -1L, -1L, -1L,
			    -1L, -1L);
		if (!CHECK(r != -1 || errno != ENOSYS))
			note("%s", must_exist[i].name);
	}
}

static void in_a_child(void)
{
	CHECK(exited_with(in_child(calls_exist), 0));
}

static void others_fail_as_linux_does(void)
{
	unsigned i;

	for (i = 0; i < sizeof(may_miss) / sizeof(may_miss[0]); i++) {
		long r = syscall(may_miss[i].nr, -1L, -1L, -1L, -1L, -1L, -1L);

		if (!CHECK(r == -1))
			note("%s", may_miss[i].name);
	}
	CHECK(syscall(SYS_socket, 1, 99, 0) == -1);
}

static void unknown_flags_are_refused(void)
{
	int fd[2];
	struct stat st;
	char c;
	struct iovec;

	CHECK(pipe2(fd, 0x40000000) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_dup3, 0, 50, 0x40) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_newfstatat, 0, "/", &st, 0x40) == -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_unlinkat, AT_FDCWD, "/nothing", 0x40) == -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_getrandom, &c, 1, 0x80) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_wait4, -1, NULL, 0x10, NULL) == -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_renameat2, AT_FDCWD, "/a", AT_FDCWD, "/b", 0x80) ==
		      -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_mmap, 0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0) ==
		      -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_mremap, 0x10000, PAGE, PAGE, 0x80) == -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_msync, 0x10000, PAGE, 0x80) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_madvise, 0, PAGE, 999) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_clock_nanosleep, 77, 0, NULL, NULL) == -1 &&
	      errno == EINVAL);
	CHECK(syscall(SYS_prctl, 99999, 0, 0, 0, 0) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_fcntl, 0, 9999, 0) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_ioctl, 0, 0xdeadbeef, 0) == -1 && errno == ENOTTY);
	CHECK(syscall(SYS_faccessat2, AT_FDCWD, "/", 0, 0x40) == -1 &&
	      errno == EINVAL);
}

static void uname_is_new_enough(void)
{
	struct utsname u;
	int major = 0, minor = 0;

	CHECK(uname(&u) == 0 && strcmp(u.sysname, "Linux") == 0);
	CHECK(sscanf(u.release, "%d.%d", &major, &minor) == 2);
	CHECK(major > 6 || (major == 6 && minor >= 1));
	CHECK(strcmp(u.machine, "x86_64") == 0);
}

TAP_MAIN(in_a_child, others_fail_as_linux_does, unknown_flags_are_refused,
	 uname_is_new_enough)
