/* SPDX-License-Identifier: MIT */
/* Private to kernel/ns/: when reading changes the time of last access. */
#pragma once

#include <lib/atomic.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <sched/timer.h>

/*
 * As relatime has it: only where the file was changed since it was last
 * read.  The store is atomic by itself, so no lock is taken.
 */
static inline void node_accessed(struct desc *d)
{
	struct node *n = d->node;
	nsec_t atime = atomic_load_relaxed(&n->attr.atime);

	if (likely(atime > atomic_load_relaxed(&n->attr.mtime) &&
		   atime > atomic_load_relaxed(&n->attr.ctime)))
		return;
	if ((atomic_load_relaxed(&d->flags) & DESC_NOATIME) != 0 ||
	    (d->mnt != NULL && (atomic_load_relaxed(&d->mnt->flags) &
				(MNT_NOATIME | MNT_RDONLY)) != 0))
		return;
	atomic_store_relaxed(&n->attr.atime, clock_realtime());
}
