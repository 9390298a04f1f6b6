/* SPDX-License-Identifier: MIT */
/* Making and removing names: mkdir, mknod, symlink, link, unlink, rmdir. */
#include <lib/string.h>

#include "ns_impl.h"

/* To the directory of a name that must be new. */
static err_t walk_new(struct walker *k, bool is_dir)
{
	struct node *n;
	err_t err = walker_to_last(k);

	if (err)
		return err;
	if (k->type != LAST_NORMAL)
		return -EEXIST;
	err = walker_lookup(k, &n);
	if (!err) {
		node_put(n);
		return -EEXIST;
	}
	if (err != -ENOENT)
		return err;
	if (k->trailing && !is_dir)
		return -ENOENT;
	return dir_may_change(&k->cur, k->w->cred);
}

err_t ns_mkdir(const struct walk *w, const char *path, uint32_t mode)
{
	struct req_mkdir r = { .cred = w->cred };
	struct walker k;
	err_t err;

	err = walker_init(&k, w, path, 0);
	if (!err)
		err = walk_new(&k, true);
	if (!err) {
		r.name = k.last;
		r.mode = MODE_DIR | (mode & 01777 & ~fsctx_umask(w->fs));
		err = node_req_mkdir(k.cur.node, &r);
	}
	if (!err)
		node_put(r.node);
	walker_fini(&k);
	return err;
}

static err_t may_mknod(const struct cred *c, uint32_t mode)
{
	switch (mode & MODE_FMT) {
	case 0:
	case MODE_REG:
	case MODE_FIFO:
	case MODE_SOCK:
		return 0;
	case MODE_CHR:
	case MODE_BLK:
		return cred_is_root(c) ? 0 : -EPERM;
	case MODE_DIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

err_t ns_mknod(const struct walk *w, const char *path, uint32_t mode,
	       uint64_t rdev)
{
	struct req_create r = { .cred = w->cred, .rdev = rdev };
	struct walker k;
	err_t err;

	err = walker_init(&k, w, path, 0);
	if (!err && ((mode & MODE_FMT) == MODE_DIR ||
		     may_mknod(w->cred, mode) == -EINVAL))
		err = may_mknod(w->cred, mode);
	if (!err)
		err = walk_new(&k, false);
	if (!err)
		err = may_mknod(w->cred, mode);
	if (!err) {
		if ((mode & MODE_FMT) == 0)
			mode |= MODE_REG;
		r.name = k.last;
		r.mode = mode & ~fsctx_umask(w->fs);
		err = node_req_create(k.cur.node, &r);
	}
	if (!err)
		node_put(r.node);
	walker_fini(&k);
	return err;
}

err_t ns_symlink(const struct walk *w, const char *target, const char *path)
{
	struct req_symlink r = { .cred = w->cred };
	struct walker k;
	err_t err;

	r.target = (struct name){ target, strlen(target) };
	if (r.target.len == 0)
		return -ENOENT;
	if (r.target.len >= PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	err = walker_init(&k, w, path, 0);
	if (!err)
		err = walk_new(&k, false);
	if (!err) {
		r.name = k.last;
		err = node_req_symlink(k.cur.node, &r);
	}
	if (!err)
		node_put(r.node);
	walker_fini(&k);
	return err;
}

static err_t link_to(const struct path *old, struct walker *k)
{
	struct req_link r = { .cred = k->w->cred, .target = old->node };
	err_t err = walk_new(k, false);

	if (err)
		return err;
	if (old->mnt != k->cur.mnt)
		return -EXDEV;
	if (node_is(old->node, MODE_DIR))
		return -EPERM;
	r.name = k->last;
	return node_req_link(k->cur.node, &r);
}

err_t ns_link(const struct walk *from, const char *old, unsigned walk_flags,
	      const struct walk *to, const char *path)
{
	struct path p;
	struct walker k;
	err_t err;

	err = ns_walk(from, old, walk_flags, &p);
	if (err)
		return err;
	err = walker_init(&k, to, path, 0);
	if (!err)
		err = link_to(&p, &k);
	walker_fini(&k);
	path_put(&p);
	return err;
}

static err_t unlink_last(struct walker *k)
{
	struct req_unlink r = { .cred = k->w->cred, .name = k->last };
	struct node *n;
	err_t err;

	if (k->type != LAST_NORMAL)
		return -EISDIR;
	if (mount_readonly(k->cur.mnt))
		return -EROFS;
	err = walker_lookup(k, &n);
	if (err)
		return err;
	if (k->trailing)
		err = node_is(n, MODE_DIR) ? -EISDIR : -ENOTDIR;
	else
		err = dir_may_remove(&k->cur, n, k->w->cred, false);
	if (!err)
		err = node_req_unlink(k->cur.node, &r);
	node_put(n);
	return err;
}

static err_t rmdir_last(struct walker *k)
{
	struct req_rmdir r = { .cred = k->w->cred, .name = k->last };
	struct node *n;
	err_t err;

	switch (k->type) {
	case LAST_DOT:
		return -EINVAL;
	case LAST_DOTDOT:
		return -ENOTEMPTY;
	case LAST_ROOT:
		return -EBUSY;
	case LAST_NORMAL:
		break;
	}
	if (mount_readonly(k->cur.mnt))
		return -EROFS;
	err = walker_lookup(k, &n);
	if (err)
		return err;
	err = dir_may_remove(&k->cur, n, k->w->cred, true);
	if (!err)
		err = node_req_rmdir(k->cur.node, &r);
	node_put(n);
	return err;
}

static err_t remove_path(const struct walk *w, const char *path,
			 err_t (*fn)(struct walker *k))
{
	struct walker k;
	err_t err;

	err = walker_init(&k, w, path, 0);
	if (!err)
		err = walker_to_last(&k);
	if (!err)
		err = fn(&k);
	walker_fini(&k);
	return err;
}

err_t ns_unlink(const struct walk *w, const char *path)
{
	return remove_path(w, path, unlink_last);
}

err_t ns_rmdir(const struct walk *w, const char *path)
{
	return remove_path(w, path, rmdir_last);
}
