/* SPDX-License-Identifier: MIT */
/* Advisory locks: the table that flock and record locks share. */
#pragma once

#include <lib/list.h>
#include <lib/types.h>
#include <sched/waitq.h>
#include <sync/spinlock.h>

struct desc;
struct node;

#define FILE_BUCKETS 64

/* One lock on a stretch of a file; flock's cover everything. */
struct file_lock {
	struct list link;	 /* GUARDED_BY(bucket); in the bucket */
	const struct node *node; /* IMMUTABLE; the owner's desc keeps it */
	const void *owner;	 /* IMMUTABLE; a desc, or a table of handles */
	int32_t pid;		 /* IMMUTABLE; who is told by F_GETLK */
	bool exclusive;		 /* GUARDED_BY(bucket) */
	bool whole;		 /* IMMUTABLE; flock's: apart from records */
	uint64_t start, end;	 /* GUARDED_BY(bucket); @end is inside */
};

struct file_bucket {
	struct spinlock lock; /* rank FILE_LOCK */
	struct waitq wq;      /* has its own lock: a lock went */
	struct list locks;    /* GUARDED_BY(lock) */
};

struct file_bucket *file_bucket_of(const struct node *n);
/* The first lock that is in the way of @want, or NULL. */
struct file_lock *file_conflict_locked(struct file_bucket *b,
				       const struct file_lock *want);
/* Takes all of @owner's locks on @n off; returns whether there was one. */
bool file_drop_owner(const struct node *n, const void *owner, bool whole);
/* Takes all record locks of @owner off, whatever file they are on. */
void file_drop_everywhere(const void *owner);
