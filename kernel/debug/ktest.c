/* SPDX-License-Identifier: MIT */
/*
 * Runner of the kernel tests.
 *
 * After each test everything that is given back late is given back, and then
 * the frames and the objects of each slab cache must be as many as before.
 * What a first run leaves in caches that grow once is told from a leak by
 * running the test a second time.
 */
#include <debug/fault.h>
#include <debug/ktest.h>
#include <debug/log.h>
#include <lib/fmt.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <sched/core.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/epoch.h>

extern const struct ktest *const ktests_start[], *const ktests_end[];

#define MAX_CACHES 64

struct census {
	uint64_t free_frames;
	uint64_t live[MAX_CACHES];
};

static unsigned failures;
static const char *skip_reason;

static void print_to_log(const char *line)
{
	klog("%.*s", (int)strlen(line) - 1, line); /* klog adds the newline */
}
void (*ktest_print)(const char *line) = print_to_log;

static void say(const char *fmt, ...) __printf(1, 2);
static void say(const char *fmt, ...)
{
	char line[160];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	kvsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	n = strlen(line);
	line[n] = '\n';
	line[n + 1] = '\0';
	ktest_print(line);
}

bool ktest_check(bool ok, const char *file, int line, const char *expr)
{
	if (!ok) {
		failures++;
		say("# %s:%d: %s", file, line, expr);
	}
	return ok;
}

void ktest_skip(const char *why)
{
	skip_reason = why;
}

/* Threads that have just ended, deferred frees, caches: all to rest. */
static void settle(void)
{
	err_t err = sleep_until(clock_monotonic() + NSEC_PER_MSEC);

	(void)err; /* nobody interrupts the test thread */
	epoch_flush();
	sched_drain_stacks();
	kmem_drain();
}

static void count(struct census *n)
{
	struct frame_stats frames;
	struct kmem_stats slab;
	unsigned i;

	settle();
	memset(n, 0, sizeof(*n));
	for (i = 0; i < MAX_CACHES && kmem_cache_stats(i, &slab); i++)
		n->live[i] = slab.live;
	frame_get_stats(&frames);
	n->free_frames = frames.free;
}

static bool leaked(const struct census *a, const struct census *b, bool tell)
{
	struct kmem_stats slab;
	bool leak = b->free_frames < a->free_frames;
	unsigned i;

	if (leak && tell)
		say("# leak: %llu frames",
		    (unsigned long long)(a->free_frames - b->free_frames));
	for (i = 0; i < MAX_CACHES && kmem_cache_stats(i, &slab); i++) {
		if (b->live[i] <= a->live[i])
			continue;
		leak = true;
		if (tell)
			say("# leak: %llu of %s",
			    (unsigned long long)(b->live[i] - a->live[i]),
			    slab.name);
	}
	return leak;
}

static bool run_one(const struct ktest *t)
{
	static struct census before, after; /* one test at a time */

	failures = 0;
	skip_reason = NULL;
	count(&before);
	t->run();
	fault_arm(0);
	count(&after);
	if (failures == 0 && leaked(&before, &after, false)) {
		t->run();
		fault_arm(0);
		count(&before);
		if (leaked(&after, &before, true))
			failures++;
	}
	return failures == 0;
}

static bool wanted(const struct ktest *t, const char *pattern)
{
	size_t n = pattern == NULL ? 0 : strlen(pattern);
	const char *s;

	if (n == 0)
		return true;
	for (s = t->name; *s != '\0'; s++)
		if (strncmp(s, pattern, n) == 0)
			return true;
	return false;
}

bool ktest_run(const char *pattern)
{
	const struct ktest *const *t;
	unsigned n = 0, failed = 0;
	bool ok;

	for (t = ktests_start; t < ktests_end; t++)
		n += wanted(*t, pattern);
	say("1..%u", n);
	n = 0;
	for (t = ktests_start; t < ktests_end; t++) {
		if (!wanted(*t, pattern))
			continue;
		ok = run_one(*t);
		failed += !ok;
		say("%sok %u - %s%s%s", ok ? "" : "not ", ++n, (*t)->name,
		    skip_reason == NULL ? "" : " # SKIP ",
		    skip_reason == NULL ? "" : skip_reason);
	}
	return failed == 0;
}
