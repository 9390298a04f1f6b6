/* SPDX-License-Identifier: MIT */
/* Memory objects and address spaces, driven from a kernel thread. */
#include <abi/linux/mman.h>
#include <arch/hooks.h>
#include <debug/fault.h>
#include <debug/ktest.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/uio.h>
#include <mm/vmobj.h>

#define BASE  UINT64_C(0x20000000)
#define READ  FAULT_USER
#define WRITE (FAULT_USER | FAULT_WRITE)

static err_t map_at(struct aspace *as, vaddr_t at, size_t pages, unsigned prot,
		    unsigned flags, struct vmobj *o)
{
	const struct map_args a = {
		.addr = at,
		.len = pages * PAGE_SIZE,
		.prot = prot,
		.flags = flags | REG_FIXED,
		.obj = o,
	};
	vaddr_t got;

	return aspace_map(as, &a, &got);
}

static uint64_t peek(struct aspace *as, vaddr_t at)
{
	const struct uref r = { as, at, 8 };
	uint64_t v = 0;

	return uref_read(&r, 0, &v, 8) == 0 ? v : UINT64_MAX;
}

static err_t poke(struct aspace *as, vaddr_t at, uint64_t v)
{
	const struct uref r = { as, at, 8 };

	return uref_write(&r, 0, &v, 8);
}

KTEST(objects_keep_pages)
{
	static char buf[3 * PAGE_SIZE];
	struct vmobj *o;
	struct uio u;
	size_t done;
	paddr_t pa, again;
	err_t err;

	err = vmobj_create_anon(8 * PAGE_SIZE, &o);
	KREQUIRE(err == 0);
	err = vmobj_page(o, 2, false, &pa);
	KCHECK(err == -ENOENT);
	err = vmobj_page(o, 2, true, &pa);
	if (KCHECK(err == 0)) {
		err = vmobj_page(o, 2, false, &again);
		KCHECK(err == 0 && again == pa && frame_count(pa) == 3);
		frame_put(pa);
		frame_put(pa);
	}
	memset(buf, 'w', sizeof(buf));
	uio_init_kernel(&u, buf, sizeof(buf));
	done = 0;
	err = vmobj_write(o, 1000, &u, &done);
	KCHECK(err == 0 && done == sizeof(buf) && u.left == 0);
	memset(buf, 0, sizeof(buf));
	uio_init_kernel(&u, buf, 2000);
	done = 0;
	err = vmobj_read(o, 0, &u, &done);
	KCHECK(err == 0 && done == 2000);
	KCHECK(buf[999] == 0 && buf[1000] == 'w' && buf[1999] == 'w');
	/* Beyond the new size there is nothing; before it, zeroes again. */
	err = vmobj_truncate(o, 1100);
	KCHECK(err == 0);
	err = vmobj_truncate(o, 2000);
	KCHECK(err == 0);
	uio_init_kernel(&u, buf, sizeof(buf));
	done = 0;
	err = vmobj_read(o, 0, &u, &done);
	KCHECK(err == 0 && done == 2000);
	KCHECK(buf[1099] == 'w' && buf[1100] == 0 && buf[1999] == 0);
	vmobj_put(o);
}

KTEST(regions_fault_as_they_are_protected)
{
	struct aspace *as;

	KREQUIRE(aspace_create(&as) == 0);
	KCHECK(map_at(as, BASE, 4, PROT_R | PROT_W, 0, NULL) == 0);
	KCHECK(map_at(as, BASE + 8 * PAGE_SIZE, 2, PROT_R, 0, NULL) == 0);
	KCHECK(aspace_fault(as, BASE - 1, READ) == -EFAULT);
	KCHECK(aspace_fault(as, BASE + 4 * PAGE_SIZE, WRITE) == -EFAULT);
	KCHECK(aspace_fault(as, BASE, READ) == 0);
	KCHECK(aspace_fault(as, BASE, WRITE | FAULT_PRESENT) == 0);
	KCHECK(aspace_fault(as, BASE + PAGE_SIZE, WRITE) == 0);
	KCHECK(aspace_fault(as, BASE, READ | FAULT_EXEC | FAULT_PRESENT) ==
	       -EACCES);
	KCHECK(aspace_fault(as, BASE + 8 * PAGE_SIZE, WRITE) == -EACCES);
	KCHECK(aspace_fault(as, BASE + 8 * PAGE_SIZE, READ) == 0);
	KCHECK(aspace_protect(as, BASE, PAGE_SIZE, PROT_R) == 0);
	KCHECK(aspace_fault(as, BASE, WRITE | FAULT_PRESENT) == -EACCES);
	KCHECK(aspace_protect(as, BASE, 6 * PAGE_SIZE, PROT_R) == -ENOMEM);
	KCHECK(aspace_unmap(as, BASE + PAGE_SIZE, PAGE_SIZE) == 0);
	KCHECK(aspace_fault(as, BASE + PAGE_SIZE, READ) == -EFAULT);
	KCHECK(map_at(as, BASE, 1, PROT_R, REG_NOREPLACE, NULL) == -EEXIST);
	aspace_put(as);
}

KTEST(copies_are_private)
{
	struct aspace *a, *b, *c;
	unsigned i;

	KREQUIRE(aspace_create(&a) == 0);
	KCHECK(map_at(a, BASE, 8, PROT_R | PROT_W, 0, NULL) == 0);
	for (i = 0; i < 8; i++)
		KCHECK(poke(a, BASE + i * PAGE_SIZE, 100 + i) == 0);
	if (!KCHECK(aspace_copy(a, &b) == 0)) {
		aspace_put(a);
		return;
	}
	KCHECK(poke(a, BASE, 1) == 0 && poke(b, BASE, 2) == 0);
	KCHECK(peek(a, BASE) == 1 && peek(b, BASE) == 2);
	KCHECK(peek(a, BASE + PAGE_SIZE) == 101);
	KCHECK(peek(b, BASE + PAGE_SIZE) == 101);
	/* A copy of the copy, and the first one goes. */
	KCHECK(aspace_copy(b, &c) == 0);
	aspace_put(a);
	KCHECK(poke(b, BASE + 2 * PAGE_SIZE, 7) == 0);
	KCHECK(peek(c, BASE + 2 * PAGE_SIZE) == 102 && peek(c, BASE) == 2);
	aspace_put(b);
	for (i = 1; i < 8; i++)
		KCHECK(peek(c, BASE + i * PAGE_SIZE) == 100 + i);
	aspace_put(c);
}

KTEST(shared_objects_are_one_memory)
{
	struct aspace *a, *b;
	struct vmobj *o;

	KREQUIRE(vmobj_create_anon(4 * PAGE_SIZE, &o) == 0);
	KREQUIRE(aspace_create(&a) == 0);
	KREQUIRE(aspace_create(&b) == 0);
	KCHECK(map_at(a, BASE, 4, PROT_R | PROT_W, REG_SHARED | REG_MAYWRITE,
		      o) == 0);
	KCHECK(map_at(b, BASE * 2, 4, PROT_R | PROT_W,
		      REG_SHARED | REG_MAYWRITE, o) == 0);
	KCHECK(poke(a, BASE + 8, 55) == 0);
	KCHECK(peek(b, BASE * 2 + 8) == 55);
	KCHECK(poke(b, BASE * 2 + PAGE_SIZE, 66) == 0);
	KCHECK(peek(a, BASE + PAGE_SIZE) == 66);
	/* A shorter object: its pages go from every map, and fault as such. */
	KCHECK(vmobj_truncate(o, PAGE_SIZE) == 0);
	KCHECK(aspace_fault(a, BASE + PAGE_SIZE, READ) == -ENXIO);
	KCHECK(aspace_fault(b, BASE * 2 + PAGE_SIZE, WRITE) == -ENXIO);
	KCHECK(peek(a, BASE + 8) == 55);
	aspace_put(a);
	vmobj_put(o);
	KCHECK(peek(b, BASE * 2 + 8) == 55);
	aspace_put(b);
}

KTEST(private_maps_of_objects_do_not_change_them)
{
	struct aspace *as;
	struct vmobj *o;
	char word[8] = "origina";
	struct uio u;
	size_t done = 0;

	KREQUIRE(vmobj_create_anon(2 * PAGE_SIZE, &o) == 0);
	uio_init_kernel(&u, word, 8);
	KCHECK(vmobj_write(o, 0, &u, &done) == 0);
	KREQUIRE(aspace_create(&as) == 0);
	KCHECK(map_at(as, BASE, 2, PROT_R | PROT_W, 0, o) == 0);
	KCHECK(poke(as, BASE, 99) == 0);
	KCHECK(peek(as, BASE) == 99);
	memset(word, 0, 8);
	uio_init_kernel(&u, word, 8);
	done = 0;
	KCHECK(vmobj_read(o, 0, &u, &done) == 0 &&
	       strcmp(word, "origina") == 0);
	aspace_put(as);
	vmobj_put(o);
}

KTEST(the_break_moves)
{
	struct aspace *as;
	vaddr_t old;

	KREQUIRE(aspace_create(&as) == 0);
	aspace_set_brk_base(as, BASE);
	old = aspace_brk(as, 0);
	KCHECK(old == BASE);
	KCHECK(aspace_brk(as, BASE + 10000) == BASE + 10000);
	KCHECK(poke(as, BASE + 9000, 3) == 0 && peek(as, BASE + 9000) == 3);
	KCHECK(aspace_brk(as, BASE) == BASE);
	KCHECK(aspace_fault(as, BASE + 9000, READ) == -EFAULT);
	/* What cannot be stays as it was. */
	KCHECK(aspace_brk(as, USER_TOP + PAGE_SIZE) == BASE);
	KCHECK(aspace_brk(as, BASE - PAGE_SIZE) == BASE);
	aspace_put(as);
}

KTEST(moving_keeps_contents)
{
	struct aspace *as;
	vaddr_t to = 0;

	KREQUIRE(aspace_create(&as) == 0);
	aspace_set_stack_top(as, USER_TOP - PAGE_SIZE);
	KCHECK(map_at(as, BASE, 3, PROT_R | PROT_W, 0, NULL) == 0);
	KCHECK(poke(as, BASE + 2 * PAGE_SIZE, 77) == 0);
	/* Something behind it, so that it cannot grow in place. */
	KCHECK(map_at(as, BASE + 3 * PAGE_SIZE, 1, PROT_R, 0, NULL) == 0);
	KCHECK(aspace_remap(as, BASE, 3 * PAGE_SIZE, 50 * PAGE_SIZE, 0, 0,
			    &to) == -ENOMEM);
	KCHECK(aspace_remap(as, BASE, 3 * PAGE_SIZE, 50 * PAGE_SIZE,
			    MREMAP_MAYMOVE, 0, &to) == 0);
	KCHECK(to != BASE && peek(as, to + 2 * PAGE_SIZE) == 77);
	KCHECK(aspace_fault(as, BASE, READ) == -EFAULT);
	aspace_put(as);
}

/* By a seed: pages hold what the model says, and all frames come back. */
KTEST(an_aspace_storm_keeps_contents)
{
	static uint32_t model[64]; /* 0: unmapped, 1: never stored */
	struct aspace *as;
	uint64_t s = 987654321;
	unsigned step, i, n;

	memset(model, 0, sizeof(model));
	KREQUIRE(aspace_create(&as) == 0);
	for (step = 0; step < 3000; step++) {
		s = s * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned)(s >> 33) % 64;
		n = 1 + (unsigned)(s >> 45) % (64 - i);
		switch ((s >> 58) % 8) {
		case 0:
			KCHECK(map_at(as, BASE + i * PAGE_SIZE, n,
				      PROT_R | PROT_W, 0, NULL) == 0);
			while (n-- > 0)
				model[i + n] = 1;
			break;
		case 1:
			KCHECK(aspace_unmap(as, BASE + i * PAGE_SIZE,
					    n * PAGE_SIZE) == 0);
			memset(model + i, 0, n * sizeof(model[0]));
			break;
		default:
			if (model[i] == 0) {
				KCHECK(aspace_fault(as, BASE + i * PAGE_SIZE,
						    WRITE) == -EFAULT);
				break;
			}
			KCHECK(peek(as, BASE + i * PAGE_SIZE) ==
			       (model[i] == 1 ? 0 : model[i]));
			model[i] = step + 2;
			KCHECK(poke(as, BASE + i * PAGE_SIZE, model[i]) == 0);
			break;
		}
	}
	aspace_put(as);
}

/* Every allocation on the way of map, fault and copy fails once. */
KTEST(aspace_operations_fail_cleanly)
{
	struct aspace *as, *copy;
	unsigned n;
	bool fired;
	err_t err;

	if (!CONFIG_DEBUG) {
		KSKIP("faults are injected in the debug flavour");
		return;
	}
	for (n = 1; n < 300; n++) {
		fault_arm(n);
		err = aspace_create(&as);
		if (err) {
			KCHECK(err == -ENOMEM && fault_fired());
			continue;
		}
		err = map_at(as, BASE, 4, PROT_R | PROT_W, 0, NULL);
		if (!err)
			err = aspace_fault(as, BASE + PAGE_SIZE, WRITE);
		if (!err)
			err = aspace_protect(as, BASE, PAGE_SIZE, PROT_R);
		if (!err)
			err = aspace_unmap(as, BASE + 2 * PAGE_SIZE, PAGE_SIZE);
		if (!err) {
			err = aspace_copy(as, &copy);
			if (!err)
				aspace_put(copy);
		}
		fired = fault_fired();
		KCHECK(err == 0 || (err == -ENOMEM && fired));
		aspace_put(as);
		if (!fired)
			break;
	}
	KCHECK(n > 4 && n < 300);
}
