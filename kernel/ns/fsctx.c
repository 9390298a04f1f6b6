/* SPDX-License-Identifier: MIT */
/* What CLONE_FS shares: name space, root, working directory, umask. */
#include <mm/slab.h>

#include "ns_impl.h"

struct fsctx {
	struct ref ref;
	struct spinlock lock; /* rank NS */
	struct ns *ns;	      /* IMMUTABLE; strong */
	struct path root;     /* GUARDED_BY(lock); strong */
	struct path cwd;      /* GUARDED_BY(lock); strong */
	uint32_t umask;	      /* ATOMIC */
};

static __always_inline void get(const struct path *p)
{
	if (p->mnt != NULL)
		ref_get(&p->mnt->ref);
	if (p->node != NULL)
		ref_get(&p->node->ref);
}

void path_get(const struct path *p)
{
	get(p);
}

void path_put(const struct path *p)
{
	node_put(p->node);
	mount_put(p->mnt);
}

/* Refs: consumes those of the two paths; takes one on @ns. */
static struct fsctx *fsctx_alloc(struct ns *ns, struct path root,
				 struct path cwd, uint32_t umask)
{
	struct fsctx *f = kmalloc(sizeof(*f));

	if (f == NULL) {
		path_put(&root);
		path_put(&cwd);
		return NULL;
	}
	ref_init(&f->ref, 1);
	spin_init(&f->lock, RANK_NS);
	ns_get(ns);
	f->ns = ns;
	f->root = root;
	f->cwd = cwd;
	f->umask = umask;
	return f;
}

err_t fsctx_create(struct ns *ns, struct fsctx **out)
{
	*out = fsctx_alloc(ns, ns_root(ns), ns_root(ns), 022);
	return *out == NULL ? -ENOMEM : 0;
}

err_t fsctx_copy(struct fsctx *from, struct fsctx **out)
{
	*out = fsctx_alloc(from->ns, fsctx_root(from), fsctx_cwd(from),
			   fsctx_umask(from));
	return *out == NULL ? -ENOMEM : 0;
}

void fsctx_get(struct fsctx *f)
{
	ref_get(&f->ref);
}

void fsctx_put(struct fsctx *f)
{
	if (f == NULL || !ref_put(&f->ref))
		return;
	path_put(&f->cwd);
	path_put(&f->root);
	ns_put(f->ns);
	kfree(f);
}

static inline struct path get_locked(struct fsctx *f, const struct path *what)
{
	struct path p;

	spin_lock(&f->lock);
	p = *what;
	get(&p);
	spin_unlock(&f->lock);
	return p;
}

struct path fsctx_cwd(struct fsctx *f)
{
	return get_locked(f, &f->cwd);
}

struct path fsctx_root(struct fsctx *f)
{
	return get_locked(f, &f->root);
}

struct ns *fsctx_ns(struct fsctx *f)
{
	return f->ns;
}

static void set_locked(struct fsctx *f, struct path *what, const struct path *p)
{
	struct path old;

	path_get(p);
	spin_lock(&f->lock);
	old = *what;
	*what = *p;
	spin_unlock(&f->lock);
	path_put(&old);
}

void fsctx_set_cwd(struct fsctx *f, const struct path *p)
{
	set_locked(f, &f->cwd, p);
}

void fsctx_set_root(struct fsctx *f, const struct path *p)
{
	set_locked(f, &f->root, p);
}

uint32_t fsctx_umask(struct fsctx *f)
{
	return atomic_load_relaxed(&f->umask);
}

uint32_t fsctx_set_umask(struct fsctx *f, uint32_t mask)
{
	return atomic_xchg(&f->umask, mask & 0777);
}
