/* SPDX-License-Identifier: MIT */
/* Making and removing names. */
#include "ramfs_impl.h"

void ram_drop_name(struct node *n, struct ram_dirent *de, nsec_t now)
{
	struct ram_node *rn = ram_node(n);
	uint32_t nlink = node_is(n, MODE_DIR) ? 0 : n->attr.nlink - 1;

	list_del(&de->names);
	atomic_store_relaxed(&n->attr.nlink, nlink);
	atomic_store_relaxed(&n->attr.ctime, now);
	if (nlink != 0) {
		kfree(de);
		return;
	}
	de->node = NULL;
	node_get(dir_node(de->dir));
	rn->gone = de;
}

/*
 * Publish @node, which only the caller knows, under a new name.
 * Refs: takes over one of the two that the caller has.
 */
static err_t add_name(struct ram_dir *d, struct name name, struct node *node)
{
	struct node *n = dir_node(d);
	struct ram_dirent *de = ram_dirent_create(d, name);
	err_t err = 0;

	if (de == NULL)
		return -ENOMEM;
	mutex_lock(&n->lock);
	if (d->dead)
		err = -ENOENT;
	else if (ram_dir_find(d, name, de->hash) != NULL)
		err = -EEXIST;
	if (err) {
		mutex_unlock(&n->lock);
		kfree(de);
		return err;
	}

	/* Nothing below can fail. */
	list_add(&ram_node(node)->names, &de->names);
	ram_dir_insert(d, de, node);
	if (node_is(node, MODE_DIR))
		ram_dir_nlink(d, 1);
	ram_dir_touch(d, node->attr.ctime);
	mutex_unlock(&n->lock);
	return 0;
}

/* @node, ref 1, gets a name; *@out one more reference. */
static err_t publish(struct node *dir, struct name name, struct node *node,
		     struct node **out)
{
	err_t err;

	node_get(node);
	err = add_name(ram_dir(dir), name, node);
	if (err) {
		node_put(node);
		node_put(node);
		return err;
	}
	*out = node;
	return 0;
}

err_t ram_create(struct node *n, struct req_create *r)
{
	struct node *node;
	err_t err;

	err = ramfs_node_create(ramfs_of(n), n, r->cred, r->mode, &node);
	if (err)
		return err;
	node->attr.rdev = r->rdev;
	return publish(n, r->name, node, &r->node);
}

err_t ram_mkdir(struct node *n, struct req_mkdir *r)
{
	struct node *node;
	err_t err;

	err = ramfs_node_create(ramfs_of(n), n, r->cred,
				MODE_DIR | (r->mode & 07777), &node);
	if (err)
		return err;
	return publish(n, r->name, node, &r->node);
}

err_t ram_symlink(struct node *n, struct req_symlink *r)
{
	struct node *node;
	err_t err;

	err = ramfs_link_create(ramfs_of(n), n, r->cred, r->target, &node);
	if (err)
		return err;
	return publish(n, r->name, node, &r->node);
}

static err_t link_locked(struct ram_dir *d, struct ram_dirent *de,
			 struct node *t)
{
	err_t err = 0;

	if (d->dead)
		return -ENOENT;
	if (ram_dir_find(d, (struct name){ de->name, de->len }, de->hash) !=
	    NULL)
		return -EEXIST;
	mutex_lock(&t->lock);
	if (t->attr.nlink == 0) {
		err = -ENOENT; /* nothing comes back from being removed */
	} else if (t->attr.nlink == UINT32_MAX) {
		err = -EMLINK;
	} else {
		node_get(t);
		list_add(&ram_node(t)->names, &de->names);
		ram_dir_insert(d, de, t);
		atomic_store_relaxed(&t->attr.nlink, t->attr.nlink + 1);
		atomic_store_relaxed(&t->attr.ctime, clock_realtime());
		ram_dir_touch(d, t->attr.ctime);
	}
	mutex_unlock(&t->lock);
	return err;
}

err_t ram_link(struct node *n, struct req_link *r)
{
	struct ram_dirent *de;
	err_t err;

	if (r->target->server != n->server)
		return -EXDEV;
	if (node_is(r->target, MODE_DIR))
		return -EPERM;
	de = ram_dirent_create(ram_dir(n), r->name);
	if (de == NULL)
		return -ENOMEM;
	mutex_lock(&n->lock);
	err = link_locked(ram_dir(n), de, r->target);
	mutex_unlock(&n->lock);
	if (err)
		kfree(de);
	return err;
}

err_t ram_unlink(struct node *n, struct req_unlink *r)
{
	struct ram_dir *d = ram_dir(n);
	struct ram_dirent *de;
	struct node *victim;
	nsec_t now = clock_realtime();

	mutex_lock(&n->lock);
	de = ram_dir_find(d, r->name, ram_hash(ramfs_of(n), r->name));
	if (de == NULL || node_is(de->node, MODE_DIR)) {
		mutex_unlock(&n->lock);
		return de == NULL ? -ENOENT : -EISDIR;
	}
	victim = de->node;
	ram_dir_remove(d, de);
	ram_dir_touch(d, now);
	mutex_lock(&victim->lock);
	ram_drop_name(victim, de, now);
	mutex_unlock(&victim->lock);
	mutex_unlock(&n->lock);
	/* What the name held; may free the contents. */
	node_put(victim);
	return 0;
}

/* With RENAME and the parent's lock held. */
static err_t rmdir_locked(struct ram_dir *d, struct ram_dirent *de,
			  struct node *victim)
{
	struct ram_dir *v = ram_dir(victim);
	nsec_t now = clock_realtime();

	mutex_lock_second(&victim->lock);
	if (v->count != 0) {
		mutex_unlock(&victim->lock);
		return -ENOTEMPTY;
	}
	v->dead = true;
	ram_dir_remove(d, de);
	ram_dir_nlink(d, -1);
	ram_dir_touch(d, now);
	ram_drop_name(victim, de, now);
	mutex_unlock(&victim->lock);
	return 0;
}

err_t ram_rmdir(struct node *n, struct req_rmdir *r)
{
	struct ramfs *fs = ramfs_of(n);
	struct ram_dir *d = ram_dir(n);
	struct ram_dirent *de;
	struct node *victim = NULL;
	err_t err;

	mutex_lock(&fs->rename);
	mutex_lock(&n->lock);
	de = ram_dir_find(d, r->name, ram_hash(fs, r->name));
	if (de == NULL) {
		err = -ENOENT;
	} else if (!node_is(de->node, MODE_DIR)) {
		err = -ENOTDIR;
	} else {
		victim = de->node;
		err = rmdir_locked(d, de, victim);
	}
	mutex_unlock(&n->lock);
	mutex_unlock(&fs->rename);
	if (!err)
		node_put(victim);
	return err;
}
