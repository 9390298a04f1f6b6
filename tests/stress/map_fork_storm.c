/* SPDX-License-Identifier: MIT */
/*
 * mmap, munmap, mprotect, mremap, madvise and stores against fork, by many
 * seeds.  A model of the area says what each page must hold.
 */
#include "../guest/guest.h"

#define PAGES 96
#define STEPS 500
#define SEEDS 12

static unsigned char *area;
static unsigned char expect[PAGES]; /* 0: not accessible */
static bool shared[PAGES];

static void map_fixed(unsigned from, unsigned n, int prot, int how)
{
	if (mmap(area + from * PAGE, n * (size_t)PAGE, prot,
		 how | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		_exit(10);
}

static void map_some(uint64_t *s, unsigned from, unsigned n)
{
	bool sh = rng_below(s, 5) == 0;

	map_fixed(from, n, PROT_READ | PROT_WRITE,
		  sh ? MAP_SHARED : MAP_PRIVATE);
	while (n-- > 0) {
		expect[from + n] = (unsigned char)(1 + rng_below(s, 255));
		shared[from + n] = sh;
		area[(from + n) * PAGE + 99] = expect[from + n];
	}
}

static void drop_some(unsigned from, unsigned n)
{
	map_fixed(from, n, PROT_NONE, MAP_PRIVATE);
	memset(expect + from, 0, n);
	memset(shared + from, 0, n);
}

static void store(uint64_t *s, unsigned i)
{
	/* Others may store to what is shared. */
	if (expect[i] == 0 || shared[i])
		return;
	expect[i] = (unsigned char)(1 + rng_below(s, 255));
	area[i * PAGE + 99] = expect[i];
}

static void forget(unsigned from, unsigned n)
{
	unsigned i;

	for (i = from; i < from + n; i++)
		if (expect[i] == 0 || shared[i])
			return;
	if (madvise(area + from * PAGE, n * (size_t)PAGE, MADV_DONTNEED) != 0)
		_exit(15);
	for (i = from; i < from + n; i++) {
		if (area[i * PAGE + 99] != 0)
			_exit(16);
		area[i * PAGE + 99] = expect[i];
	}
}

/* A page moves away and back again. */
static void move(unsigned i)
{
	unsigned char *p;

	if (expect[i] == 0 || shared[i])
		return;
	p = mremap(area + i * PAGE, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	if (p == MAP_FAILED || p[99] != expect[i])
		_exit(17);
	if (p == area + i * PAGE) { /* the last one can grow in place */
		munmap(p + PAGE, 2 * PAGE);
		return;
	}
	p = mremap(p, 3 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   area + i * PAGE);
	if (p != area + i * PAGE || p[99] != expect[i])
		_exit(18);
}

static void flip(unsigned i)
{
	if (expect[i] == 0)
		return;
	if (mprotect(area + i * PAGE, PAGE, PROT_READ) != 0 ||
	    mprotect(area + i * PAGE, PAGE, PROT_READ | PROT_WRITE) != 0)
		_exit(12);
}

static void verify(void)
{
	unsigned i;

	for (i = 0; i < PAGES; i++)
		if (expect[i] != 0 && !shared[i] &&
		    area[i * PAGE + 99] != expect[i])
			_exit(13);
}

static void steps(uint64_t seed, int depth, int n);

static void fork_some(uint64_t *s, int depth)
{
	pid_t a, b;

	if (depth == 0)
		return;
	a = fork();
	if (a == 0) {
		steps(rng_next(s) | 1, depth - 1, STEPS / 5);
		_exit(0);
	}
	b = fork();
	if (b == 0) {
		rng_next(s);
		steps(rng_next(s) | 1, depth - 1, STEPS / 5);
		_exit(0);
	}
	store(s, (unsigned)rng_below(s, PAGES));
	if (rng_below(s, 4) == 0 && b > 0)
		kill(b, SIGKILL);
	if (a > 0 && !exited_with(reap(a), 0))
		_exit(14);
	if (b > 0 && !killed_by(reap(b), SIGKILL))
		store(s, (unsigned)rng_below(s, PAGES));
	verify();
}

static void steps(uint64_t seed, int depth, int n)
{
	uint64_t s = seed;

	while (n-- > 0) {
		unsigned from = (unsigned)rng_below(&s, PAGES);
		unsigned len = 1 + (unsigned)rng_below(&s, PAGES - from);

		switch (rng_below(&s, 16)) {
		case 0:
			map_some(&s, from, len);
			break;
		case 1:
			drop_some(from, len);
			break;
		case 2:
			flip(from);
			break;
		case 3:
			forget(from, len > 8 ? 8 : len);
			break;
		case 4:
			move(from);
			break;
		case 5:
			if (rng_below(&s, 8) == 0)
				fork_some(&s, depth);
			break;
		default:
			store(&s, from);
			break;
		}
	}
	verify();
}

static void one_storm(uint64_t seed)
{
	pid_t pid[4];
	int i;

	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (pid[i] != 0)
			continue;
		area = mmap(NULL, PAGES * PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		steps(seed + (uint64_t)i * 2, 2, STEPS);
		_exit(0);
	}
	for (i = 0; i < 4; i++) {
		int st = reap(pid[i]);

		if (!CHECK(exited_with(st, 0)))
			note("seed %llu: status %#x", (unsigned long long)seed,
			     st);
	}
}

static void pages_keep_their_contents(void)
{
	static struct census before;
	uint64_t seed = rng_seed(99991);
	int i;

	for (i = 0; i < SEEDS; i++) {
		one_storm(seed + (uint64_t)i * 100);
		if (i == 1)
			census_take(&before);
	}
	CHECK(census_same(&before));
}

TAP_MAIN(pages_keep_their_contents)
