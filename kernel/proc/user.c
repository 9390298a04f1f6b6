/* SPDX-License-Identifier: MIT */
/* Per-user counts, for RLIMIT_NPROC. */
#include <mm/slab.h>

#include "proc_impl.h"

#define BUCKETS 64u

static struct spinlock lock = SPINLOCK_INIT(USER);
static struct list buckets[BUCKETS]; /* GUARDED_BY(lock) */

static struct user *find_locked(struct list *head, uint32_t uid)
{
	struct user *u;

	list_foreach_entry(u, head, link) if (u->uid == uid) return u;
	return NULL;
}

struct user *user_get(uint32_t uid)
{
	struct list *head = &buckets[uid % BUCKETS];
	struct user *u, *fresh;

	fresh = kzalloc(sizeof(*fresh));
	if (fresh == NULL)
		return NULL;
	spin_lock(&lock);
	if (head->next == NULL)
		list_init(head);
	u = find_locked(head, uid);
	if (u == NULL) {
		u = fresh;
		fresh = NULL;
		u->uid = uid;
		list_add(head, &u->link);
	}
	u->refs++;
	spin_unlock(&lock);
	kfree(fresh);
	return u;
}

void user_put(struct user *u)
{
	bool last;

	if (u == NULL)
		return;
	spin_lock(&lock);
	last = --u->refs == 0;
	if (last)
		list_del(&u->link);
	spin_unlock(&lock);
	if (last)
		kfree(u);
}
