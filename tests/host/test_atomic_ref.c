/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "../lib/tap.h"

#include <host.h>
#include <lib/ref.h>

static void a_count_goes_up_and_down(void)
{
	struct ref r = REF_INIT(1);

	ref_get(&r);
	CHECK(ref_read(&r) == 2);
	CHECK(!ref_put(&r));
	CHECK(ref_tryget(&r));
	CHECK(!ref_put(&r));
	CHECK(ref_put(&r));
	CHECK(!ref_tryget(&r));
	CHECK(ref_read(&r) == 0);
}

static void a_dead_object_cannot_be_revived(void)
{
	struct ref r = REF_INIT(0);

	CHECK(PANICS(ref_get(&r)));
	ref_init(&r, 0);
	CHECK(PANICS((void)!ref_put(&r)));
}

static void a_saturated_count_sticks(void)
{
	struct ref r = REF_INIT(REF_SATURATED - 1);
	int i;

	ref_get(&r);
	CHECK(ref_read(&r) >= REF_SATURATED);
	for (i = 0; i < 1000; i++)
		CHECK(!ref_put(&r));
	CHECK(ref_read(&r) >= REF_SATURATED);
	CHECK(ref_tryget(&r));
	ref_get(&r);
	CHECK(!ref_put(&r));
}

static void the_words_for_orders_work(void)
{
	uint32_t v = 1, old = 7;

	atomic_store(&v, 5, release);
	CHECK(atomic_load(&v, acquire) == 5);
	atomic_add_relaxed(&v, 2);
	CHECK(atomic_fetch_or(&v, 8) == 7);
	CHECK(atomic_fetch_and(&v, 8) == 15);
	CHECK(atomic_xchg(&v, 3) == 8);
	CHECK(!atomic_cas(&v, &old, 4) && old == 3);
	CHECK(atomic_cas(&v, &old, 4) && v == 4);
	CHECK(atomic_fetch_add(&v, 1) == 4);
	CHECK(atomic_load_relaxed(&v) == 5);
}

static struct ref shared;
static int payload, releases;

static void *get_and_put(void *arg)
{
	int i;

	for (i = 0; i < 20000; i++) {
		ref_get(&shared);
		if (ref_put(&shared))
			abort(); /* our own reference is still there */
	}
	*(int *)arg = 1;
	if (ref_put(&shared)) {
		payload = 0; /* a race, unless put orders it */
		releases++;
	}
	return NULL;
}

static void the_last_put_sees_everything(void)
{
	pthread_t t[4];
	int done[4] = { 0 };
	int i;

	ref_init(&shared, 4);
	payload = 1;
	for (i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, get_and_put, &done[i]);
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	CHECK(releases == 1 && payload == 0);
	CHECK(ref_read(&shared) == 0);
}

TAP_MAIN(a_count_goes_up_and_down, a_dead_object_cannot_be_revived,
	 a_saturated_count_sticks, the_words_for_orders_work,
	 the_last_put_sees_everything)
