/* SPDX-License-Identifier: MIT */
/* Handle tables and descriptions. */
#include <obj/desc.h>
#include <obj/handles.h>
#include <obj/poll.h>

#include "../lib/tap.h"
#include "stubs/vfs_machine.h"

#define NOLIMIT UINT64_MAX

static unsigned released;

static void count_release(struct desc *d)
{
	(void)d;
	released++;
}

static const struct desc_ops test_ops = { .release = count_release };

static struct desc *new_desc(uint32_t flags)
{
	struct desc *d = NULL;

	obj_init();
	kassert(desc_create(&test_ops, NULL, NULL, &cred_root, flags, &d) == 0);
	return d;
}

static void the_lowest_free_number_is_given(void)
{
	struct host_mark was = host_mark();
	struct handles *h;
	int fd;
	int i;

	REQUIRE(handles_create(&h) == 0);
	for (i = 0; i < 200; i++) {
		CHECK(handle_install(h, new_desc(0), 0, 0, NOLIMIT, &fd) == 0);
		CHECK(fd == i);
	}
	CHECK(handle_close(h, 70) == 0);
	CHECK(handle_close(h, 5) == 0);
	CHECK(handle_close(h, 5) == -EBADF);
	CHECK(handle_install(h, new_desc(0), 10, 0, NOLIMIT, &fd) == 0);
	CHECK(fd == 70);
	CHECK(handle_install(h, new_desc(0), 0, 0, NOLIMIT, &fd) == 0);
	CHECK(fd == 5);
	CHECK(handle_install(h, new_desc(0), 0, 0, NOLIMIT, &fd) == 0);
	CHECK(fd == 200);
	CHECK(handles_count(h) == 201);
	CHECK(handle_next(h, 0) == 0 && handle_next(h, 201) == -1);
	handles_put(h);
	CHECK(host_same(was));
}

static void limits_and_bad_numbers_are_errors(void)
{
	struct host_mark was = host_mark();
	struct desc *d = new_desc(0), *got;
	struct handles *h;
	unsigned flags;
	int fd;

	REQUIRE(handles_create(&h) == 0);
	CHECK(handle_install(h, d, 0, 0, 0, &fd) == -EMFILE);
	CHECK(handle_install(h, d, 3, 0, 3, &fd) == -EINVAL);
	CHECK(handle_install(h, d, -1, 0, 3, &fd) == -EINVAL);
	CHECK(handle_install_at(h, d, 3, 0, 3) == -EBADF);
	CHECK(handle_install_at(h, d, -1, 0, 3) == -EBADF);
	CHECK(handle_install(h, d, 0, 0, 1, &fd) == 0);
	desc_get(d);
	CHECK(handle_install(h, d, 0, 0, 1, &fd) == -EMFILE);
	desc_put(d);
	CHECK(handle_lookup(h, 1, &got) == -EBADF);
	CHECK(handle_lookup(h, -1, &got) == -EBADF);
	CHECK(handle_lookup(h, 1 << 30, &got) == -EBADF);
	CHECK(handle_get_flags(h, 7, &flags) == -EBADF);
	CHECK(handle_set_flags(h, -7, 0) == -EBADF);
	handles_put(h);
	CHECK(host_same(was));
}

static void rights_follow_the_access_mode(void)
{
	struct host_mark was = host_mark();
	struct handles *h;
	unsigned r;
	int fd;

	REQUIRE(handles_create(&h) == 0);
	CHECK(handle_install(h, new_desc(DESC_WRONLY), 0, 0, 9, &fd) == 0);
	CHECK(handle_get_rights(h, fd, &r) == 0);
	CHECK((r & RIGHT_READ) == 0 && (r & RIGHT_WRITE) != 0);
	CHECK(handle_install(h, new_desc(DESC_PATH), 0, 0, 9, &fd) == 0);
	CHECK(handle_get_rights(h, fd, &r) == 0);
	CHECK((r & (RIGHT_READ | RIGHT_WRITE)) == 0);
	CHECK(handle_install(h, new_desc(DESC_RDWR), 0, 0, 9, &fd) == 0);
	CHECK(handle_get_rights(h, fd, &r) == 0 && r == RIGHT_ALL);
	handles_put(h);
	CHECK(host_same(was));
}

static void cloexec_and_ranges(void)
{
	struct host_mark was = host_mark();
	struct handles *h, *copy;
	unsigned flags;
	int fd, i;

	REQUIRE(handles_create(&h) == 0);
	handles_user_add(h);
	for (i = 0; i < 300; i++)
		CHECK(handle_install(h, new_desc(0), 0,
				     i % 3 == 0 ? HANDLE_CLOEXEC : 0, NOLIMIT,
				     &fd) == 0);
	handles_close_range(h, 60, 130, false);
	CHECK(handles_count(h) == 300 - 71);
	CHECK(handle_next(h, 60) == 131);
	handles_close_range(h, 200, UINT32_MAX, true);
	REQUIRE(handles_copy(h, &copy) == 0);
	handles_close_on_exec(copy);
	for (i = 0; i < 300; i++)
		CHECK((handle_get_flags(copy, i, &flags) == 0) ==
		      (i % 3 != 0 && i < 200 && (i < 60 || i > 130)));
	CHECK(handles_count(h) == 300 - 71);
	CHECK(handle_install(copy, new_desc(0), 0, 0, NOLIMIT, &fd) == 0);
	CHECK(fd == 0);
	handles_put(copy);
	handles_put(h);
	CHECK(host_same(was));
}

static void a_million_handles_and_random_holes(void)
{
	struct host_mark was = host_mark();
	static uint8_t used[1000000];
	struct desc *d = new_desc(0), *got;
	unsigned i, n = 1000000, low;
	struct handles *h;
	int fd;

	REQUIRE(handles_create(&h) == 0);
	handles_user_add(h);
	for (i = 0; i < n; i++) {
		desc_get(d);
		REQUIRE(handle_install(h, d, 0, 0, NOLIMIT, &fd) == 0);
		REQUIRE(fd == (int)i);
	}
	memset(used, 1, n);
	low = n;
	for (i = 0; i < 20000; i++) {
		unsigned at = (unsigned)host_below(n);

		if (used[at]) {
			REQUIRE(handle_close(h, (int)at) == 0);
			used[at] = 0;
			low = at < low ? at : low;
		} else {
			CHECK(handle_lookup(h, (int)at, &got) == -EBADF);
		}
		if (i % 3 != 0)
			continue;
		desc_get(d);
		REQUIRE(handle_install(h, d, 0, 0, NOLIMIT, &fd) == 0);
		REQUIRE(fd == (int)low);
		used[low] = 1;
		while (low < n && used[low])
			low++;
	}
	handles_put(h);
	CHECK(ref_read(&d->ref) == 1);
	desc_put(d);
	CHECK(host_same(was));
}

static void borrowing_counts_only_when_shared(void)
{
	struct host_mark was = host_mark();
	struct desc *d = new_desc(0);
	struct borrowed b;
	struct handles *h;
	int fd;

	REQUIRE(handles_create(&h) == 0);
	CHECK(handle_install(h, d, 0, 0, NOLIMIT, &fd) == 0);
	handles_user_add(h);
	b = handle_borrow(h, fd);
	CHECK(b.d == d && ref_read(&d->ref) == 1);
	handle_return(b);
	handles_user_add(h);
	b = handle_borrow(h, fd);
	CHECK(b.d == d && ref_read(&d->ref) == 2);
	/* Closed by the other one while we use it. */
	released = 0;
	CHECK(handle_close(h, fd) == 0 && released == 0);
	handle_return(b);
	CHECK(released == 1);
	b = handle_borrow(h, fd);
	CHECK(b.d == NULL);
	handle_return(b);
	handles_put(h);
	CHECK(host_same(was));
}

static err_t one_of_each(void)
{
	struct handles *h, *copy;
	struct desc *d;
	err_t err;
	int fd;

	err = handles_create(&h);
	if (err)
		return err;
	err = desc_create(&test_ops, NULL, NULL, &cred_root, 0, &d);
	if (err)
		goto out;
	err = handle_install(h, d, 5000, 0, NOLIMIT, &fd);
	if (err) {
		desc_put(d);
		goto out;
	}
	desc_get(d);
	err = handle_install_at(h, d, 9, 0, NOLIMIT);
	if (err) {
		desc_put(d);
		goto out;
	}
	err = handles_copy(h, &copy);
	if (!err)
		handles_put(copy);
out:
	handles_put(h);
	return err;
}

static void nothing_leaks_wherever_it_fails(void)
{
	struct host_mark was = host_mark();
	unsigned n = 0;
	err_t err;
	bool fired;

	do {
		fault_arm(++n);
		err = one_of_each();
		fired = fault_fired();
		CHECK(err == (fired ? -ENOMEM : 0));
		CHECK(host_same(was));
	} while (fired);
	CHECK(n > 5);
}

static void poll_tables_hold_many_waiters(void)
{
	struct host_mark was = host_mark();
	static struct waitq queues[200];
	struct poll_table pt;
	int i;

	poll_table_init(&pt);
	for (i = 0; i < 200; i++) {
		waitq_init(&queues[i]);
		poll_wait(&pt, &queues[i]);
	}
	CHECK(pt.err == 0);
	for (i = 0; i < 200; i++)
		CHECK(!waitq_empty(&queues[i]));
	poll_table_fini(&pt);
	for (i = 0; i < 200; i++)
		CHECK(waitq_empty(&queues[i]));
	poll_wait(NULL, &queues[0]);

	poll_table_init(&pt);
	fault_arm(2);
	for (i = 0; i < 100; i++)
		poll_wait(&pt, &queues[i]);
	CHECK(fault_fired() && pt.err == -ENOMEM);
	poll_table_fini(&pt);
	for (i = 0; i < 200; i++)
		CHECK(waitq_empty(&queues[i]));
	CHECK(host_same(was));
}

static void creds_are_copied_to_be_changed(void)
{
	struct host_mark was = host_mark();
	struct cred *c = cred_dup(&cred_root), *d;

	REQUIRE(c != NULL);
	c->groups = kcalloc(2, sizeof(uint32_t));
	c->ngroups = 2;
	c->groups[1] = 7;
	d = cred_dup(c);
	REQUIRE(d != NULL);
	d->groups[0] = 9;
	CHECK(cred_in_group(c, 7) && !cred_in_group(c, 9));
	CHECK(cred_in_group(d, 7) && cred_in_group(d, 9));
	CHECK(cred_in_group(c, 0) && cred_is_root(d));
	cred_put(cred_get(c));
	cred_put(c);
	cred_put(d);
	CHECK(host_same(was));
}

TAP_MAIN(the_lowest_free_number_is_given, limits_and_bad_numbers_are_errors,
	 rights_follow_the_access_mode, cloexec_and_ranges,
	 a_million_handles_and_random_holes, borrowing_counts_only_when_shared,
	 nothing_leaks_wherever_it_fails, poll_tables_hold_many_waiters,
	 creds_are_copied_to_be_changed)
