/* SPDX-License-Identifier: MIT */
/* The run queue: order, shares, placement after sleep, yield. */
#include <host.h>
#include <lib/list.h>
#include <sched/runq.h>

#include "../lib/tap.h"

#define N 200

static struct runq rq;
static struct thread threads[N];

static struct thread *make(unsigned i, uint64_t vruntime, int nice)
{
	struct thread *t = &threads[i];

	memset(t, 0, sizeof(*t));
	rb_node_init(&t->rq_node);
	t->tid = (int32_t)i;
	t->vruntime = vruntime;
	t->weight = nice_to_weight(nice);
	return t;
}

static struct thread *take(void)
{
	struct thread *t = runq_first(&rq);

	if (t != NULL)
		runq_dequeue(&rq, t);
	return t;
}

static void least_vruntime_comes_first(void)
{
	struct thread *t;
	uint64_t last = 0;
	unsigned i, n = 0;

	runq_init(&rq);
	for (i = 0; i < N; i++)
		runq_enqueue(&rq, make(i, host_random() % 1000, 0), false);
	CHECK(rq.nr == N);
	for (i = 0; i < N; i += 3) /* out of the middle, too */
		runq_dequeue(&rq, &threads[i]);
	while ((t = take()) != NULL) {
		CHECK(t->vruntime >= last);
		CHECK(t->tid % 3 != 0);
		last = t->vruntime;
		n++;
	}
	CHECK(n == N - (N + 2) / 3);
	CHECK(rq.nr == 0 && rb_empty(&rq.tree));
}

static void equals_run_in_the_order_of_arrival(void)
{
	struct thread *t;
	int32_t i;

	runq_init(&rq);
	for (i = 1; i < N; i++)
		runq_enqueue(&rq, make((unsigned)i, 7, 0), false);
	/* One that displaces the first must not change the others' order. */
	runq_enqueue(&rq, make(0, 6, 0), false);
	for (i = 0; (t = take()) != NULL; i++)
		CHECK(t->tid == i);
	CHECK(i == N);
}

static void walk_sees_all_in_order(void)
{
	struct thread *t;
	unsigned i, n = 0;
	uint64_t last = 0;

	runq_init(&rq);
	for (i = 0; i < 50; i++)
		runq_enqueue(&rq, make(i, host_random() % 100, 0), false);
	for (t = runq_first(&rq); t != NULL; t = runq_next(&rq, t)) {
		CHECK(t->vruntime >= last);
		last = t->vruntime;
		n++;
	}
	CHECK(n == 50);
}

/* Slices of 1 ms: always the first runs, is charged, queues again. */
static void shares_follow_weights(void)
{
	static const int nice[4] = { 0, 0, 5, -5 };
	uint64_t ran[4] = { 0 }, weight = 0, total = 0;
	struct thread *t;
	unsigned i;

	runq_init(&rq);
	for (i = 0; i < 4; i++) {
		runq_enqueue(&rq, make(i, 0, nice[i]), false);
		weight += nice_to_weight(nice[i]);
	}
	for (i = 0; i < 20000; i++) {
		t = take();
		ran[t->tid]++;
		total++;
		runq_charge(&rq, t, NSEC_PER_MSEC);
		runq_enqueue(&rq, t, false);
	}
	for (i = 0; i < 4; i++) {
		uint64_t due = total * nice_to_weight(nice[i]) / weight;

		CHECK(ran[i] * 100 > due * 98);
		CHECK(ran[i] * 100 < due * 102);
	}
}

static void sleeper_gets_a_slice_and_no_more(void)
{
	struct thread *a, *b;

	runq_init(&rq);
	a = make(0, 0, 0);
	b = make(1, 0, 0);
	runq_charge(&rq, a, 1000 * NSEC_PER_MSEC); /* b slept meanwhile */
	runq_enqueue(&rq, b, true);
	CHECK(a->vruntime - b->vruntime == SLICE_NS);
	CHECK(runq_preempts(b, a, 0));
	/* One that slept a moment keeps what it had. */
	runq_dequeue(&rq, b);
	b->vruntime = a->vruntime - 1;
	runq_enqueue(&rq, b, true);
	CHECK(b->vruntime == a->vruntime - 1);
	CHECK(!runq_preempts(b, a, 0));
	CHECK(runq_preempts(b, a, 2 * NSEC_PER_MSEC));
}

static void least_never_goes_back(void)
{
	uint64_t last = 0;
	struct thread *t;
	unsigned i;

	runq_init(&rq);
	for (i = 0; i < 8; i++)
		runq_enqueue(&rq, make(i, 0, (int)i), false);
	for (i = 0; i < 2000; i++) {
		t = take();
		runq_charge(&rq, t, host_random() % SLICE_NS);
		CHECK(rq.min_vruntime >= last);
		last = rq.min_vruntime;
		runq_enqueue(&rq, t, host_random() % 4 == 0);
	}
}

static void yield_goes_behind_everybody(void)
{
	struct thread *y;
	unsigned i;

	runq_init(&rq);
	for (i = 1; i < 20; i++)
		runq_enqueue(&rq, make(i, i * 10, 0), false);
	y = make(0, 0, 0);
	runq_yield(&rq, y);
	runq_enqueue(&rq, y, false);
	for (i = 1; i < 20; i++)
		CHECK(take()->tid == (int32_t)i);
	CHECK(take() == y);
}

static void nice_is_clamped_and_falls(void)
{
	int n;

	CHECK(nice_to_weight(0) == WEIGHT_NICE0);
	CHECK(nice_to_weight(-100) == nice_to_weight(-20));
	CHECK(nice_to_weight(100) == nice_to_weight(19));
	for (n = -20; n < 19; n++) {
		CHECK(nice_to_weight(n) * 4 > nice_to_weight(n + 1) * 4);
		CHECK(nice_to_weight(n) * 10 < nice_to_weight(n + 1) * 14);
	}
	CHECK(weighted_ns(1000, 1024) == 1000);
	CHECK(weighted_ns(1000, 512) == 2000);
}

/* vruntime is compared as a difference, so it may wrap. */
static void vruntime_may_wrap(void)
{
	struct thread *a = make(0, UINT64_MAX - 5, 0), *b = make(1, 10, 0);

	runq_init(&rq);
	rq.min_vruntime = UINT64_MAX - 10;
	runq_enqueue(&rq, b, false);
	runq_enqueue(&rq, a, false);
	CHECK(take() == a);
	CHECK(take() == b);
}

TAP_MAIN(least_vruntime_comes_first, equals_run_in_the_order_of_arrival,
	 walk_sees_all_in_order, shares_follow_weights,
	 sleeper_gets_a_slice_and_no_more, least_never_goes_back,
	 yield_goes_behind_everybody, nice_is_clamped_and_falls,
	 vruntime_may_wrap)
