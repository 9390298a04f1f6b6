/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <host_mm.h>

#include <lib/err.h>
#include <mm/aspace.h>
#include <mm/ucopy.h>
#include <mm/uio.h>

#define BASE UINT64_C(0x400000)

static struct aspace *as;

static void set_up(void)
{
	struct map_args a = {
		.addr = BASE,
		.len = 4 * PAGE_SIZE,
		.prot = PROT_R | PROT_W,
		.flags = REG_FIXED,
	};
	vaddr_t at;

	mm_init();
	REQUIRE(aspace_create(&as) == 0);
	aspace_activate(as);
	CHECK(aspace_map(as, &a, &at) == 0 && at == BASE);
}

static void segments_are_walked_in_any_steps(void)
{
	uint8_t in[100], out[100], bufs[5][40];
	const struct uio_seg segs[] = {
		{ (vaddr_t)bufs[0], 10 }, { (vaddr_t)bufs[1], 0 },
		{ (vaddr_t)bufs[2], 40 }, { (vaddr_t)bufs[3], 1 },
		{ (vaddr_t)bufs[4], 39 },
	};
	struct uio u;
	size_t done, n, at, i;

	for (i = 0; i < 100; i++)
		in[i] = (uint8_t)(i + 1);
	uio_init_segs(&u, segs, 5, 90);
	u.kernel = true;
	for (at = 0; at < 90; at += n) {
		n = 1 + host_below(20);
		n = n < u.left ? n : u.left;
		CHECK(uio_put(&u, in + at, n, &done) == 0 && done == n);
	}
	CHECK(u.left == 0);
	uio_init_segs(&u, segs, 5, 90);
	u.kernel = true;
	uio_skip(&u, 7);
	CHECK(uio_get(&u, out, 83, &done) == 0 && done == 83);
	CHECK(memcmp(out, in + 7, 83) == 0);
	uio_init_kernel(&u, out, 50);
	CHECK(uio_put_zero(&u, 50, &done) == 0 && out[49] == 0);
	CHECK(out[50] == in[57]);
}

static void a_fault_tells_how_far_it_got(void)
{
	uint8_t data[3 * PAGE_SIZE];
	struct uio u;
	size_t done;

	memset(data, 7, sizeof(data));
	uio_init_user(&u, BASE + 2 * PAGE_SIZE + 100, sizeof(data));
	CHECK(uio_put(&u, data, sizeof(data), &done) == -EFAULT);
	CHECK(done == 2 * PAGE_SIZE - 100);
	CHECK(u.left == sizeof(data) - done);
	uio_init_user(&u, UINT64_C(0xffff800000000000), 8);
	CHECK(uio_get(&u, data, 8, &done) == -EFAULT && done == 0);
	uio_init_user(&u, USER_TOP - 4, 8);
	CHECK(uio_get(&u, data, 8, &done) == -EFAULT && done == 0);
}

static void user_copies_check_their_range(void)
{
	char buf[64];

	CHECK(copy_to_user((void *)BASE, "hello", 6) == 0);
	CHECK(copy_from_user(buf, (void *)BASE, 6) == 0);
	CHECK(strcmp(buf, "hello") == 0);
	CHECK(copy_string_from_user(buf, (char *)BASE, 64) == 5);
	CHECK(copy_string_from_user(buf, (char *)BASE, 5) == -ENAMETOOLONG);
	CHECK(copy_string_from_user(buf, (char *)USER_TOP, 5) == -EFAULT);
	CHECK(clear_user((void *)(BASE + 1), 3) == 0);
	CHECK(copy_string_from_user(buf, (char *)BASE, 64) == 1);
	CHECK(copy_to_user((void *)direct_base, "x", 1) == -EFAULT);
	CHECK(copy_from_user(buf, (void *)(USER_TOP - 1), 2) == -EFAULT);
	CHECK(user_prefault(BASE, 4 * PAGE_SIZE, true) == 0);
	CHECK(user_prefault(BASE, 5 * PAGE_SIZE, true) != 0);
}

static void other_aspaces_are_reached_by_uref(void)
{
	struct uref ref = { .as = as, .addr = BASE + PAGE_SIZE - 3, .len = 9 };
	char buf[16];

	aspace_activate(NULL);
	CHECK(uref_write(&ref, 0, "12345678", 9) == 0);
	CHECK(uref_read(&ref, 2, buf, 7) == 0);
	CHECK(strcmp(buf, "345678") == 0);
	CHECK(uref_read(&ref, 4, buf, 6) == -EFAULT);
	ref.addr = BASE + 4 * PAGE_SIZE - 2;
	CHECK(uref_write(&ref, 0, buf, 9) == -EFAULT);
	aspace_activate(as);
}

static void tear_down(void)
{
	aspace_put(as);
	CHECK(current_aspace() == NULL);
}

TAP_MAIN(set_up, segments_are_walked_in_any_steps, a_fault_tells_how_far_it_got,
	 user_copies_check_their_range, other_aspaces_are_reached_by_uref,
	 tear_down)
