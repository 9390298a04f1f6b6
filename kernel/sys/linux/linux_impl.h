/* SPDX-License-Identifier: MIT */
/*
 * What the Linux calls share.  Only for kernel/sys/linux/.
 *
 * fd_get() refuses O_PATH descriptions as Linux does, fd_get_any() takes
 * them; both give a reference that desc_put() returns.
 */
#pragma once

#include <abi/linux/fcntl.h>
#include <abi/linux/time.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <ns/ns.h>
#include <sched/timer.h>

#include "../sys_impl.h"

#define LINUX_SYSCALL(nr, name, handler, nargs) int64_t handler(struct regs *r);
#include <gen/linux_syscalls.h>
#undef LINUX_SYSCALL

static inline struct handles *my_handles(void)
{
	return proc_handles(self_proc());
}

static inline int32_t arg_int(uint64_t v)
{
	return (int32_t)(uint32_t)v;
}

/* --- descriptors (fd.c) --- */
__must_check err_t fd_get(int fd, struct desc **out);
__must_check err_t fd_get_any(int fd, struct desc **out);
/* A new description becomes the lowest free descriptor; consumes @d. */
int64_t fd_install(struct desc *d, uint32_t open_flags);
uint64_t fd_limit(void);

/* --- paths (path_arg.c) --- */
struct path_arg {
	struct walk walk;
	struct path start;
	struct desc *desc; /* what @start belongs to, or NULL */
	char *name;
	bool heap;
	char buf[232];
};

/*
 * The path at user address @addr, relative to @dirfd.  With @empty_ok ""
 * means @dirfd itself, whatever it is.
 * Refs: path_arg_put() after success.  Returns: 0; -EFAULT, -ENAMETOOLONG,
 * -ENOENT, -EBADF, -ENOTDIR, -ENOMEM.
 */
__must_check err_t path_arg_get(struct path_arg *a, int dirfd, uint64_t addr,
				bool empty_ok);
void path_arg_put(struct path_arg *a);
/* Get, walk, and put in one: *@out carries references. */
__must_check err_t path_arg_walk(int dirfd, uint64_t addr, unsigned walk_flags,
				 struct path *out);
/* The path of a descriptor, with references: -EBADF. */
__must_check err_t path_of_fd(int fd, bool opath_ok, struct path *out);

/* --- times (time_arg.c) --- */
__must_check err_t timespec_get(uint64_t addr, struct linux_timespec *ts);
bool timespec_valid(const struct linux_timespec *ts);
nsec_t timespec_ns(const struct linux_timespec *ts); /* saturates */
struct linux_timespec ns_timespec(nsec_t ns);
struct linux_timeval ns_timeval(nsec_t ns);
/* A relative span becomes a deadline of clock_monotonic(). */
nsec_t deadline_after(nsec_t span);

/* --- signals (sys_signal.c) --- */
__must_check err_t sigmask_get(uint64_t addr, uint64_t size, uint64_t *mask);
struct sig_info;
struct linux_siginfo;
void siginfo_to_linux(const struct sig_info *from, struct linux_siginfo *to);

/* --- file locks (sys_record_lock.c) --- */
/* fcntl's F_GETLK family on a description that is held. */
int64_t record_lock_control(struct desc *d, uint32_t cmd, uint64_t arg);
void record_locks_drop_fd(int fd);
void record_locks_drop_all(struct proc *p);
void record_locks_drop_cloexec(struct proc *p);

struct linux_rusage;
struct rusage_info;
void rusage_to_linux(const struct rusage_info *from, struct linux_rusage *to);

/* --- reading and writing (sys_read_write.c) --- */
/* RLIMIT_FSIZE at @pos for up to *@len bytes: 0 or -EFBIG with SIGXFSZ. */
__must_check err_t fsize_limit(const struct desc *d, uint64_t pos, size_t *len);
