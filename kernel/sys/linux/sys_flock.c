/* SPDX-License-Identifier: MIT */
/*
 * flock: locks that belong to an open description.
 *
 * PURPOSE: advisory locks on whole files, as flock(2) has them, and the
 * table that record locks use too.  LOCKING: one spinlock for each bucket of
 * files; a waiter sleeps on the bucket's queue and looks again.  LIFETIME: a
 * lock goes when its description does (desc_hooks.closed), so the
 * description's reference keeps the node.
 */
#include <lib/hash.h>
#include <mm/slab.h>

#include "file_locks.h"
#include "linux_impl.h"

static struct file_bucket buckets[FILE_BUCKETS];

struct file_bucket *file_bucket_of(const struct node *n)
{
	return &buckets[((uintptr_t)n >> 6 ^ (uintptr_t)n >> 14) %
			FILE_BUCKETS];
}

struct file_lock *file_conflict_locked(struct file_bucket *b,
				       const struct file_lock *want)
{
	struct file_lock *l;

	list_foreach_entry(l, &b->locks, link)
	{
		if (l->node != want->node || l->owner == want->owner ||
		    l->whole != want->whole)
			continue;
		if (!l->exclusive && !want->exclusive)
			continue;
		if (l->start <= want->end && want->start <= l->end)
			return l;
	}
	return NULL;
}

/* @n NULL: on any file of the bucket. */
static bool drop_from(struct file_bucket *b, const struct node *n,
		      const void *owner, bool whole)
{
	struct file_lock *l, *tmp;
	struct list gone = LIST_INIT(gone);
	bool any;

	spin_lock(&b->lock);
	list_foreach_entry_safe(l, tmp, &b->locks, link)
	{
		if ((n == NULL || l->node == n) && l->owner == owner &&
		    l->whole == whole) {
			list_del(&l->link);
			list_add(&gone, &l->link);
		}
	}
	any = !list_empty(&gone);
	if (any)
		waitq_wake_all(&b->wq);
	spin_unlock(&b->lock);
	while (!list_empty(&gone)) {
		l = list_first(&gone, struct file_lock, link);
		list_del(&l->link);
		kfree(l);
	}
	return any;
}

bool file_drop_owner(const struct node *n, const void *owner, bool whole)
{
	return drop_from(file_bucket_of(n), n, owner, whole);
}

void file_drop_everywhere(const void *owner)
{
	for (unsigned i = 0; i < FILE_BUCKETS; i++)
		(void)drop_from(&buckets[i], NULL, owner, false);
}

/* desc_hooks.closed: the last descriptor of @d is gone. */
static void desc_closed(struct desc *d)
{
	if (d->flock == NULL || d->node == NULL)
		return;
	(void)file_drop_owner(d->node, d, true);
	(void)file_drop_owner(d->node, d, false);
}

static int64_t lock_whole(struct desc *d, bool exclusive, bool wait)
{
	struct file_bucket *b = file_bucket_of(d->node);
	struct file_lock *mine = kmalloc(sizeof(*mine)), *l;
	err_t err = 0;

	if (mine == NULL)
		return -ENOMEM;
	*mine = (struct file_lock){ .node = d->node,
				    .owner = d,
				    .exclusive = exclusive,
				    .whole = true,
				    .end = UINT64_MAX };
	spin_lock(&b->lock);
	list_foreach_entry(l, &b->locks, link)
	{
		if (l->owner == d && l->whole && l->exclusive == exclusive) {
			spin_unlock(&b->lock);
			kfree(mine);
			return 0;
		}
	}
	spin_unlock(&b->lock);
	/* The other kind goes first: a change is not atomic, as on Linux. */
	(void)file_drop_owner(d->node, d, true);
	spin_lock(&b->lock);
	while (file_conflict_locked(b, mine) != NULL) {
		err = wait ? waitq_sleep(&b->wq, &b->lock, WAIT_FLOCK,
					 NO_DEADLINE)
			   : -EAGAIN;
		if (err)
			break;
	}
	if (err == 0) {
		list_add_tail(&b->locks, &mine->link);
		d->flock = b; /* from now on desc_closed() looks */
	}
	spin_unlock(&b->lock);
	if (err)
		kfree(mine);
	return err == -EINTR ? -ERESTARTSYS : err;
}

int64_t linux_flock(struct regs *r)
{
	uint32_t op = (uint32_t)ARG1(r), kind = op & ~LOCK_NB;
	struct desc *d;
	int64_t ret;

	if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
		return -EINVAL;
	ret = fd_get(arg_int(ARG0(r)), &d);
	if (ret != 0)
		return ret;
	if (d->node == NULL)
		ret = 0; /* nobody else can reach it */
	else if (kind == LOCK_UN)
		(void)file_drop_owner(d->node, d, true);
	else
		ret = lock_whole(d, kind == LOCK_EX, (op & LOCK_NB) == 0);
	desc_put(d);
	return ret;
}

void flock_init(void)
{
	for (unsigned i = 0; i < FILE_BUCKETS; i++) {
		spin_init(&buckets[i].lock, RANK_FILE_LOCK);
		waitq_init(&buckets[i].wq);
		list_init(&buckets[i].locks);
	}
	desc_hooks.closed = desc_closed;
}
