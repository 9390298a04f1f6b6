/* SPDX-License-Identifier: MIT */
/*
 * Opening: from a path or a node to an open description.  The order of the
 * checks is Linux's, because the errors tell it.
 */
#include <lib/fmt.h>
#include <ns/chardev.h>
#include <obj/desc.h>
#include <sched/timer.h>
#include <sync/krandom.h>

#include "ns_impl.h"

struct ns_hooks ns_hooks;

void ns_init(void)
{
	obj_init();
	desc_hooks.node_get = node_get;
	desc_hooks.node_put = node_put;
	desc_hooks.mount_get = mount_get;
	desc_hooks.mount_put = mount_put;
}

#define TMPFILE_BIT (DESC_TMPFILE & ~DESC_DIRECTORY)

/* The permission bits that the access mode asks for. */
static unsigned wanted(uint32_t flags)
{
	static const uint8_t by_mode[4] = { 4, 2, 6, 6 };
	unsigned want = by_mode[flags & DESC_ACCMODE];

	return (flags & DESC_TRUNC) != 0 ? want | 2 : want;
}

static err_t may_open(const struct path *p, const struct cred *c,
		      uint32_t flags)
{
	const struct node *n = p->node;
	uint32_t fmt = n->attr.mode & MODE_FMT;
	unsigned want = wanted(flags);
	err_t err;

	if (fmt == MODE_LNK)
		return -ELOOP;
	if (fmt == MODE_DIR && (want & 2) != 0)
		return -EISDIR;
	if ((fmt == MODE_CHR || fmt == MODE_BLK) && p->mnt != NULL &&
	    (atomic_load_relaxed(&p->mnt->flags) & MNT_NODEV) != 0)
		return -EACCES;
	err = node_permission(n, c, want);
	if (err)
		return err;
	if ((want & 2) != 0 && (fmt == MODE_REG || fmt == MODE_DIR) &&
	    mount_readonly(p->mnt))
		return -EROFS;
	if ((flags & DESC_NOATIME) != 0 && !cred_is_root(c) &&
	    c->fsuid != n->attr.uid)
		return -EPERM;
	return 0;
}

/* The last word of whoever serves the node: sets d->ops and d->data. */
static err_t open_by_type(struct desc *d, struct node *n, uint32_t flags)
{
	uint32_t fmt = n->attr.mode & MODE_FMT;
	err_t err;

	if (fmt == MODE_REG)
		d->ops = &node_file_ops;
	else if (fmt == MODE_DIR)
		d->ops = &node_dir_ops;
	if (n->ops->open != NULL) {
		struct req_open r = { .cred = d->cred,
				      .desc = d,
				      .flags = flags };

		return n->ops->open(n, &r);
	}
	if (fmt == MODE_REG || fmt == MODE_DIR)
		return 0;
	if (fmt == MODE_CHR) {
		/* Terminals ask; it is no status flag afterwards. */
		d->flags |= flags & DESC_NOCTTY;
		err = chardev_open(d, n->attr.rdev);
		d->flags &= ~DESC_NOCTTY;
		return err;
	}
	if (fmt == MODE_FIFO && ns_hooks.fifo_open != NULL)
		return ns_hooks.fifo_open(n, d, flags);
	return -ENXIO;
}

/*
 * A plain file open for writing is counted until node_file_ops.release; a
 * server that puts in operations of its own does without.
 */
static err_t open_node(struct desc *d, struct node *n, uint32_t flags)
{
	bool counted = desc_writable(d) && node_is(n, MODE_REG);
	err_t err;

	if (counted) {
		err = node_get_write(n);
		if (err)
			return err;
	}
	err = open_by_type(d, n, flags);
	if (err)
		d->ops = &node_path_ops; /* nothing to release */
	if (counted && d->ops != &node_file_ops)
		node_put_write(n);
	return err;
}

/*
 * @p is the file; @created: it is ours, nothing needs to be asked.  Consumes
 * @d, made before the file so that want of memory leaves no file behind, and
 * the references of @p, which become those of @d.
 */
static err_t open_with(struct desc *d, const struct walk *w,
		       const struct path *p, uint32_t flags, bool created,
		       struct desc **out)
{
	err_t err = 0;

	if (unlikely((flags & DESC_DIRECTORY) != 0) &&
	    !node_is(p->node, MODE_DIR))
		err = -ENOTDIR;
	else if (!created && (flags & DESC_PATH) == 0)
		err = may_open(p, w->cred, flags);
	d->node = p->node;
	d->mnt = p->mnt;
	if (err) {
		desc_put(d);
		return err;
	}
	if ((flags & DESC_PATH) == 0)
		err = open_node(d, p->node, flags);
	if (!err && (flags & DESC_TRUNC) != 0 && !created &&
	    node_is(p->node, MODE_REG))
		err = node_set_size(p->node, w->cred, 0);
	if (err) {
		desc_put(d);
		return err;
	}
	*out = d;
	return 0;
}

static err_t open_path(const struct walk *w, const struct path *p,
		       uint32_t flags, bool created, struct desc **out)
{
	struct desc *d;
	err_t err = desc_create(&node_path_ops, NULL, NULL, w->cred, flags, &d);

	if (err)
		return err;
	path_get(p);
	return open_with(d, w, p, flags, created, out);
}

/* The file k->last in the directory cur, which has none of that name. */
static err_t create_last(struct walker *k, uint32_t mode)
{
	struct req_create r = { .cred = k->w->cred, .name = k->last };
	err_t err = dir_may_change(&k->cur, k->w->cred);

	if (err)
		return err;
	r.mode = MODE_REG | (mode & 07777 & ~fsctx_umask(k->w->fs));
	err = node_req_create(k->cur.node, &r);
	if (err)
		return err;
	return walker_enter(k, r.node);
}

/* k->last exists or is created: *@n, NULL when cur is already the new file. */
static err_t lookup_or_create(struct walker *k, uint32_t flags, uint32_t mode,
			      struct node **n)
{
	err_t err;

	for (;;) {
		err = walker_lookup(k, n);
		if (err != -ENOENT)
			return err;
		err = create_last(k, mode);
		/* Somebody else was quicker: it exists after all. */
		if (err == -EEXIST && (flags & DESC_EXCL) == 0)
			continue;
		*n = NULL;
		return err;
	}
}

/* O_CREAT: cur becomes the file, @created or found. */
static err_t walk_create(struct walker *k, uint32_t flags, uint32_t mode,
			 bool *created)
{
	struct node *n;
	bool magic;
	err_t err;

	for (;;) {
		err = walker_to_last(k);
		if (err)
			return err;
		if (k->type != LAST_NORMAL)
			return (flags & DESC_EXCL) != 0 ? -EEXIST : -EISDIR;
		if (k->trailing)
			return -EISDIR;
		err = lookup_or_create(k, flags, mode, &n);
		if (err)
			return err;
		*created = n == NULL;
		if (n == NULL)
			return 0;
		if ((flags & DESC_EXCL) != 0) {
			node_put(n);
			return -EEXIST;
		}
		if (!node_is(n, MODE_LNK) || (flags & DESC_NOFOLLOW) != 0) {
			err = walker_enter(k, n);
			break;
		}
		magic = n->magic_link;
		err = walker_follow(k, n);
		if (err || magic)
			break;
	}
	if (!err && node_is(k->cur.node, MODE_DIR))
		err = -EISDIR;
	return err;
}

/* O_TMPFILE: a file that has lost its name before anyone could use it. */
static err_t open_tmpfile(struct walker *k, uint32_t flags, uint32_t mode,
			  struct desc **out)
{
	char name[40];
	struct req_unlink r = { .cred = k->w->cred };
	struct path dir, file;
	err_t err;

	if ((wanted(flags & ~DESC_TRUNC) & 2) == 0)
		return -EINVAL;
	k->flags |= WALK_DIRECTORY;
	err = walker_to_last(k);
	if (!err)
		err = walker_last(k);
	if (err)
		return err;
	dir = k->cur;
	path_get(&dir);
	r.name.len = ksnprintf(name, sizeof(name), ".tmp-%016llx",
			       (unsigned long long)krandom_u64());
	r.name.s = name;
	k->last = r.name;
	err = create_last(k, mode);
	if (!err) {
		err = node_req_unlink(dir.node, &r);
		walker_take(k, &file);
		if (!err)
			err = open_path(k->w, &file, flags & ~DESC_DIRECTORY,
					true, out);
		path_put(&file);
	}
	path_put(&dir);
	return err;
}

static err_t walk_and_open(struct walker *k, uint32_t flags, uint32_t mode,
			   struct desc **out)
{
	bool created = false;
	struct path file;
	struct desc *d;
	err_t err;

	if (unlikely((flags & TMPFILE_BIT) != 0))
		return open_tmpfile(k, flags, mode, out);
	err = desc_create(&node_path_ops, NULL, NULL, k->w->cred, flags, &d);
	if (err)
		return err;
	if ((flags & DESC_CREAT) != 0) {
		err = walk_create(k, flags, mode, &created);
	} else {
		err = walker_to_last(k);
		if (!err)
			err = walker_last(k);
	}
	if (err) {
		desc_put(d);
		return err;
	}
	walker_take(k, &file);
	return open_with(d, k->w, &file, flags, created, out);
}

err_t ns_open(const struct walk *w, const char *path, uint32_t flags,
	      uint32_t mode, struct desc **out)
{
	struct walker k;
	unsigned how = 0;
	err_t err;

	if ((flags & DESC_PATH) != 0)
		flags &= DESC_PATH | DESC_DIRECTORY | DESC_NOFOLLOW |
			 DESC_CLOEXEC;
	if ((flags & TMPFILE_BIT) != 0 &&
	    (flags & (DESC_TMPFILE | DESC_CREAT)) != DESC_TMPFILE)
		return -EINVAL;
	if ((flags & (DESC_CREAT | DESC_DIRECTORY)) ==
	    (DESC_CREAT | DESC_DIRECTORY))
		return -EINVAL;
	if ((flags & DESC_NOFOLLOW) != 0)
		how |= WALK_NOFOLLOW;
	err = walker_init(&k, w, path, how);
	if (!err)
		err = walk_and_open(&k, flags, mode, out);
	walker_fini(&k);
	return err;
}

err_t ns_open_path(const struct walk *w, const struct path *p, uint32_t flags,
		   struct desc **out)
{
	flags &= ~(DESC_CREAT | DESC_EXCL);
	return open_path(w, p, flags, false, out);
}
