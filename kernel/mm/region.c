/* SPDX-License-Identifier: MIT */
/*
 * The regions of an address space: a red-black tree by address and a list in
 * the same order.  Each region knows the free space below it (less the
 * guard of a stack), each node the greatest such gap in its subtree, so that
 * the highest gap of a size is found in O(log n).
 */
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "aspace_impl.h"

static struct kmem_cache *cache __ro_after_init;

static void no_file(void *file)
{
	(void)file;
}

struct map_file_ops map_file_ops = { .get = no_file, .put = no_file };

void region_system_init(void)
{
	cache = kmem_cache_create("region", sizeof(struct region), 0);
}

/* ---- life ---- */

static void hold_refs(struct region *r)
{
	if (r->file != NULL)
		map_file_ops.get(r->file);
	if (r->obj == NULL)
		return;
	vmobj_get(r->obj);
	spin_lock(&r->obj->map_lock);
	list_add_tail(&r->obj->regions, &r->obj_link);
	spin_unlock(&r->obj->map_lock);
}

struct region *region_create(struct aspace *as, const struct map_args *a)
{
	struct region *r = kmem_cache_alloc(cache);

	if (r == NULL)
		return NULL;
	list_init(&r->link);
	r->start = a->addr;
	r->end = a->addr + a->len;
	r->gap = 0;
	r->max_gap = 0;
	r->prot = a->prot;
	r->flags = a->flags & ~REG_TRANSIENT;
	r->has_anon = false;
	r->obj = a->obj;
	r->offset = a->offset;
	r->file = a->file;
	r->name = a->name;
	r->as = as;
	list_init(&r->obj_link);
	r->zap_seq = 0;
	hold_refs(r);
	return r;
}

struct region *region_clone(struct aspace *as, const struct region *r,
			    vaddr_t start, vaddr_t end)
{
	struct map_args a = {
		.addr = start,
		.len = end - start,
		.prot = r->prot,
		.flags = r->flags,
		.obj = r->obj,
		.offset = r->obj == NULL ? 0 : r->offset + (start - r->start),
		.name = r->name,
		.file = r->file,
	};
	struct region *copy = region_create(as, &a);

	if (copy != NULL)
		copy->has_anon = r->has_anon;
	return copy;
}

void region_destroy(struct region *r)
{
	if (r->obj != NULL) {
		spin_lock(&r->obj->map_lock);
		list_del(&r->obj_link);
		spin_unlock(&r->obj->map_lock);
		vmobj_put(r->obj);
	}
	if (r->file != NULL)
		map_file_ops.put(r->file);
	kmem_cache_free(cache, r);
}

void regions_destroy(struct list *dead)
{
	struct list *l;
	unsigned n = 0;

	while ((l = list_pop(dead)) != NULL) {
		region_destroy(region_of(l));
		if (++n % 64 == 0)
			sched_point();
	}
}

/* ---- figures ---- */

static void account(struct aspace *as, const struct region *r, int sign)
{
	uint64_t n = sign > 0 ? region_pages(r) : -region_pages(r);

	as->stats.virt_pages += n;
	if ((r->flags & REG_GROWSDOWN) != 0)
		as->stats.stack_pages += n;
	else if (region_is_data(r->prot, r->flags))
		as->stats.data_pages += n;
	else if ((r->prot & PROT_X) != 0 && r->obj != NULL)
		as->stats.text_pages += n;
}

/* ---- tree ---- */

static inline struct region *node_region(struct rb_node *n)
{
	return rb_entry(n, struct region, node);
}

static inline uint64_t subtree_gap(struct rb_node *n)
{
	return n == NULL ? 0 : node_region(n)->max_gap;
}

static void update_gap(struct rb_node *n)
{
	struct region *r = node_region(n);
	uint64_t l = subtree_gap(n->left), m = subtree_gap(n->right);

	m = l > m ? l : m;
	r->max_gap = r->gap > m ? r->gap : m;
}

/* Where the room below a region ends. */
static inline vaddr_t guarded_start(const struct region *r)
{
	if ((r->flags & REG_GROWSDOWN) == 0)
		return r->start;
	return r->start > STACK_GUARD ? r->start - STACK_GUARD : 0;
}

static inline vaddr_t prev_end(const struct region *r)
{
	const struct region *p = region_prev(r);

	return p == NULL ? 0 : p->end;
}

static uint64_t gap_below(const struct region *r)
{
	vaddr_t lo = prev_end(r), hi = guarded_start(r);

	return hi > lo ? hi - lo : 0;
}

static void refresh_gap(struct region *r)
{
	uint64_t gap;

	if (r == NULL)
		return;
	gap = gap_below(r);
	if (gap == r->gap)
		return;
	r->gap = gap;
	rb_propagate(&r->node, update_gap);
}

struct region *region_find(struct aspace *as, vaddr_t addr)
{
	struct rb_node *n = as->tree.node;
	struct region *r = as->hit, *best = NULL;

	if (r != NULL && r->start <= addr && addr < r->end)
		return r;
	while (n != NULL) {
		r = node_region(n);
		if (addr < r->end) {
			best = r;
			if (addr >= r->start)
				break;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	if (best != NULL && best->start <= addr)
		as->hit = best;
	return best;
}

struct region *region_below(struct aspace *as, vaddr_t addr)
{
	struct region *r;

	/* The one before the first that ends above @addr. */
	r = addr == UINT64_MAX ? NULL : region_find(as, addr);
	if (r != NULL)
		return region_prev(r);
	return list_empty(&as->regions) ? NULL : region_of(as->regions.prev);
}

void region_insert(struct aspace *as, struct region *r)
{
	struct rb_node **link = &as->tree.node, *parent = NULL;
	struct region *at = NULL;

	while (*link != NULL) {
		parent = *link;
		at = node_region(parent);
		kassert_dbg(r->end <= at->start || r->start >= at->end);
		link = r->start < at->start ? &parent->left : &parent->right;
	}
	/* Its neighbour in the order is the parent, on one side. */
	if (at == NULL)
		list_add(&as->regions, &r->link);
	else if (link == &parent->left)
		list_add_tail(&at->link, &r->link);
	else
		list_add(&at->link, &r->link);
	r->gap = gap_below(r);
	rb_insert(&as->tree, &r->node, parent, link, update_gap);
	refresh_gap(region_next(r));
	as->nr_regions++;
	account(as, r, 1);
}

void region_remove(struct aspace *as, struct region *r)
{
	struct region *next = region_next(r);

	account(as, r, -1);
	as->nr_regions--;
	if (as->hit == r)
		as->hit = NULL;
	rb_erase(&as->tree, &r->node, update_gap);
	list_del(&r->link);
	refresh_gap(next);
}

void region_resize(struct aspace *as, struct region *r, vaddr_t start,
		   vaddr_t end)
{
	account(as, r, -1);
	if (r->obj != NULL)
		r->offset += start - r->start;
	r->start = start;
	r->end = end;
	account(as, r, 1);
	refresh_gap(r);
	refresh_gap(region_next(r));
}

err_t region_split(struct aspace *as, struct region *r, vaddr_t at,
		   struct region **out)
{
	struct region *upper = region_clone(as, r, at, r->end);

	kassert(r->start < at && at < r->end);
	if (upper == NULL)
		return -ENOMEM;
	region_resize(as, r, r->start, at);
	region_insert(as, upper);
	*out = upper;
	return 0;
}

err_t region_narrow(struct aspace *as, struct region **rp, vaddr_t start,
		    vaddr_t end)
{
	struct region *upper;
	err_t err;

	if (as->nr_regions + 2 > ASPACE_REGIONS_MAX)
		return -ENOMEM;
	if ((*rp)->start < start) {
		err = region_split(as, *rp, start, &upper);
		if (err)
			return err;
		*rp = upper;
	}
	return end < (*rp)->end ? region_split(as, *rp, end, &upper) : 0;
}

void region_set_prot(struct aspace *as, struct region *r, unsigned prot)
{
	account(as, r, -1);
	r->prot = prot;
	account(as, r, 1);
}

/* ---- merging ---- */

static bool can_join(const struct region *a, const struct region *b)
{
	if (a->end != b->start || a->prot != b->prot || a->flags != b->flags ||
	    a->obj != b->obj || a->file != b->file || a->name != b->name)
		return false;
	if ((a->flags & (REG_GROWSDOWN | REG_VDSO)) != 0)
		return false;
	return a->obj == NULL || a->offset + (a->end - a->start) == b->offset;
}

/* @r, whose tree place stays, swallows its upper neighbour @n. */
static void join(struct aspace *as, struct region *r, struct region *n,
		 struct list *dead)
{
	vaddr_t end = n->end;

	r->has_anon |= n->has_anon;
	region_remove(as, n);
	region_resize(as, r, r->start, end);
	list_add(dead, &n->link);
}

struct region *region_merge(struct aspace *as, struct region *r,
			    struct list *dead)
{
	struct region *n = region_next(r), *p = region_prev(r);

	if (n != NULL && can_join(r, n))
		join(as, r, n, dead);
	if (p != NULL && can_join(p, r)) {
		join(as, p, r, dead);
		r = p;
	}
	return r;
}

struct region *region_insert_merge(struct aspace *as, struct region *r,
				   struct list *dead)
{
	struct region *n = region_find(as, r->start), *p;

	p = n != NULL ? region_prev(n) : region_below(as, UINT64_MAX);
	/* The common cases change bounds and leave the tree alone. */
	if (p != NULL && can_join(p, r)) {
		region_resize(as, p, p->start, r->end);
		p->has_anon |= r->has_anon;
		list_add(dead, &r->link);
		if (n != NULL && can_join(p, n))
			join(as, p, n, dead);
		return p;
	}
	if (n != NULL && can_join(r, n)) {
		region_resize(as, n, r->start, n->end);
		n->has_anon |= r->has_anon;
		list_add(dead, &r->link);
		return n;
	}
	region_insert(as, r);
	return r;
}

/* ---- free space ---- */

bool region_range_free(struct aspace *as, vaddr_t start, vaddr_t end)
{
	const struct region *r = region_find(as, start);

	return r == NULL || end <= guarded_start(r);
}

/* The last region of the subtree with a gap of @len, which it has. */
static struct region *last_gap(struct rb_node *n, uint64_t len)
{
	for (;;) {
		if (subtree_gap(n->right) >= len)
			n = n->right;
		else if (node_region(n)->gap >= len)
			return node_region(n);
		else
			n = n->left;
	}
}

/* The last region before @r with a gap of @len, or NULL. */
static struct region *gap_before(struct region *r, uint64_t len)
{
	struct rb_node *n = &r->node, *up;

	for (;;) {
		if (subtree_gap(n->left) >= len)
			return last_gap(n->left, len);
		while ((up = rb_parent(n)) != NULL && up->left == n)
			n = up;
		if (up == NULL)
			return NULL;
		n = up;
		if (node_region(n)->gap >= len)
			return node_region(n);
	}
}

vaddr_t region_gap(struct aspace *as, uint64_t len, vaddr_t low, vaddr_t high)
{
	struct region *r = region_find(as, high - 1), *below;
	vaddr_t hi, lo;

	if (high < len || high - len < low)
		return 0;
	/* The gap that @high cuts, or that begins above the last region. */
	hi = high;
	if (r != NULL) {
		hi = min(hi, guarded_start(r));
		lo = prev_end(r);
	} else {
		below = region_below(as, UINT64_MAX);
		lo = below == NULL ? 0 : below->end;
	}
	lo = max(lo, low);
	if (hi >= lo && hi - lo >= len)
		return hi - len;

	if (r != NULL)
		r = gap_before(r, len);
	else if (subtree_gap(as->tree.node) >= len)
		r = last_gap(as->tree.node, len);
	if (r == NULL)
		return 0;
	hi = guarded_start(r) - len;
	return hi >= low ? hi : 0;
}
