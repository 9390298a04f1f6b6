/* SPDX-License-Identifier: MIT */
/*
 * Identifiers of processes and threads.
 *
 * PURPOSE: an id is slot | generation << 20, positive and below 2^30.  Lookup
 * is two array steps.  A slot is reused no sooner than after 1,024 others
 * have been handed out, and then with the next generation, so a stale number
 * finds nothing.
 *
 * OBJECTS: the table is chunks of 1,024 slots, added only when fewer than
 * 1,024 are free; free slots form a first-in first-out queue through `next`.
 * Each core takes slots in batches of 16.
 *
 * LOCKING: IDTABLE guards everything but the per-core batches.
 *
 * LIFETIME: a number is taken from pid_alloc() until its last user (the
 * process or thread itself, its process group, its session) lets go.
 */
#include <arch/percpu.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <mm/slab.h>

#include "proc_impl.h"

#define SLOT_BITS   20
#define SLOT_MASK   ((1u << SLOT_BITS) - 1)
#define GEN_MASK    1023u
#define CHUNK_BITS  10
#define CHUNK_SLOTS (1u << CHUNK_BITS)
#define CHUNKS	    (1u << (SLOT_BITS - CHUNK_BITS))
#define REUSE_AFTER 1024u
#define BATCH	    16u
#define CORES_MAX   256u

struct slot {
	struct proc *proc;     /* GUARDED_BY(lock); weak */
	struct thread *thread; /* GUARDED_BY(lock); weak */
	uint32_t next;	       /* GUARDED_BY(lock); free queue */
	struct pidns *ns;      /* GUARDED_BY(lock); strong; NULL: the root */
	uint16_t gen;	       /* GUARDED_BY(lock) */
	uint16_t users;	       /* GUARDED_BY(lock); 0: free */
};

static struct spinlock lock = SPINLOCK_INIT(IDTABLE);
static struct slot *chunks[CHUNKS];   /* GUARDED_BY(lock) */
static uint32_t nchunks;	      /* GUARDED_BY(lock) */
static uint32_t free_head, free_tail; /* GUARDED_BY(lock); 0: none */
static uint32_t nfree;		      /* GUARDED_BY(lock) */
static struct {
	uint32_t slot[BATCH];
	uint32_t n;
} batch[CORES_MAX]; /* PRIVATE(each core) */

static struct slot *slot_at(uint32_t i)
{
	return &chunks[i >> CHUNK_BITS][i & (CHUNK_SLOTS - 1)];
}

static void queue_free(uint32_t i)
{
	slot_at(i)->next = 0;
	if (free_tail != 0)
		slot_at(free_tail)->next = i;
	else
		free_head = i;
	free_tail = i;
	nfree++;
}

static err_t grow(void)
{
	struct slot *chunk;
	uint32_t i, first;

	if (nchunks == CHUNKS)
		return -EAGAIN;
	chunk = kcalloc(CHUNK_SLOTS, sizeof(*chunk));
	if (chunk == NULL)
		return -ENOMEM;
	chunks[nchunks] = chunk;
	first = nchunks++ << CHUNK_BITS;
	for (i = first == 0 ? 1 : 0; i < CHUNK_SLOTS; i++)
		queue_free(first + i);
	return 0;
}

/* Fills this core's batch; -EAGAIN when the id space is exhausted. */
static err_t refill(coreid_t core)
{
	uint32_t want = BATCH, i;
	err_t err = 0;

	spin_lock(&lock);
	while (!err && nfree < REUSE_AFTER + want)
		err = grow();
	if (err && nfree > 0)
		err = 0; /* reuse early rather than fail */
	if (!err && want > nfree)
		want = nfree;
	for (i = 0; !err && i < want; i++) {
		/* Last in, first out of the batch: keep numbers ascending. */
		batch[core].slot[want - 1 - i] = free_head;
		free_head = slot_at(free_head)->next;
		if (free_head == 0)
			free_tail = 0;
		nfree--;
	}
	if (!err)
		batch[core].n = want;
	spin_unlock(&lock);
	return err;
}

void pid_init(void)
{
	kassert(refill(core_id()) == 0);
}

err_t pid_alloc(int32_t *out)
{
	return pid_alloc_in(&pidns_root, out);
}

err_t pid_alloc_in(struct pidns *ns, int32_t *out)
{
	coreid_t core = core_id();
	struct slot *s;
	int32_t pid;
	uint32_t i;
	err_t err = 0;

	if (batch[core].n == 0) {
		err = refill(core);
		if (err)
			return err;
	}
	i = batch[core].slot[batch[core].n - 1];
	spin_lock(&lock);
	s = slot_at(i);
	kassert(s->users == 0);
	pid = (int32_t)(i | ((uint32_t)(s->gen & GEN_MASK) << SLOT_BITS));
	if (ns != &pidns_root) {
		err = pidns_map_locked(ns, pid);
		if (!err) {
			pidns_get(ns);
			s->ns = ns;
		}
	}
	if (!err) {
		s->users = 1;
		batch[core].n--;
	}
	spin_unlock(&lock);
	*out = pid;
	return err;
}

/* The slot of a number that is in use, or NULL.  IDTABLE held. */
static struct slot *find(int32_t pid)
{
	uint32_t i = (uint32_t)pid & SLOT_MASK;
	struct slot *s;

	if (pid <= 0 || (i >> CHUNK_BITS) >= nchunks)
		return NULL;
	s = slot_at(i);
	if (s->users == 0 || (s->gen & GEN_MASK) != (uint32_t)pid >> SLOT_BITS)
		return NULL;
	return s;
}

void pid_publish(int32_t pid, struct proc *p, struct thread *t)
{
	struct slot *s;

	spin_lock(&lock);
	s = find(pid);
	kassert(s != NULL);
	s->proc = p;
	s->thread = t;
	spin_unlock(&lock);
}

void pid_hide(int32_t pid)
{
	pid_publish(pid, NULL, NULL);
}

void pid_hide_thread(int32_t pid)
{
	struct slot *s;

	spin_lock(&lock);
	s = find(pid);
	kassert(s != NULL);
	s->thread = NULL;
	spin_unlock(&lock);
}

void pid_hold(int32_t pid)
{
	struct slot *s;

	spin_lock(&lock);
	s = find(pid);
	kassert(s != NULL && s->users < UINT16_MAX);
	s->users++;
	spin_unlock(&lock);
}

void pid_release(int32_t pid)
{
	struct pidns *ns = NULL;
	struct slot *s;

	spin_lock(&lock);
	s = find(pid);
	kassert(s != NULL);
	if (--s->users == 0) {
		ns = s->ns;
		if (ns != NULL)
			pidns_unmap_locked(ns, pid);
		s->ns = NULL;
		s->proc = NULL;
		s->thread = NULL;
		s->gen++;
		queue_free((uint32_t)pid & SLOT_MASK);
	}
	spin_unlock(&lock);
	if (ns != NULL)
		pidns_put(ns);
}

int32_t pid_local(const struct pidns *ns, int32_t global)
{
	int32_t local;

	if (ns == &pidns_root)
		return global;
	spin_lock(&lock);
	local = pidns_local_locked(ns, global);
	spin_unlock(&lock);
	return local;
}

int32_t pid_global(const struct pidns *ns, int32_t local)
{
	int32_t global;

	if (ns == &pidns_root)
		return local;
	if (local <= 0)
		return 0;
	spin_lock(&lock);
	global = pidns_global_locked(ns, local);
	spin_unlock(&lock);
	return global;
}

struct proc *proc_by_pid(struct pidns *ns, int32_t pid)
{
	struct proc *p = NULL;
	struct slot *s;

	pid = pid_global(ns, pid);
	spin_lock(&lock);
	s = find(pid);
	if (s != NULL && s->proc != NULL && ref_tryget(&s->proc->ref))
		p = s->proc;
	spin_unlock(&lock);
	return p;
}

struct thread *thread_by_tid(struct pidns *ns, int32_t tid)
{
	struct thread *t = NULL;
	struct slot *s;

	tid = pid_global(ns, tid);
	spin_lock(&lock);
	s = find(tid);
	if (s != NULL && s->thread != NULL && ref_tryget(&s->thread->ref))
		t = s->thread;
	spin_unlock(&lock);
	return t;
}

/* The first process from local number @pid on in a nested namespace. */
static struct proc *next_nested(const struct pidns *ns, int32_t pid)
{
	struct proc *p = NULL;
	struct slot *s;

	spin_lock(&lock);
	while (p == NULL && (pid = pidns_next_locked(ns, pid)) != 0) {
		s = find(pidns_global_locked(ns, pid));
		if (s != NULL && s->proc != NULL && ref_tryget(&s->proc->ref))
			p = s->proc;
		pid++;
	}
	spin_unlock(&lock);
	return p;
}

/*
 * The first process of generation @gen in slot @first or later, with a
 * reference.  *@next: the next generation that there is, or GEN_MASK + 1.
 */
static struct proc *next_of_gen(uint32_t gen, uint32_t first, uint32_t *next)
{
	uint32_t i, g;
	struct slot *s;

	*next = GEN_MASK + 1;
	for (i = first; i < nchunks << CHUNK_BITS; i++) {
		s = slot_at(i);
		if (s->users != 0 && s->proc != NULL &&
		    (s->gen & GEN_MASK) == gen && ref_tryget(&s->proc->ref))
			return s->proc;
	}
	for (i = 1; i < nchunks << CHUNK_BITS; i++) {
		s = slot_at(i);
		g = s->gen & GEN_MASK;
		if (s->users != 0 && s->proc != NULL && g > gen && g < *next)
			*next = g;
	}
	return NULL;
}

/*
 * In slot order within a generation; one look at all slots for each
 * generation in use, so that a whole listing ends soon.
 */
struct proc *proc_next(struct pidns *ns, int32_t pid)
{
	uint32_t gen = pid <= 0 ? 0 : (uint32_t)pid >> SLOT_BITS;
	uint32_t first = pid <= 0 ? 1 : (uint32_t)pid & SLOT_MASK;
	struct proc *p = NULL;
	uint32_t next;

	/* NULL: whoever asks for the kernel sees all. */
	if (ns != NULL && ns != &pidns_root)
		return next_nested(ns, pid);
	spin_lock(&lock);
	for (; p == NULL && gen <= GEN_MASK; gen = next, first = 1)
		p = next_of_gen(gen, first, &next);
	spin_unlock(&lock);
	return p;
}
