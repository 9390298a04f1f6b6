/* SPDX-License-Identifier: MIT */
/*
 * Memory runs out: who asked gets -ENOMEM or, where a promised page cannot be
 * had, is killed; the others live, and everything comes back.
 */
#include "../guest.h"

#define LEAVE_KB 40000

static volatile long *progress;

static void eat_anonymous(void)
{
	for (;;) {
		char *p = mmap(NULL, 256 * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			_exit(errno == ENOMEM ? 20 : 21);
		for (int i = 0; i < 256; i++) {
			p[i * PAGE] = 1;
			++*progress;
		}
	}
}

static void eat_shared(void)
{
	for (;;) {
		char *p = mmap(NULL, 256 * PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			_exit(errno == ENOMEM ? 20 : 21);
		for (int i = 0; i < 256; i++) {
			p[i * PAGE] = 1;
			++*progress;
		}
	}
}

static void eat_file(void)
{
	static char buf[64 * PAGE];
	int fd = open("/tmp/memory_out", O_WRONLY | O_CREAT, 0600);

	memset(buf, 1, sizeof(buf));
	while (write(fd, buf, sizeof(buf)) > 0)
		*progress += 64;
	_exit(errno == ENOMEM || errno == ENOSPC ? 20 : 21);
}

static void eat_by_forking(void)
{
	int fd[2], n;
	pid_t pid;

	if (pipe(fd) != 0)
		_exit(21);
	for (n = 0; n < 600; n++) {
		pid = fork();
		if (pid == -1)
			break;
		if (pid == 0) {
			char *p = malloc(512 * PAGE);

			die_with_parent();
			if (p != NULL)
				memset(p, 1, 512 * PAGE);
			(void)!read(fd[0], &n, 1);
			_exit(0);
		}
		++*progress;
	}
	_exit(20);
}

/* @st: who ran out ended in one of the two ways. */
static bool ran_out(int st)
{
	return exited_with(st, 20) || killed_by(st, SIGKILL);
}

static void bystander_lives_while(void (*eat)(void))
{
	int fd[2], back[2], n = 0;
	pid_t pid, eater;

	*progress = 0;
	REQUIRE(pipe(fd) == 0 && pipe(back) == 0);
	pid = fork();
	if (pid == 0) {
		char c;

		close(fd[1]);
		while (read(fd[0], &c, 1) == 1)
			(void)!write(back[1], &c, 1);
		_exit(5);
	}
	eater = fork();
	if (eater == 0)
		eat();
	CHECK(eater > 0);
	CHECK(ran_out(reap(eater)));
	/* It answers still. */
	for (int i = 0; i < 10; i++) {
		char c = 'a';

		if (write(fd[1], &c, 1) == 1 && read(back[0], &c, 1) == 1)
			n++;
	}
	CHECK(n == 10);
	close(fd[0]);
	close(fd[1]);
	CHECK(exited_with(reap(pid), 5));
	close(back[0]);
	close(back[1]);
	note("%ld pages or processes", *progress);
	CHECK(*progress > 100);
}

/*
 * A process that holds most of the memory, so that the rest is soon gone.
 * It sleeps on the pipe until the test ends.
 */
static int hold_most(void)
{
	static char text[4096];
	int ready[2], keep[2];
	const char *p;
	long kb;
	char c;

	if (slurp("/proc/meminfo", text, sizeof(text)) <= 0 ||
	    (p = strstr(text, "MemFree:")) == NULL || pipe(ready) != 0 ||
	    pipe(keep) != 0)
		return -1;
	kb = atol(p + 8) - LEAVE_KB;
	if (fork() == 0) {
		die_with_parent();
		close(keep[1]);
		if (kb > 0)
			mmap(NULL, (size_t)kb << 10, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		(void)!write(ready[1], "r", 1);
		(void)!read(keep[0], &c, 1);
		_exit(0);
	}
	close(keep[0]);
	if (read(ready[0], &c, 1) != 1)
		return -1;
	close(ready[0]);
	close(ready[1]);
	return keep[1];
}

static bool may_run(void)
{
	if (!on_pando()) {
		SKIP("not on a machine that others use");
		return false;
	}
	if (progress == NULL) {
		progress = shared_memory(PAGE);
		CHECK(hold_most() >= 0);
	}
	return true;
}

static void check_eater(void (*eat)(void))
{
	static struct census before;

	bystander_lives_while(eat);
	unlink("/tmp/memory_out");
	/*
	 * Init collects orphans now: a thread that is about to run in user
	 * mode has no kernel stack, which would be missing in this count.
	 */
	nap_us(50000);
	census_take(&before);
	bystander_lives_while(eat);
	unlink("/tmp/memory_out");
	CHECK(census_same(&before));
}

static void anonymous_memory(void)
{
	if (may_run())
		check_eater(eat_anonymous);
}

static void shared_anonymous_memory(void)
{
	if (may_run())
		check_eater(eat_shared);
}

static void files(void)
{
	if (may_run())
		check_eater(eat_file);
}

static void processes(void)
{
	if (may_run())
		check_eater(eat_by_forking);
}

/* This one is safe everywhere: the limit is the process's own. */
static void address_space_limit(void)
{
	struct rlimit l = { 64 << 20, 64 << 20 };
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_AS, &l);
		progress = shared_memory(PAGE);
		if (progress == NULL)
			_exit(22);
		eat_anonymous();
	}
	CHECK(exited_with(reap(pid), 20));
}

/* More than there can ever be is refused at once, not promised. */
static void absurd_sizes(void)
{
	void *p = mmap(NULL, 1UL << 46, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p == MAP_FAILED && errno == ENOMEM);
	p = mmap(NULL, ~0UL - 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0);
	CHECK(p == MAP_FAILED && errno == ENOMEM);
}

TAP_MAIN(address_space_limit, absurd_sizes, anonymous_memory,
	 shared_anonymous_memory, files, processes)
