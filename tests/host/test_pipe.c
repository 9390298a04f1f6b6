/* SPDX-License-Identifier: MIT */
/* Pipes and FIFOs: Linux's page slots, waiting, hanging up. */
#include "stubs/vfs_tree.h"

#include <obj/poll.h>

#include "../lib/tap.h"

static char big[2 << 20];
static struct desc *rd, *wr;

static void the_other_end(uint32_t flags)
{
	tree_init();
	kassert(pipe_create(&cred_root, flags, &rd, &wr) == 0);
}

static unsigned ready(struct desc *d)
{
	return d->ops->poll(d, NULL);
}

static void bytes_come_out_in_order(void)
{
	struct host_mark was;
	char buf[16];
	int n;

	the_other_end(DESC_NONBLOCK);
	desc_put(rd);
	desc_put(wr);
	was = host_mark();
	the_other_end(DESC_NONBLOCK);
	CHECK(node_is(rd->node, MODE_FIFO) && rd->node == wr->node);
	CHECK(t_read(rd, buf, 1) == -EAGAIN);
	CHECK(t_read(wr, buf, 1) == -EBADF && t_write(rd, "x", 1) == -EBADF);
	CHECK(t_write(wr, "abc", 3) == 3 && t_write(wr, "def", 3) == 3);
	CHECK(rd->ops->control(rd, 0x541b, &n) == 0 && n == 6);
	CHECK(t_read(rd, buf, 4) == 4 && memcmp(buf, "abcd", 4) == 0);
	CHECK(t_read(rd, buf, 16) == 2 && memcmp(buf, "ef", 2) == 0);
	CHECK(t_read(rd, buf, 0) == 0 && t_write(wr, buf, 0) == 0);
	CHECK(desc_read_at(rd, &(struct uio){ .left = 1 }, 0) == -ESPIPE);
	desc_put(wr);
	CHECK(t_read(rd, buf, 1) == 0);
	desc_put(rd);
	CHECK(host_same(was));
}

static void it_is_full_by_pages(void)
{
	struct host_mark was = host_mark();
	int i;

	the_other_end(DESC_NONBLOCK);
	CHECK(t_write(wr, big, 100000) == 65536);
	CHECK(t_write(wr, big, 1) == -EAGAIN);
	CHECK((ready(wr) & POLL_OUT) == 0);
	/* Linux wants a whole page free. */
	CHECK(t_read(rd, big, 4095) == 4095);
	CHECK(t_write(wr, big, 1) == -EAGAIN && ready(wr) == 0);
	CHECK(t_read(rd, big, 1) == 1 && (ready(wr) & POLL_OUT) != 0);
	CHECK(t_write(wr, big, 1) == 1 && t_write(wr, big, 4096) == -EAGAIN);
	CHECK(t_write(wr, big, 4095) == 4095);
	CHECK(t_read(rd, big, 100000) == 65536);

	/* 4096 bytes at once or not at all, behind others or in a new page. */
	for (i = 0; i < 16; i++)
		CHECK(t_write(wr, big, 4000) == 4000);
	CHECK(t_write(wr, big, 97) == -EAGAIN && t_write(wr, big, 96) == 96);
	desc_put(rd);
	CHECK(t_write(wr, big, 1) == -EPIPE);
	CHECK(ready(wr) == (POLL_ERR));
	desc_put(wr);
	CHECK(host_same(was));
}

static void hanging_up_is_seen_by_poll(void)
{
	struct host_mark was = host_mark();

	the_other_end(0);
	CHECK(ready(rd) == 0);
	CHECK(ready(wr) == (POLL_OUT | POLL_WRNORM));
	CHECK(t_write(wr, "x", 1) == 1);
	CHECK(ready(rd) == (POLL_IN | POLL_RDNORM));
	desc_put(wr);
	CHECK(ready(rd) == (POLL_IN | POLL_RDNORM | POLL_HUP));
	CHECK(t_read(rd, big, 2) == 1);
	CHECK(ready(rd) == POLL_HUP);
	desc_put(rd);
	CHECK(host_same(was));
}

static err_t they_write(void)
{
	CHECK(t_write(wr, "now", 3) == 3);
	return 0;
}

static err_t they_close(void)
{
	desc_put(wr);
	wr = NULL;
	return 0;
}

static err_t a_signal(void)
{
	return -EINTR;
}

static err_t they_read_all(void)
{
	CHECK(t_read(rd, big, 65536) == 65536);
	return 0;
}

static err_t they_stop_reading(void)
{
	desc_put(rd);
	rd = NULL;
	return 0;
}

static void who_waits_is_woken(void)
{
	struct host_mark was = host_mark();
	char buf[8];

	the_other_end(0);
	host_wakes = 0;
	CHECK(t_write(wr, "x", 1) == 1 && t_read(rd, buf, 8) == 1);
	CHECK(host_wakes == 0);
	host_while_asleep = they_write;
	CHECK(t_read(rd, buf, 8) == 3 && host_wakes == 1);
	host_while_asleep = a_signal;
	CHECK(t_read(rd, buf, 8) == -EINTR);
	host_while_asleep = they_close;
	CHECK(t_read(rd, buf, 8) == 0 && host_wakes == 2);
	desc_put(rd);

	the_other_end(0);
	host_while_asleep = they_read_all;
	host_wakes = 0;
	CHECK(t_write(wr, big, 200000) == 200000);
	CHECK(host_wakes >= 2);
	host_while_asleep = a_signal;
	/* They read it full three times. */
	CHECK(t_read(rd, big, 200000) == 200000 - 3 * 65536);
	CHECK(t_write(wr, big, 65536 + 10) == 65536);
	CHECK(t_write(wr, big, 1) == -EINTR);
	host_while_asleep = they_stop_reading;
	CHECK(t_write(wr, big, 1) == -EPIPE);
	desc_put(wr);
	host_while_asleep = NULL;
	CHECK(host_same(was));
}

static void a_bad_address_loses_nothing(void)
{
	struct host_mark was = host_mark();
	char buf[8];
	struct uio u;

	the_other_end(DESC_NONBLOCK);
	uio_init_user(&u, 16, 8);
	CHECK(desc_write(wr, &u) == -EFAULT);
	CHECK(t_read(rd, buf, 8) == -EAGAIN);
	CHECK(t_write(wr, "abcd", 4) == 4);
	uio_init_user(&u, 16, 8);
	CHECK(desc_write(wr, &u) == -EFAULT);
	uio_init_user(&u, 16, 8);
	CHECK(desc_read(rd, &u) == -EFAULT);
	CHECK(t_read(rd, buf, 8) == 4 && memcmp(buf, "abcd", 4) == 0);
	desc_put(rd);
	desc_put(wr);
	CHECK(host_same(was));
}

static void its_size_can_be_changed(void)
{
	struct host_mark was = host_mark();
	int n = 0;

	the_other_end(DESC_NONBLOCK);
	CHECK(rd->ops->control(rd, PIPE_CONTROL_GET_SIZE, &n) == 0);
	CHECK(n == 65536);
	CHECK(t_write(wr, big, 10000) == 10000);
	n = 5000;
	CHECK(rd->ops->control(rd, PIPE_CONTROL_SET_SIZE, &n) == -EBUSY);
	n = 10000;
	CHECK(rd->ops->control(rd, PIPE_CONTROL_SET_SIZE, &n) == 0);
	CHECK(n == 16384);
	/* 1808 behind the 1808 in the last page, and one more page. */
	CHECK(t_write(wr, big, 10000) == 1808 + 4096);
	n = 1 << 20;
	CHECK(wr->ops->control(wr, PIPE_CONTROL_SET_SIZE, &n) == 0);
	CHECK(t_write(wr, big, 2 << 20) == (256 - 4) * 4096);
	CHECK(t_read(rd, big, 2 << 20) == 10000 + 1808 + 253 * 4096);
	n = -1;
	CHECK(rd->ops->control(rd, PIPE_CONTROL_SET_SIZE, &n) == -EINVAL);
	CHECK(rd->ops->control(rd, 1, &n) == -ENOTTY);
	desc_put(rd);
	desc_put(wr);
	CHECK(host_same(was));
}

/* --- FIFOs --- */

static struct tree tree;
static struct desc *partner;

static err_t a_writer_comes(void)
{
	CHECK(t_open(&tree, "p", DESC_WRONLY, &partner) == 0);
	return 0;
}

static err_t a_writer_comes_and_goes(void)
{
	CHECK(t_open(&tree, "p", DESC_WRONLY, &partner) == 0);
	CHECK(t_write(partner, "bye", 3) == 3);
	desc_put(partner);
	return -EINTR;
}

static void a_fifo_waits_for_its_other_end(void)
{
	struct host_mark was = host_mark();
	char buf[8], path[64], *str;
	struct path p, root;
	struct desc *d, *e;

	REQUIRE(tree_create(&tree) == 0);
	CHECK(ns_mknod(&tree.w, "p", MODE_FIFO | 0666, 0) == 0);
	CHECK(t_try(&tree, "p", DESC_WRONLY | DESC_NONBLOCK) == -ENXIO);
	REQUIRE(t_open(&tree, "p", DESC_RDONLY | DESC_NONBLOCK, &d) == 0);
	/* Nobody was there who could have hung up. */
	CHECK(ready(d) == 0 && t_read(d, buf, 1) == 0);
	REQUIRE(t_open(&tree, "p", DESC_WRONLY | DESC_NONBLOCK, &e) == 0);
	CHECK(t_read(d, buf, 1) == -EAGAIN && t_write(e, "ab", 2) == 2);
	desc_put(e);
	CHECK(t_read(d, buf, 8) == 2 && ready(d) == POLL_HUP);
	desc_put(d);

	host_while_asleep = a_writer_comes;
	REQUIRE(t_open(&tree, "p", DESC_RDONLY, &d) == 0);
	desc_put(partner);
	desc_put(d);
	host_while_asleep = a_signal;
	CHECK(t_try(&tree, "p", DESC_RDONLY) == -EINTR);
	CHECK(t_try(&tree, "p", DESC_WRONLY) == -EINTR);
	host_while_asleep = a_writer_comes_and_goes;
	REQUIRE(t_open(&tree, "p", DESC_RDONLY, &d) == 0);
	CHECK(t_read(d, buf, 8) == 3 && t_read(d, buf, 8) == 0);
	desc_put(d);
	host_while_asleep = NULL;
	REQUIRE(t_open(&tree, "p", DESC_RDWR, &d) == 0);
	CHECK(t_write(d, "x", 1) == 1 && t_read(d, buf, 8) == 1);

	/* A pipe re-opened by its node, as /proc/self/fd does. */
	the_other_end(0);
	p = (struct path){ NULL, rd->node };
	CHECK(ns_open_path(&tree.w, &p, DESC_WRONLY, &e) == 0);
	desc_put(wr);
	CHECK(t_write(e, "hi", 2) == 2 && t_read(rd, buf, 8) == 2);
	root = fsctx_root(tree.fs);
	CHECK(ns_path_describe(&p, &root, path, sizeof(path), &str) == 0);
	CHECK(strncmp(str, "pipe:[", 6) == 0);
	path_put(&root);
	desc_put(rd);
	CHECK(t_write(e, "hi", 2) == -EPIPE);
	desc_put(e);
	desc_put(d);
	tree_destroy(&tree);
	CHECK(host_same(was));
}

static void creating_leaks_nothing_wherever_it_fails(void)
{
	struct host_mark was = host_mark();
	unsigned n = 0;
	bool fired;
	err_t err;

	do {
		fault_arm(++n);
		err = pipe_create(&cred_root, 0, &rd, &wr);
		fired = fault_fired();
		CHECK(err == (fired ? -ENOMEM : 0));
		if (!err) {
			desc_put(rd);
			desc_put(wr);
		}
		CHECK(host_same(was));
	} while (fired);
	CHECK(n == 4);
	the_other_end(0);
	fault_arm(1);
	CHECK(t_write(wr, "x", 1) == -ENOMEM && fault_fired());
	CHECK(t_write(wr, "x", 1) == 1);
	desc_put(rd);
	desc_put(wr);
	CHECK(host_same(was));
}

TAP_MAIN(bytes_come_out_in_order, it_is_full_by_pages,
	 hanging_up_is_seen_by_poll, who_waits_is_woken,
	 a_bad_address_loses_nothing, its_size_can_be_changed,
	 a_fifo_waits_for_its_other_end,
	 creating_leaks_nothing_wherever_it_fails)
