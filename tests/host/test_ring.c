/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <sched.h>

#include "../lib/tap.h"

#include <host.h>
#include <lib/ring.h>

static void it_fills_to_the_last_byte(void)
{
	uint8_t buf[8], b;
	struct ring r;
	int i;

	ring_init(&r, buf, 8);
	CHECK(ring_empty(&r) && ring_free(&r) == 8);
	for (i = 0; i < 8; i++)
		CHECK(ring_put(&r, (uint8_t)i));
	CHECK(ring_full(&r) && !ring_put(&r, 9));
	for (i = 0; i < 8; i++)
		CHECK(ring_get(&r, &b) && b == i);
	CHECK(!ring_get(&r, &b));
}

static void indices_may_overflow(void)
{
	uint8_t buf[16], out[16];
	struct ring r;

	ring_init(&r, buf, 16);
	r.head = r.tail = UINT32_MAX - 3;
	CHECK(ring_write(&r, "0123456789abcdefXYZ", 19) == 16);
	CHECK(ring_full(&r));
	CHECK(ring_read(&r, out, 20) == 16);
	CHECK(memcmp(out, "0123456789abcdef", 16) == 0);
	CHECK(ring_empty(&r));
}

static void random_pieces_come_out_in_order(void)
{
	uint8_t buf[32], piece[48];
	uint8_t next_in = 0, next_out = 0;
	struct ring r;
	size_t n, i, did, used;
	int round;

	ring_init(&r, buf, 32);
	for (round = 0; round < 5000; round++) {
		used = ring_used(&r);
		n = host_below(sizeof(piece));
		if (host_below(2) == 0) {
			for (i = 0; i < n; i++)
				piece[i] = (uint8_t)(next_in + i);
			did = ring_write(&r, piece, n);
			CHECK(did == min(n, 32 - used));
			next_in = (uint8_t)(next_in + did);
		} else {
			did = ring_read(&r, piece, n);
			CHECK(did == min(n, used));
			for (i = 0; i < did; i++)
				CHECK(piece[i] == (uint8_t)(next_out + i));
			next_out = (uint8_t)(next_out + did);
		}
	}
}

#define STREAM 200000

static void *produce(void *arg)
{
	uint32_t i;

	for (i = 0; i < STREAM; i++) {
		while (!ring_put(arg, (uint8_t)(i * 7)))
			sched_yield();
	}
	return NULL;
}

static void two_threads_need_no_lock(void)
{
	uint8_t buf[64], b;
	struct ring r;
	pthread_t t;
	uint32_t i, wrong = 0;

	ring_init(&r, buf, 64);
	pthread_create(&t, NULL, produce, &r);
	for (i = 0; i < STREAM; i++) {
		while (!ring_get(&r, &b))
			sched_yield();
		wrong += b != (uint8_t)(i * 7);
	}
	pthread_join(t, NULL);
	CHECK(wrong == 0);
}

static void an_odd_size_is_a_bug(void)
{
	uint8_t buf[12];
	struct ring r;

	CHECK(PANICS(ring_init(&r, buf, 12)));
}

TAP_MAIN(it_fills_to_the_last_byte, indices_may_overflow,
	 random_pieces_come_out_in_order, two_threads_need_no_lock,
	 an_odd_size_is_a_bug)
