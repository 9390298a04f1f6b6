/* SPDX-License-Identifier: MIT */
/*
 * Truncation of an object, as seen by those who map it: their entries beyond
 * its new end go, private copies too.
 *
 * The object's list names regions, and only under its spinlock; the entries
 * need the aspace's mutex.  So each aspace is taken from the list with a
 * reference and then searched whole.  A region that was seen moves to the
 * end of the list with the number of this pass.
 */
#include <lib/assert.h>
#include <lib/minmax.h>
#include <mm/vmobj.h>

#include "aspace_impl.h"

static uint64_t last_pass; /* ATOMIC */

/* Pages [index, index + npages) of the object, where @r shows them. */
static void zap_region(struct aspace *as, const struct region *r,
		       uint64_t index, uint64_t npages)
{
	uint64_t first = r->offset >> PAGE_SHIFT, n = region_pages(r);
	uint64_t from = index > first ? index - first : 0, to = n;

	if (from >= n || index + npages <= first)
		return;
	if (index + npages - first < n)
		to = index + npages - first;
	table_zap(as, r->start + (from << PAGE_SHIFT),
		  r->start + (to << PAGE_SHIFT));
}

static void zap_aspace(struct aspace *as, const struct vmobj *o, uint64_t index,
		       uint64_t npages)
{
	struct list *l;

	mutex_lock(&as->lock);
	list_foreach(l, &as->regions)
		if (region_of(l)->obj == o)
			zap_region(as, region_of(l), index, npages);
	mutex_unlock(&as->lock);
}

/*
 * A region not seen in this pass, marked and moved out of the way; NULL: all
 * were seen.  Those seen are in one block, with older ones before it and
 * only new ones (a fork's) behind.
 */
static struct region *next_region_locked(struct vmobj *o, uint64_t pass)
{
	struct region *r;

	if (list_empty(&o->regions))
		return NULL;
	r = list_first(&o->regions, struct region, obj_link);
	if (r->zap_seq != pass) {
		list_del(&r->obj_link);
		list_add_tail(&o->regions, &r->obj_link);
	} else {
		r = list_last(&o->regions, struct region, obj_link);
		if (r->zap_seq == pass)
			return NULL;
		list_del(&r->obj_link);
		list_add(&o->regions, &r->obj_link);
	}
	r->zap_seq = pass;
	return r;
}

/* An aspace not visited in this pass, with a reference; NULL: all were. */
static struct aspace *next_aspace(struct vmobj *o, uint64_t pass)
{
	struct aspace *as = NULL;
	struct region *r;

	spin_lock(&o->map_lock);
	while ((r = next_region_locked(o, pass)) != NULL) {
		if (ref_tryget(&r->as->ref)) {
			as = r->as;
			break;
		}
	}
	spin_unlock(&o->map_lock);
	return as;
}

void aspace_zap_object(struct vmobj *o, uint64_t index, uint64_t npages)
{
	uint64_t pass = atomic_fetch_add(&last_pass, 1) + 1;
	struct aspace *as;

	while ((as = next_aspace(o, pass)) != NULL) {
		zap_aspace(as, o, index, npages);
		aspace_put(as);
	}
}
