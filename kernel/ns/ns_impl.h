/* SPDX-License-Identifier: MIT */
/* Private to kernel/ns/. */
#pragma once

#include <gen/requests.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/ref.h>
#include <ns/ns.h>
#include <sync/spinlock.h>

/* --- mounts (mount.c) --- */

/* A cell of a persistent list, newest first. */
struct mount_cell {
	struct ref ref;
	struct mount *mnt;	 /* IMMUTABLE; strong */
	struct mount_cell *next; /* IMMUTABLE; strong */
};

struct ns {
	struct ref ref;
	struct spinlock lock;	 /* rank NS */
	struct mount_cell *head; /* GUARDED_BY(lock); strong */
	struct mount *root;	 /* IMMUTABLE; strong */
	uint32_t inherited;	 /* GUARDED_BY(lock); ids that must stay */
};

/* The newest mount on @p with a reference, or NULL. */
struct mount *mount_on(struct ns *ns, const struct path *p);

/* --- the walker (walk.c) --- */

enum last_type {
	LAST_NORMAL,
	LAST_DOT,
	LAST_DOTDOT,
	LAST_ROOT, /* nothing left: "/" or "" */
};

struct walker {
	const struct walk *w; /* borrowed */
	struct path cur;      /* strong */
	struct path root;     /* strong once have_root */
	const char *rest;     /* what is still to be walked */
	char *buf;	      /* what rest points into, or NULL: caller's */
	unsigned flags;	      /* WALK_* */
	unsigned links;	      /* symlinks followed so far */
	struct name last;     /* valid until the next step */
	enum last_type type;
	bool trailing; /* slashes after the last name */
	bool have_root;
};

/* Begin; walker_fini() is due even when it fails. */
err_t walker_init(struct walker *k, const struct walk *w, const char *path,
		  unsigned flags);
void walker_fini(struct walker *k);
/* Up to the directory of the last name; checks that it may be searched. */
err_t walker_to_last(struct walker *k);
/* The last name itself, following symlinks as k->flags say: cur is it. */
err_t walker_last(struct walker *k);
/* The node of k->last in cur, no mounts, no symlinks: one reference. */
err_t walker_lookup(struct walker *k, struct node **out);
/* cur becomes @n (consumed) or what is mounted on it. */
err_t walker_enter(struct walker *k, struct node *n);
/* @n (consumed) is a symlink: rest is what it says and then what was rest. */
err_t walker_follow(struct walker *k, struct node *n);
/* Take the result out. */
void walker_take(struct walker *k, struct path *out);

static inline bool path_same(const struct path *a, const struct path *b)
{
	return a->node == b->node && a->mnt == b->mnt;
}

static inline bool mount_readonly(const struct mount *m)
{
	return m != NULL && (atomic_load_relaxed(&m->flags) & MNT_RDONLY) != 0;
}

/* --- permissions (attr.c) --- */

/* Make or remove a name in @dir: write and search, and a writable mount. */
err_t dir_may_change(const struct path *dir, const struct cred *c);
/* What may_delete() of Linux says about removing @victim from @dir. */
err_t dir_may_remove(const struct path *dir, const struct node *victim,
		     const struct cred *c, bool is_dir);
/* Set the size of an open or permitted file. */
err_t node_set_size(struct node *n, const struct cred *c, uint64_t size);
