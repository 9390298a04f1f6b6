/* SPDX-License-Identifier: MIT */
/*
 * What guest tests share besides tests/lib/tap.h: children, counts of kernel
 * objects, numbers from a seed.  Nothing here depends on how long a thing
 * takes; what must happen first is awaited.
 *
 * Linux is the reference: each test passes there too, without the counts.
 */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/tap.h"

#define PAGE 4096L

/* A line of explanation, also from a child. */
#define note(...) \
	do { \
		printf("# " __VA_ARGS__); \
		printf("\n"); \
		fflush(stdout); \
	} while (0)

static inline bool on_pando(void)
{
	struct utsname u;

	return uname(&u) == 0 && strstr(u.version, "Pando") != NULL;
}

static inline void nap_us(long us)
{
	struct timespec ts = { us / 1000000, (us % 1000000) * 1000 };

	nanosleep(&ts, NULL);
}

/* The status of child @pid, or -1. */
static inline int reap(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, 0) != pid)
		if (errno != EINTR)
			return -1;
	return st;
}

static inline bool exited_with(int st, int code)
{
	return st != -1 && WIFEXITED(st) && WEXITSTATUS(st) == code;
}

static inline bool killed_by(int st, int sig)
{
	return st != -1 && WIFSIGNALED(st) && WTERMSIG(st) == sig;
}

/* Runs fn in a child: its wait status. */
static inline int in_child(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		tap_child_exit();
	}
	return pid == -1 ? -1 : reap(pid);
}

/* In a child: it does not outlive its parent. */
static inline void die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The same where @parent may be dead already. */
static inline void die_with(pid_t parent)
{
	die_with_parent();
	if (getppid() != parent)
		_exit(0);
}

/* Up to @size - 1 bytes of a file and a zero: their number, or -1. */
static inline ssize_t slurp(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got;

	if (fd == -1)
		return -1;
	while (n + 1 < size && (got = read(fd, buf + n, size - 1 - n)) > 0)
		n += (size_t)got;
	close(fd);
	buf[n] = '\0';
	return (ssize_t)n;
}

/* The letter in /proc/PID/stat; 0: no such process. */
static inline char state_of(pid_t pid)
{
	char path[32], buf[512];
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (slurp(path, buf, sizeof(buf)) <= 0)
		return 0;
	end = strrchr(buf, ')');
	return end == NULL || end[1] == '\0' ? 0 : end[2];
}

/* Until the state of @pid is one of @letters; false when it is gone. */
static inline bool await_state(pid_t pid, const char *letters)
{
	char c;

	while ((c = state_of(pid)) != 0) {
		if (strchr(letters, c) != NULL)
			return true;
		if (c == 'Z' || c == 'X')
			return false;
		nap_us(500);
	}
	return false;
}

/* xorshift64: the same numbers for the same seed. */
static inline uint64_t rng_next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static inline uint64_t rng_below(uint64_t *s, uint64_t n)
{
	return (rng_next(s) >> 11) % n;
}

/* The seed of this run: SEED in the environment, or @fallback. */
static inline uint64_t rng_seed(uint64_t fallback)
{
	const char *s = getenv("SEED");

	return s != NULL ? strtoull(s, NULL, 0) | 1 : fallback;
}

/* A fresh directory under /tmp, which becomes the working directory. */
static inline bool enter_scratch(void)
{
	static char path[] = "/tmp/guestXXXXXX";

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	return mkdtemp(path) != NULL && chdir(path) == 0;
}

/* Removes the working directory, which must be empty. */
static inline bool leave_scratch(void)
{
	char path[64];

	return getcwd(path, sizeof(path)) != NULL && chdir("/") == 0 &&
	       rmdir(path) == 0;
}

/* Memory that children share with their parent. */
static inline void *shared_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/*
 * Live objects of every slab cache, and free frames.  Only Pando tells; on
 * Linux a census finds nothing and nothing is ever missing.
 */
#define CENSUS_MAX 128

struct census {
	unsigned long long free_frames; /* outside of slabs */
	int n;
	struct {
		char name[40];
		unsigned long long live;
	} slab[CENSUS_MAX];
};

static inline void census_slabs(struct census *c, char *text)
{
	unsigned long long size, live, slabs, frames;
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save);
	     line != NULL && c->n < CENSUS_MAX;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%39s %llu %llu %llu %llu", c->slab[c->n].name,
			   &size, &live, &slabs, &frames) != 5)
			continue;
		/* Slabs may be emptier or fuller: that is no leak. */
		c->free_frames += frames;
		/* What the allocator keeps for itself. */
		if (strncmp(line, "magazine-", 9) != 0)
			c->slab[c->n++].live = live;
	}
}

/* What is there after a test; touched early, so that it has its frames. */
static struct census census_now;

static inline bool census_take(struct census *c)
{
	static char text[16384];
	unsigned long long free_now = 0;
	const char *word;

	memset(&census_now, 0, sizeof(census_now));
	memset(text, 0, sizeof(text));
	memset(c, 0, sizeof(*c));
	if (!on_pando() || slurp("/proc/kernel/slabs", text, sizeof(text)) <= 0)
		return false;
	census_slabs(c, text);
	if (slurp("/proc/kernel/frames", text, sizeof(text)) <= 0)
		return false;
	/* The first output takes a page for its buffer. */
	printf("%s", "");
	fflush(stdout);
	word = strstr(text, "free ");
	if (word != NULL)
		free_now = strtoull(word + 5, NULL, 10);
	word = strstr(text, "stack_lists ");
	if (word != NULL)
		free_now += strtoull(word + 12, NULL, 10);
	c->free_frames += free_now;
	return c->n > 0 && free_now > 0;
}

/* Is something missing in @b that was there in @a? */
static inline bool census_leak(const struct census *a, const struct census *b,
			       bool tell)
{
	bool leak = b->free_frames < a->free_frames;
	int i;

	if (leak && tell)
		note("leak: %llu frames", a->free_frames - b->free_frames);
	for (i = 0; i < a->n && i < b->n; i++) {
		if (b->slab[i].live <= a->slab[i].live)
			continue;
		leak = true;
		if (tell)
			note("leak: %llu of %s",
			     b->slab[i].live - a->slab[i].live,
			     a->slab[i].name);
	}
	return leak;
}

/*
 * True when everything that was there in @before is there again.  What is
 * given back late (the last steps of a death) gets the time it needs.
 */
static inline bool census_wait(const struct census *before, bool tell)
{
	int tries;

	if (before->n == 0)
		return true;
	for (tries = 0; tries < 50; tries++) {
		census_take(&census_now);
		if (!census_leak(before, &census_now, false))
			return true;
		nap_us(2000);
	}
	if (tell)
		census_leak(before, &census_now, true);
	return false;
}

static inline bool census_same(const struct census *before)
{
	return census_wait(before, true);
}

static inline bool census_quiet(const struct census *before)
{
	return census_wait(before, false);
}

/* Is @fn free of leaks?  Its first run may fill caches that stay. */
static inline bool leak_free(void (*fn)(void))
{
	static struct census before;

	fn();
	census_take(&before);
	fn();
	if (census_quiet(&before))
		return true;
	/* A cache that grew once, or a leak that goes on? */
	census_take(&before);
	fn();
	return census_same(&before);
}
