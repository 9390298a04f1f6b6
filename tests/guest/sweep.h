/* SPDX-License-Identifier: MIT */
/*
 * Fault sweeps: the n-th allocation inside an operation fails, for n = 1, 2,
 * ... until there is no n-th.  The kernel's debug flavour has
 * /proc/self/fail-nth: writing N arms the fault of the calling thread, a read
 * disarms it and says "1" when it was reached.
 */
#pragma once

#include "guest.h"

#define SWEEP_MAX 2000

static int sweep_fd = -1;

/* False: there is no fault injector here. */
static inline bool sweep_open(void)
{
	struct utsname u;

	if (sweep_fd >= 0)
		return true;
	if (uname(&u) != 0 || strstr(u.version, "Pando") == NULL)
		return false;
	sweep_fd = open("/proc/self/fail-nth", O_RDWR);
	return sweep_fd >= 0;
}

static inline void sweep_arm(unsigned n)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%u", n);

	if (pwrite(sweep_fd, buf, (size_t)len, 0) != len)
		note("cannot arm the injector: %s", strerror(errno));
}

/* Disarms.  When the read itself fails, the fault was not the operation's. */
static inline bool sweep_fired(void)
{
	char c = '0';

	if (pread(sweep_fd, &c, 1, 0) != 1)
		return false;
	return c == '1';
}

static inline bool sweep_error_ok(int e)
{
	return e == ENOMEM || e == EAGAIN || e == ENFILE;
}

/* Once for each n: how many fault points there are. */
static inline unsigned sweep_round(const char *name, int (*op)(void))
{
	unsigned n;
	bool hit;
	int e;

	for (n = 1; n < SWEEP_MAX; n++) {
		sweep_arm(n);
		e = op();
		hit = sweep_fired();
		if (e != 0 && !CHECK(hit && sweep_error_ok(e)))
			note("%s: fault %u: %s", name, n, strerror(e));
		if (!hit)
			break;
	}
	CHECK(n < SWEEP_MAX);
	return n - 1;
}

/*
 * @op does the operation and undoes it: 0 or an errno.  The fault is armed in
 * the calling thread.  What a first round leaves in tables that grow once is
 * told from a leak by a second one.
 */
static inline void sweep(const char *name, int (*op)(void))
{
	static struct census before;
	unsigned n, i;

	for (i = 0; i < 2; i++)
		if (!CHECK(op() == 0))
			note("%s does not work unarmed", name);
	census_take(&before);
	n = sweep_round(name, op);
	if (!census_quiet(&before)) {
		census_take(&before);
		sweep_round(name, op);
		if (!CHECK(census_same(&before)))
			note("%s leaks", name);
	}
	note("%s: %u fault points", name, n);
}

struct sweep_result {
	int done, error, fired;
};

/* One child of sweep_child(): false when there was no n-th fault point. */
static inline bool sweep_one_child(const char *name, unsigned n,
				   int (*op)(void),
				   volatile struct sweep_result *res)
{
	pid_t pid;
	int st;

	res->done = res->error = res->fired = 0;
	pid = fork();
	if (pid == 0) {
		sweep_arm(n);
		res->error = op();
		res->fired = sweep_fired();
		res->done = 1;
		_exit(0);
	}
	if (!CHECK(pid > 0))
		return false;
	st = reap(pid);
	if (!res->done) {
		/* A promised page could not be had. */
		if (!CHECK(WIFSIGNALED(st) &&
			   (WTERMSIG(st) == SIGKILL || WTERMSIG(st) == SIGBUS ||
			    WTERMSIG(st) == SIGSEGV)))
			note("%s: fault %u: status %#x", name, n, st);
		return WIFSIGNALED(st);
	}
	if (res->error != 0 && !CHECK(res->fired && sweep_error_ok(res->error)))
		note("%s: fault %u: %s", name, n, strerror(res->error));
	return res->fired;
}

static inline unsigned sweep_child_round(const char *name, int (*op)(void),
					 volatile struct sweep_result *res)
{
	unsigned n;

	for (n = 1; n < SWEEP_MAX; n++)
		if (!sweep_one_child(name, n, op, res))
			break;
	CHECK(n < SWEEP_MAX);
	return n - 1;
}

/* The same in a child for each n, which may also be killed for memory. */
static inline void sweep_child(const char *name, int (*op)(void))
{
	static struct census before;
	volatile struct sweep_result *res = shared_memory(PAGE);
	unsigned n;

	REQUIRE(res != NULL);
	/* 0 arms nothing. */
	for (n = 0; n < 2; n++) {
		sweep_one_child(name, 0, op, res);
		CHECK(res->done && res->error == 0);
	}
	census_take(&before);
	n = sweep_child_round(name, op, res);
	if (!census_quiet(&before)) {
		census_take(&before);
		sweep_child_round(name, op, res);
		if (!CHECK(census_same(&before)))
			note("%s leaks", name);
	}
	note("%s: %u fault points", name, n);
	munmap((void *)(uintptr_t)res, PAGE);
}

/* TAP_MAIN for sweeps: everything is skipped where there is no injector. */
static inline void sweep_skip_(void)
{
	SKIP("no fault injector in this kernel");
}

#define SWEEP_MAIN(...) \
	int main(void) \
	{ \
		static void (*const fns_[])(void) = { __VA_ARGS__ }; \
		enum { \
			COUNT_ = sizeof(fns_) / sizeof(fns_[0]) \
		}; \
		static struct tap_test_ tests_[COUNT_]; \
		bool here_ = sweep_open(); \
		int i_; \
\
		for (i_ = 0; i_ < COUNT_; i_++) \
			tests_[i_].run = here_ ? fns_[i_] : sweep_skip_; \
		return tap_run_(tests_, COUNT_, #__VA_ARGS__, NULL); \
	}
