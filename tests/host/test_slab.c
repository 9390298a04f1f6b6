/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <host_mm.h>

#include <arch/mmu.h>
#include <debug/fault.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>

#define N 3000

static uint64_t live_in_all(void)
{
	struct kmem_stats s;
	uint64_t n = 0;
	unsigned i;

	kmem_drain();
	for (i = 0; kmem_cache_stats(i, &s); i++)
		n += s.live;
	return n;
}

static struct {
	uint8_t *p;
	size_t size;
} held[N];

static void fill(size_t i)
{
	memset(held[i].p, (int)(i & 0xff), held[i].size);
}

static bool intact(size_t i)
{
	size_t k;

	for (k = 0; k < held[i].size; k++)
		if (held[i].p[k] != (i & 0xff))
			return false;
	return true;
}

static void random_sizes_keep_their_contents(void)
{
	static const size_t tops[] = { 64, 300, 2500, 20000 };
	int step;
	size_t i;

	for (step = 0; step < 80000; step++) {
		i = host_below(N);
		if (held[i].p != NULL) {
			CHECK(intact(i));
			kfree(held[i].p);
			held[i].p = NULL;
			continue;
		}
		held[i].size = host_below(
			tops[host_below(64) == 0 ? 3 : host_below(3)]);
		held[i].p = kmalloc(held[i].size);
		if (held[i].p == NULL)
			continue;
		CHECK(((uintptr_t)held[i].p & 15) == 0);
		fill(i);
	}
	for (i = 0; i < N; i++) {
		if (held[i].p != NULL)
			CHECK(intact(i));
		kfree(held[i].p);
		held[i].p = NULL;
	}
	CHECK(live_in_all() == 0);
	CHECK(host_frames_leaked() == 0);
}

static void live_counts_are_exact(void)
{
	struct kmem_cache *c = kmem_cache_create("t", 200, 64);
	void *objs[500];
	struct kmem_stats s;
	unsigned i, at = 0;

	while (kmem_cache_stats(at, &s) && strcmp(s.name, "t") != 0)
		at++;
	for (i = 0; i < 500; i++) {
		objs[i] = kmem_cache_zalloc(c);
		CHECK(objs[i] != NULL && ((uintptr_t)objs[i] & 63) == 0);
	}
	CHECK(kmem_cache_stats(at, &s) && s.live == 500);
	for (i = 0; i < 400; i++)
		kmem_cache_free(c, objs[i]);
	CHECK(kmem_cache_stats(at, &s) && s.live == 100);
	for (; i < 500; i++)
		kmem_cache_free(c, objs[i]);
	CHECK(kmem_cache_stats(at, &s) && s.live == 0);
	CHECK(live_in_all() == 0);
	CHECK(host_frames_leaked() == 0);
}

static void memory_out_is_an_error_and_comes_back(void)
{
	void **first = NULL, **p;
	size_t n = 0;

	while ((p = kmalloc(1000)) != NULL) {
		*p = first;
		first = p;
		n++;
	}
	CHECK(n > 10000);
	while (first != NULL) {
		p = *first;
		kfree(first);
		first = p;
	}
	CHECK(kmalloc(SIZE_MAX) == NULL);
	CHECK(kcalloc(SIZE_MAX / 2, 4) == NULL);
	CHECK(live_in_all() == 0);
	CHECK(host_frames_leaked() == 0);
}

static void misuse_panics(void)
{
	uint8_t *p = kmalloc(40);
	uint8_t *big = kmalloc(9000);

	kfree(p);
	CHECK(PANICS(kfree(p)));
	CHECK(PANICS(kfree(big + 16)));
	kfree(big);
	p = kmalloc(700);
	p[700 + 72] = 1; /* the word behind a 768-byte object */
	CHECK(PANICS(kfree(p)));
}

static void stacks_have_guards_and_do_not_leak(void)
{
	vaddr_t tops[60];
	int round, i;
	int64_t before = 0;
	unsigned nth;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 60; i++) {
			tops[i] = kstack_alloc();
			CHECK(tops[i] != 0);
			CHECK(host_kernel_mapped(tops[i] - PAGE_SIZE));
			CHECK(host_kernel_mapped(tops[i] - KSTACK_SIZE));
			CHECK(!host_kernel_mapped(tops[i] - KSTACK_SIZE -
						  PAGE_SIZE));
		}
		for (i = 0; i < 60; i++)
			kstack_free(tops[i]);
		if (round == 0)
			before = host_frames_leaked();
	}
	CHECK(host_frames_leaked() == before);
	for (i = 0; i < 60; i++)
		tops[i] = kstack_alloc();
	for (nth = 1;; nth++) {
		vaddr_t top;

		fault_arm(nth);
		top = kstack_alloc();
		if (!fault_fired()) {
			CHECK(top != 0);
			kstack_free(top);
			break;
		}
		CHECK(top == 0);
	}
	CHECK(nth > 1);
	for (i = 0; i < 60; i++)
		kstack_free(tops[i]);
	CHECK(host_frames_leaked() == before);
}

static void set_up(void)
{
	mm_init();
	CHECK(host_frames_leaked() == 0);
}

TAP_MAIN(set_up, random_sizes_keep_their_contents, live_counts_are_exact,
	 memory_out_is_an_error_and_comes_back,
	 stacks_have_guards_and_do_not_leak, misuse_panics)
