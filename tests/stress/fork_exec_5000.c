/* SPDX-License-Identifier: MIT */
/*
 * 5,000 fork/exec/exit cycles, and then every count of frames and of slab
 * objects is what it was.
 */
#include "../guest/guest.h"

#define CYCLES 5000

__attribute__((constructor)) static void maybe_done(void)
{
	if (getenv("GUEST_CYCLE") != NULL)
		_exit(7);
}

static void cycles(int n)
{
	char *argv[] = { (char *)"cycle", NULL };
	char *envp[] = { (char *)"GUEST_CYCLE=1", NULL };
	int bad = 0;

	while (n-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			execve("/proc/self/exe", argv, envp);
			_exit(1);
		}
		bad += pid <= 0 || !exited_with(reap(pid), 7);
	}
	CHECK(bad == 0);
}

/*
 * True when @n cycles leave nothing.  What a kernel thread or this process
 * takes when it does something for the first time comes once only; a leak
 * comes in every round.
 */
static bool exact(int n)
{
	static struct census before;
	int round;

	cycles(50);
	for (round = 0; round < 3; round++) {
		census_take(&before);
		cycles(n);
		if (census_quiet(&before))
			return true;
	}
	return census_same(&before);
}

static void counts_are_exact(void)
{
	CHECK(exact(CYCLES));
}

/* The same with a process of some size and open files. */
static void with_a_big_parent(void)
{
	char *p = mmap(NULL, 2000 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, fd[2];

	REQUIRE(p != MAP_FAILED && pipe(fd) == 0);
	memset(p, 3, 2000 * PAGE);
	for (i = 0; i < 200; i++)
		CHECK(dup(fd[i & 1]) >= 0);
	CHECK(exact(CYCLES / 10));
}

TAP_MAIN(counts_are_exact, with_a_big_parent)
