/* SPDX-License-Identifier: MIT */
/*
 * Renaming.  Under the RENAME lock, and the locks of both directories; the
 * lock of a node that moves or is replaced is taken on top for its own part.
 */
#include <ns/ns.h>

#include "ramfs_impl.h"

struct renaming {
	struct ram_dir *from, *to;
	struct ram_dirent *a;  /* what moves */
	struct ram_dirent *b;  /* what is at the new name, or NULL */
	struct ram_dirent *de; /* the new name, prepared; NULL: exchange */
	struct node *victim;   /* out: loses the name's reference */
	nsec_t now;
};

/* A directory is locked as a second one, a file by its own rank. */
static void lock_node(struct node *n) NO_TSA
{
	if (node_is(n, MODE_DIR))
		mutex_lock_second(&n->lock);
	else
		mutex_lock(&n->lock);
}

static void lock_dirs(struct ram_dir *a, struct ram_dir *b) NO_TSA
{
	mutex_lock(&dir_node(a)->lock);
	if (b != a)
		mutex_lock_second(&dir_node(b)->lock);
}

static void unlock_dirs(struct ram_dir *a, struct ram_dir *b) NO_TSA
{
	if (b != a)
		mutex_unlock(&dir_node(b)->lock);
	mutex_unlock(&dir_node(a)->lock);
}

/* Whether @n is @d or above it.  RENAME keeps the chain as it is. */
static bool is_above(const struct ramfs *fs, const struct node *n,
		     struct ram_dir *d)
{
	for (; dir_node(d) != n; d = ram_dir_parent(d))
		if (d == fs->root)
			return false;
	return true;
}

static err_t check(const struct ramfs *fs, const struct renaming *m,
		   unsigned flags)
{
	bool dir, over;

	if (m->a == NULL || m->to->dead)
		return -ENOENT;
	if ((flags & RENAME_NOREPLACE) != 0 && m->b != NULL)
		return -EEXIST;
	if ((flags & RENAME_EXCHANGE) != 0 && m->b == NULL)
		return -ENOENT;
	dir = node_is(m->a->node, MODE_DIR);
	if (dir && is_above(fs, m->a->node, m->to))
		return -EINVAL;
	if (m->b == NULL)
		return 0;
	over = node_is(m->b->node, MODE_DIR);
	if (over && is_above(fs, m->b->node, m->from))
		return (flags & RENAME_EXCHANGE) != 0 ? -EINVAL : -ENOTEMPTY;
	if ((flags & RENAME_EXCHANGE) != 0)
		return 0;
	if (dir != over)
		return over ? -EISDIR : -ENOTDIR;
	return 0;
}

/* @n has the name @to instead of @from. */
static void change_name(struct node *n, struct ram_dirent *from,
			struct ram_dirent *to, nsec_t now) NO_TSA
{
	lock_node(n);
	list_del(&from->names);
	list_add(&ram_node(n)->names, &to->names);
	atomic_store_relaxed(&n->attr.ctime, now);
	mutex_unlock(&n->lock);
}

/*
 * Two nodes at once, directories first by rank.  Two files are locked only
 * here, under RENAME, so their order does not matter.
 */
static void lock_pair(struct node *x, struct node *y) NO_TSA
{
	bool x_dir = node_is(x, MODE_DIR), y_dir = node_is(y, MODE_DIR);

	if (x_dir || !y_dir) {
		lock_node(x);
		if (y_dir || !x_dir)
			mutex_lock_second(&y->lock);
		else
			mutex_lock(&y->lock);
	} else {
		lock_node(y);
		mutex_lock(&x->lock);
	}
}

/* The two names change nodes. */
static void exchange(struct renaming *m) NO_TSA
{
	struct node *x = m->a->node, *y = m->b->node;
	int moved =
		(node_is(y, MODE_DIR) ? 1 : 0) - (node_is(x, MODE_DIR) ? 1 : 0);

	lock_pair(x, y);
	list_del(&m->a->names);
	list_del(&m->b->names);
	list_add(&ram_node(x)->names, &m->b->names);
	list_add(&ram_node(y)->names, &m->a->names);
	atomic_store_relaxed(&x->attr.ctime, m->now);
	atomic_store_relaxed(&y->attr.ctime, m->now);
	mutex_unlock(&y->lock);
	mutex_unlock(&x->lock);
	m->a->node = y;
	m->b->node = x;
	if (m->from != m->to) {
		ram_dir_nlink(m->from, moved);
		ram_dir_nlink(m->to, -moved);
	}
}

/* What is at the new name goes; -ENOTEMPTY while it holds something. */
static err_t evict(struct renaming *m) NO_TSA
{
	struct node *v = m->b->node;
	err_t err = 0;

	lock_node(v);
	if (node_is(v, MODE_DIR) && ram_dir(v)->count != 0) {
		err = -ENOTEMPTY;
	} else {
		if (node_is(v, MODE_DIR)) {
			ram_dir(v)->dead = true;
			ram_dir_nlink(m->to, -1);
		}
		ram_dir_replace(m->to, m->b, m->de, m->a->node);
		ram_drop_name(v, m->b, m->now);
		m->victim = v;
	}
	mutex_unlock(&v->lock);
	return err;
}

static err_t move(struct renaming *m)
{
	struct node *n = m->a->node;
	err_t err = 0;

	if (m->b != NULL)
		err = evict(m);
	else
		ram_dir_insert(m->to, m->de, n);
	if (err)
		return err;

	/* Nothing below can fail. */
	ram_dir_remove(m->from, m->a);
	change_name(n, m->a, m->de, m->now);
	kfree(m->a);
	m->de = NULL;
	if (node_is(n, MODE_DIR)) {
		ram_dir_nlink(m->from, -1);
		ram_dir_nlink(m->to, 1);
	}
	return 0;
}

static err_t rename_locked(struct ramfs *fs, struct renaming *m,
			   struct req_rename *r)
{
	err_t err;

	m->a = ram_dir_find(m->from, r->name, ram_hash(fs, r->name));
	m->b = ram_dir_find(m->to, r->new_name, ram_hash(fs, r->new_name));
	err = check(fs, m, r->flags);
	if (err)
		return err;
	/* Two names of one file: nothing to do. */
	if (m->b != NULL && m->b->node == m->a->node)
		return 0;
	if ((r->flags & RENAME_EXCHANGE) != 0)
		exchange(m);
	else
		err = move(m);
	if (!err) {
		ram_dir_touch(m->from, m->now);
		ram_dir_touch(m->to, m->now);
	}
	return err;
}

err_t ram_rename(struct node *n, struct req_rename *r)
{
	struct ramfs *fs = ramfs_of(n);
	struct renaming m = { .from = ram_dir(n) };
	err_t err;

	if (r->new_dir->server != n->server)
		return -EXDEV;
	if (!node_is(r->new_dir, MODE_DIR))
		return -ENOTDIR;
	m.to = ram_dir(r->new_dir);
	m.now = clock_realtime();
	if ((r->flags & RENAME_EXCHANGE) == 0) {
		m.de = ram_dirent_create(m.to, r->new_name);
		if (m.de == NULL)
			return -ENOMEM;
	}
	mutex_lock(&fs->rename);
	lock_dirs(m.from, m.to);
	err = rename_locked(fs, &m, r);
	unlock_dirs(m.from, m.to);
	mutex_unlock(&fs->rename);
	kfree(m.de);
	node_put(m.victim);
	return err;
}
