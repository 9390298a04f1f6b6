/* SPDX-License-Identifier: MIT */
#include "../lib/tap.h"

#include <host.h>
#include <host_mm.h>

#include <abi/linux/mman.h>
#include <arch/hooks.h>
#include <debug/fault.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/vmobj.h>

#include "../../kernel/mm/aspace_impl.h"

#define NP    96 /* pages of the window that the model follows */
#define BASE  (GIB(1) - 40 * PAGE_SIZE) /* across leaf tables */
#define NAS   4
#define CELLS 200000

#define RW (PROT_R | PROT_W)

/* The model: what each page of the window is, and its first byte. */
struct mpage {
	bool mapped, shared;
	unsigned prot;
	unsigned obj, index; /* shared: which object, which page */
	uint8_t *cell;
};

struct maspace {
	struct aspace *as;
	struct mpage page[NP];
};

static struct maspace all[NAS];
static uint8_t cells[CELLS];
static size_t ncells;
static unsigned nobjs;

static uint8_t *new_cell(uint8_t v)
{
	if (ncells == CELLS)
		abort();
	cells[ncells] = v;
	return &cells[ncells++];
}

static vaddr_t va_of(size_t i)
{
	return BASE + i * PAGE_SIZE;
}

static void random_range(size_t *first, size_t *n)
{
	*first = host_below(NP);
	*n = 1 + host_below(min(NP - *first, (size_t)20));
}

static void do_map(struct maspace *m)
{
	static const unsigned prots[] = { 0, PROT_R, RW, RW, RW };
	struct map_args a = { .flags = REG_FIXED };
	size_t first, n, i;
	vaddr_t at;

	random_range(&first, &n);
	a.addr = va_of(first);
	a.len = n * PAGE_SIZE - host_below(100);
	a.prot = prots[host_below(5)];
	if (host_below(3) == 0)
		a.flags |= REG_SHARED;
	CHECK(aspace_map(m->as, &a, &at) == 0 && at == a.addr);
	nobjs++;
	for (i = first; i < first + n; i++)
		m->page[i] = (struct mpage){
			.mapped = true,
			.shared = (a.flags & REG_SHARED) != 0,
			.prot = a.prot,
			.obj = nobjs,
			.index = (unsigned)(i - first),
			.cell = new_cell(0),
		};
}

static void do_unmap(struct maspace *m)
{
	size_t first, n;

	random_range(&first, &n);
	CHECK(aspace_unmap(m->as, va_of(first), n * PAGE_SIZE) == 0);
	memset(&m->page[first], 0, n * sizeof(m->page[0]));
}

static void do_protect(struct maspace *m)
{
	static const unsigned prots[] = { 0, PROT_R, RW, RW };
	unsigned prot = prots[host_below(4)];
	size_t first, n, i;
	err_t want = 0;

	random_range(&first, &n);
	for (i = first; i < first + n; i++) {
		if (!m->page[i].mapped) {
			want = -ENOMEM;
			break;
		}
		m->page[i].prot = prot;
	}
	CHECK(aspace_protect(m->as, va_of(first), n * PAGE_SIZE, prot) == want);
}

static void do_write(struct maspace *m)
{
	size_t i = host_below(NP);
	uint8_t v = (uint8_t)host_random();
	bool ok = m->page[i].mapped && (m->page[i].prot & PROT_W) != 0;

	aspace_activate(m->as);
	CHECK(copy_to_user((void *)va_of(i), &v, 1) == (ok ? 0 : -EFAULT));
	if (ok)
		*m->page[i].cell = v;
}

static void do_read(struct maspace *m)
{
	size_t i = host_below(NP);
	bool ok = m->page[i].mapped && m->page[i].prot != 0;
	struct uref ref = { .as = m->as, .addr = va_of(i), .len = 1 };
	uint8_t v;

	CHECK(uref_read(&ref, 0, &v, 1) == (ok ? 0 : -EFAULT));
	CHECK(!ok || v == *m->page[i].cell);
}

static void do_dontneed(struct maspace *m)
{
	size_t first, n, i;
	err_t want = 0;

	random_range(&first, &n);
	for (i = first; i < first + n; i++) {
		if (!m->page[i].mapped)
			want = -ENOMEM;
		else if (!m->page[i].shared)
			m->page[i].cell = new_cell(0);
	}
	CHECK(aspace_advise(m->as, va_of(first), n * PAGE_SIZE,
			    MADV_DONTNEED) == want);
}

static void do_fork(struct maspace *m)
{
	struct maspace *to = &all[host_below(NAS)];
	size_t i;

	if (to == m)
		return;
	aspace_put(to->as);
	*to = *m;
	REQUIRE(aspace_copy(m->as, &to->as) == 0);
	for (i = 0; i < NP; i++)
		if (to->page[i].mapped && !to->page[i].shared)
			to->page[i].cell = new_cell(*m->page[i].cell);
}

/* Would the kernel hold these two neighbours in one region? */
static bool together(const struct mpage *a, const struct mpage *b)
{
	return a->mapped && b->mapped && a->prot == b->prot &&
	       a->shared == b->shared &&
	       (!a->shared || (a->obj == b->obj && a->index + 1 == b->index));
}

static void do_move(struct maspace *m)
{
	struct mpage moved[NP];
	size_t from, to, n, new_n, i;
	err_t want = 0, err;
	vaddr_t at;

	random_range(&from, &n);
	to = host_below(NP - n);
	new_n = n - host_below(n);
	if (from + n > to && to + new_n > from)
		want = -EINVAL;
	if (!m->page[from].mapped)
		want = -EFAULT;
	/* What the failing call would change first is not modelled. */
	for (i = from; i + 1 < from + n; i++)
		if (!together(&m->page[i], &m->page[i + 1]))
			return;
	err = aspace_remap(m->as, va_of(from), n * PAGE_SIZE, new_n * PAGE_SIZE,
			   MREMAP_MAYMOVE | MREMAP_FIXED, va_of(to), &at);
	CHECK(err == want);
	if (err)
		return;
	CHECK(at == va_of(to));
	memcpy(moved, &m->page[from], sizeof(moved[0]) * n);
	memset(&m->page[from], 0, sizeof(moved[0]) * n);
	memcpy(&m->page[to], moved, sizeof(moved[0]) * new_n);
}

/* ---- comparing ---- */

static bool regions_match(struct maspace *m)
{
	struct region_info info;
	uint64_t virt = 0, data = 0;
	struct aspace_stats st;
	vaddr_t at = 0;
	size_t i;

	for (i = 0; i < NP; i++) {
		const struct mpage *p = &m->page[i];
		bool found = aspace_next_region(m->as, va_of(i), &info) &&
			     info.start <= va_of(i);

		if (found != p->mapped)
			return false;
		if (!found)
			continue;
		if (info.prot != p->prot ||
		    ((info.flags & REG_SHARED) != 0) != p->shared)
			return false;
		if (i > 0 && together(p - 1, p) != (info.start < va_of(i)))
			return false;
		virt++;
		data += !p->shared && (p->prot & PROT_W) != 0;
	}
	aspace_get_stats(m->as, &st);
	while (aspace_next_region(m->as, at, &info)) {
		if (info.start < BASE || info.end > va_of(NP))
			return false;
		at = info.end;
	}
	return st.virt_pages == virt && st.data_pages == data;
}

/* The highest place by looking at every gap. */
static vaddr_t naive_gap(struct aspace *as, uint64_t len, vaddr_t low,
			 vaddr_t high)
{
	vaddr_t prev = 0, best = 0, lo, hi;
	struct list *l;

	for (l = as->regions.next;; l = l->next) {
		bool end = l == &as->regions;
		struct region *r = end ? NULL : region_of(l);

		hi = end ? high : r->start;
		if (!end && (r->flags & REG_GROWSDOWN) != 0)
			hi = hi > STACK_GUARD ? hi - STACK_GUARD : 0;
		hi = min(hi, high);
		lo = max(prev, low);
		if (hi > lo && hi - lo >= len)
			best = max(best, hi - len);
		if (end)
			return best;
		prev = r->end;
	}
}

static bool gaps_match(struct aspace *as, vaddr_t low, vaddr_t high)
{
	int i;

	for (i = 0; i < 20; i++) {
		uint64_t len = (1 + host_below(30)) * PAGE_SIZE;
		vaddr_t hi = high - host_below(NP / 2) * PAGE_SIZE;

		if (region_gap(as, len, low, hi) != naive_gap(as, len, low, hi))
			return false;
	}
	return rb_check(&as->tree) == as->nr_regions;
}

static void random_calls_match_a_page_array(void)
{
	static void (*const ops[])(struct maspace *) = {
		do_map,	  do_unmap, do_protect,	 do_write, do_write, do_write,
		do_write, do_read,  do_dontneed, do_fork,  do_move,  do_read,
	};
	int step, i;

	for (i = 0; i < NAS; i++)
		REQUIRE(aspace_create(&all[i].as) == 0);
	for (step = 0; step < 12000; step++) {
		struct maspace *m = &all[host_below(NAS)];

		ops[host_below(array_size(ops))](m);
		if (step % 20 != 0)
			continue;
		if (!CHECK(regions_match(m)))
			break;
		if (!CHECK(gaps_match(m->as, BASE, va_of(NP))))
			break;
	}
	for (i = 0; i < NAS; i++)
		aspace_put(all[i].as);
	CHECK(host_frames_leaked() == 0);
}

/* ---- single behaviours ---- */

static vaddr_t map_at(struct aspace *as, vaddr_t addr, size_t len,
		      unsigned flags)
{
	struct map_args a = {
		.addr = addr, .len = len, .prot = RW, .flags = flags
	};
	vaddr_t at = 0;

	return aspace_map(as, &a, &at) == 0 ? at : 0;
}

static void places_are_chosen_from_the_top(void)
{
	struct aspace *as;
	vaddr_t a, b, c;
	int i;

	REQUIRE(aspace_create(&as) == 0);
	a = map_at(as, 0, PAGE_SIZE, 0);
	b = map_at(as, 0, PAGE_SIZE, REG_SHARED);
	CHECK(a != 0 && b == a - PAGE_SIZE);
	c = map_at(as, 0, PAGE_SIZE, 0);
	CHECK(c == b - PAGE_SIZE);
	CHECK(aspace_unmap(as, b, PAGE_SIZE) == 0);
	CHECK(map_at(as, 0, PAGE_SIZE, 0) == b);
	CHECK(as->nr_regions == 1);
	/* A hint is taken when it is free. */
	CHECK(map_at(as, GIB(5) + 1, PAGE_SIZE, 0) == GIB(5) + PAGE_SIZE);
	CHECK(map_at(as, b, PAGE_SIZE, 0) != b);
	/* Many regions with holes: the same answer as looking at each. */
	for (i = 0; i < 300; i++)
		(void)map_at(as, GIB(2) + host_below(2000) * PAGE_SIZE,
			     PAGE_SIZE * (1 + host_below(8)),
			     host_below(9) == 0 ? REG_GROWSDOWN : 0);
	for (i = 0; i < 200; i++) {
		vaddr_t high = GIB(2) + host_below(3000) * PAGE_SIZE;
		uint64_t len = (1 + host_below(40)) * PAGE_SIZE;

		CHECK(region_gap(as, len, GIB(1), high) ==
		      naive_gap(as, len, GIB(1), high));
	}
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

static void wrong_arguments_give_linux_errors(void)
{
	struct map_args a = { .addr = BASE, .len = 0, .prot = RW };
	struct aspace_limits lim = { .as_bytes = MIB(4),
				     .data_bytes = MIB(2),
				     .stack_bytes = MIB(8) };
	struct aspace *as;
	uint8_t vec[4];
	vaddr_t at;

	REQUIRE(aspace_create(&as) == 0);
	CHECK(aspace_map(as, &a, &at) == -EINVAL);
	a.len = UINT64_MAX;
	CHECK(aspace_map(as, &a, &at) == -ENOMEM);
	a.len = GIB(1); /* more than there is */
	CHECK(aspace_map(as, &a, &at) == -ENOMEM);
	a.flags = REG_NORESERVE;
	CHECK(aspace_map(as, &a, &at) == 0);
	CHECK(aspace_unmap(as, at, GIB(1)) == 0);
	a.flags = REG_FIXED;
	a.len = PAGE_SIZE;
	a.addr = BASE + 1;
	CHECK(aspace_map(as, &a, &at) == -EINVAL);
	a.addr = USER_TOP;
	CHECK(aspace_map(as, &a, &at) == -ENOMEM);
	a.addr = 0;
	CHECK(aspace_map(as, &a, &at) == -EPERM);
	a.addr = BASE;
	CHECK(aspace_map(as, &a, &at) == 0);
	a.flags |= REG_NOREPLACE;
	CHECK(aspace_map(as, &a, &at) == -EEXIST);

	CHECK(aspace_unmap(as, BASE + 1, 1) == -EINVAL);
	CHECK(aspace_unmap(as, BASE, 0) == -EINVAL);
	CHECK(aspace_unmap(as, USER_TOP - PAGE_SIZE, 2 * PAGE_SIZE) == -EINVAL);
	CHECK(aspace_unmap(as, GIB(9), PAGE_SIZE) == 0);
	CHECK(aspace_protect(as, BASE + 1, 1, 0) == -EINVAL);
	CHECK(aspace_protect(as, GIB(9), 0, 0) == 0);
	CHECK(aspace_protect(as, GIB(9), 1, 0) == -ENOMEM);
	CHECK(aspace_advise(as, BASE, 1, 7) == -EINVAL);
	CHECK(aspace_advise(as, GIB(9), 1, MADV_NORMAL) == -ENOMEM);
	CHECK(aspace_remap(as, GIB(9), 1, 1, 0, 0, &at) == -EFAULT);
	CHECK(aspace_remap(as, BASE, PAGE_SIZE, 0, 0, 0, &at) == -EINVAL);
	CHECK(aspace_remap(as, BASE, PAGE_SIZE, 1, MREMAP_FIXED, 0, &at) ==
	      -EINVAL);
	CHECK(aspace_remap(as, BASE, 2 * PAGE_SIZE, 3 * PAGE_SIZE,
			   MREMAP_MAYMOVE, 0, &at) == -EFAULT);
	CHECK(aspace_remap(as, BASE, 0, PAGE_SIZE, MREMAP_MAYMOVE, 0, &at) ==
	      -EINVAL);
	CHECK(aspace_resident(as, BASE, 1, vec) == 0 && vec[0] == 0);
	CHECK(aspace_resident(as, BASE, 2, vec) == -ENOMEM);
	CHECK(aspace_fault(as, GIB(9), 0) == -EFAULT);
	CHECK(aspace_fault(as, BASE, FAULT_EXEC) == -EACCES);
	CHECK(aspace_fault(as, UINT64_MAX, 0) == -EFAULT);

	aspace_set_limits(as, &lim);
	CHECK(map_at(as, 0, MIB(3), 0) == 0);
	CHECK(map_at(as, 0, MIB(1), 0) != 0);
	CHECK(map_at(as, 0, MIB(2), 0) == 0);
	CHECK(map_at(as, 0, MIB(2), REG_SHARED) != 0);
	CHECK(map_at(as, 0, MIB(2), REG_SHARED) == 0);
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

static void remap_grows_moves_and_doubles(void)
{
	struct aspace *as;
	vaddr_t a, b;
	uint8_t c = 5;

	REQUIRE(aspace_create(&as) == 0);
	aspace_activate(as);
	a = map_at(as, BASE, PAGE_SIZE, REG_FIXED);
	CHECK(copy_to_user((void *)a, &c, 1) == 0);
	CHECK(aspace_remap(as, a, PAGE_SIZE, 4 * PAGE_SIZE, 0, 0, &b) == 0);
	CHECK(b == a && as->nr_regions == 1);
	(void)map_at(as, a + 4 * PAGE_SIZE, PAGE_SIZE, REG_FIXED | REG_SHARED);
	CHECK(aspace_remap(as, a, 4 * PAGE_SIZE, 5 * PAGE_SIZE, 0, 0, &b) ==
	      -ENOMEM);
	CHECK(aspace_remap(as, a, 4 * PAGE_SIZE, 5 * PAGE_SIZE, MREMAP_MAYMOVE,
			   0, &b) == 0);
	c = 0;
	CHECK(b != a && copy_from_user(&c, (void *)b, 1) == 0 && c == 5);
	CHECK(copy_from_user(&c, (void *)a, 1) == -EFAULT);
	CHECK(aspace_remap(as, b, 5 * PAGE_SIZE, 5 * PAGE_SIZE,
			   MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0, &a) == 0);
	CHECK(copy_from_user(&c, (void *)b, 1) == 0 && c == 0);
	CHECK(copy_from_user(&c, (void *)a, 1) == 0 && c == 5);
	CHECK(aspace_remap(as, a, 5 * PAGE_SIZE, PAGE_SIZE, 0, 0, &b) == 0);
	/* Old length 0: a second view of shared memory. */
	b = map_at(as, 0, 2 * PAGE_SIZE, REG_SHARED);
	CHECK(copy_to_user((void *)(b + PAGE_SIZE), &c, 1) == 0);
	CHECK(aspace_remap(as, b, 0, 2 * PAGE_SIZE, MREMAP_MAYMOVE, 0, &a) ==
	      0);
	c = 0;
	CHECK(a != b && copy_from_user(&c, (void *)(a + PAGE_SIZE), 1) == 0 &&
	      c == 5);
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

static void the_stack_grows_to_its_limit_and_no_further(void)
{
	vaddr_t top = GIB(4), low = top - MIB(8);
	struct aspace *as;

	REQUIRE(aspace_create(&as) == 0);
	CHECK(map_at(as, top - 2 * PAGE_SIZE, 2 * PAGE_SIZE,
		     REG_FIXED | REG_GROWSDOWN | REG_STACK) != 0);
	CHECK(aspace_fault(as, top - MIB(1), FAULT_WRITE) == 0);
	CHECK(as->stats.stack_pages == 256);
	CHECK(aspace_fault(as, low, FAULT_WRITE) == 0);
	CHECK(aspace_fault(as, low - 1, FAULT_WRITE) == -EFAULT);
	/* Nothing is placed into the gap below it. */
	CHECK(map_at(as, low - PAGE_SIZE, PAGE_SIZE, 0) != low - PAGE_SIZE);
	CHECK(map_at(as, low - 256 * PAGE_SIZE, PAGE_SIZE, 0) !=
	      low - 256 * PAGE_SIZE);
	CHECK(map_at(as, low - 257 * PAGE_SIZE, PAGE_SIZE, 0) ==
	      low - 257 * PAGE_SIZE);
	aspace_put(as);
	/* A neighbour stops it a megabyte before. */
	REQUIRE(aspace_create(&as) == 0);
	CHECK(map_at(as, top - PAGE_SIZE, PAGE_SIZE,
		     REG_FIXED | REG_GROWSDOWN) != 0);
	CHECK(map_at(as, top - MIB(3), PAGE_SIZE, REG_FIXED) != 0);
	CHECK(aspace_fault(as, top - MIB(2) + PAGE_SIZE, 0) == 0);
	CHECK(aspace_fault(as, top - MIB(2), 0) == -EFAULT);
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

static void the_heap_moves_with_brk(void)
{
	struct aspace *as;
	vaddr_t b = BASE + 100;
	uint8_t c = 9;

	REQUIRE(aspace_create(&as) == 0);
	aspace_activate(as);
	aspace_set_brk_base(as, b);
	CHECK(aspace_brk(as, 0) == b);
	CHECK(aspace_brk(as, b + 3 * PAGE_SIZE) == b + 3 * PAGE_SIZE);
	CHECK(copy_to_user((void *)(b + 3 * PAGE_SIZE - 1), &c, 1) == 0);
	CHECK(aspace_brk(as, b + PAGE_SIZE) == b + PAGE_SIZE);
	CHECK(aspace_brk(as, b + 3 * PAGE_SIZE) == b + 3 * PAGE_SIZE);
	CHECK(copy_from_user(&c, (void *)(b + 3 * PAGE_SIZE - 1), 1) == 0);
	CHECK(c == 0 && as->nr_regions == 1);
	CHECK(map_at(as, BASE + 8 * PAGE_SIZE, PAGE_SIZE, REG_FIXED) != 0);
	CHECK(aspace_brk(as, BASE + 8 * PAGE_SIZE) == BASE + 8 * PAGE_SIZE);
	CHECK(aspace_brk(as, BASE + 9 * PAGE_SIZE) == BASE + 8 * PAGE_SIZE);
	CHECK(aspace_brk(as, b) == b);
	CHECK(as->nr_regions == 1);
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

static void forks_copy_only_what_is_written(void)
{
	struct aspace *as, *child;
	uint8_t c = 1;
	paddr_t pa, pb;
	vaddr_t a;

	REQUIRE(aspace_create(&as) == 0);
	a = map_at(as, BASE, 4 * PAGE_SIZE, REG_FIXED);
	aspace_activate(as);
	CHECK(copy_to_user((void *)a, &c, 1) == 0);
	CHECK(copy_from_user(&c, (void *)(a + PAGE_SIZE), 1) == 0 && c == 0);
	CHECK(as->stats.rss_pages == 1); /* zeroes are nobody's */
	CHECK(aspace_advise(as, a + 2 * PAGE_SIZE, PAGE_SIZE, MADV_DONTFORK) ==
	      0);
	CHECK(aspace_advise(as, a + 3 * PAGE_SIZE, PAGE_SIZE,
			    MADV_WIPEONFORK) == 0);
	c = 7;
	CHECK(copy_to_user((void *)(a + 3 * PAGE_SIZE), &c, 1) == 0);
	REQUIRE(aspace_copy(as, &child) == 0);
	pa = aspace_frame(as, a);
	pb = aspace_frame(child, a);
	CHECK(pa == pb && pa != 0 && frame_count(pa) == 4);
	frame_put(pa);
	frame_put(pb);
	CHECK(copy_to_user((void *)a, &c, 1) == 0);
	CHECK(frame_count(pa) == 1);
	aspace_activate(child);
	CHECK(copy_from_user(&c, (void *)a, 1) == 0 && c == 1);
	CHECK(copy_to_user((void *)a, &c, 1) == 0);
	pb = aspace_frame(child, a);
	CHECK(pb == pa); /* alone with it: no copy */
	frame_put(pb);
	CHECK(copy_from_user(&c, (void *)(a + 2 * PAGE_SIZE), 1) == -EFAULT);
	CHECK(copy_from_user(&c, (void *)(a + 3 * PAGE_SIZE), 1) == 0);
	CHECK(c == 0);
	aspace_put(as);
	aspace_put(child);
	CHECK(host_frames_leaked() == 0);
}

static void tables_of_scattered_pages_come_back(void)
{
	struct aspace *as;
	uint8_t c = 1;
	uint64_t i;

	REQUIRE(aspace_create(&as) == 0);
	aspace_activate(as);
	for (i = 0; i < 400; i++) {
		vaddr_t a = map_at(as, GIB(1) * (1 + i % 7) + i * MIB(2),
				   PAGE_SIZE, REG_FIXED);

		CHECK(copy_to_user((void *)a, &c, 1) == 0);
		CHECK(aspace_unmap(as, a, PAGE_SIZE) == 0);
	}
	CHECK(as->stats.table_pages < 60);
	CHECK(as->stats.rss_pages == 0 && as->nr_regions == 0);
	aspace_put(as);
	CHECK(host_frames_leaked() == 0);
}

/* One of each; whatever fails, the rest goes on. */
static err_t tour(void)
{
	struct aspace *as, *child;
	uint8_t c = 3;
	vaddr_t a, b;
	err_t first, err;

	first = aspace_create(&as);
	if (first)
		return first;
	aspace_activate(as);
	a = map_at(as, BASE, 30 * PAGE_SIZE, REG_FIXED);
	b = map_at(as, BASE + GIB(3), 30 * PAGE_SIZE, REG_FIXED | REG_SHARED);
	first = a == 0 || b == 0 ? -ENOMEM : 0;
	for (a = BASE; a < BASE + 30 * PAGE_SIZE; a += 5 * PAGE_SIZE) {
		err = copy_to_user((void *)a, &c, 1);
		first = first ? first : err;
		err = copy_to_user((void *)(a + GIB(3)), &c, 1);
		first = first ? first : err;
	}
	err = aspace_protect(as, BASE + PAGE_SIZE, PAGE_SIZE, PROT_R);
	first = first ? first : err;
	err = aspace_copy(as, &child);
	first = first ? first : err;
	if (!err) {
		aspace_activate(child);
		err = copy_to_user((void *)BASE, &c, 1);
		first = first ? first : err;
		aspace_put(child);
	}
	aspace_activate(as);
	err = aspace_remap(as, BASE + 10 * PAGE_SIZE, 5 * PAGE_SIZE,
			   5 * PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   BASE + GIB(6), &a);
	first = first ? first : err;
	if (!err) {
		c = 0;
		err = copy_from_user(&c, (void *)(BASE + GIB(6)), 1);
		CHECK(err != 0 || c == 3 || first != 0);
	} else {
		/* Rolled back: where it was, if it ever was. */
		c = 0;
		CHECK(copy_from_user(&c, (void *)(BASE + 10 * PAGE_SIZE), 1) !=
			      0 ||
		      c == 3 || first != err);
	}
	err = aspace_unmap(as, BASE + 20 * PAGE_SIZE, PAGE_SIZE);
	first = first ? first : err;
	CHECK(rb_check(&as->tree) == as->nr_regions);
	aspace_put(as);
	return first;
}

static void nothing_leaks_wherever_memory_fails(void)
{
	unsigned nth = 0;
	err_t err;

	do {
		fault_arm(++nth);
		err = tour();
		CHECK(host_frames_leaked() == 0);
	} while (fault_fired());
	CHECK(err == 0 && nth > 40);
}

static void set_up(void)
{
	mm_init();
	CHECK(host_frames_leaked() == 0);
}

TAP_MAIN(set_up, random_calls_match_a_page_array,
	 places_are_chosen_from_the_top, wrong_arguments_give_linux_errors,
	 remap_grows_moves_and_doubles,
	 the_stack_grows_to_its_limit_and_no_further, the_heap_moves_with_brk,
	 forks_copy_only_what_is_written, tables_of_scattered_pages_come_back,
	 nothing_leaks_wherever_memory_fails)
