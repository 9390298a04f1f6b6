/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <lib/timerq.h>

#define N 200

struct model {
	struct timerq_node node;
	uint64_t order;
	bool in;
};

static struct model timers[N];
static struct timerq q;
static uint64_t clock_order;

static struct model *model_first(void)
{
	struct model *best = NULL;
	int i;

	for (i = 0; i < N; i++) {
		struct model *m = &timers[i];

		if (!m->in)
			continue;
		if (best == NULL || m->node.when < best->node.when ||
		    (m->node.when == best->node.when && m->order < best->order))
			best = m;
	}
	return best;
}

static void check_first(void)
{
	struct model *m = model_first();

	CHECK(timerq_first(&q) == (m == NULL ? NULL : &m->node));
	CHECK(timerq_deadline(&q) == (m == NULL ? NSEC_NEVER : m->node.when));
}

static void step(void)
{
	struct model *m = &timers[host_below(N)];
	struct model *first = model_first();
	nsec_t now = host_below(60);
	struct timerq_node *n;
	bool was;

	if (host_below(4) == 0) {
		n = timerq_pop(&q, now);
		if (first != NULL && first->node.when <= now) {
			CHECK(n == &first->node);
			first->in = false;
		} else {
			CHECK(n == NULL);
		}
	} else if (m->in) {
		CHECK(timerq_erase(&q, &m->node) == (m == first));
		m->in = false;
	} else {
		was = timerq_insert(&q, &m->node, host_below(50));
		m->order = clock_order++;
		m->in = true;
		CHECK(was == (model_first() == m));
	}
	CHECK(timerq_queued(&m->node) == m->in);
}

static void random_steps_agree_with_a_search(void)
{
	int i;

	timerq_init(&q);
	for (i = 0; i < N; i++)
		timerq_node_init(&timers[i].node);
	for (i = 0; i < 6000; i++) {
		step();
		check_first();
	}
}

static void equal_deadlines_keep_their_order(void)
{
	struct timerq_node n[50];
	int i;

	timerq_init(&q);
	for (i = 0; i < 50; i++) {
		timerq_node_init(&n[i]);
		CHECK(timerq_insert(&q, &n[i], 7) == (i == 0));
	}
	CHECK(timerq_pop(&q, 6) == NULL);
	for (i = 0; i < 50; i++)
		CHECK(timerq_pop(&q, 7) == &n[i]);
	CHECK(timerq_deadline(&q) == NSEC_NEVER);
}

TAP_MAIN(random_steps_agree_with_a_search, equal_deadlines_keep_their_order)
