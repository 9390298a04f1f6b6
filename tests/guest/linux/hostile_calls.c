/* SPDX-License-Identifier: MIT */
/*
 * Every system call with pointers and lengths that nobody should trust.  A
 * caller may get any error and may be killed; the kernel goes on.
 */
#include "../guest.h"
#include <grp.h>
#include <sys/time.h>

#define LAST_CALL 460

#define DEATHS 6 /* of its caller, before a call is left alone */

static const unsigned long kernel_side[] = {
	0xffffffff80000000UL, 0xffff888000000000UL, 0xffff800000000000UL,
	0xfffffffffffff000UL, 0xffffffffffffff00UL,
};
static const unsigned long odd[] = {
	0x0000800000000000UL, 0x8000000000000000UL,
	0x00007ffffffff000UL, 0x00007fffffffefffUL,
	0x7fffffffffffffffUL, 0x7ffffff0UL,
	0x100000000UL,	      8,
};

/* Combinations for each call; COMBOS and SEED in the environment change it. */
static int combos = 28;
static uint64_t first_seed;

static unsigned long values[32];
static unsigned nvalues;

struct progress {
	volatile int nr, combo, done;
};
static struct progress *shared;

/* Calls that end, stop or replace things beyond the caller. */
static bool left_out(int nr)
{
	switch (nr) {
	case SYS_exit:
	case SYS_exit_group:
	case SYS_fork:
	case SYS_vfork:
	case SYS_clone:
	case SYS_clone3:
	case SYS_reboot:
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_sigqueueinfo:
	case SYS_rt_tgsigqueueinfo:
	case SYS_pidfd_send_signal:
	case SYS_setpriority:
	case SYS_pause:
	case SYS_sethostname:
	case SYS_setdomainname:
	case SYS_vhangup:
		return true;
	default:
		return false;
	}
}

static bool undoes_setup(int nr)
{
	return nr == SYS_rt_sigaction || nr == SYS_rt_sigprocmask ||
	       nr == SYS_setitimer || nr == SYS_alarm;
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* Blocking calls are interrupted. */
static void set_up_interrupts(void)
{
	struct itimerval it = { { 0, 2000 }, { 0, 2000 } };
	struct sigaction sa;
	sigset_t none;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

static void make_values(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned i;

	memset(p, 'A', 2 * PAGE);
	munmap(p + 2 * PAGE, PAGE);
	mprotect(p + PAGE, PAGE, PROT_READ);
	mprotect(p + 3 * PAGE, PAGE, PROT_NONE);
	nvalues = 0;
	values[nvalues++] = 0;
	values[nvalues++] = (unsigned long)p;
	values[nvalues++] = (unsigned long)p + PAGE;
	values[nvalues++] = (unsigned long)p + 2 * PAGE - 3;
	values[nvalues++] = (unsigned long)p + 3 * PAGE;
	values[nvalues++] = -1UL;
	for (i = 0; i < sizeof(kernel_side) / sizeof(kernel_side[0]); i++)
		values[nvalues++] = kernel_side[i];
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		values[nvalues++] = odd[i];
	/* A zeroed page, whose strings are empty and whose times are 0. */
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	values[nvalues++] = (unsigned long)p;
}

static long call6(long nr, const unsigned long a[6])
{
	register unsigned long r10 __asm__("r10") = a[3];
	register unsigned long r8 __asm__("r8") = a[4];
	register unsigned long r9 __asm__("r9") = a[5];
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* The first combinations have one value everywhere, the others are mixed. */
static void one_call(int nr, int combo)
{
	uint64_t seed =
		88172645463325252ULL + (uint64_t)nr * 1000 + (uint64_t)combo;
	unsigned long a[6];
	int i;

	for (i = 0; i < 8; i++)
		rng_next(&seed);
	for (i = 0; i < 6; i++)
		a[i] = combo < 8 ? values[(unsigned)combo * 5u % nvalues]
				 : values[rng_below(&seed, nvalues)];
	/* Often a good first argument, so that the others are looked at. */
	if (combo % 3 == 2)
		a[0] = 0;
	call6(nr, a);
}

static void limits(void)
{
	struct rlimit size = { 1 << 20, 1 << 20 }, as = { 1 << 28, 1 << 28 };

	setrlimit(RLIMIT_FSIZE, &size);
	setrlimit(RLIMIT_AS, &as);
	signal(SIGXFSZ, SIG_IGN);
}

static void attacker(int from, int combo, int to, bool root)
{
	int fd;

	die_with_parent();
	setpgid(0, 0);
	if (!root && (setgroups(0, NULL) != 0 || setgid(65534) != 0 ||
		      setuid(65534) != 0))
		_exit(3);
	die_with_parent();
	limits();
	make_values();
	fd = open("/tmp", O_RDWR | O_TMPFILE, 0600);
	if (fd == -1)
		fd = open("/dev/null", O_RDWR);
	dup2(fd, 0);
	set_up_interrupts();
	for (; from < to; from++, combo = 0) {
		if (left_out(from))
			continue;
		shared->nr = from;
		for (; combo < combos; combo++) {
			shared->combo = combo;
			one_call(from, combo);
			shared->done++;
			if (undoes_setup(from))
				set_up_interrupts();
		}
	}
	shared->nr = to;
	_exit(0);
}

/*
 * Waits until the attacker ends.  One that does not move on although time
 * passes has blocked its signals and sleeps: it is killed.
 */
static void oversee(pid_t pid)
{
	int nr = -1, combo = -1, same = 0, st;

	while (waitpid(pid, &st, WNOHANG) == 0) {
		nap_us(1000);
		if (shared->nr != nr || shared->combo != combo)
			same = 0;
		else if (++same > 100 && state_of(pid) != 'R')
			kill(pid, SIGKILL);
		nr = shared->nr;
		combo = shared->combo;
	}
}

static void attack(int from, int to, bool root)
{
	int combo = 0, deaths = 0, nr = from, callers = 0;
	pid_t pid;

	shared->done = 0;
	while (nr < to) {
		shared->nr = nr;
		shared->combo = combo;
		pid = fork();
		if (pid == 0)
			attacker(nr, combo, to, root);
		if (!CHECK(pid > 0))
			return;
		oversee(pid);
		callers++;
		deaths = shared->nr == nr ? deaths + 1 : 1;
		nr = shared->nr;
		combo = shared->combo + 1;
		if (deaths >= DEATHS || combo >= combos) {
			nr++;
			combo = 0;
			deaths = 0;
		}
	}
	note("%d calls, %d callers", shared->done, callers);
	/* Still here, and still sane. */
	CHECK(getpid() > 0 && getppid() > 0);
	pid = fork();
	if (pid == 0)
		_exit(9);
	CHECK(exited_with(reap(pid), 9));
}

static void attack_as_both(int from, int to)
{
	if (shared == NULL)
		shared = shared_memory(PAGE);
	first_seed = rng_seed(88172645463325252ULL);
	if (getenv("COMBOS") != NULL)
		combos = atoi(getenv("COMBOS"));
	attack(from, to, false);
	/* Not as root on somebody's Linux. */
	if (on_pando())
		attack(from, to, true);
}

static void calls_0_to_99(void)
{
	attack_as_both(0, 100);
}

static void calls_100_to_199(void)
{
	attack_as_both(100, 200);
}

static void calls_200_to_334(void)
{
	attack_as_both(200, 335);
}

static void calls_424_to_460(void)
{
	attack_as_both(424, LAST_CALL + 1);
}

/* Numbers that no table has. */
static void numbers_beyond(void)
{
	static const long nrs[] = { 340,       423,   600,	1023,
				    1024,      4095,  8191,	0x7fffffff,
				    -1,	       -4096, 1L << 32, (1L << 32) + 39,
				    0x40000000 };
	unsigned i;

	for (i = 0; i < sizeof(nrs) / sizeof(nrs[0]); i++) {
		const unsigned long a[6] = {
			-1UL, -1UL, -1UL, -1UL, -1UL, -1UL
		};
		long r = call6(nrs[i], a);

		/* Linux looks at the low 32 bits. */
		if (nrs[i] == (1L << 32) + 39)
			CHECK(r == getpid() || r == -ENOSYS);
		else if (nrs[i] != 1L << 32 && nrs[i] != 0x40000000 &&
			 !CHECK(r == -ENOSYS))
			note("call %ld: %ld", nrs[i], r);
	}
}

TAP_MAIN(calls_0_to_99, calls_100_to_199, calls_200_to_334, calls_424_to_460,
	 numbers_beyond)
