/* SPDX-License-Identifier: MIT */
/* Signal frames that lie: the kernel believes no word of them. */
#include "../guest.h"
#include <stddef.h>
#include <ucontext.h>

static unsigned char junk[8192] __attribute__((aligned(64)));

static void sigreturn_at(unsigned long sp)
{
	__asm__ volatile("mov %0, %%rsp\n mov $15, %%eax\n syscall\n ud2"
			 :
			 : "r"(sp)
			 : "memory", "rax");
	__builtin_unreachable();
}

static void no_core(void)
{
	struct rlimit l = { 0, 0 };

	setrlimit(RLIMIT_CORE, &l);
	alarm(5);
}

static int sigreturn_in_child(unsigned long sp)
{
	pid_t pid = fork();

	if (pid == 0) {
		no_core();
		sigreturn_at(sp);
	}
	return reap(pid);
}

static bool died(int st)
{
	return WIFSIGNALED(st) && WTERMSIG(st) != SIGALRM;
}

static void frames_that_are_not_there(void)
{
	static const unsigned long at[] = {
		0,
		8,
		0x1000,
		0x7ffffffff000UL,
		0x7fffffffeff8UL,
		1UL << 47,
		1UL << 63,
		0xffff800000000000UL,
		0xffffffff80000000UL,
		~0UL,
	};
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned i;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		CHECK(died(sigreturn_in_child(at[i])));
	munmap(p + PAGE, PAGE);
	/* Half of the frame is there. */
	CHECK(died(sigreturn_in_child((unsigned long)p + PAGE - 64)));
	CHECK(died(sigreturn_in_child((unsigned long)p + PAGE - 3)));
	munmap(p, PAGE);
}

static void random_frames(void)
{
	uint64_t seed = rng_seed(0x1234567);
	int i;
	unsigned k;

	memset(junk, 0, sizeof(junk));
	CHECK(died(sigreturn_in_child((unsigned long)junk + 4096)));
	memset(junk, 0xff, sizeof(junk));
	CHECK(died(sigreturn_in_child((unsigned long)junk + 4096)));
	for (i = 0; i < 40; i++) {
		for (k = 0; k < sizeof(junk); k += 8) {
			uint64_t v = rng_next(&seed);

			memcpy(junk + k, &v, 8);
		}
		CHECK(died(sigreturn_in_child((unsigned long)junk + 4096 +
					      (unsigned long)(i % 16))));
	}
}

/* A true frame with one thing changed by the handler. */
static void (*change)(ucontext_t *uc);

static void handler(int sig, siginfo_t *si, void *ctx)
{
	(void)sig;
	(void)si;
	change(ctx);
}

#define RIP REG_RIP
#define SET(n, v) \
	static void n(ucontext_t *uc) \
	{ \
		v; \
	}
#define GREG(r) uc->uc_mcontext.gregs[r]

SET(rip_kernel, GREG(RIP) = (greg_t)0xffffffff80100000)
SET(rip_not_canonical, GREG(RIP) = (greg_t)(1UL << 47))
SET(rip_high_bit, GREG(RIP) = (greg_t)(1UL << 63))
SET(rip_top, GREG(RIP) = (greg_t)0x7ffffffff000)
SET(rsp_kernel, GREG(REG_RSP) = (greg_t)0xffffffff80100000; GREG(RIP) = 16)
SET(cs_zero, GREG(REG_CSGSFS) = 0)
SET(cs_kernel, GREG(REG_CSGSFS) = 0x10)
SET(cs_null_rpl3, GREG(REG_CSGSFS) = 3)
SET(cs_ss_all, GREG(REG_CSGSFS) = -1)
SET(flags_all, GREG(REG_EFL) = -1 & ~0x100L)
SET(flags_iopl, GREG(REG_EFL) |= 0x3000)
SET(flags_nt, GREG(REG_EFL) |= 0x4000)
SET(flags_no_if, GREG(REG_EFL) &= ~0x200L)
SET(flags_vm, GREG(REG_EFL) |= 0x20000)
SET(fp_null, uc->uc_mcontext.fpregs = NULL)
SET(fp_kernel, uc->uc_mcontext.fpregs = (void *)0xffffffff80100000)
SET(fp_odd,
    uc->uc_mcontext.fpregs = (void *)((char *)uc->uc_mcontext.fpregs + 3))
SET(fp_nowhere, uc->uc_mcontext.fpregs = (void *)64)
SET(fp_mxcsr, uc->uc_mcontext.fpregs->mxcsr = 0xffffffff)
SET(fp_junk, memset(uc->uc_mcontext.fpregs, 0xff, 512))
/* The words that say how much state follows, and its header. */
SET(fp_magic, memset((char *)uc->uc_mcontext.fpregs + 464, 0xff, 48))
SET(fp_header, memset((char *)uc->uc_mcontext.fpregs + 512, 0xff, 64))
SET(fp_size, memset((char *)uc->uc_mcontext.fpregs + 464 + 4, 0x7f, 4))
SET(mask_all, memset(&uc->uc_sigmask, 0xff, 8))
SET(stack_junk, uc->uc_stack.ss_sp = (void *)-1UL; uc->uc_stack.ss_size = 1;
    uc->uc_stack.ss_flags = 77)

/* After the return: are the flags those of a user program? */
static void check_flags(void)
{
	unsigned long fl;

	__asm__ volatile("pushf\n pop %0" : "=r"(fl));
	/* IOPL 0, interrupts on, no VM86. */
	if ((fl & 0x3000) != 0 || (fl & 0x200) == 0 || (fl & 0x20000) != 0)
		_exit(50);
}

static int changed_in_child(void (*fn)(ucontext_t *uc))
{
	struct sigaction sa;
	pid_t pid = fork();

	if (pid != 0)
		return reap(pid);
	no_core();
	change = fn;
	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = handler;
	sa.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR1, &sa, NULL);
	syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1);
	check_flags();
	/* A system call and a switch with what is loaded now. */
	syscall(SYS_sched_yield);
	_exit(40);
}

#define DIES(fn) \
	do { \
		int st_ = changed_in_child(fn); \
		if (!CHECK(died(st_))) \
			note(#fn ": status %#x", st_); \
	} while (0)
#define ENDS(fn) \
	do { \
		int st_ = changed_in_child(fn); \
		if (!CHECK(died(st_) || exited_with(st_, 40))) \
			note(#fn ": status %#x", st_); \
	} while (0)

static void changed_registers(void)
{
	DIES(rip_kernel);
	DIES(rip_not_canonical);
	DIES(rip_high_bit);
	DIES(rip_top);
	DIES(rsp_kernel);
	ENDS(cs_zero);
	ENDS(cs_kernel);
	ENDS(cs_null_rpl3);
	ENDS(cs_ss_all);
	ENDS(flags_all);
	ENDS(flags_iopl);
	ENDS(flags_nt);
	ENDS(flags_no_if);
	ENDS(flags_vm);
	ENDS(mask_all);
	ENDS(stack_junk);
}

static void changed_fpu_state(void)
{
	ENDS(fp_null);
	ENDS(fp_kernel);
	ENDS(fp_odd);
	ENDS(fp_nowhere);
	ENDS(fp_mxcsr);
	ENDS(fp_junk);
	ENDS(fp_magic);
	ENDS(fp_header);
	ENDS(fp_size);
}

static void all_of_them(void)
{
	frames_that_are_not_there();
	random_frames();
	changed_registers();
	changed_fpu_state();
}

static void nothing_leaks(void)
{
	CHECK(leak_free(all_of_them));
}

TAP_MAIN(frames_that_are_not_there, random_frames, changed_registers,
	 changed_fpu_state, nothing_leaks)
