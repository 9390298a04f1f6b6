/* SPDX-License-Identifier: MIT */
/*
 * Deferred freeing for lock-free readers.
 *
 * PURPOSE  An item runs when every core has been quiescent since it was
 *          deferred, so no reader that saw it before can still use it.
 * OBJECTS  One global epoch number.  Per core: the last epoch it was
 *          quiescent in (seen), items that gather (next), and one batch that
 *          waits until every core has seen its epoch (wait).
 * LOCKING  A core's lists belong to that core, with interrupts off or from
 *          code that interrupts do not run (epoch_defer is not for irq
 *          context), so there is no lock.  Only `now` and `seen` are shared.
 * CALLERS  sched/ reports quiescent points, and runs batches when idle or, if
 *          many items have gathered, on the way to user mode.  A few items
 *          may stay on a busy core for long; epoch_flush() gets them done.
 */
#include <arch/percpu.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <sync/epoch.h>
#include <sync/park.h>

#define EPOCH_CORES    256
#define EPOCH_PRESSING 64 /* items on one core that are worth a detour */
#define EPOCH_ABSENT   UINT64_MAX /* idle or not started: always quiescent */

struct epoch_core {
	uint64_t seen;		 /* ATOMIC; REMOTE reads */
	uint64_t wait_epoch;	 /* PRIVATE(this core) */
	struct epoch_item *wait; /* PRIVATE(this core) */
	struct epoch_item *next; /* PRIVATE(this core); newest first */
	uint32_t count;		 /* PRIVATE(this core) in both lists */
} __aligned(CACHE_LINE);

static struct epoch_core cores[EPOCH_CORES];
static coreid_t ncores = 1; /* ATOMIC; highest online plus one */
static uint64_t now = 1;    /* ATOMIC */
uint32_t epoch_outstanding;

static void no_kick(void)
{
}
void (*epoch_kick)(void) = no_kick;

void epoch_core_online(coreid_t core)
{
	kassert(core < EPOCH_CORES);
	atomic_store_release(&cores[core].seen, atomic_load_acquire(&now));
	if (core >= atomic_load_relaxed(&ncores))
		atomic_store_release(&ncores, core + 1);
}

void epoch_defer(struct epoch_item *item, void (*fn)(struct epoch_item *))
{
	struct epoch_core *c = &cores[core_id()];

	kassert_dbg(!in_irq());
	item->fn = fn;
	item->next = c->next;
	c->next = item;
	atomic_inc_relaxed(&epoch_outstanding);
	if (++c->count == EPOCH_PRESSING)
		epoch_kick();
}

bool epoch_pressing(void)
{
	return cores[core_id()].count >= EPOCH_PRESSING;
}

/* Has @id been quiescent since epoch @e began? */
static bool passed(coreid_t id, uint64_t e)
{
	const struct percpu *pc;

	if (atomic_load_acquire(&cores[id].seen) >= e)
		return true;
	if (id == core_id())
		return false;
	/* In user mode it cannot be a reader; pairs with kernel entry. */
	pc = percpu_of(id);
	return pc == NULL || atomic_load_acquire(&pc->context_word) == 0;
}

static bool batch_due(const struct epoch_core *c)
{
	coreid_t id, n = atomic_load_acquire(&ncores);

	if (c->wait == NULL)
		return false;
	for (id = 0; id < n; id++)
		if (!passed(id, c->wait_epoch))
			return false;
	return true;
}

static void begin_batch(struct epoch_core *c)
{
	if (c->wait != NULL || c->next == NULL)
		return;
	c->wait = c->next;
	c->next = NULL;
	c->wait_epoch = atomic_fetch_add(&now, 1) + 1;
}

void epoch_quiescent(void)
{
	struct epoch_core *c = &cores[core_id()];

	begin_batch(c);
	/* What this core read before is done with; pairs with passed(). */
	atomic_store_release(&c->seen, atomic_load_acquire(&now));
}

void epoch_idle_enter(void)
{
	atomic_store_release(&cores[core_id()].seen, EPOCH_ABSENT);
}

void epoch_idle_exit(void)
{
	/* Before any read of this core: pairs with batch_due() elsewhere. */
	atomic_store_seq_cst(&cores[core_id()].seen, atomic_load_acquire(&now));
}

void epoch_run(void)
{
	struct epoch_core *c = &cores[core_id()];
	struct epoch_item *item, *next;

	for (;;) {
		epoch_quiescent();
		if (!batch_due(c))
			break;
		item = c->wait;
		c->wait = NULL;
		for (; item != NULL; item = next) {
			next = item->next;
			c->count--;
			atomic_dec_relaxed(&epoch_outstanding);
			item->fn(item);
		}
	}
}

static void flush_done(struct epoch_item *item)
{
	/* The waiter finds itself off the list: see epoch_flush(). */
	item->next = item;
}

void epoch_flush(void)
{
	struct epoch_item mark;

	epoch_defer(&mark, flush_done);
	while (atomic_load_acquire(&mark.next) != &mark) {
		epoch_run();
		sched_point();
	}
}
