/* SPDX-License-Identifier: MIT */
/*
 * All sixteen vector registers, the x87 stack and both control words over
 * system calls, fork, preemption and signal handlers.
 */
#include "../guest.h"

struct fpu_image {
	unsigned char vec[16][32];
	double st[4];
	uint32_t mxcsr;
	uint16_t fcw;
};

static bool have_avx;

static void pattern(struct fpu_image *im, unsigned seed)
{
	int r, i;

	memset(im, 0, sizeof(*im));
	for (r = 0; r < 16; r++)
		for (i = 0; i < (have_avx ? 32 : 16); i++)
			im->vec[r][i] =
				(unsigned char)(seed * 37u + (unsigned)r * 16u +
						(unsigned)i * 3u + 1u);
	for (i = 0; i < 4; i++)
		im->st[i] = seed * 1.5 + i;
	/* Rounding modes are part of the state: 0x6000 and 0x0c00 are bits. */
	im->mxcsr = 0x1f80u | (seed & 3u) << 13;
	im->fcw = (uint16_t)(0x037fu | (seed & 3u) << 10);
}

#define EACH_VEC(X) \
	X(0) \
	X(1) \
	X(2) \
	X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define SSE_LOAD(n)  "movdqu 32*" #n "(%[in]), %%xmm" #n "\n"
#define SSE_STORE(n) "movdqu %%xmm" #n ", 32*" #n "(%[out])\n"
#define AVX_LOAD(n)  "vmovdqu 32*" #n "(%[in]), %%ymm" #n "\n"
#define AVX_STORE(n) "vmovdqu %%ymm" #n ", 32*" #n "(%[out])\n"
#define CLOBBER(n)   "xmm" #n,

/*
 * Loads everything from @in, does system call @nr with one argument and
 * counts to @spin, stores everything to @out.  The call's result.
 */
#define ACROSS(load, store) \
	"ldmxcsr 640(%[in])\n fldcw 644(%[in])\n" \
	"fldl 512+24(%[in])\n fldl 512+16(%[in])\n" \
	"fldl 512+8(%[in])\n fldl 512(%[in])\n" EACH_VEC( \
		load) "syscall\n" \
		      "1: dec %[spin]\n jns 1b\n" EACH_VEC( \
			      store) "fstpl 512(%[out])\n fstpl " \
				     "512+8(%[out])\n" \
				     "fstpl 512+16(%[out])\n fstpl " \
				     "512+24(%[out])\n" \
				     "stmxcsr 640(%[out])\n fnstcw " \
				     "644(%[out])\n" \
				     "ldmxcsr %[mx]\n fldcw %[cw]\n"

static long across(const struct fpu_image *im, struct fpu_image *im2, long nr,
		   long arg, long spin)
{
	static const uint32_t mx = 0x1f80;
	static const uint16_t cw = 0x037f;
	unsigned char in[704] = { 0 }, out[704] = { 0 };
	long ret = nr;

	memcpy(in, im->vec, 512);
	memcpy(in + 512, im->st, 32);
	memcpy(in + 640, &im->mxcsr, 4);
	memcpy(in + 644, &im->fcw, 2);
	if (have_avx)
		__asm__ volatile(ACROSS(AVX_LOAD, AVX_STORE) "vzeroupper\n"
				 : "+a"(ret), [spin] "+r"(spin), "+D"(arg)
				 : [in] "r"(in), [out] "r"(out), [mx] "m"(mx),
				   [cw] "m"(cw), "S"(0L), "d"(0L)
				 : EACH_VEC(CLOBBER) "rcx", "r11", "memory",
				   "cc");
	else
		__asm__ volatile(ACROSS(SSE_LOAD, SSE_STORE)
				 : "+a"(ret), [spin] "+r"(spin), "+D"(arg)
				 : [in] "r"(in), [out] "r"(out), [mx] "m"(mx),
				   [cw] "m"(cw), "S"(0L), "d"(0L)
				 : EACH_VEC(CLOBBER) "rcx", "r11", "memory",
				   "cc");
	memset(im2, 0, sizeof(*im2));
	memcpy(im2->vec, out, 512);
	memcpy(im2->st, out + 512, 32);
	memcpy(&im2->mxcsr, out + 640, 4);
	memcpy(&im2->fcw, out + 644, 2);
	return ret;
}

static bool survives(unsigned seed, long nr, long arg, long spin)
{
	struct fpu_image a, b;

	pattern(&a, seed);
	across(&a, &b, nr, arg, spin);
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static void system_calls_keep_everything(void)
{
	static const int calls[] = { SYS_getpid, SYS_sched_yield, SYS_getuid,
				     SYS_close,	 SYS_umask,	  SYS_sync,
				     999 };
	unsigned i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		CHECK(survives(i + 1, calls[i], i == 3 ? 9999 : 022, 0));
}

static void both_sides_of_fork_have_it(void)
{
	struct fpu_image a, b;
	long pid;

	for (unsigned seed = 1; seed < 9; seed++) {
		pattern(&a, seed);
		pid = across(&a, &b, SYS_fork, 0, 0);
		if (pid == 0)
			_exit(memcmp(&a, &b, sizeof(a)) != 0);
		CHECK(pid > 0 && exited_with(reap((pid_t)pid), 0));
		CHECK(memcmp(&a, &b, sizeof(a)) == 0);
	}
}

static void three_processes_do_not_mix(void)
{
	pid_t pid[3];
	unsigned k, i;

	for (k = 0; k < 3; k++) {
		pid[k] = fork();
		if (pid[k] != 0)
			continue;
		for (i = 0; i < 12; i++)
			if (!survives(k * 100 + i,
				      i & 1 ? SYS_sched_yield : SYS_getpid, 0,
				      400000))
				_exit(1);
		_exit(0);
	}
	for (k = 0; k < 3; k++)
		CHECK(exited_with(reap(pid[k]), 0));
}

static volatile sig_atomic_t hits, handler_bad;

static void on_signal(int sig)
{
	struct fpu_image a, b;
	uint32_t mx;

	(void)sig;
	/* A handler starts with the reset state. */
	__asm__ volatile("stmxcsr %0" : "=m"(mx));
	if (mx != 0x1f80)
		handler_bad = 2;
	pattern(&a, 200u + (unsigned)hits);
	across(&a, &b, SYS_getpid, 0, 1000);
	if (memcmp(&a, &b, sizeof(a)) != 0)
		handler_bad = 1;
	hits++;
}

static void handlers_neither_see_nor_break_it(void)
{
	pid_t parent = getpid(), pid;
	unsigned i;

	hits = handler_bad = 0;
	signal(SIGUSR1, on_signal);
	/* One signal to itself, inside the window. */
	for (i = 0; i < 20; i++) {
		struct fpu_image a, b;

		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		raise(SIGUSR1);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		pattern(&a, i);
		across(&a, &b, SYS_getpid, 0, 1000);
		CHECK(memcmp(&a, &b, sizeof(a)) == 0);
	}
	CHECK(hits == 20);
	/* And at random points. */
	pid = fork();
	if (pid == 0) {
		die_with_parent();
		for (;;) {
			kill(parent, SIGUSR1);
			nap_us(300);
		}
	}
	for (i = 0; i < 200 || hits < 40; i++)
		CHECK(survives(i, SYS_sched_yield, 0, 20000));
	kill(pid, SIGKILL);
	CHECK(killed_by(reap(pid), SIGKILL));
	CHECK(!handler_bad);
	signal(SIGUSR1, SIG_DFL);
}

/* A fresh program starts from the reset state, whatever its parent had. */
static void exec_resets_it(void)
{
	char *argv[] = { (char *)"fpu", (char *)"--clean", NULL };
	struct fpu_image a, b;
	pid_t pid = fork();

	if (pid == 0) {
		uint32_t mx = 0x1f80u | 3u << 13;

		pattern(&a, 3);
		across(&a, &b, SYS_getpid, 0, 0);
		__asm__ volatile("ldmxcsr %0" : : "m"(mx));
		setenv("GUEST_FPU_CHILD", "1", 1);
		execv("/proc/self/exe", argv);
		_exit(9);
	}
	CHECK(pid > 0 && exited_with(reap(pid), 0));
}

__attribute__((constructor)) static void start(void)
{
	unsigned char x[16], zero[16] = { 0 };
	uint32_t mx;
	uint16_t cw;

	__builtin_cpu_init();
	have_avx = __builtin_cpu_supports("avx");
	if (getenv("GUEST_FPU_CHILD") == NULL)
		return;
	__asm__ volatile("movdqu %%xmm13, %0\n stmxcsr %1\n fnstcw %2"
			 : "=m"(x), "=m"(mx), "=m"(cw));
	_exit((memcmp(x, zero, 16) != 0) | (mx != 0x1f80) << 1 |
	      (cw != 0x037f) << 2);
}

TAP_MAIN(system_calls_keep_everything, both_sides_of_fork_have_it,
	 three_processes_do_not_mix, handlers_neither_see_nor_break_it,
	 exec_resets_it)
