/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <lib/rbtree.h>

#define N 300

/* A region of an address space, with the greatest gap between regions. */
struct region {
	struct rb_node rb;
	uint64_t start, end;
	uint64_t low, high, gap; /* of the subtree */
	bool in;
};

static struct region regions[N];
static struct rb_root root;

static struct region *region_of(struct rb_node *n)
{
	return rb_entry(n, struct region, rb);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void update(struct rb_node *n)
{
	struct region *r = region_of(n);
	struct region *c;

	r->low = r->start;
	r->high = r->end;
	r->gap = 0;
	if (n->left != NULL) {
		c = region_of(n->left);
		r->low = c->low;
		r->gap = larger(r->gap, larger(c->gap, r->start - c->high));
	}
	if (n->right != NULL) {
		c = region_of(n->right);
		r->high = c->high;
		r->gap = larger(r->gap, larger(c->gap, c->low - r->end));
	}
}

static void insert(struct region *r)
{
	struct rb_node **link = &root.node, *parent = NULL;

	while (*link != NULL) {
		parent = *link;
		link = r->start < region_of(parent)->start ? &parent->left
							   : &parent->right;
	}
	rb_insert(&root, &r->rb, parent, link, update);
	r->in = true;
}

static void erase(struct region *r)
{
	rb_erase(&root, &r->rb, update);
	r->in = false;
}

static void compare_with_the_array(void)
{
	struct region *prev = NULL;
	struct rb_node *it = rb_first(&root);
	uint64_t gap = 0;
	size_t count = 0;
	int i;

	for (i = 0; i < N; i++) {
		CHECK(rb_linked(&regions[i].rb) == regions[i].in);
		if (!regions[i].in)
			continue;
		count++;
		CHECK(it == &regions[i].rb);
		CHECK(rb_prev(it) == (prev == NULL ? NULL : &prev->rb));
		if (prev != NULL)
			gap = larger(gap, regions[i].start - prev->end);
		prev = &regions[i];
		it = rb_next(it);
	}
	CHECK(it == NULL);
	CHECK(rb_last(&root) == (prev == NULL ? NULL : &prev->rb));
	CHECK(rb_check(&root) == count);
	if (count != 0)
		CHECK(region_of(root.node)->gap == gap);
}

static void reset(void)
{
	int i;

	rb_root_init(&root);
	memset(regions, 0, sizeof(regions));
	for (i = 0; i < N; i++) {
		regions[i].start = (uint64_t)i * 1000 + host_below(400);
		regions[i].end = regions[i].start + 1 + host_below(500);
	}
}

static void random_changes_agree_with_an_array(void)
{
	struct region *r;
	int round;

	reset();
	CHECK(rb_empty(&root) && rb_first(&root) == NULL);
	for (round = 0; round < 6000; round++) {
		r = &regions[host_below(N)];
		if (r->in)
			erase(r);
		else
			insert(r);
		if (round % 20 == 0)
			compare_with_the_array();
	}
}

static void ordered_changes_keep_the_balance(void)
{
	int i;

	reset();
	for (i = 0; i < N; i++)
		insert(&regions[i]);
	compare_with_the_array();
	for (i = 0; i < N; i += 2) {
		erase(&regions[i]);
		CHECK(rb_check(&root) != 0);
	}
	compare_with_the_array();
	for (i = N - 1; i > 0; i -= 2)
		erase(&regions[i]);
	CHECK(rb_empty(&root));
}

static void a_replacement_takes_the_place(void)
{
	struct region other;
	int i;

	reset();
	for (i = 0; i < 50; i++)
		insert(&regions[i]);
	for (i = 0; i < 50; i++) {
		other = regions[i];
		rb_node_init(&other.rb);
		rb_replace(&root, &regions[i].rb, &other.rb, update);
		CHECK(!rb_linked(&regions[i].rb));
		CHECK(rb_check(&root) == 50);
		rb_replace(&root, &other.rb, &regions[i].rb, update);
	}
	compare_with_the_array();
}

static void a_changed_figure_is_carried_up(void)
{
	int i;

	reset();
	for (i = 0; i < 50; i++)
		insert(&regions[i]);
	regions[20].end = regions[20].start + 1;
	rb_propagate(&regions[20].rb, update);
	compare_with_the_array();
}

static void loops_visit_all_in_order(void)
{
	struct rb_node *it, *tmp;
	int i, n = 0;

	reset();
	for (i = 40; i-- > 0;)
		insert(&regions[i]);
	rb_foreach(it, &root)
		CHECK(it == &regions[n++].rb);
	CHECK(n == 40);
	rb_foreach_safe(it, tmp, &root)
		erase(region_of(it));
	CHECK(rb_empty(&root));
}

TAP_MAIN(random_changes_agree_with_an_array, ordered_changes_keep_the_balance,
	 a_replacement_takes_the_place, a_changed_figure_is_carried_up,
	 loops_visit_all_in_order)
