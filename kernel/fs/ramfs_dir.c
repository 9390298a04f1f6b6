/* SPDX-License-Identifier: MIT */
/* The inside of a directory: hash table, order, reading, and the way up. */
#include <lib/hash.h>
#include <lib/minmax.h>
#include <sync/park.h>

#include "ramfs_impl.h"

uint32_t ram_hash(const struct ramfs *fs, struct name name)
{
	return (uint32_t)(hash_bytes(fs->key, name.s, name.len) >> 32);
}

static inline struct ram_dirent **bucket(struct ram_dir *d, uint32_t hash)
{
	return &d->table[hash >> (32 - d->bits)];
}

/* Short names, as most are, in loads that may overlap; @n is not 0. */
static inline bool same_name(const char *a, const char *b, size_t n)
{
	if (n >= 8)
		return memcmp(a, b, n) == 0;
	if (n >= 4)
		return hash_load32(a) == hash_load32(b) &&
		       hash_load32(a + n - 4) == hash_load32(b + n - 4);
	return a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1];
}

/* Inlined into ram_lookup(), which every step of a walk calls. */
static inline struct ram_dirent *find(struct ram_dir *d, struct name name,
				      uint32_t hash)
{
	struct ram_dirent *de;

	for (de = *bucket(d, hash); de != NULL; de = de->chain)
		if (de->hash == hash && de->len == name.len &&
		    same_name(de->name, name.s, name.len))
			return de;
	return NULL;
}

struct ram_dirent *ram_dir_find(struct ram_dir *d, struct name name,
				uint32_t hash)
{
	return find(d, name, hash);
}

struct ram_dirent *ram_dirent_create(struct ram_dir *d, struct name name)
{
	struct ram_dirent *de = kmalloc(sizeof(*de) + name.len + 1);

	if (de == NULL)
		return NULL;
	list_init(&de->order);
	list_init(&de->names);
	de->chain = NULL;
	de->cookie = 0;
	de->node = NULL;
	de->dir = d;
	de->hash = ram_hash(ramfs_of(dir_node(d)), name);
	de->len = (uint8_t)name.len;
	memcpy(de->name, name.s, name.len);
	de->name[name.len] = '\0';
	return de;
}

static void chain_add(struct ram_dir *d, struct ram_dirent *de)
{
	struct ram_dirent **b = bucket(d, de->hash);

	de->chain = *b;
	*b = de;
}

static void chain_del(struct ram_dir *d, const struct ram_dirent *de)
{
	struct ram_dirent **link = bucket(d, de->hash);

	while (*link != de)
		link = &(*link)->chain;
	*link = de->chain;
}

/* Four times the buckets; without memory the chains just get longer. */
static void grow(struct ram_dir *d)
{
	unsigned bits = d->bits + 2;
	struct ram_dirent **table, **old = d->table, *de;

	if (bits > 24)
		return;
	table = kcalloc((size_t)1 << bits, sizeof(*table));
	if (table == NULL)
		return;
	d->table = table;
	d->bits = bits;
	list_foreach_entry(de, &d->order, order) chain_add(d, de);
	if (old != d->few)
		kfree(old);
}

static void count_changed(struct ram_dir *d, int change)
{
	d->count += (uint64_t)(int64_t)change;
	dir_node(d)->attr.size = d->count * 20; /* as tmpfs counts */
}

void ram_dir_insert(struct ram_dir *d, struct ram_dirent *de, struct node *node)
{
	de->node = node;
	de->cookie = d->next_cookie++;
	list_add_tail(&d->order, &de->order);
	/* A reader that stood at the end now stands before this one. */
	if (d->cursor == &d->order)
		d->cursor = &de->order;
	count_changed(d, 1);
	if (unlikely(d->count > UINT64_C(2) << d->bits)) {
		unsigned bits = d->bits;

		grow(d);
		if (d->bits != bits)
			return; /* it is in the new table */
	}
	chain_add(d, de);
}

void ram_dir_replace(struct ram_dir *d, struct ram_dirent *old,
		     struct ram_dirent *de, struct node *node)
{
	de->node = node;
	de->cookie = old->cookie;
	if (d->cursor == &old->order)
		d->cursor = &de->order;
	list_replace(&old->order, &de->order);
	chain_del(d, old);
	chain_add(d, de);
}

void ram_dir_remove(struct ram_dir *d, struct ram_dirent *de)
{
	if (d->cursor == &de->order)
		d->cursor = de->order.next;
	list_del(&de->order);
	chain_del(d, de);
	count_changed(d, -1);
}

void ram_dir_touch(struct ram_dir *d, nsec_t now)
{
	struct node_attr *a = &dir_node(d)->attr;

	atomic_store_relaxed(&a->mtime, now);
	atomic_store_relaxed(&a->ctime, now);
}

void ram_dir_nlink(struct ram_dir *d, int change)
{
	struct node_attr *a = &dir_node(d)->attr;

	atomic_store_relaxed(&a->nlink, a->nlink + (uint32_t)change);
}

err_t ram_lookup(struct node *n, struct req_lookup *r)
{
	uint32_t hash = ram_hash(ramfs_of(n), r->name);
	struct ram_dirent *de;

	mutex_lock(&n->lock);
	de = find(ram_dir(n), r->name, hash);
	if (likely(de != NULL)) {
		r->node = de->node;
		node_get(r->node);
	}
	mutex_unlock(&n->lock);
	return likely(de != NULL) ? 0 : -ENOENT;
}

/* --- reading --- */

static struct list *first_from(struct ram_dir *d, uint64_t cookie)
{
	struct ram_dirent *de;
	struct list *it;
	unsigned n = 0;

	if (cookie == 0)
		return d->order.next;
	if (cookie == d->cursor_cookie)
		return d->cursor;
	list_foreach(it, &d->order) {
		de = list_entry(it, struct ram_dirent, order);
		if (de->cookie >= cookie)
			break;
		if (++n % 4096 == 0)
			sched_point();
	}
	return it;
}

err_t ram_readdir(struct node *n, struct req_readdir *r)
{
	struct ram_dir *d = ram_dir(n);
	const struct ram_dirent *de;
	struct list *it;
	unsigned count = 0;

	mutex_lock(&n->lock);
	r->next = r->cookie;
	for (it = first_from(d, r->cookie); it != &d->order; it = it->next) {
		de = list_entry(it, struct ram_dirent, order);
		if (!r->sink->entry(r->sink, (struct name){ de->name, de->len },
				    de->node->attr.ino,
				    (de->node->attr.mode & MODE_FMT) >> 12,
				    de->cookie + 1))
			break;
		r->next = de->cookie + 1;
		if (++count % 512 == 0)
			sched_point();
	}
	/* Beyond what was ever given out an insertion would come before. */
	if (r->next <= d->next_cookie) {
		d->cursor = it;
		d->cursor_cookie = r->next;
	}
	mutex_unlock(&n->lock);
	return 0;
}

/* --- the way up --- */

/* A name of @rn, or the last one it had; NULL for the root. */
static struct ram_dirent *a_name(struct ram_node *rn)
{
	if (!list_empty(&rn->names))
		return list_first(&rn->names, struct ram_dirent, names);
	return rn->gone;
}

struct ram_dir *ram_dir_parent(struct ram_dir *d)
{
	const struct ram_dirent *de = a_name(&d->rn);

	return de == NULL ? d : de->dir;
}

err_t ram_parent(struct node *n, struct req_parent *r)
{
	mutex_lock(&n->lock);
	r->node = dir_node(ram_dir_parent(ram_dir(n)));
	node_get(r->node);
	mutex_unlock(&n->lock);
	return 0;
}

err_t ram_nameof(struct node *n, struct req_nameof *r)
{
	const struct ram_dirent *de;
	err_t err = 0;

	mutex_lock(&n->lock);
	de = a_name(ram_node(n));
	if (de == NULL) {
		err = -ENOENT;
	} else if (de->len > r->buf.size) {
		err = -ENAMETOOLONG;
	} else {
		memcpy(r->buf.p, de->name, de->len);
		r->len = de->len;
		r->dir = dir_node(de->dir);
		node_get(r->dir);
	}
	mutex_unlock(&n->lock);
	return err;
}
