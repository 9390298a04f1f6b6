/* SPDX-License-Identifier: MIT */
/* Figures about the slab caches, without a counter on the fast paths. */
#include <lib/atomic.h>

#include "slab_impl.h"

/* Free objects in the magazines of all cores: exact while they stand still. */
static uint64_t in_magazines(unsigned idx)
{
	const struct mm_core *mc;
	uint64_t n = 0;
	unsigned i;

	for (i = 0; i < MAX_CORES; i++) {
		mc = atomic_load_acquire(&mm_cores[i]);
		if (mc == NULL || mc == &mm_core_none)
			continue;
		n += atomic_load_relaxed(&mc->mags[idx].loaded)->n;
		n += atomic_load_relaxed(&mc->mags[idx].prev)->n;
	}
	return n;
}

bool kmem_cache_stats(unsigned i, struct kmem_stats *out)
{
	struct kmem_cache *c;
	struct magazine *m;
	uint64_t idle;

	if (i >= atomic_load_acquire(&slab_ncaches))
		return false;
	c = &slab_caches[i];
	idle = in_magazines(i);
	spin_lock(&c->lock);
	idle += c->nfree;
	for (m = c->full_mags; m != NULL; m = m->next)
		idle += m->n;
	out->name = c->name;
	out->size = c->size;
	out->slabs = c->nslabs;
	out->frames = c->nslabs << c->order;
	out->live = c->nslabs * c->per_slab;
	spin_unlock(&c->lock);
	out->live = out->live > idle ? out->live - idle : 0;
	return true;
}
