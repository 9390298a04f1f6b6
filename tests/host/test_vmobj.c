/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <host_mm.h>

#include <arch/hooks.h>
#include <debug/fault.h>
#include <lib/err.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/vmobj.h>

#define MAX  (40 * PAGE_SIZE)
#define BASE UINT64_C(0x10000000)

static uint8_t model[MAX], buf[MAX];
static size_t model_size;

static bool same_contents(struct vmobj *o)
{
	struct uio u;
	size_t done;

	memset(buf, 0xee, sizeof(buf));
	uio_init_kernel(&u, buf, MAX);
	return vmobj_read(o, 0, &u, &done) == 0 && done == model_size &&
	       memcmp(buf, model, model_size) == 0 && o->size == model_size;
}

static void random_step(struct vmobj *o)
{
	size_t off = host_below(MAX), n = host_below(3 * PAGE_SIZE), done;
	struct uio u;

	if (host_below(4) == 0) {
		off = host_below(2) != 0 ? off : off & ~PAGE_MASK;
		CHECK(vmobj_truncate(o, off) == 0);
		if (off < model_size)
			memset(model + off, 0, model_size - off);
		model_size = off;
		return;
	}
	if (off + n > MAX)
		n = MAX - off;
	memset(buf, (int)host_below(255) + 1, n);
	uio_init_kernel(&u, buf, n);
	CHECK(vmobj_write(o, off, &u, &done) == 0 && done == n);
	memcpy(model + off, buf, n);
	if (n != 0 && off + n > model_size)
		model_size = off + n;
}

static void reads_and_writes_match_a_flat_file(void)
{
	struct vmobj *o;
	int i;

	REQUIRE(vmobj_create_anon(0, &o) == 0);
	for (i = 0; i < 3000; i++) {
		random_step(o);
		if (i % 16 == 0)
			CHECK(same_contents(o));
	}
	vmobj_put(o);
	CHECK(host_frames_leaked() == 0);
}

static int releases;

static void count_release(struct vmobj *o)
{
	(void)o;
	releases++;
}

static const struct pager_ops counting = { .release = count_release };

static void the_owner_is_told_once(void)
{
	struct vmobj o;
	paddr_t pa;

	vmobj_init(&o, &counting, NULL);
	CHECK(vmobj_page(&o, 0, true, &pa) == -ENOENT);
	CHECK(vmobj_truncate(&o, 5000) == 0);
	CHECK(vmobj_page(&o, 1, false, &pa) == -ENOENT);
	CHECK(vmobj_page(&o, 1, true, &pa) == 0);
	CHECK(frame_count(pa) == 2);
	vmobj_get(&o);
	vmobj_put(&o);
	CHECK(releases == 0);
	vmobj_put(&o);
	CHECK(releases == 1 && frame_count(pa) == 1);
	frame_put(pa);
	CHECK(host_frames_leaked() == 0);
}

static void adopted_pages_are_read_and_freed(void)
{
	struct frame_stats a, b;
	struct vmobj *o;
	paddr_t pa;

	REQUIRE(vmobj_create_anon(2 * PAGE_SIZE, &o) == 0);
	frame_get_stats(&a);
	CHECK(vmobj_adopt_page(o, 1, HOST_INITRD) == 0);
	CHECK(vmobj_page(o, 1, false, &pa) == 0 && pa == HOST_INITRD);
	frame_put(pa);
	CHECK(frame_count(HOST_INITRD) == 1);
	CHECK(vmobj_adopt_page(o, 1, HOST_INITRD) == -EEXIST);
	vmobj_put(o);
	frame_get_stats(&b);
	CHECK(b.total == a.total + 1);
	/* Keep the account of the other tests straight. */
	while ((pa = frame_alloc(0)) != HOST_INITRD)
		frame_get(pa), frame_put(pa), frame_put(pa);
	CHECK(host_frames_leaked() == 0);
}

/* What a user sees at @va, or -1. */
static int peek(vaddr_t va)
{
	uint8_t c;

	return copy_from_user(&c, (void *)va, 1) == 0 ? c : -1;
}

static void truncation_reaches_every_mapping(void)
{
	struct aspace *as, *child;
	struct map_args a = { .addr = BASE,
			      .len = 8 * PAGE_SIZE,
			      .prot = PROT_R | PROT_W,
			      .flags = REG_FIXED | REG_SHARED | REG_MAYWRITE };
	struct vmobj *o;
	vaddr_t at;
	int i;

	REQUIRE(vmobj_create_anon(6 * PAGE_SIZE, &o) == 0);
	REQUIRE(aspace_create(&as) == 0);
	a.obj = o;
	CHECK(aspace_map(as, &a, &at) == 0);
	a.addr = BASE + 16 * PAGE_SIZE;
	a.offset = 2 * PAGE_SIZE;
	a.flags = REG_FIXED; /* private, from the third page on */
	CHECK(aspace_map(as, &a, &at) == 0);
	aspace_activate(as);
	for (i = 0; i < 6; i++) {
		uint8_t c = (uint8_t)(i + 1);

		CHECK(copy_to_user((void *)(BASE + i * PAGE_SIZE), &c, 1) == 0);
	}
	CHECK(peek(BASE + 6 * PAGE_SIZE) == -1);
	CHECK(aspace_fault(as, BASE + 6 * PAGE_SIZE, 0) == -ENXIO);
	CHECK(peek(a.addr) == 3 && peek(a.addr + 3 * PAGE_SIZE) == 6);
	CHECK(copy_to_user((void *)(a.addr + PAGE_SIZE), "z", 1) == 0);
	CHECK(peek(BASE + 3 * PAGE_SIZE) == 4);
	CHECK(peek(a.addr + PAGE_SIZE) == 'z');
	REQUIRE(aspace_copy(as, &child) == 0);
	CHECK(vmobj_truncate(o, 3 * PAGE_SIZE) == 0);
	CHECK(peek(BASE + 2 * PAGE_SIZE) == 3);
	CHECK(peek(BASE + 3 * PAGE_SIZE) == -1);
	CHECK(peek(a.addr) == 3 && peek(a.addr + PAGE_SIZE) == -1);
	aspace_activate(child);
	CHECK(peek(a.addr) == 3 && peek(a.addr + PAGE_SIZE) == -1);
	CHECK(peek(BASE + 2 * PAGE_SIZE) == 3);
	CHECK(vmobj_truncate(o, 6 * PAGE_SIZE) == 0);
	CHECK(peek(BASE + 3 * PAGE_SIZE) == 0);
	CHECK(peek(a.addr + PAGE_SIZE) == 0);
	aspace_put(as);
	aspace_put(child);
	vmobj_put(o);
	CHECK(host_frames_leaked() == 0);
}

static void writes_fail_cleanly(void)
{
	unsigned nth = 0;
	struct vmobj *o;
	struct uio u;
	size_t done;
	err_t err;

	do {
		fault_arm(++nth);
		done = 0;
		err = vmobj_create_anon(0, &o);
		if (!err) {
			uio_init_kernel(&u, buf, 5 * PAGE_SIZE);
			err = vmobj_write(o, PAGE_SIZE * 100, &u, &done);
			CHECK(done == 0 || o->size == 100 * PAGE_SIZE + done);
			vmobj_put(o);
		}
		CHECK(err == 0 || err == -ENOMEM);
		CHECK(host_frames_leaked() == 0);
	} while (fault_fired());
	CHECK(err == 0 && nth > 5);
}

static void set_up(void)
{
	mm_init();
	CHECK(host_frames_leaked() == 0);
}

TAP_MAIN(set_up, reads_and_writes_match_a_flat_file, the_owner_is_told_once,
	 truncation_reaches_every_mapping, writes_fail_cleanly,
	 adopted_pages_are_read_and_freed)
