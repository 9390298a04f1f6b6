/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <debug/fault.h>
#include <host.h>
#include <lib/err.h>
#include <lib/radix.h>
#include <mm/slab.h>

static const struct radix_ops ops = { .alloc = kzalloc, .free = kfree };

#define N 400

struct item {
	uint64_t index;
	bool in;
};

static struct item items[N];
static struct radix tree;

static int by_index(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

/* Different indices in order: clusters, far ones, and both ends. */
static void choose_indices(void)
{
	int i;

	memset(items, 0, sizeof(items));
	for (i = 0; i < N; i++) {
		items[i].index = (uint64_t)i;
		if (i % 4 == 1)
			items[i].index = (uint64_t)i << 20;
		if (i % 4 == 2)
			items[i].index = host_random();
		if (i % 4 == 3)
			items[i].index = UINT64_MAX - (uint64_t)i + 3;
	}
	qsort(items, N, sizeof(items[0]), by_index);
}

static struct item *model_next(uint64_t from)
{
	int i;

	for (i = 0; i < N; i++) {
		if (items[i].in && items[i].index >= from)
			return &items[i];
	}
	return NULL;
}

static void check_next(uint64_t from)
{
	struct item *want = model_next(from);
	uint64_t at = from;

	CHECK(radix_next(&tree, &at) == want);
	CHECK(at == (want == NULL ? from : want->index));
}

static void toggle(struct item *it)
{
	if (it->in) {
		CHECK(radix_insert(&tree, it->index, it) == -EEXIST);
		CHECK(radix_erase(&tree, it->index) == it);
		CHECK(radix_erase(&tree, it->index) == NULL);
	} else {
		CHECK(radix_replace(&tree, it->index, it) == NULL);
		CHECK(radix_insert(&tree, it->index, it) == 0);
		CHECK(radix_replace(&tree, it->index, it) == it);
	}
	it->in = !it->in;
}

static void random_changes_agree_with_an_array(void)
{
	struct item *it;
	int round, i;

	choose_indices();
	radix_init(&tree, &ops);
	for (round = 0; round < 8000; round++) {
		it = &items[host_below(N)];
		toggle(it);
		CHECK(radix_lookup(&tree, it->index) == (it->in ? it : NULL));
		check_next(it->index);
		check_next(it->index + 1);
		check_next(host_random() >> host_below(64));
	}
	for (i = 0; i < N; i++) {
		it = &items[i];
		CHECK(radix_lookup(&tree, it->index) == (it->in ? it : NULL));
		if (it->in)
			toggle(it);
	}
	CHECK(radix_empty(&tree));
	CHECK(host_live_objects() == 0);
}

static void an_empty_tree_has_nothing(void)
{
	uint64_t at = 0;

	radix_init(&tree, &ops);
	CHECK(radix_lookup(&tree, 0) == NULL);
	CHECK(radix_next(&tree, &at) == NULL && at == 0);
	CHECK(radix_erase(&tree, 5) == NULL);
	CHECK(radix_replace(&tree, 5, &at) == NULL);
	radix_destroy(&tree, NULL, NULL);
	CHECK(host_live_objects() == 0);
}

struct visit {
	uint64_t last;
	size_t count;
	bool ordered;
};

static void visit_item(void *ctx, uint64_t index, void *item)
{
	struct visit *v = ctx;
	struct item *it = item;

	v->ordered &= v->count == 0 || index > v->last;
	v->ordered &= it->index == index;
	v->last = index;
	v->count++;
}

static void destroy_visits_all_and_frees_all(void)
{
	struct visit v = { .ordered = true };
	int i;

	choose_indices();
	radix_init(&tree, &ops);
	for (i = 0; i < N; i++)
		toggle(&items[(i * 7) % N]);
	radix_destroy(&tree, visit_item, &v);
	CHECK(v.ordered && v.count == N);
	CHECK(radix_empty(&tree) && host_live_objects() == 0);
}

static void the_tree_is_no_higher_than_needed(void)
{
	int x;

	radix_init(&tree, &ops);
	CHECK(radix_insert(&tree, 63, &x) == 0);
	CHECK(host_live_objects() == 1);
	CHECK(radix_insert(&tree, 64, &x) == 0);
	CHECK(host_live_objects() == 3);
	CHECK(radix_erase(&tree, 64) == &x);
	CHECK(host_live_objects() == 1);
	CHECK(radix_insert(&tree, UINT64_MAX, &x) == 0);
	CHECK(radix_erase(&tree, 63) == &x);
	CHECK(host_live_objects() == 11);
	CHECK(radix_erase(&tree, UINT64_MAX) == &x);
	CHECK(host_live_objects() == 0);
}

/* Fails the 1st, 2nd, ... node of an insert into a tree of @old. */
static void sweep(uint64_t old, uint64_t new)
{
	unsigned nth = 0;
	size_t before;
	int x, y;
	err_t err;

	radix_init(&tree, &ops);
	CHECK(radix_insert(&tree, old, &x) == 0);
	before = host_live_objects();
	do {
		fault_arm(++nth);
		err = radix_insert(&tree, new, &y);
		CHECK(radix_lookup(&tree, old) == &x);
		CHECK(radix_lookup(&tree, new) == (err ? NULL : &y));
		if (err) {
			CHECK(err == -ENOMEM);
			CHECK(host_live_objects() == before);
		}
	} while (fault_fired());
	CHECK(err == 0 && nth > 2);
	CHECK(radix_erase(&tree, new) == &y);
	CHECK(host_live_objects() == before);
	CHECK(radix_erase(&tree, old) == &x);
	CHECK(host_live_objects() == 0);
}

static void insert_leaks_nothing_wherever_it_fails(void)
{
	sweep(0, UINT64_MAX);
	sweep(UINT64_MAX, 0);
	sweep(3, 1 << 20);
	sweep(1 << 20, 1 << 19);
}

TAP_MAIN(random_changes_agree_with_an_array, an_empty_tree_has_nothing,
	 destroy_visits_all_and_frees_all, the_tree_is_no_higher_than_needed,
	 insert_leaks_nothing_wherever_it_fails)
