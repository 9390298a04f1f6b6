/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <lib/list.h>

struct item {
	int value;
	struct list link;
};

static int sequence(struct list *head)
{
	struct item *it;
	int v = 0;

	list_foreach_entry(it, head, link) v = v * 10 + it->value;
	return v;
}

static void items_stay_in_order(void)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	struct list head;

	list_init(&head);
	CHECK(list_empty(&head));
	list_add_tail(&head, &b.link);
	list_add(&head, &a.link);
	list_add_tail(&head, &c.link);
	CHECK(sequence(&head) == 123);
	CHECK(list_first(&head, struct item, link) == &a);
	CHECK(list_last(&head, struct item, link) == &c);
	CHECK(list_next(&a, link) == &b);
}

static void a_deleted_item_knows_it(void)
{
	struct item a = { .value = 1 }, b = { .value = 2 };
	struct list head;

	list_init(&head);
	list_add_tail(&head, &a.link);
	list_add_tail(&head, &b.link);
	CHECK(list_linked(&a.link));
	list_del(&a.link);
	CHECK(!list_linked(&a.link));
	list_del(&a.link);
	CHECK(sequence(&head) == 2);
	CHECK(list_pop(&head) == &b.link);
	CHECK(list_pop(&head) == NULL);
}

static void splice_moves_everything(void)
{
	struct item i[5];
	struct list a, b;
	int n;

	list_init(&a);
	list_init(&b);
	for (n = 0; n < 5; n++) {
		i[n].value = n + 1;
		list_add_tail(n < 2 ? &a : &b, &i[n].link);
	}
	list_splice_tail(&a, &b);
	CHECK(sequence(&a) == 12345);
	CHECK(list_empty(&b));
	list_splice_tail(&a, &b);
	CHECK(sequence(&a) == 12345);
	list_splice_tail(&b, &a);
	CHECK(list_empty(&a) && sequence(&b) == 12345);
}

static void the_safe_loop_allows_deletion(void)
{
	struct item i[6], *it, *tmp;
	struct list *l, *next;
	struct list head;
	int n, count = 0;

	list_init(&head);
	for (n = 0; n < 6; n++) {
		i[n].value = n;
		list_add_tail(&head, &i[n].link);
	}
	list_foreach_entry_safe(it, tmp, &head, link)
	{
		if (it->value % 2 == 0)
			list_del(&it->link);
	}
	CHECK(sequence(&head) == 135);
	list_foreach(l, &head)
		count++;
	CHECK(count == 3);
	list_foreach_safe(l, next, &head)
		list_del(l);
	CHECK(list_empty(&head));
}

static void replace_keeps_the_place(void)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	struct item x = { .value = 9 };
	struct list head;

	list_init(&head);
	list_add_tail(&head, &a.link);
	list_add_tail(&head, &b.link);
	list_add_tail(&head, &c.link);
	list_replace(&b.link, &x.link);
	CHECK(sequence(&head) == 193);
	CHECK(!list_linked(&b.link));
}

TAP_MAIN(items_stay_in_order, a_deleted_item_knows_it, splice_moves_everything,
	 the_safe_loop_allows_deletion, replace_keeps_the_place)
