/* SPDX-License-Identifier: MIT */
/*
 * What every differential case shares.
 *
 * A case prints facts: return values, errno names, contents, wait statuses.
 * It never prints a pid, a time, an address or a path outside its own fresh
 * working directory, so that Linux's output is the expected one, byte for
 * byte.  No case may depend on how long anything takes: what must happen
 * first is awaited through a pipe or through wait().
 *
 * Everything goes out through write(2) at once, so a forked child never
 * prints its parent's buffer again.
 */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096L

/* Never mapped; the compiler must not know where it points. */
static inline void *bad_ptr(void)
{
	void *p = (void *)16;

	__asm__("" : "+r"(p));
	return p;
}

#define BAD_PTR bad_ptr()

/* One line or a part of one; keeps errno. */
#define say(...) \
	do { \
		int say_errno = errno; \
		dprintf(1, __VA_ARGS__); \
		errno = say_errno; \
	} while (0)

/* Prints the text of the expression, its value, and errno's name after -1. */
#define show(expr) \
	({ \
		errno = 0; \
		long show_val = (long)(expr); \
		show_line(#expr, show_val, true); \
		show_val; \
	})

/* The same where a success has no fixed value: "ok" stands for it. */
#define show_ok(expr) \
	({ \
		errno = 0; \
		long show_val = (long)(expr); \
		show_line(#expr, show_val, false); \
		show_val; \
	})

/* Prints whether a condition holds. */
#define fact(cond) say("%s: %s\n", #cond, (cond) ? "yes" : "no")

/* Setup that must work: anything else ends the case. */
#define must(expr) \
	({ \
		errno = 0; \
		long must_val = (long)(expr); \
		if (must_val == -1) \
			give_up(#expr); \
		must_val; \
	})

/* Runs the statements in a forked child, which then exits 0: its pid. */
#define child_do(...) \
	({ \
		pid_t child_pid = fork(); \
		if (child_pid == 0) { \
			__VA_ARGS__; \
			_exit(0); \
		} \
		if (child_pid == -1) \
			give_up("fork"); \
		child_pid; \
	})

static inline const char *err_name(int e)
{
	static char buf[16];

	switch (e) {
#define ERR_CASE(x) \
	case x: \
		return #x
		ERR_CASE(E2BIG);
		ERR_CASE(EACCES);
		ERR_CASE(EAGAIN);
		ERR_CASE(EBADF);
		ERR_CASE(EBUSY);
		ERR_CASE(ECHILD);
		ERR_CASE(EDEADLK);
		ERR_CASE(EDOM);
		ERR_CASE(EEXIST);
		ERR_CASE(EFAULT);
		ERR_CASE(EFBIG);
		ERR_CASE(EINTR);
		ERR_CASE(EINVAL);
		ERR_CASE(EIO);
		ERR_CASE(EISDIR);
		ERR_CASE(ELOOP);
		ERR_CASE(EMFILE);
		ERR_CASE(EMLINK);
		ERR_CASE(ENAMETOOLONG);
		ERR_CASE(ENFILE);
		ERR_CASE(ENODEV);
		ERR_CASE(ENOENT);
		ERR_CASE(ENOEXEC);
		ERR_CASE(ENOMEM);
		ERR_CASE(ENOSPC);
		ERR_CASE(ENOSYS);
		ERR_CASE(ENOTDIR);
		ERR_CASE(ENOTEMPTY);
		ERR_CASE(ENOTTY);
		ERR_CASE(ENXIO);
		ERR_CASE(EOPNOTSUPP);
		ERR_CASE(EOVERFLOW);
		ERR_CASE(EPERM);
		ERR_CASE(EPIPE);
		ERR_CASE(ERANGE);
		ERR_CASE(EROFS);
		ERR_CASE(ESPIPE);
		ERR_CASE(ESRCH);
		ERR_CASE(ETIMEDOUT);
		ERR_CASE(ETXTBSY);
		ERR_CASE(EXDEV);
#undef ERR_CASE
	default:
		snprintf(buf, sizeof(buf), "E%d", e);
		return buf;
	}
}

static inline void show_line(const char *text, long val, bool exact)
{
	int e = errno;

	if (val == -1 && e != 0)
		say("%s = -1 %s\n", text, err_name(e));
	else if (exact)
		say("%s = %ld\n", text, val);
	else
		say("%s = ok\n", text);
	errno = e;
}

static inline void give_up(const char *what)
{
	say("setup failed: %s: %s\n", what, err_name(errno));
	_exit(99);
}

static inline const char *sig_name(int sig)
{
	static const char *const names[] = {
		"0",	 "HUP",	 "INT",	   "QUIT", "ILL",  "TRAP",   "ABRT",
		"BUS",	 "FPE",	 "KILL",   "USR1", "SEGV", "USR2",   "PIPE",
		"ALRM",	 "TERM", "STKFLT", "CHLD", "CONT", "STOP",   "TSTP",
		"TTIN",	 "TTOU", "URG",	   "XCPU", "XFSZ", "VTALRM", "PROF",
		"WINCH", "IO",	 "PWR",	   "SYS",
	};
	static char buf[16];

	if (sig >= 0 && sig < 32)
		return names[sig];
	snprintf(buf, sizeof(buf), "%d", sig);
	return buf;
}

/* Says what a wait status means. */
static inline void say_status(const char *label, int st)
{
	if (WIFEXITED(st))
		say("%s: exit %d\n", label, WEXITSTATUS(st));
	else if (WIFSIGNALED(st))
		say("%s: signal %s%s\n", label, sig_name(WTERMSIG(st)),
		    WCOREDUMP(st) ? " core" : "");
	else if (WIFSTOPPED(st))
		say("%s: stopped %s\n", label, sig_name(WSTOPSIG(st)));
	else if (WIFCONTINUED(st))
		say("%s: continued\n", label);
	else
		say("%s: status %#x\n", label, st);
}

/* Waits for one child and says how it ended. */
static inline int wait_say(const char *label, pid_t pid)
{
	int st = 0;

	if (waitpid(pid, &st, 0) != pid)
		say("%s: waitpid: %s\n", label, err_name(errno));
	else
		say_status(label, st);
	return st;
}

/* Runs fn in a child and says how it ended. */
static inline void try_in_child(const char *label, void (*fn)(void))
{
	wait_say(label, child_do(fn()));
}

/* A gate is a pipe: pass() blocks until somebody calls let(). */
struct gate {
	int fd[2];
};

static inline void gate_init(struct gate *g)
{
	must(pipe(g->fd));
}

static inline void gate_let(struct gate *g)
{
	while (write(g->fd[1], "g", 1) == -1 && errno == EINTR)
		;
}

static inline void gate_pass(struct gate *g)
{
	char c;

	while (read(g->fd[0], &c, 1) == -1 && errno == EINTR)
		;
}

static inline void gate_close(struct gate *g)
{
	close(g->fd[0]);
	close(g->fd[1]);
}

static inline void put_file(const char *path, const char *text)
{
	int fd = must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666));

	must(write(fd, text, strlen(text)));
	close(fd);
}

/* Says a short file's content between brackets. */
static inline void say_file(const char *path)
{
	char buf[512];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd == -1) {
		say("%s: %s\n", path, err_name(errno));
		return;
	}
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n < 0)
		n = 0;
	buf[n] = '\0';
	say("%s: [%s]\n", path, buf);
}

static inline int file_mode(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

static inline bool all_bytes(const void *p, size_t n, unsigned char c)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		if (b[i] != c)
			return false;
	return true;
}

static inline void on_signal(int sig, void (*fn)(int), int flags)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = fn;
	sa.sa_flags = flags;
	must(sigaction(sig, &sa, NULL));
}

static inline void on_siginfo(int sig, void (*fn)(int, siginfo_t *, void *),
			      int flags)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = fn;
	sa.sa_flags = flags | SA_SIGINFO;
	must(sigaction(sig, &sa, NULL));
}

static inline void nap_ms(int ms)
{
	struct timespec ts = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&ts, NULL);
}

/* A child that sends sig to its parent again and again until it is killed. */
static inline pid_t pester(int sig)
{
	pid_t parent = getpid();

	return child_do(do nap_ms(2); while (kill(parent, sig) == 0));
}

static inline void pester_end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
}

/* Becomes an ordinary user for the rest of this process. */
static inline void become(uid_t uid, gid_t gid)
{
	must(setgroups(0, NULL));
	must(setgid(gid));
	must(setuid(uid));
}
