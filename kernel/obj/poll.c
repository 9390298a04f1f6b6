/* SPDX-License-Identifier: MIT */
/*
 * Poll tables: the waiters of one thread on many queues.  The first few are
 * in the table itself, the others come in blocks; the first entry of a block
 * links to the block before it.
 */
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/slab.h>
#include <obj/poll.h>

#define POLL_BLOCK 32u

void poll_table_init(struct poll_table *pt)
{
	pt->entries = NULL;
	pt->used = 0;
	pt->err = 0;
	pt->hook = NULL;
}

static struct poll_entry *next_entry(struct poll_table *pt)
{
	unsigned inlined = array_size(pt->inline_entries), at;
	struct poll_entry *block;

	if (pt->used < inlined)
		return &pt->inline_entries[pt->used++];
	at = (pt->used - inlined) % POLL_BLOCK;
	if (at == 0) {
		block = kcalloc(POLL_BLOCK, sizeof(*block));
		if (block == NULL)
			return NULL;
		block->next = pt->entries;
		pt->entries = block;
	}
	pt->used++;
	return &pt->entries[at];
}

void poll_wait(struct poll_table *pt, struct waitq *wq)
{
	struct poll_entry *e;

	if (pt == NULL)
		return;
	if (pt->hook != NULL) {
		pt->hook(pt, wq);
		return;
	}
	e = next_entry(pt);
	if (e == NULL) {
		pt->err = -ENOMEM;
		return;
	}
	waiter_init(&e->waiter);
	waitq_add(wq, &e->waiter);
	e->waiter.wq = wq;
}

void poll_table_fini(struct poll_table *pt)
{
	unsigned inlined = array_size(pt->inline_entries), at;
	struct poll_entry *e, *block;

	while (pt->used != 0) {
		pt->used--;
		if (pt->used < inlined) {
			e = &pt->inline_entries[pt->used];
			waitq_remove(e->waiter.wq, &e->waiter);
			continue;
		}
		at = (pt->used - inlined) % POLL_BLOCK;
		block = pt->entries;
		waitq_remove(block[at].waiter.wq, &block[at].waiter);
		if (at == 0) {
			pt->entries = block->next;
			kfree(block);
		}
	}
}
