/* SPDX-License-Identifier: MIT */
/*
 * The stubs themselves: other tests rely on what they count.
 */
#include "../lib/tap.h"

#include <debug/fault.h>
#include <host.h>
#include <lib/assert.h>
#include <mm/slab.h>

static void the_nth_point_fails_once(void)
{
	fault_arm(3);
	CHECK(!fault_point("a") && !fault_point("b"));
	CHECK(fault_point("c") && !fault_point("d"));
	CHECK(fault_fired() && !fault_fired());
	fault_arm(9);
	CHECK(!fault_point("a"));
	CHECK(!fault_fired() && !fault_point("b"));
}

static void live_objects_are_counted(void)
{
	void *a = kmalloc(10), *b = kzalloc(10);
	char *s = kstrdup("text");

	CHECK(host_live_objects() == 3);
	CHECK(strcmp(s, "text") == 0 && ((char *)b)[9] == 0);
	kfree(a);
	kfree(b);
	kfree(s);
	kfree(NULL);
	CHECK(host_live_objects() == 0);
	fault_arm(1);
	CHECK(kmalloc(1) == NULL && fault_fired());
	CHECK(kcalloc(SIZE_MAX / 2, 3) == NULL);
}

static void caches_count_with_the_rest(void)
{
	struct kmem_cache *c = kmem_cache_create("t", 24, 8);
	void *p = kmem_cache_zalloc(c);

	CHECK(p != NULL && host_live_objects() == 1);
	kmem_cache_free(c, p);
	CHECK(host_live_objects() == 0);
}

static void a_failed_assertion_panics_with_its_text(void)
{
	int two = 2;

	CHECK(PANICS(kassert(two == 3)));
	CHECK(strstr(host_panic_text, "two == 3") != NULL);
	CHECK(!PANICS(kassert(two == 2)));
	CHECK(PANICS(kassert_dbg(two == 3)) == CONFIG_DEBUG);
}

TAP_MAIN(the_nth_point_fails_once, live_objects_are_counted,
	 caches_count_with_the_rest, a_failed_assertion_panics_with_its_text)
