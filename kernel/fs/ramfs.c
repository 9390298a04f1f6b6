/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   The file system in memory: the root, and every tmpfs.  File contents are
 *   vmobj pages, which mmap and exec map as they are.
 *
 * OBJECTS
 *   struct ramfs       one file system: server, limits, the RENAME lock
 *   struct ram_node    what every node has; ram_file, ram_dir, ram_link and
 *                      plain ram_node (devices, FIFOs, sockets) embed it
 *   struct ram_dirent  a name: in its directory's hash table and order list,
 *                      and on the list of names of its node
 *
 * DIRECTORIES
 *   Entries have cookies that only grow, and the order list is sorted by
 *   them, so reading goes on at "the first entry from cookie c on" whatever
 *   was made or removed meanwhile, and what was there all the time is seen
 *   once.  A cursor remembers where the last read stopped.
 *
 * LOCKING
 *   A directory's lock (NODE_DIR) guards its table, order and counts; a
 *   node's own lock its list of names, link count and times.  The order is
 *   directory, then a file in it.  Two directories at a time are locked only
 *   under the RENAME lock (rmdir, rename, anything that changes where a
 *   directory hangs), and there in any order.  A directory's parent is
 *   therefore stable under RENAME, or under the directory's own lock.
 *
 * LIFETIME
 *   Each dirent holds a reference to its node; open files, paths and mounts
 *   hold others.  When the last name goes, its dirent becomes node->gone and
 *   from then on holds a reference to its directory, so that a removed node
 *   still has a parent and a name to show.  Chains of removed directories
 *   are released in a loop.  The file system holds its root, and takes the
 *   tree down when the last mount is gone.  A file's struct lives until its
 *   vmobj is unmapped everywhere.
 *
 * NOT DONE HERE
 *   Extended attributes; punching holes; swapping.
 */
#include <fs/fs.h>
#include <lib/assert.h>
#include <lib/minmax.h>
#include <mm/frame.h>
#include <sync/krandom.h>
#include <sync/park.h>

#include "ramfs_impl.h"

static struct kmem_cache *file_cache, *dir_cache, *node_cache;

static void caches_init(void)
{
	if (file_cache != NULL)
		return;
	file_cache =
		kmem_cache_create("ramfs_file", sizeof(struct ram_file), 0);
	dir_cache = kmem_cache_create("ramfs_dir", sizeof(struct ram_dir), 0);
	node_cache =
		kmem_cache_create("ramfs_node", sizeof(struct ram_node), 0);
}

/* The last mapping and the node are gone, the pages freed. */
static void file_free(struct vmobj *o)
{
	kmem_cache_free(file_cache, container_of(o, struct ram_file, vm));
}

static const struct pager_ops file_pager = { .release = file_free };

static void free_node(struct node *n)
{
	struct ramfs *fs = ramfs_of(n);
	struct ram_file *f;
	struct ram_dir *d;

	atomic_sub_relaxed(&fs->nodes, 1);
	switch (n->attr.mode & MODE_FMT) {
	case MODE_REG:
		f = ram_file(n);
		atomic_sub_relaxed(&fs->pages, f->charged);
		vmobj_put(&f->vm);
		break;
	case MODE_DIR:
		d = ram_dir(n);
		if (d->table != d->few)
			kfree(d->table);
		kmem_cache_free(dir_cache, d);
		break;
	case MODE_LNK:
		kfree(container_of(ram_node(n), struct ram_link, rn));
		break;
	default:
		kmem_cache_free(node_cache, ram_node(n));
	}
}

/* server->release: also of the removed directories that only @n held. */
static void ramfs_release(struct node *n)
{
	struct ram_dirent *gone;
	struct node *up;

	for (; n != NULL; n = up) {
		gone = ram_node(n)->gone;
		up = NULL;
		if (gone != NULL) {
			up = dir_node(gone->dir);
			if (!ref_put(&up->ref))
				up = NULL;
			kfree(gone);
		}
		free_node(n);
	}
}

static void node_setup(struct ramfs *fs, struct ram_node *rn,
		       const struct node_ops *ops, const struct node *dir,
		       const struct cred *c, uint32_t mode)
{
	struct node_attr *a = &rn->node.attr;
	uint32_t uid = c->fsuid, gid = c->fsgid;
	nsec_t now = clock_realtime();

	if (dir != NULL)
		node_inherit(dir, c, &mode, &uid, &gid);
	node_init(&rn->node, ops, &fs->server, mode);
	list_init(&rn->names);
	rn->gone = NULL;
	a->ino = atomic_fetch_add(&fs->last_ino, 1) + 1;
	a->uid = uid;
	a->gid = gid;
	a->atime = now;
	a->mtime = now;
	a->ctime = now;
	a->btime = now;
	atomic_add_relaxed(&fs->nodes, 1);
}

static err_t file_create(struct ramfs *fs, const struct node *dir,
			 const struct cred *c, uint32_t mode, struct node **out)
{
	struct ram_file *f = kmem_cache_alloc(file_cache);

	if (f == NULL)
		return -ENOMEM;
	node_setup(fs, &f->rn, &ramfs_file_ops, dir, c, mode);
	vmobj_init(&f->vm, &file_pager, f);
	f->rn.node.vmobj = &f->vm;
	f->charged = 0;
	*out = &f->rn.node;
	return 0;
}

static err_t dir_create(struct ramfs *fs, const struct node *dir,
			const struct cred *c, uint32_t mode, struct node **out)
{
	struct ram_dir *d = kmem_cache_zalloc(dir_cache);

	if (d == NULL)
		return -ENOMEM;
	node_setup(fs, &d->rn, &ramfs_dir_ops, dir, c, mode);
	d->rn.node.attr.nlink = 2;
	list_init(&d->order);
	d->table = d->few;
	d->bits = RAM_DIR_BITS;
	d->cursor = &d->order;
	*out = dir_node(d);
	return 0;
}

err_t ramfs_node_create(struct ramfs *fs, const struct node *dir,
			const struct cred *c, uint32_t mode, struct node **out)
{
	uint32_t fmt = mode & MODE_FMT;
	struct ram_node *rn;

	if (atomic_load_relaxed(&fs->nodes) >= fs->limit)
		return -ENOSPC;
	if (fmt == MODE_REG)
		return file_create(fs, dir, c, mode, out);
	if (fmt == MODE_DIR)
		return dir_create(fs, dir, c, mode, out);
	rn = kmem_cache_alloc(node_cache);
	if (rn == NULL)
		return -ENOMEM;
	node_setup(fs, rn, &ramfs_special_ops, dir, c, mode);
	*out = &rn->node;
	return 0;
}

err_t ramfs_link_create(struct ramfs *fs, const struct node *dir,
			const struct cred *c, struct name target,
			struct node **out)
{
	struct ram_link *l;

	if (atomic_load_relaxed(&fs->nodes) >= fs->limit)
		return -ENOSPC;
	l = kmalloc(sizeof(*l) + target.len + 1);
	if (l == NULL)
		return -ENOMEM;
	node_setup(fs, &l->rn, &ramfs_link_ops, dir, c, MODE_LNK | 0777);
	memcpy(l->target, target.s, target.len);
	l->target[target.len] = '\0';
	l->len = target.len;
	l->rn.node.attr.size = target.len;
	*out = &l->rn.node;
	return 0;
}

/* --- the end of a file system --- */

/* Takes the first name out of @d, which nobody else can see any more. */
static void take_down_first(struct ram_dir *d)
{
	struct ram_dirent *de = list_first(&d->order, struct ram_dirent, order);
	struct node *n = de->node;

	list_del(&de->order);
	list_del(&de->names);
	kfree(de);
	node_put(n);
}

/* Depth first, without recursion: down by the first name, up by parent. */
static void take_down(struct ramfs *fs)
{
	struct ram_dir *d = fs->root;
	struct ram_dirent *de;
	unsigned n = 0;

	for (;;) {
		if (++n % 256 == 0)
			sched_point();
		if (list_empty(&d->order)) {
			if (d == fs->root)
				return;
			d = ram_dir_parent(d);
			take_down_first(d);
			continue;
		}
		de = list_first(&d->order, struct ram_dirent, order);
		if (node_is(de->node, MODE_DIR))
			d = ram_dir(de->node);
		else
			take_down_first(d);
	}
}

static void ramfs_fini(struct server *s)
{
	struct ramfs *fs = container_of(s, struct ramfs, server);

	take_down(fs);
	node_put(dir_node(fs->root));
	kfree(fs);
}

static void ramfs_setup(struct ramfs *fs, const char *type, uint64_t limit)
{
	struct frame_stats stats;

	if (limit == 0) {
		frame_get_stats(&stats);
		limit = max_t(uint64_t, stats.total / 2, 64);
	}
	fs->limit = limit;
	ref_init(&fs->server.ref, 1);
	fs->server.type = type;
	fs->server.dev = server_new_dev();
	fs->server.magic = RAMFS_MAGIC;
	fs->server.release = ramfs_release;
	fs->server.fini = ramfs_fini;
	mutex_init(&fs->rename, RANK_RENAME);
	krandom_bytes(&fs->key, sizeof(fs->key));
}

err_t ramfs_create_as(const char *type, uint64_t limit, uint32_t mode,
		      struct server **server, struct node **root)
{
	struct ramfs *fs;
	struct node *n;
	err_t err;

	caches_init();
	fs = kzalloc(sizeof(*fs));
	if (fs == NULL)
		return -ENOMEM;
	ramfs_setup(fs, type, limit);
	err = ramfs_node_create(fs, NULL, &cred_root, MODE_DIR | (mode & 07777),
				&n);
	if (err) {
		kfree(fs);
		return err;
	}
	fs->root = ram_dir(n);
	node_get(n);
	*server = &fs->server;
	*root = n;
	return 0;
}

err_t ramfs_create(struct server **server, struct node **root)
{
	return ramfs_create_as("ramfs", 0, 0755, server, root);
}

const struct node_ops ramfs_dir_ops = {
	.lookup = ram_lookup,
	.create = ram_create,
	.mkdir = ram_mkdir,
	.symlink = ram_symlink,
	.link = ram_link,
	.unlink = ram_unlink,
	.rmdir = ram_rmdir,
	.rename = ram_rename,
	.readdir = ram_readdir,
	.parent = ram_parent,
	.nameof = ram_nameof,
	.setattr = ram_setattr,
	.statfs = ram_statfs,
	.fsync = ram_fsync,
};

const struct node_ops ramfs_file_ops = {
	.read = ram_read,
	.write = ram_write,
	.truncate = ram_truncate,
	.fallocate = ram_fallocate,
	.nameof = ram_nameof,
	.setattr = ram_setattr,
	.statfs = ram_statfs,
	.fsync = ram_fsync,
};

const struct node_ops ramfs_link_ops = {
	.readlink = ram_readlink,
	.nameof = ram_nameof,
	.setattr = ram_setattr,
	.statfs = ram_statfs,
};

const struct node_ops ramfs_special_ops = {
	.nameof = ram_nameof,
	.setattr = ram_setattr,
	.statfs = ram_statfs,
};
