/* SPDX-License-Identifier: MIT */
/*
 * mmap, munmap, mprotect and stores against fork, in several processes, by a
 * seed: each page keeps what was stored in it, and nothing is left over.
 */
#include "../guest.h"

#define PAGES 64
#define STEPS 300

static unsigned char *area;
static unsigned char expect[PAGES]; /* 0: unmapped */

static void map_some(uint64_t *s)
{
	unsigned from = (unsigned)rng_below(s, PAGES);
	unsigned n = 1 + (unsigned)rng_below(s, PAGES - from);
	void *p = mmap(area + from * PAGE, n * (size_t)PAGE,
		       PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (p == MAP_FAILED)
		_exit(10);
	while (n-- > 0) {
		expect[from + n] = (unsigned char)(1 + rng_below(s, 255));
		area[(from + n) * PAGE + 17] = expect[from + n];
	}
}

static void unmap_some(uint64_t *s)
{
	unsigned from = (unsigned)rng_below(s, PAGES);
	unsigned n = 1 + (unsigned)rng_below(s, PAGES - from);

	/* What replaces it cannot be read. */
	if (mmap(area + from * PAGE, n * (size_t)PAGE, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		_exit(11);
	memset(expect + from, 0, n);
}

static void store_some(uint64_t *s)
{
	unsigned i = (unsigned)rng_below(s, PAGES);

	if (expect[i] == 0)
		return;
	expect[i] = (unsigned char)(1 + rng_below(s, 255));
	area[i * PAGE + 17] = expect[i];
}

static void flip_protection(uint64_t *s)
{
	unsigned i = (unsigned)rng_below(s, PAGES);

	if (expect[i] == 0)
		return;
	if (mprotect(area + i * PAGE, PAGE, PROT_READ) != 0 ||
	    area[i * PAGE + 17] != expect[i] ||
	    mprotect(area + i * PAGE, PAGE, PROT_READ | PROT_WRITE) != 0)
		_exit(12);
}

static void verify(void)
{
	unsigned i;

	for (i = 0; i < PAGES; i++)
		if (expect[i] != 0 && area[i * PAGE + 17] != expect[i])
			_exit(13);
}

static void storm(uint64_t seed, int depth, int steps);

static void split_off(uint64_t *s, int depth)
{
	pid_t pid;

	if (depth == 0)
		return;
	pid = fork();
	if (pid == 0) {
		storm(rng_next(s) | 1, depth - 1, STEPS / 4);
		verify();
		_exit(0);
	}
	/* Stores of both sides while both live. */
	store_some(s);
	store_some(s);
	if (pid == -1 || !exited_with(reap(pid), 0))
		_exit(14);
	verify();
}

static void storm(uint64_t seed, int depth, int steps)
{
	uint64_t s = seed;

	while (steps-- > 0) {
		switch (rng_below(&s, 10)) {
		case 0:
			map_some(&s);
			break;
		case 1:
			unmap_some(&s);
			break;
		case 2:
			flip_protection(&s);
			break;
		case 3:
			if (rng_below(&s, 4) == 0)
				split_off(&s, depth);
			break;
		default:
			store_some(&s);
			break;
		}
	}
	verify();
}

static void one_storm(uint64_t seed)
{
	pid_t pid[3];
	int i;

	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (pid[i] != 0)
			continue;
		area = mmap(NULL, PAGES * PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		storm(seed + (uint64_t)i * 2, 2, STEPS);
		_exit(0);
	}
	for (i = 0; i < 3; i++)
		CHECK(exited_with(reap(pid[i]), 0));
}

static void pages_keep_their_contents(void)
{
	static struct census before;
	uint64_t seed = rng_seed(4242);

	one_storm(seed);
	census_take(&before);
	one_storm(seed + 100);
	CHECK(census_same(&before));
}

/* Shared pages: every increment of every process counts. */
static void shared_pages_are_shared(void)
{
	volatile int *word = shared_memory(PAGE);
	int i, k;
	pid_t pid[4];

	REQUIRE(word != NULL);
	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (pid[i] != 0)
			continue;
		for (k = 0; k < 20000; k++)
			__atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
		_exit(0);
	}
	for (i = 0; i < 4; i++)
		CHECK(exited_with(reap(pid[i]), 0));
	CHECK(*word == 80000);
	munmap((void *)(uintptr_t)word, PAGE);
}

/* Many small regions: the tree of regions splits and joins. */
static void thousand_regions(void)
{
	char *p = mmap(NULL, 2000 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, bad = 0;

	REQUIRE(p != MAP_FAILED);
	for (i = 0; i < 2000; i += 2)
		bad += mprotect(p + i * PAGE, PAGE, PROT_READ) != 0;
	for (i = 1; i < 2000; i += 2)
		p[i * PAGE] = 1;
	for (i = 0; i < 2000; i += 2)
		bad += p[i * PAGE] != 0;
	for (i = 1; i < 2000; i += 4)
		bad += munmap(p + i * PAGE, PAGE) != 0;
	bad += munmap(p, 2000 * PAGE) != 0;
	CHECK(bad == 0);
}

static void a_thousand_regions_leak_nothing(void)
{
	CHECK(leak_free(thousand_regions));
}

TAP_MAIN(pages_keep_their_contents, shared_pages_are_shared,
	 a_thousand_regions_leak_nothing)
