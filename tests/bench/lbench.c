/* SPDX-License-Identifier: MIT */
/*
 * lbench - per-operation cost of the Linux system interface, measured with rdtsc.
 *
 *   musl-gcc -O2 -static -o lbench lbench.c
 *   lbench [-lqvfP] [-u unit] [-d dir] [-e path] [-T sec] [-b batches] [item|group|prefix*]...
 *
 * One line per item:  name value unit       (value = median over batches of cost per operation)
 * or, on failure:     name ENOSYS           (errno name; also SIGnn, TIMEOUT, SKIP)
 * Lines beginning with '#' are comments.
 *
 * unit: "insn" when one tsc tick is exactly one guest instruction (QEMU -icount shift=0),
 *       otherwise "ns" if clock_gettime can calibrate the tsc, otherwise "ticks".
 *
 * Written to survive an incomplete kernel: own output through write(2), raw syscalls in the measured
 * loops, no malloc in the harness, every error ends one item only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define PG 4096L
#ifndef MADV_NOHUGEPAGE
#define MADV_HUGEPAGE 14
#define MADV_NOHUGEPAGE 15
#endif

typedef uint64_t u64;

/* ------------------------------------------------------------------ primitives */

static inline u64 tsc(void)
{
	uint32_t a, d;
	__asm__ volatile("lfence; rdtsc" : "=a"(a), "=d"(d) : : "memory");
	return ((u64)d << 32) | a;
}

static inline long sc(long n, long a, long b, long c, long d, long e, long f)
{
	long r;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}
static inline long sc0(long n)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n) : "rcx", "r11", "memory");
	return r;
}
static inline long sc3(long n, long a, long b, long c)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return r;
}
#define S0(n) sc0(n)
#define S1(n, a) sc3(n, (long)(a), 0, 0)
#define S2(n, a, b) sc3(n, (long)(a), (long)(b), 0)
#define S3(n, a, b, c) sc3(n, (long)(a), (long)(b), (long)(c))
#define S4(n, a, b, c, d) sc(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define S6(n, a, b, c, d, e, f) sc(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* ------------------------------------------------------------------ harness */

#define MAXB 64
static u64 SMP[MAXB];
static int NB = 9, quick, verbose, isolate, nopin, tmo = 120;
static const char *dir = "/tmp", *self_path;
static double ticks_per_ns;	/* 0 = unknown */
static double ticks_per_insn[2];
static const char *unit = 0;
static double unit_div = 1;	/* ticks per unit */
static int ncpu = 1;
static volatile int in_child;
static sigjmp_buf jb;
static volatile int armed;
static char cur[64];		/* name of the current item line */

static void out(const char *fmt, ...)
{
	char b[512];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(b, sizeof b, fmt, ap), o = 0;
	va_end(ap);
	if (n > (int)sizeof b - 1) n = sizeof b - 1;
	while (o < n) {
		long r = S3(SYS_write, 1, b + o, n - o);
		if (r <= 0) break;
		o += r;
	}
	S3(SYS_ioctl, 1, 0x5409 /* TCSBRK */, 1);	/* drain: keep tty interrupts out of the next item */
}

static const char *ename(int e)
{
	static char b[16];
	switch (e) {
#define E(x) case x: return #x
	E(EPERM); E(ENOENT); E(ESRCH); E(EINTR); E(EIO); E(ENXIO); E(E2BIG); E(ENOEXEC); E(EBADF); E(ECHILD);
	E(EAGAIN); E(ENOMEM); E(EACCES); E(EFAULT); E(EBUSY); E(EEXIST); E(ENODEV); E(ENOTDIR); E(EISDIR);
	E(EINVAL); E(ENFILE); E(EMFILE); E(ENOTTY); E(EFBIG); E(ENOSPC); E(ESPIPE); E(EROFS); E(EPIPE);
	E(ERANGE); E(EDEADLK); E(ENAMETOOLONG); E(ENOSYS); E(ENOTEMPTY); E(EOPNOTSUPP); E(EAFNOSUPPORT);
	E(EPROTONOSUPPORT); E(ENOTSOCK); E(ETIMEDOUT); E(ECONNREFUSED); E(EPROTO); E(ENOBUFS);
#undef E
	}
	snprintf(b, sizeof b, "E%d", e);
	return b;
}

static __attribute__((noreturn)) void fail(int e)
{
	if (in_child) { S1(SYS_exit_group, 100); for (;;) ; }
	out("%s %s\n", cur, ename(e));
	armed = 0;
	siglongjmp(jb, 1);
}
static __attribute__((noreturn)) void skip(const char *why)
{
	out("%s SKIP %s\n", cur, why);
	armed = 0;
	siglongjmp(jb, 1);
}
/* raw syscall / libc call checks */
#define CK(x) ({ long _r = (long)(x); if (_r < 0 && _r > -4096) fail((int)-_r); _r; })
#define CL(x) ({ long _r = (long)(x); if (_r == -1) fail(errno); _r; })
#define CP(x) do { int _r = (x); if (_r) fail(_r); } while (0)

static int cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;
	return x < y ? -1 : x > y;
}

static void report_u(const char *name, u64 *s, int nb, double ops, const char *u, double div)
{
	for (int i = 1; i < nb; i++)	/* insertion sort: no libc state */
		for (int j = i; j > 0 && cmp(&s[j - 1], &s[j]) > 0; j--) {
			u64 t = s[j]; s[j] = s[j - 1]; s[j - 1] = t;
		}
	double k = 1.0 / (ops * div);
	double med = nb & 1 ? (double)s[nb / 2] : ((double)s[nb / 2 - 1] + (double)s[nb / 2]) / 2;
	if (verbose)
		out("%s %.1f %s min=%.1f max=%.1f nb=%d ops=%.0f\n", name, med * k, u, s[0] * k, s[nb - 1] * k, nb, ops);
	else
		out("%s %.1f %s\n", name, med * k, u);
}
static void report(const char *name, u64 *s, int nb, double ops) { report_u(name, s, nb, ops, unit, unit_div); }
static void value(const char *name, double v, const char *u) { out("%s %.3f %s\n", name, v, u); }

static int opsn(int n) { if (quick) n /= 10; return n < 1 ? 1 : n; }
static int nbatch(int lim) { int n = quick ? 3 : NB; return n > lim ? lim : n; }

/* N ops per batch, one warm-up batch, median over batches */
#define MEASURE(N, ...) do {						\
	int _n = opsn(N), _nb = nbatch(MAXB);				\
	for (int _b = -1; _b < _nb; _b++) {				\
		u64 _t0 = tsc();					\
		for (int _i = 0; _i < _n; _i++) { __VA_ARGS__; }	\
		u64 _t1 = tsc();					\
		if (_b >= 0) SMP[_b] = _t1 - _t0;			\
	}								\
	report(cur, SMP, _nb, _n);					\
} while (0)

static void pin_tid(int tid, int c)
{
	unsigned long m[128];
	if (nopin) return;
	memset(m, 0, sizeof m);
	m[c / 64] = 1UL << (c % 64);
	S3(SYS_sched_setaffinity, tid, sizeof m, m);	/* best effort */
}
static void pin(int c) { pin_tid(0, c); }

static long rfork(void)
{
	static int use_clone;
	long r = -ENOSYS;
	if (!use_clone) {
		r = S0(SYS_fork);
		if (r == -ENOSYS) use_clone = 1;
	}
	if (use_clone) r = S6(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
	if (r == 0) in_child = 1;
	return r;
}
static __attribute__((noreturn)) void rexit(int c) { S1(SYS_exit_group, c); for (;;) S1(SYS_exit, c); }
static void rwait(long pid)
{
	int st = 0;
	CK(S4(SYS_wait4, pid, &st, 0, 0));
}

static void *rmmap(size_t n, int prot, int flags)
{
	long r = S6(SYS_mmap, 0, n, prot, flags, -1, 0);
	CK(r);
	return (void *)r;
}
static char *anon(size_t n) { return rmmap(n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS); }
static void rmunmap(void *p, size_t n) { CK(S2(SYS_munmap, p, n)); }
static void touch(volatile char *p, size_t n) { for (size_t i = 0; i < n; i += PG) p[i] = 1; }
static long futex(volatile int *u, int op, int v) { return S6(SYS_futex, u, op, v, 0, 0, 0); }
#define FWAIT (0 | 128)
#define FWAKE (1 | 128)

/* let whoever is still runnable get to its blocking call */
static void settle(void)
{
	struct timespec ts = { 0, 20000000 };
	if (S2(SYS_nanosleep, &ts, 0) < 0) for (int k = 0; k < 200; k++) S0(SYS_sched_yield);
}
static void nap(void)
{
	struct timespec ts = { 0, 1000000 };
	if (S2(SYS_nanosleep, &ts, 0) < 0) S0(SYS_sched_yield);
}

static long freemem(void)	/* bytes, -1 unknown */
{
	struct { long uptime; unsigned long loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
		 unsigned short procs, pad; unsigned long th, fh; unsigned mem_unit; char f[64]; } si;
	memset(&si, 0, sizeof si);
	if (S1(SYS_sysinfo, &si) < 0) return -1;
	return (long)(si.freeram * (si.mem_unit ? si.mem_unit : 1));
}

/* ------------------------------------------------------------------ calibration */

static u64 loop_dec(u64 n)	/* exactly 2n instructions in the loop */
{
	u64 t0 = tsc();
	__asm__ volatile("1: dec %0; jnz 1b" : "+r"(n) : : "cc");
	return tsc() - t0;
}
static u64 loop_nop(u64 n)	/* exactly 34n instructions in the loop */
{
	u64 t0 = tsc();
	__asm__ volatile("1: .rept 32; nop; .endr; dec %0; jnz 1b" : "+r"(n) : : "cc");
	return tsc() - t0;
}

static void calibrate(void)
{
	u64 n = quick ? 100000 : 1000000;
	loop_dec(1000); loop_nop(1000);
	ticks_per_insn[0] = (double)loop_dec(n) / (2.0 * n);
	ticks_per_insn[1] = (double)loop_nop(n) / (34.0 * n);
	int ic = 1;
	for (int i = 0; i < 2; i++) if (ticks_per_insn[i] < 0.98 || ticks_per_insn[i] > 1.05) ic = 0;
	struct timespec a, b;
	if (S2(SYS_clock_gettime, CLOCK_MONOTONIC, &a) == 0) {
		u64 t0 = tsc(), t1;
		double ns;
		u64 spin = 0;
		do {
			loop_dec(20000);
			S2(SYS_clock_gettime, CLOCK_MONOTONIC, &b);
			t1 = tsc();
			ns = (b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec);
		} while (ns < 5e7 && ++spin < 100000);
		if (ns > 1e6) ticks_per_ns = (t1 - t0) / ns;
	}
	if (unit) {
		if (!strcmp(unit, "ns") && ticks_per_ns > 0) unit_div = ticks_per_ns;
		else if (strcmp(unit, "insn")) unit = "ticks";
	} else if (ic) unit = "insn";
	else if (ticks_per_ns > 0) unit = "ns", unit_div = ticks_per_ns;
	else unit = "ticks";
}

static void b_calib(long a)
{
	(void)a;
	out("calib_ticks_per_insn_decjnz %.5f ticks\n", ticks_per_insn[0]);
	out("calib_ticks_per_insn_nop %.5f ticks\n", ticks_per_insn[1]);
	out("calib_tsc_mhz %.3f MHz\n", ticks_per_ns * 1e3);
	strcpy(cur, "calib_rdtsc_pair");
	MEASURE(1000, tsc());
	strcpy(cur, "calib_empty_loop");
	MEASURE(1000, __asm__ volatile("" ::: "memory"));
}

static void b_memcpy(long a)
{
	(void)a;
	char *p = anon(2 << 20);
	S3(SYS_madvise, p, 2 << 20, MADV_NOHUGEPAGE);
	touch(p, 2 << 20);
	MEASURE(4, memcpy(p, p + (1 << 20), 1 << 20); __asm__ volatile("" ::: "memory"));
	strcpy(cur, "memcpy_1m_loop");
	MEASURE(4, {
		u64 *d = (u64 *)p, *s = (u64 *)(p + (1 << 20)), *e = s;
		__asm__ volatile("1: mov (%1),%%rax; mov 8(%1),%%rcx; mov %%rax,(%0); mov %%rcx,8(%0);"
				 "mov 16(%1),%%rax; mov 24(%1),%%rcx; mov %%rax,16(%0); mov %%rcx,24(%0);"
				 "add $32,%0; add $32,%1; cmp %2,%0; jne 1b"
				 : "+&r"(d), "+&r"(s) : "r"(e) : "rax", "rcx", "memory", "cc");
	});
	rmunmap(p, 2 << 20);
}

/* ------------------------------------------------------------------ plain syscalls */

static void b_getppid(long a) { (void)a; CK(S0(SYS_getppid)); MEASURE(5000, S0(SYS_getppid)); }
static void b_badsys(long a) { (void)a; MEASURE(5000, S0(1000)); }
static void b_rd1(long a)
{
	(void)a;
	char c;
	int fd = CK(S3(SYS_open, "/dev/zero", O_RDWR, 0));
	CK(S3(SYS_read, fd, &c, 1));
	MEASURE(3000, S3(SYS_read, fd, &c, 1));
	S1(SYS_close, fd);
}
static void b_wr1(long a)
{
	(void)a;
	char c = 0;
	int fd = CK(S3(SYS_open, "/dev/null", O_RDWR, 0));
	CK(S3(SYS_write, fd, &c, 1));
	MEASURE(3000, S3(SYS_write, fd, &c, 1));
	S1(SYS_close, fd);
}
static void b_cgt(long a)
{
	(void)a;
	struct timespec ts;
	CK(S2(SYS_clock_gettime, CLOCK_MONOTONIC, &ts));
	MEASURE(3000, S2(SYS_clock_gettime, CLOCK_MONOTONIC, &ts));
}
static void b_cgtv(long a)
{
	(void)a;
	struct timespec ts;
	CL(clock_gettime(CLOCK_MONOTONIC, &ts));
	MEASURE(3000, clock_gettime(CLOCK_MONOTONIC, &ts));
}
static void b_yield(long a) { (void)a; CK(S0(SYS_sched_yield)); MEASURE(3000, S0(SYS_sched_yield)); }

/* ------------------------------------------------------------------ ping-pongs */

struct shm { volatile int go, stop, last; volatile long y[2], sw; char pad[64]; };

static void b_yieldpp(long a)
{
	(void)a;
	struct shm *s = rmmap(PG, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	memset((void *)s, 0, sizeof *s);
	int n = opsn(1000), nb = nbatch(MAXB);
	long pid = CK(rfork());
	if (!pid) {
		while (!s->stop) {
			S0(SYS_sched_yield);
			s->y[1]++;
			if (s->last != 1) s->last = 1, s->sw++;
		}
		rexit(0);
	}
	double swy = 0;
	for (int b = -1; b < nb; b++) {
		long c0 = s->y[1], w0 = s->sw;
		u64 t0 = tsc();
		for (int i = 0; i < n; i++) {
			S0(SYS_sched_yield);
			if (s->last != 0) s->last = 0, s->sw++;
		}
		u64 t1 = tsc();
		long ny = n + s->y[1] - c0, nw = s->sw - w0;
		if (b >= 0) { SMP[b] = (t1 - t0) * 1000 / (nw ? nw : 1); swy = (double)nw / ny; }
	}
	s->stop = 1;
	report(cur, SMP, nb, 1000);
	value("yield_pp_proc_switches_per_yield", swy, "ratio");
	rwait(pid);
	rmunmap(s, PG);
}

/* parent writes pw, child reads cr, child writes cw, parent reads pr; len bytes a message */
static void pp(int pw, int cr, int cw, int pr, int len, int cross, int ops)
{
	u64 one = 1, v;
	long pid = CK(rfork());
	if (!pid) {
		u64 w = 1, r;
		if (cross) pin(1);
		if (len < 8) {	/* so that the end of file shows */
			S1(SYS_close, pw);
			if (pr != pw) S1(SYS_close, pr);
		}
		for (;;) {
			r = 0;
			long k = S3(SYS_read, cr, &r, len);
			if (k != len || r > 1) rexit(0);
			k = S3(SYS_write, cw, &w, len);
			if (k != len) rexit(0);
		}
	}
	if (len < 8) {	/* eventfds are shared, keep them */
		S1(SYS_close, cr);
		if (cw != cr) S1(SYS_close, cw);
	}
	CK(S3(SYS_write, pw, &one, len)); CK(S3(SYS_read, pr, &v, len));
	MEASURE(ops, S3(SYS_write, pw, &one, len); S3(SYS_read, pr, &v, len));
	if (len == 8) { one = 1000; S3(SYS_write, pw, &one, 8); }
	S1(SYS_close, pw);
	if (pr != pw) S1(SYS_close, pr);
	rwait(pid);
}
static void need2(int x) { if (x && (ncpu < 2 || nopin)) skip("needs 2 cpus"); }
static void pipe_pp(int x, int ops)
{
	int p[2], q[2];
	need2(x);
	CK(S2(SYS_pipe2, p, 0)); CK(S2(SYS_pipe2, q, 0));
	pp(p[1], p[0], q[1], q[0], 1, x, ops);
}
static void b_pipepp(long x) { pipe_pp(x, 400); }
static void b_unixpp(long x)
{
	int s[2];
	need2(x);
	CK(S4(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, s));
	pp(s[0], s[1], s[1], s[0], 1, x, 400);
}
static void b_evpp(long x)
{
	need2(x);
	int a = CK(S2(SYS_eventfd2, 0, 0)), b = CK(S2(SYS_eventfd2, 0, 0));
	pp(a, a, b, b, 8, x, 400);
}
static char big[65536];
static void b_pipebw(long x)
{
	int p[2];
	need2(x);
	CK(S2(SYS_pipe2, p, 0));
	long pid = CK(rfork());
	if (!pid) {
		if (x) pin(1);
		S1(SYS_close, p[0]);
		for (;;) if (S3(SYS_write, p[1], big, sizeof big) <= 0) rexit(0);
	}
	S1(SYS_close, p[1]);
	int n = opsn(50), nb = nbatch(MAXB);
	for (int b = -1; b < nb; b++) {
		u64 t0 = tsc();
		for (int i = 0; i < n; i++) {
			long got = 0;
			while (got < (long)sizeof big) got += CK(S3(SYS_read, p[0], big, sizeof big - got));
		}
		if (b >= 0) SMP[b] = tsc() - t0;
	}
	S1(SYS_close, p[0]);	/* writer gets SIGPIPE or EPIPE */
	report(cur, SMP, nb, n);
	rwait(pid);
}

/* threads */
static volatile int fa, fb, fstop;
static void thr_fail(int e) { if (e) fail(e); }
static void need_thr(void)	/* musl takes ENOSYS from mprotect for a machine without MMU, then crashes on its stack */
{
	char *p = rmmap(PG, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS);
	long r = S3(SYS_mprotect, p, PG, PROT_READ | PROT_WRITE);
	S2(SYS_munmap, p, PG);
	CK(r);
	volatile int dummy = 1;
	if (futex(&dummy, FWAIT, 0) == -ENOSYS) fail(ENOSYS);
}
static void *futex_peer(void *x)
{
	if (x) pin(1);
	for (;;) {
		while (!fa) futex(&fa, FWAIT, 0);
		fa = 0;
		if (fstop) return 0;
		fb = 1;
		futex(&fb, FWAKE, 1);
	}
}
static void b_futexpp(long x)
{
	pthread_t t;
	need2(x);
	need_thr();
	fa = fb = fstop = 0;
	thr_fail(pthread_create(&t, 0, futex_peer, (void *)x));
	MEASURE(400, {
		fa = 1;
		futex(&fa, FWAKE, 1);
		while (!fb) futex(&fb, FWAIT, 0);
		fb = 0;
	});
	fstop = 1; fa = 1; futex(&fa, FWAKE, 1);
	pthread_join(t, 0);
}

/* ------------------------------------------------------------------ processes */

static void fork1(void)
{
	long pid = rfork();
	if (pid == 0) rexit(0);
	CK(pid);
	int st;
	S4(SYS_wait4, pid, &st, 0, 0);
}
static void b_fork(long a) { (void)a; fork1(); MEASURE(20, fork1()); }
static void b_fork64(long thp)
{
	size_t n = 64 << 20;
	char *p = anon(n + (2 << 20));
	char *q = (char *)(((uintptr_t)p + (2 << 20) - 1) & ~((uintptr_t)(2 << 20) - 1));
	S3(SYS_madvise, q, n, thp ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	int nb = nbatch(5), n1 = 2;
	for (int b = -1; b < nb; b++) {
		u64 t = 0;
		for (int i = 0; i < n1; i++) {
			touch(q, n);	/* undo the write protection the last fork left */
			u64 t0 = tsc();
			fork1();
			t += tsc() - t0;
		}
		if (b >= 0) SMP[b] = t;
	}
	report(cur, SMP, nb, n1);
	rmunmap(p, n + (2 << 20));
}
extern char **environ;
static char *ex_argv[] = { (char *)"lbench", (char *)"--exit0", 0 };
static void need_self(void)
{
	struct stat st;
	if (!self_path || stat(self_path, &st) < 0) self_path = "/proc/self/exe";
}
static void spawn1(void)
{
	pid_t p;
	int st = 0;
	CP(posix_spawn(&p, self_path, 0, 0, ex_argv, environ));
	CK(S4(SYS_wait4, p, &st, 0, 0));
	if (st) fail(ENOEXEC);
}
static void b_spawn(long a) { (void)a; need_self(); spawn1(); MEASURE(10, spawn1()); }
static void vfork1(void)
{
	int st = 0;
	volatile int e = 0;
	pid_t p = vfork();
	if (p == 0) { e = (int)-S3(SYS_execve, self_path, ex_argv, environ); S1(SYS_exit_group, 101); }
	if (p < 0) fail(errno);
	CK(S4(SYS_wait4, p, &st, 0, 0));
	if (e) fail(e);
}
static void b_vfork(long a) { (void)a; need_self(); vfork1(); MEASURE(10, vfork1()); }
static void forkex1(void)
{
	int st = 0;
	long p = rfork();
	if (p == 0) { S3(SYS_execve, self_path, ex_argv, environ); rexit(101); }
	CK(p);
	CK(S4(SYS_wait4, p, &st, 0, 0));
	if (st) fail(ENOEXEC);
}
static void b_forkexec(long a) { (void)a; need_self(); forkex1(); MEASURE(10, forkex1()); }
static void *thr_nop(void *x) { return x; }
static void thr1(void) { pthread_t t; thr_fail(pthread_create(&t, 0, thr_nop, 0)); thr_fail(pthread_join(t, 0)); }
static void b_thr(long a) { (void)a; need_thr(); thr1(); MEASURE(40, thr1()); }

/* ------------------------------------------------------------------ memory */

static void b_mmap(long t)
{
	rmunmap(anon(PG), PG);
	if (!t) MEASURE(1000, S2(SYS_munmap, S6(SYS_mmap, 0, PG, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), PG));
	else MEASURE(500, {
		volatile char *p = (char *)S6(SYS_mmap, 0, PG, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*p = 1;
		S2(SYS_munmap, p, PG);
	});
}
static void b_mprot(long a)
{
	(void)a;
	char *p = anon(PG);
	*p = 1;
	CK(S3(SYS_mprotect, p, PG, PROT_READ));
	MEASURE(500, S3(SYS_mprotect, p, PG, PROT_READ | PROT_WRITE); S3(SYS_mprotect, p, PG, PROT_READ));
	rmunmap(p, PG);
}
static void b_pf(long mode)	/* 0 4k private, 1 default (THP if the kernel does it), 2 shared anonymous */
{
	size_t n = 16 << 20;
	u64 um[MAXB];
	int nb = nbatch(7);
	for (int b = -1; b < nb; b++) {
		char *p = rmmap(n, PROT_READ | PROT_WRITE, (mode == 2 ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS);
		if (mode == 0) S3(SYS_madvise, p, n, MADV_NOHUGEPAGE);
		u64 t0 = tsc();
		touch(p, n);
		u64 t1 = tsc();
		rmunmap(p, n);
		u64 t2 = tsc();
		if (b >= 0) SMP[b] = t1 - t0, um[b] = t2 - t1;
	}
	report(cur, SMP, nb, n / PG);
	if (mode == 0) report("munmap_per_page", um, nb, n / PG);
}
static void b_pfread(long a)	/* read fault: zero page */
{
	(void)a;
	size_t n = 16 << 20;
	int nb = nbatch(7);
	for (int b = -1; b < nb; b++) {
		volatile char *p = anon(n);
		S3(SYS_madvise, p, n, MADV_NOHUGEPAGE);
		u64 t0 = tsc();
		for (size_t i = 0; i < n; i += PG) (void)p[i];
		u64 t1 = tsc();
		rmunmap((void *)p, n);
		if (b >= 0) SMP[b] = t1 - t0;
	}
	report(cur, SMP, nb, n / PG);
}
static void b_cow(long a)
{
	(void)a;
	size_t n = 16 << 20;
	int nb = nbatch(7), fd[2];
	char *p = anon(n);
	S3(SYS_madvise, p, n, MADV_NOHUGEPAGE);
	touch(p, n);
	CK(S2(SYS_pipe2, fd, 0));
	for (int b = -1; b < nb; b++) {
		long pid = CK(rfork());
		if (!pid) {
			u64 t0 = tsc();
			touch(p, n);
			t0 = tsc() - t0;
			S3(SYS_write, fd[1], &t0, 8);
			rexit(0);
		}
		u64 v = 0;
		CK(S3(SYS_read, fd[0], &v, 8));
		rwait(pid);
		if (b >= 0) SMP[b] = v;
	}
	report(cur, SMP, nb, n / PG);
	S1(SYS_close, fd[0]); S1(SYS_close, fd[1]);
	rmunmap(p, n);
}

/* ------------------------------------------------------------------ signals */

static volatile int nsig;
static void h_count(int s) { (void)s; nsig++; }
static void b_sigaction(long a)
{
	(void)a;
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = h_count;
	CL(sigaction(SIGUSR1, &sa, 0));
	MEASURE(2000, sigaction(SIGUSR1, &sa, 0));
}
static void b_sigself(long a)
{
	(void)a;
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = h_count;
	CL(sigaction(SIGUSR1, &sa, 0));
	long pid = CK(S0(SYS_getpid)), tid = S0(SYS_gettid);
	nsig = 0;
	CK(S3(SYS_tgkill, pid, tid, SIGUSR1));
	if (nsig != 1) fail(EPROTO);
	MEASURE(500, S3(SYS_tgkill, pid, tid, SIGUSR1));
}
static void h_segv(int s, siginfo_t *si, void *u)
{
	(void)s; (void)si;
	nsig++;
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] += 3;
}
static void b_segv(long a)
{
	(void)a;
	struct sigaction sa, old;
	memset(&sa, 0, sizeof sa);
	sa.sa_sigaction = h_segv;
	sa.sa_flags = SA_SIGINFO;
	void *p = rmmap(PG, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS);
	CL(sigaction(SIGSEGV, &sa, &old));
	nsig = 0;
	__asm__ volatile("movb $0,(%0)" : : "a"(p) : "memory");	/* c6 00 00 */
	MEASURE(500, __asm__ volatile("movb $0,(%0)" : : "a"(p) : "memory"));
	sigaction(SIGSEGV, &old, 0);
	rmunmap(p, PG);
}

/* ------------------------------------------------------------------ files */

static char wd[128], f1[160];
static void mkwd(void)
{
	if (wd[0]) return;
	char b[128];
	snprintf(b, sizeof b, "%s/lb%ld", dir, S0(SYS_getpid));
	long r = S2(SYS_mkdir, b, 0755);
	if (r < 0 && r != -EEXIST) fail((int)-r);
	snprintf(f1, sizeof f1, "%s/file", b);
	int fd = CK(S4(SYS_openat, AT_FDCWD, f1, O_RDWR | O_CREAT | O_TRUNC, 0644));
	for (int i = 0; i < 16; i++) CK(S3(SYS_write, fd, big, sizeof big));
	S1(SYS_close, fd);
	strcpy(wd, b);
}
static void b_open(long a)
{
	(void)a;
	mkwd();
	MEASURE(1000, S1(SYS_close, S4(SYS_openat, AT_FDCWD, f1, O_RDONLY, 0)));
}
static void b_stat(long a)
{
	struct stat st;
	mkwd();
	if (a) {
		int fd = CK(S4(SYS_openat, AT_FDCWD, f1, O_RDONLY, 0));
		CK(S2(SYS_fstat, fd, &st));
		MEASURE(2000, S2(SYS_fstat, fd, &st));
		S1(SYS_close, fd);
	} else {
		CK(S2(SYS_stat, f1, &st));
		MEASURE(1000, S2(SYS_stat, f1, &st));
	}
}
static void b_getdents(long nf)
{
	char d[160], f[192];
	mkwd();
	snprintf(d, sizeof d, "%s/d%ld", wd, nf);
	long r = S2(SYS_mkdir, d, 0755);
	if (r < 0 && r != -EEXIST) fail((int)-r);
	for (int i = 0; i < nf; i++) {
		snprintf(f, sizeof f, "%s/entry%05d", d, i);
		int fd = CK(S4(SYS_openat, AT_FDCWD, f, O_RDWR | O_CREAT, 0644));
		S1(SYS_close, fd);
	}
	int fd = CK(S4(SYS_openat, AT_FDCWD, d, O_RDONLY | O_DIRECTORY, 0));
	CK(S3(SYS_getdents64, fd, big, sizeof big));
	MEASURE(10, {
		S3(SYS_lseek, fd, 0, SEEK_SET);
		while (S3(SYS_getdents64, fd, big, 32768) > 0) ;
	});
	S1(SYS_close, fd);
	for (int i = 0; i < nf; i++) {
		snprintf(f, sizeof f, "%s/entry%05d", d, i);
		S1(SYS_unlink, f);
	}
	S1(SYS_rmdir, d);
}
static void b_creat(long a)
{
	(void)a;
	char f[160];
	mkwd();
	snprintf(f, sizeof f, "%s/new", wd);
	MEASURE(300, {
		int fd = CK(S4(SYS_openat, AT_FDCWD, f, O_RDWR | O_CREAT | O_EXCL, 0644));
		S1(SYS_close, fd);
		CK(S1(SYS_unlink, f));
	});
}
static void b_rw(long m)	/* 0 read 4k, 1 write 4k, 2 read 64k */
{
	mkwd();
	long len = m == 2 ? 65536 : 4096;
	int fd = CK(S4(SYS_openat, AT_FDCWD, f1, O_RDWR, 0));
	CK(S4(m == 1 ? SYS_pwrite64 : SYS_pread64, fd, big, len, 0));
	if (m == 1) MEASURE(500, S4(SYS_pwrite64, fd, big, 4096, 0));
	else MEASURE(m ? 50 : 500, S4(SYS_pread64, fd, big, len, 0));
	S1(SYS_close, fd);
}
static void b_epoll(long a)
{
	(void)a;
	int p[2];
	struct epoll_event ev, o;
	CK(S2(SYS_pipe2, p, 0));
	CK(S3(SYS_write, p[1], "x", 1));
	int ep = CK(S1(SYS_epoll_create1, 0));
	memset(&ev, 0, sizeof ev);
	ev.events = EPOLLIN;
	CK(S4(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, p[0], &ev));
	if (CK(S4(SYS_epoll_wait, ep, &o, 1, 0)) != 1) fail(EPROTO);
	MEASURE(1000, S4(SYS_epoll_wait, ep, &o, 1, 0));
	S1(SYS_close, ep); S1(SYS_close, p[0]); S1(SYS_close, p[1]);
}
static void b_poll(long n)
{
	struct pollfd f[64];
	int w[64];
	for (int i = 0; i < n; i++) {
		int p[2];
		CK(S2(SYS_pipe2, p, 0));
		f[i].fd = p[0]; f[i].events = POLLIN; w[i] = p[1];
	}
	CK(S3(SYS_write, w[n - 1], "x", 1));
	if (CK(S3(SYS_poll, f, n, 0)) != 1) fail(EPROTO);
	MEASURE(200, S3(SYS_poll, f, n, 0));
	for (int i = 0; i < n; i++) S1(SYS_close, f[i].fd), S1(SYS_close, w[i]);
}

/* ------------------------------------------------------------------ user-level switch, for reference */

__asm__(".text\n.globl uswap\n.type uswap,@function\nuswap:\n"
	"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"mov %rsp,(%rdi); mov %rsi,%rsp\n"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");
void uswap(void **save, void *to);
static void *usp_main, *usp_co;
static void co_body(void) { for (;;) uswap(&usp_co, usp_main); }
static char costk[16384] __attribute__((aligned(64)));
static void b_uswitch(long a)
{
	(void)a;
	void **s = (void **)(costk + sizeof costk - 64);
	*--s = 0;
	*--s = (void *)co_body;
	for (int i = 0; i < 6; i++) *--s = 0;
	usp_co = s;
	int n = opsn(5000), nb = nbatch(MAXB);
	for (int b = -1; b < nb; b++) {
		u64 t0 = tsc();
		for (int i = 0; i < n; i++) uswap(&usp_main, usp_co);
		if (b >= 0) SMP[b] = tsc() - t0;
	}
	report(cur, SMP, nb, 2.0 * n);
}

/* ------------------------------------------------------------------ scale series */

static int idle_fd[2];
static long idle_n;
static u64 idle_t;
static void idle_up(long n)	/* n processes asleep in read() of one pipe */
{
	int rdy[2];
	char buf[512];
	idle_n = 0;
	CK(S2(SYS_pipe2, idle_fd, 0));
	CK(S2(SYS_pipe2, rdy, 0));
	u64 t0 = tsc();
	for (long i = 0; i < n; i++) {
		long p = rfork();
		if (p == 0) {
			char c = 0;
			S1(SYS_close, idle_fd[1]);
			S3(SYS_write, rdy[1], &c, 1);
			S3(SYS_read, idle_fd[0], &c, 1);
			rexit(0);
		}
		if (p < 0) {
			S1(SYS_close, idle_fd[1]); S1(SYS_close, idle_fd[0]);
			while (idle_n-- > 0) { int st; S4(SYS_wait4, -1, &st, 0, 0); }
			fail((int)-p);
		}
		idle_n++;
	}
	for (long got = 0; got < n; ) got += CK(S3(SYS_read, rdy[0], buf, sizeof buf));
	idle_t = tsc() - t0;
	S1(SYS_close, rdy[0]); S1(SYS_close, rdy[1]);
	settle();
}
static void idle_down(void)
{
	S1(SYS_close, idle_fd[1]); S1(SYS_close, idle_fd[0]);
	while (idle_n-- > 0) { int st; S4(SYS_wait4, -1, &st, 0, 0); }
}
static void b_sfork(long n)
{
	char nm[64];
	strcpy(nm, cur);
	long m0 = freemem();
	idle_up(n);
	u64 t1 = idle_t;
	long m1 = freemem();
	MEASURE(10, fork1());
	u64 t0 = tsc();
	idle_down();
	u64 t2 = tsc() - t0;
	if (n >= 100) {
		snprintf(nm, sizeof nm, "scale_proc_create_%ld", n);
		report(nm, &t1, 1, n);
		snprintf(nm, sizeof nm, "scale_proc_exit_reap_%ld", n);
		report(nm, &t2, 1, n);
		snprintf(nm, sizeof nm, "scale_proc_mem_%ld", n);
		if (m0 >= 0 && m1 >= 0) value(nm, (double)(m0 - m1) / n, "bytes");
	}
}
static void b_spipe(long n) { idle_up(n); pipe_pp(0, 200); idle_down(); }
static void b_sfds(long n)
{
	mkwd();
	static int fds[100000];
	long i, e = 0;
	for (i = 0; i < n; i++) {
		fds[i] = S4(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
		if (fds[i] < 0) { e = -fds[i]; break; }
	}
	if (!e) MEASURE(500, S1(SYS_close, S4(SYS_openat, AT_FDCWD, f1, O_RDONLY, 0)));
	while (i-- > 0) S1(SYS_close, fds[i]);
	if (e) fail(e);
}
static void *vm[30000];
static void b_svma(long n)
{
	char nm[64];
	long i;
	int e = 0;
	for (i = 0; i < n; i++) {	/* alternating protections: neighbours cannot merge */
		long r = S6(SYS_mmap, 0, PG, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (r < 0 && r > -4096) { e = -r; break; }
		vm[i] = (void *)r;
	}
	if (!e) {
		MEASURE(500, S2(SYS_munmap, S6(SYS_mmap, 0, PG, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), PG));
		snprintf(nm, sizeof nm, "scale_vma_mid_%ld", n);	/* unmap+map again a random one */
		strcpy(cur, nm);
		unsigned rs = 12345;
		MEASURE(300, {
			rs = rs * 1103515245 + 12345;
			long k = (rs >> 8) % n & ~1L;
			S2(SYS_munmap, vm[k], PG);
			S6(SYS_mmap, vm[k], PG, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		});
		snprintf(nm, sizeof nm, "scale_vma_fault_%ld", n);	/* read fault in a random one */
		strcpy(cur, nm);
		MEASURE(300, {
			rs = rs * 1103515245 + 12345;
			long k = (rs >> 8) % n & ~1L;
			S3(SYS_madvise, vm[k], PG, MADV_DONTNEED);
			*(volatile char *)vm[k];
		});
	}
	while (i-- > 0) S2(SYS_munmap, vm[i], PG);
	if (e) fail(e);
}
static void b_stimer(long n)
{
	static int fds[20001];
	struct { long iv_s, iv_ns, s, ns; } it = { 0, 0, 100000, 0 };
	long i;
	int e = 0;
	for (i = 0; i <= n; i++) {
		fds[i] = S2(SYS_timerfd_create, CLOCK_MONOTONIC, 0);
		if (fds[i] < 0) { e = -fds[i]; break; }
		it.s = 100000 + i;
		long r = S4(SYS_timerfd_settime, fds[i], 0, &it, 0);
		if (r < 0) { e = -r; i++; break; }
	}
	if (!e) {
		unsigned rs = 777;
		MEASURE(500, {	/* re-arm: one dequeue + one enqueue at a random place */
			rs = rs * 1103515245 + 12345;
			it.s = 100000 + (rs >> 8) % (n + 1);
			S4(SYS_timerfd_settime, fds[n], 0, &it, 0);
		});
	}
	while (i-- > 0) S1(SYS_close, fds[i]);
	if (e) fail(e);
}

/* ------------------------------------------------------------------ M:N relevant */

static volatile int gate, started, ended;
static pthread_t *thr_tab;
static void *thr_gate(void *x)
{
	__sync_fetch_and_add(&started, 1);
	while (!gate) futex(&gate, FWAIT, 0);
	return x;
}
static void thr_attr(pthread_attr_t *at) { pthread_attr_init(at); pthread_attr_setstacksize(at, 16384); }
static void thr_table(void) { need_thr(); if (!thr_tab) thr_tab = (pthread_t *)anon(20000 * sizeof(pthread_t)); }
static void b_tcreate(long n)
{
	pthread_attr_t at;
	char nm[64];
	long i;
	int e = 0;
	int nb = nbatch(3);
	u64 c[MAXB], s[MAXB], j[MAXB];
	double mem = -1;
	thr_table();
	thr_attr(&at);
	touch((char *)thr_tab, n * sizeof(pthread_t));
	for (int b = 0; b < nb; b++) {
		gate = started = 0;
		long m0 = freemem();
		u64 t0 = tsc();
		for (i = 0; i < n; i++) if ((e = pthread_create(&thr_tab[i], &at, thr_gate, 0))) break;
		u64 t1 = tsc();
		while (started < i) S0(SYS_sched_yield);
		u64 t2 = tsc();
		settle();
		long m1 = freemem();
		if (b == 0 && m0 >= 0 && m1 >= 0) mem = (double)(m0 - m1) / n;
		u64 t3 = tsc();
		gate = 1;
		futex(&gate, FWAKE, 1 << 30);
		while (i-- > 0) pthread_join(thr_tab[i], 0);
		u64 t4 = tsc();
		if (e) fail(e);
		c[b] = t1 - t0; s[b] = t2 - t0; j[b] = t4 - t3;
	}
	report(cur, c, nb, n);
	snprintf(nm, sizeof nm, "thr_create_start_%ld", n);
	report(nm, s, nb, n);
	snprintf(nm, sizeof nm, "thr_wake_exit_join_%ld", n);
	report(nm, j, nb, n);
	snprintf(nm, sizeof nm, "thr_mem_%ld", n);
	if (mem >= 0) value(nm, mem, "bytes");
}

static volatile int ylast, yn;
static volatile long ysw;
static volatile u64 yt1;
static void *thr_yield(void *x)
{
	int me = (int)(long)x;
	__sync_fetch_and_add(&started, 1);
	while (!gate) futex(&gate, FWAIT, 0);
	for (int i = 0; i < yn; i++) {
		if (ylast != me) ylast = me, ysw++;
		S0(SYS_sched_yield);
	}
	__sync_fetch_and_add(&ended, 1);
	yt1 = tsc();
	return 0;
}
static void b_tyield(long n)
{
	pthread_attr_t at;
	int nb = nbatch(5), e = 0;
	double swy = 0;
	char nm[64];
	thr_table();
	thr_attr(&at);
	yn = opsn(8000) / n;
	if (yn < 20) yn = 20;
	for (int b = -1; b < nb; b++) {
		long i;
		gate = started = ended = 0; ysw = 0; ylast = -1;
		for (i = 0; i < n; i++) if ((e = pthread_create(&thr_tab[i], &at, thr_yield, (void *)i))) break;
		if (e) yn = 0;
		while (started < i) nap();
		settle();
		u64 t0 = tsc();
		gate = 1;
		futex(&gate, FWAKE, 1 << 30);
		while (i-- > 0) pthread_join(thr_tab[i], 0);
		if (e) fail(e);
		if (b >= 0) SMP[b] = (yt1 - t0) * 1000 / (ysw ? ysw : 1), swy = (double)ysw / ((double)n * yn);
	}
	report(cur, SMP, nb, 1000);	/* cost per actual switch */
	snprintf(nm, sizeof nm, "thr_yield_%ld_switches_per_yield", n);
	value(nm, swy, "ratio");
}

/* token ring over N threads: one futex word each (each on its own line) */
static struct { volatile int v; char pad[60]; } *ring;
static volatile long rn;
static void *thr_ring(void *x)
{
	long me = (long)x, nx = (me + 1) % rn;
	__sync_fetch_and_add(&started, 1);
	for (;;) {
		while (!ring[me].v) futex(&ring[me].v, FWAIT, 0);
		ring[me].v = 0;
		int st = fstop;		/* read while holding the token */
		ring[nx].v = 1;
		futex(&ring[nx].v, FWAKE, 1);
		if (st) return 0;
	}
}
static void b_tring(long n)	/* n threads incl. main (member 0) */
{
	pthread_attr_t at;
	int e = 0;
	long i;
	thr_table();
	thr_attr(&at);
	if (!ring) ring = (void *)anon(20000 * 64);
	memset(ring, 0, n * 64);
	rn = n; started = 0; fstop = 0;
	for (i = 1; i < n; i++) if ((e = pthread_create(&thr_tab[i], &at, thr_ring, (void *)i))) break;
	if (e) {	/* break the ring up: wake each directly */
		long m = i;
		fstop = 1;
		for (i = 1; i < m; i++) { ring[i].v = 1; futex(&ring[i].v, FWAKE, 1); }
		for (i = 1; i < m; i++) pthread_join(thr_tab[i], 0);
		fail(e);
	}
	while (started < n - 1) nap();
	settle();
	long laps = opsn(4000) / n;
	if (laps < 1) laps = 1;
	int nb = nbatch(5);
	for (int b = -1; b < nb; b++) {
		u64 t0 = tsc();
		for (long l = 0; l < laps; l++) {
			ring[1 % n].v = 1;
			futex(&ring[1 % n].v, FWAKE, 1);
			while (!ring[0].v) futex(&ring[0].v, FWAIT, 0);
			ring[0].v = 0;
		}
		if (b >= 0) SMP[b] = tsc() - t0;
	}
	fstop = 1;
	ring[1 % n].v = 1;
	futex(&ring[1 % n].v, FWAKE, 1);
	for (i = 1; i < n; i++) pthread_join(thr_tab[i], 0);
	report(cur, SMP, nb, (double)laps * n);	/* cost per hop */
}

static pthread_mutex_t mx = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv[2] = { PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER };
static volatile int turn;
static volatile long hand;
static volatile int mxyield;
static void *thr_mutex(void *x)
{
	int me = (int)(long)x;
	__sync_fetch_and_add(&started, 1);
	while (!gate) futex(&gate, FWAIT, 0);
	for (int i = 0; i < yn; i++) {
		pthread_mutex_lock(&mx);
		if (ylast != me) ylast = me, hand++;
		S0(SYS_sched_yield);	/* held across a switch: the others run into it */
		pthread_mutex_unlock(&mx);
		if (mxyield) S0(SYS_sched_yield);	/* let the woken one have it */
	}
	yt1 = tsc();
	return 0;
}
static void b_mutex(long n)	/* n > 0: yield after the unlock too; n < 0: do not */
{
	pthread_attr_t at;
	int nb = nbatch(5), e = 0;
	u64 per[MAXB];
	double tot = 0;
	char nm[128];
	thr_table();
	thr_attr(&at);
	mxyield = n > 0;
	if (n < 0) n = -n;
	yn = opsn(2000) / n;
	if (yn < 20) yn = 20;
	for (int b = -1; b < nb; b++) {
		long i;
		gate = started = 0; hand = 0; ylast = -1;
		for (i = 0; i < n; i++) if ((e = pthread_create(&thr_tab[i], &at, thr_mutex, (void *)i))) break;
		if (e) yn = 0;
		while (started < i) nap();
		settle();
		u64 t0 = tsc();
		gate = 1;
		futex(&gate, FWAKE, 1 << 30);
		while (i-- > 0) pthread_join(thr_tab[i], 0);
		if (e) fail(e);
		if (b >= 0) {
			SMP[b] = (yt1 - t0) * 1000 / (hand ? hand : 1);
			per[b] = (yt1 - t0) * 1000 / (n * yn);
			tot = (double)hand / (n * yn);
		}
	}
	report(cur, SMP, nb, 1000);	/* per change of owner */
	snprintf(nm, sizeof nm, "%s_per_acquire", cur);
	report(nm, per, nb, 1000);	/* per acquisition */
	snprintf(nm, sizeof nm, "%s_owner_changes_per_acquire", cur);
	value(nm, tot, "ratio");
}
static void b_mutex_free(long a)
{
	(void)a;
	MEASURE(2000, pthread_mutex_lock(&mx); pthread_mutex_unlock(&mx));
}
static void *thr_cond(void *x)
{
	if (x) pin(1);
	pthread_mutex_lock(&mx);
	while (!fstop) {
		while (turn != 1 && !fstop) pthread_cond_wait(&cv[1], &mx);
		turn = 0;
		pthread_cond_signal(&cv[0]);
	}
	pthread_mutex_unlock(&mx);
	return 0;
}
static void b_cond(long x)
{
	pthread_t t;
	need2(x);
	need_thr();
	turn = fstop = 0;
	thr_fail(pthread_create(&t, 0, thr_cond, (void *)x));
	MEASURE(300, {
		pthread_mutex_lock(&mx);
		turn = 1;
		pthread_cond_signal(&cv[1]);
		while (turn != 0) pthread_cond_wait(&cv[0], &mx);
		pthread_mutex_unlock(&mx);
	});
	pthread_mutex_lock(&mx);
	fstop = 1;
	pthread_cond_signal(&cv[1]);
	pthread_mutex_unlock(&mx);
	pthread_join(t, 0);
}

/* ------------------------------------------------------------------ table */

struct item { const char *name, *group; void (*fn)(long); long arg; const char *desc; };
static const struct item items[] = {
 { "calib", "calib", b_calib, 0, "ticks per instruction of two known loops, tsc rate, rdtsc pair, empty loop" },
 { "memcpy_1m", "calib", b_memcpy, 0, "libc memcpy of 1 MiB, and the same as a plain 8-byte loop (397k insns)" },
 { "uswitch", "calib", b_uswitch, 0, "hand-written user context switch, per switch" },
 { "null_getppid", "sys", b_getppid, 0, "getppid()" },
 { "null_badnr", "sys", b_badsys, 0, "syscall number 1000 (ENOSYS path)" },
 { "read1_zero", "sys", b_rd1, 0, "read 1 byte of /dev/zero" },
 { "write1_null", "sys", b_wr1, 0, "write 1 byte to /dev/null" },
 { "clock_gettime_raw", "sys", b_cgt, 0, "clock_gettime(MONOTONIC) by syscall" },
 { "clock_gettime_vdso", "sys", b_cgtv, 0, "clock_gettime(MONOTONIC) by libc (vdso if any)" },
 { "sched_yield", "sys", b_yield, 0, "sched_yield, nobody else to run" },
 { "yield_pp_proc", "ipc", b_yieldpp, 0, "sched_yield between 2 processes on a CPU, per actual switch" },
 { "pipe_pp", "ipc", b_pipepp, 0, "1 byte pipe round trip, 2 processes, same CPU" },
 { "pipe_pp_x", "ipc", b_pipepp, 1, "same, on two CPUs" },
 { "pipe_bw_64k", "ipc", b_pipebw, 0, "64 KiB through a pipe, per 64 KiB" },
 { "pipe_bw_64k_x", "ipc", b_pipebw, 1, "same, on two CPUs" },
 { "futex_pp", "ipc", b_futexpp, 0, "futex wake/wait round trip, 2 threads, same CPU" },
 { "futex_pp_x", "ipc", b_futexpp, 1, "same, on two CPUs" },
 { "unix_pp", "ipc", b_unixpp, 0, "1 byte AF_UNIX socketpair round trip" },
 { "unix_pp_x", "ipc", b_unixpp, 1, "same, on two CPUs" },
 { "eventfd_pp", "ipc", b_evpp, 0, "eventfd round trip, 2 processes" },
 { "eventfd_pp_x", "ipc", b_evpp, 1, "same, on two CPUs" },
 { "fork_exit_wait", "proc", b_fork, 0, "fork + exit + wait4, small process" },
 { "fork_exit_wait_64m", "proc", b_fork64, 0, "same with 64 MiB touched in 4 KiB pages" },
 { "fork_exit_wait_64m_thp", "proc", b_fork64, 1, "same with 64 MiB in huge pages where the kernel does them" },
 { "vfork_exec_wait", "proc", b_vfork, 0, "vfork + execve(self --exit0) + wait4" },
 { "fork_exec_wait", "proc", b_forkexec, 0, "fork + execve(self --exit0) + wait4" },
 { "spawn_exec_wait", "proc", b_spawn, 0, "posix_spawn(self --exit0) + wait4" },
 { "thr_create_join", "proc", b_thr, 0, "pthread_create + join" },
 { "mmap_munmap_4k", "mem", b_mmap, 0, "mmap + munmap of 4 KiB" },
 { "mmap_touch_munmap_4k", "mem", b_mmap, 1, "the same with a write in between" },
 { "mprotect_pair", "mem", b_mprot, 0, "mprotect r->rw->r of one touched page (2 calls)" },
 { "pf_anon_4k", "mem", b_pf, 0, "first-write fault, per page of 16 MiB private, 4 KiB pages (+ munmap per page)" },
 { "pf_anon_dflt", "mem", b_pf, 1, "the same without MADV_NOHUGEPAGE (THP)" },
 { "pf_shared", "mem", b_pf, 2, "first-write fault, per page of 16 MiB shared anonymous" },
 { "pf_read_zero", "mem", b_pfread, 0, "first-read fault, per page (zero page)" },
 { "pf_cow", "mem", b_cow, 0, "COW fault in a forked child, per page of 16 MiB" },
 { "sigaction", "sig", b_sigaction, 0, "sigaction (libc)" },
 { "sig_self", "sig", b_sigself, 0, "tgkill(self) + handler + sigreturn" },
 { "sigsegv_rt", "sig", b_segv, 0, "SIGSEGV + handler that skips the instruction + sigreturn" },
 { "open_close", "file", b_open, 0, "open + close of a tmpfs file" },
 { "stat", "file", b_stat, 0, "stat of a tmpfs file (3 path components)" },
 { "fstat", "file", b_stat, 1, "fstat" },
 { "getdents_1000", "file", b_getdents, 1000, "getdents64 over a directory of 1000 files, whole scan" },
 { "creat_unlink", "file", b_creat, 0, "open(O_CREAT|O_EXCL) + close + unlink" },
 { "read4k", "file", b_rw, 0, "pread 4 KiB of a tmpfs file" },
 { "write4k", "file", b_rw, 1, "pwrite 4 KiB" },
 { "read64k", "file", b_rw, 2, "pread 64 KiB" },
 { "epoll_wait_ready", "file", b_epoll, 0, "epoll_wait with one ready descriptor" },
 { "poll_64", "file", b_poll, 64, "poll of 64 pipes, the last one ready" },
 { "scale_fork_10", "scale", b_sfork, 10, "fork + exit + wait with N idle processes alive" },
 { "scale_fork_100", "scale", b_sfork, 100, "" },
 { "scale_fork_1000", "scale", b_sfork, 1000, "" },
 { "scale_fork_5000", "scale", b_sfork, 5000, "" },
 { "scale_pipe_10", "scale", b_spipe, 10, "pipe round trip with N idle processes" },
 { "scale_pipe_100", "scale", b_spipe, 100, "" },
 { "scale_pipe_1000", "scale", b_spipe, 1000, "" },
 { "scale_pipe_5000", "scale", b_spipe, 5000, "" },
 { "scale_fds_10", "scale", b_sfds, 10, "open + close with N open descriptors" },
 { "scale_fds_100", "scale", b_sfds, 100, "" },
 { "scale_fds_1000", "scale", b_sfds, 1000, "" },
 { "scale_fds_10000", "scale", b_sfds, 10000, "" },
 { "scale_vma_10", "scale", b_svma, 10, "mmap + munmap with N VMAs; random unmap+map; random madvise(DONTNEED)+read fault" },
 { "scale_vma_1000", "scale", b_svma, 1000, "" },
 { "scale_vma_20000", "scale", b_svma, 20000, "" },
 { "scale_timer_10", "scale", b_stimer, 10, "timerfd re-arm with N pending" },
 { "scale_timer_100", "scale", b_stimer, 100, "" },
 { "scale_timer_1000", "scale", b_stimer, 1000, "" },
 { "scale_timer_10000", "scale", b_stimer, 10000, "" },
 { "thr_create_100", "mn", b_tcreate, 100, "pthread_create of N that stay alive; start; wake+exit+join; memory each" },
 { "thr_create_1000", "mn", b_tcreate, 1000, "" },
 { "thr_create_10000", "mn", b_tcreate, 10000, "" },
 { "thr_yield_2", "mn", b_tyield, 2, "sched_yield among N threads on a CPU, per actual switch" },
 { "thr_yield_4", "mn", b_tyield, 4, "" },
 { "thr_yield_8", "mn", b_tyield, 8, "" },
 { "thr_yield_16", "mn", b_tyield, 16, "" },
 { "thr_yield_32", "mn", b_tyield, 32, "" },
 { "thr_yield_64", "mn", b_tyield, 64, "" },
 { "thr_ring_2", "mn", b_tring, 2, "futex token ring over N threads, per hop" },
 { "thr_ring_64", "mn", b_tring, 64, "" },
 { "thr_ring_1000", "mn", b_tring, 1000, "" },
 { "thr_ring_10000", "mn", b_tring, 10000, "" },
 { "mutex_free", "mn", b_mutex_free, 0, "pthread mutex lock + unlock, uncontended" },
 { "mutex_handoff_2", "mn", b_mutex, 2, "contended pthread mutex (yield while held and after unlock), per change of owner / per acquisition" },
 { "mutex_handoff_8", "mn", b_mutex, 8, "" },
 { "mutex_handoff_64", "mn", b_mutex, 64, "" },
 { "mutex_convoy_8", "mn", b_mutex, -8, "the same without the yield after unlock: does the lock move at all?" },
 { "cond_pp", "mn", b_cond, 0, "condition variable round trip, 2 threads, same CPU" },
 { "cond_pp_x", "mn", b_cond, 1, "same, on two CPUs" },
};
#define NI ((int)(sizeof items / sizeof *items))

static int match(const struct item *it, int n, char **sel)
{
	if (!n) return 1;
	for (int i = 0; i < n; i++) {
		size_t l = strlen(sel[i]);
		if (!strcmp(sel[i], it->name) || !strcmp(sel[i], it->group)) return 1;
		if (l && sel[i][l - 1] == '*' && !strncmp(sel[i], it->name, l - 1)) return 1;
	}
	return 0;
}

static void h_bad(int s)
{
	if (in_child) rexit(102);
	if (!armed) rexit(3);
	armed = 0;
	if (s == SIGALRM) out("%s TIMEOUT\n", cur); else out("%s SIG%d\n", cur, s);
	siglongjmp(jb, 1);
}
static void guards(void)
{
	static const int sg[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGALRM };
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = h_bad;
	sa.sa_flags = SA_NODEFER;
	for (unsigned i = 0; i < sizeof sg / sizeof *sg; i++) sigaction(sg[i], &sa, 0);	/* best effort */
}
static void run1(const struct item *it)
{
	snprintf(cur, sizeof cur, "%s", it->name);
	if (sigsetjmp(jb, 1) == 0) {
		armed = 1;
		if (tmo) alarm(tmo);
		it->fn(it->arg);
	} else {	/* clean up after a failure: descriptors, children */
		for (int fd = 3; fd < 200; fd++) S1(SYS_close, fd);
		int st;
		for (int i = 0; i < 100 && S4(SYS_wait4, -1, &st, WNOHANG, 0) > 0; i++) ;
		mx = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
		guards();
	}
	armed = 0;
	if (tmo) alarm(0);
}

int main(int argc, char **argv)
{
	int list = 0, c;
	if (argc > 1 && !strcmp(argv[1], "--exit0")) _exit(0);
	self_path = argv[0] && strchr(argv[0], '/') ? argv[0] : 0;
	while ((c = getopt(argc, argv, "lqvfPu:d:e:T:b:")) != -1) switch (c) {
	case 'l': list = 1; break;
	case 'q': quick = 1; break;
	case 'v': verbose = 1; break;
	case 'f': isolate = 1; break;
	case 'P': nopin = 1; break;
	case 'u': unit = optarg; break;
	case 'd': dir = optarg; break;
	case 'e': self_path = optarg; break;
	case 'T': tmo = atoi(optarg); break;
	case 'b': NB = atoi(optarg); if (NB < 1) NB = 1; if (NB > MAXB) NB = MAXB; break;
	default:
		out("usage: lbench [-lqvfP] [-u insn|ns|ticks] [-d tmpdir] [-e self] [-T sec] [-b batches] [item|group|prefix*]...\n"
		    "  -l list  -q quick  -v min/max too  -f every item in a forked child  -P do not pin to CPU 0\n");
		return 2;
	}
	argc -= optind; argv += optind;
	if (list) {
		for (int i = 0; i < NI; i++)
			if (match(&items[i], argc, argv))
				out("%-24s %-6s %s\n", items[i].name, items[i].group, items[i].desc);
		return 0;
	}
	unsigned long m[128];
	memset(m, 0, sizeof m);
	long r = S3(SYS_sched_getaffinity, 0, sizeof m, m);
	if (r > 0) {
		ncpu = 0;
		for (int i = 0; i < 128; i++) ncpu += __builtin_popcountl(m[i]);
	}
	struct rlimit rl = { 1 << 20, 1 << 20 };
	if (setrlimit(RLIMIT_NOFILE, &rl)) { rl.rlim_cur = rl.rlim_max = 65536; setrlimit(RLIMIT_NOFILE, &rl); }
	struct rlimit ru = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_NPROC, &ru);
	signal(SIGPIPE, SIG_IGN);
	guards();
	pin(0);
	calibrate();
	out("# lbench unit=%s cpus=%d ticks/insn=%.4f,%.4f tsc_mhz=%.2f batches=%d%s\n", unit, ncpu, ticks_per_insn[0],
	    ticks_per_insn[1], ticks_per_ns * 1e3, quick ? 3 : NB, quick ? " quick" : "");
	u64 T0 = tsc();
	for (int i = 0; i < NI; i++) {
		if (!match(&items[i], argc, argv)) continue;
		if (!isolate) { run1(&items[i]); continue; }
		pid_t p = fork();
		if (p < 0) { run1(&items[i]); continue; }
		if (p == 0) { wd[0] = 0; tmo = 0; run1(&items[i]); _exit(0); }
		int st = 0;
		struct timespec a, b, ns = { 0, 20000000 };
		clock_gettime(CLOCK_MONOTONIC, &a);
		for (;;) {
			pid_t w = waitpid(p, &st, WNOHANG);
			if (w == p || w < 0) break;
			clock_gettime(CLOCK_MONOTONIC, &b);
			if (tmo && b.tv_sec - a.tv_sec > tmo) { kill(p, SIGKILL); waitpid(p, &st, 0); out("%s TIMEOUT\n", items[i].name); st = 0; break; }
			nanosleep(&ns, 0);
		}
		if (WIFSIGNALED(st)) out("%s SIG%d\n", items[i].name, WTERMSIG(st));
	}
	if (wd[0]) { S1(SYS_unlink, f1); S1(SYS_rmdir, wd); }
	out("# done total %.3f M%s\n", (tsc() - T0) / unit_div / 1e6, unit);
	return 0;
}
