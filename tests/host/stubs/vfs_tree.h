/* SPDX-License-Identifier: MIT */
/* A name space on a fresh ramfs, and short names for what tests do to it. */
#pragma once

#include "vfs_machine.h"

#include <fs/fs.h>
#include <mm/uio.h>
#include <ns/ns.h>
#include <obj/desc.h>

struct tree {
	struct server *server;
	struct node *root;
	struct ns *ns;
	struct fsctx *fs;
	struct walk w; /* as root, from the working directory */
};

static inline void tree_init(void)
{
	static bool ready;

	if (!ready)
		fs_init();
	ready = true;
}

static inline err_t tree_create(struct tree *t)
{
	err_t err;

	tree_init();
	*t = (struct tree){ .w = { .cred = &cred_root } };
	err = ramfs_create(&t->server, &t->root);
	if (err)
		return err;
	err = ns_create(t->server, t->root, &t->ns);
	if (err)
		goto out;
	err = fsctx_create(t->ns, &t->fs);
	if (err)
		ns_put(t->ns);
	t->w.fs = t->fs;
out:
	if (err) {
		node_put(t->root);
		server_put(t->server);
	}
	return err;
}

static inline void tree_destroy(struct tree *t)
{
	fsctx_put(t->fs);
	ns_put(t->ns);
	node_put(t->root);
	server_put(t->server);
}

static inline err_t t_mkdir(struct tree *t, const char *path)
{
	return ns_mkdir(&t->w, path, 0777);
}

static inline err_t t_open(struct tree *t, const char *path, uint32_t flags,
			   struct desc **d)
{
	return ns_open(&t->w, path, flags, 0666, d);
}

/* The open result only as an error. */
static inline err_t t_try(struct tree *t, const char *path, uint32_t flags)
{
	struct desc *d;
	err_t err = t_open(t, path, flags, &d);

	if (!err)
		desc_put(d);
	return err;
}

static inline err_t t_creat(struct tree *t, const char *path)
{
	return t_try(t, path, DESC_CREAT | DESC_EXCL | DESC_WRONLY);
}

static inline int64_t t_write(struct desc *d, const void *s, size_t n)
{
	struct uio u;

	uio_init_kernel(&u, (void *)(uintptr_t)s, n);
	return desc_write(d, &u);
}

static inline int64_t t_read(struct desc *d, void *s, size_t n)
{
	struct uio u;

	uio_init_kernel(&u, s, n);
	return desc_read(d, &u);
}

/* Inode number, or minus the error. */
static inline int64_t t_ino(struct tree *t, const char *path, unsigned flags)
{
	struct path p;
	int64_t ino;
	err_t err = ns_walk(&t->w, path, flags, &p);

	if (err)
		return err;
	ino = (int64_t)p.node->attr.ino;
	path_put(&p);
	return ino;
}

static inline struct node_attr t_stat(struct tree *t, const char *path)
{
	struct node_attr a = { 0 };
	struct path p;

	if (ns_walk(&t->w, path, WALK_NOFOLLOW, &p) != 0)
		return a;
	if (node_getattr(p.node, &cred_root, &a) != 0)
		a.ino = 0;
	path_put(&p);
	return a;
}

/* An unprivileged user; only one at a time. */
static inline const struct cred *t_user(uint32_t uid, uint32_t gid)
{
	static struct cred c;

	c = (struct cred){ .ref = { 1 },
			   .uid = uid,
			   .euid = uid,
			   .suid = uid,
			   .fsuid = uid,
			   .gid = gid,
			   .egid = gid,
			   .sgid = gid,
			   .fsgid = gid };
	return &c;
}
