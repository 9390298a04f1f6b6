/* SPDX-License-Identifier: MIT */
/* Private to kernel/fs/ramfs*.c. */
#pragma once

#include <gen/requests.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/list.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/vmobj.h>
#include <ns/node.h>
#include <sched/timer.h>
#include <sync/mutex.h>

#define RAMFS_MAGIC 0x01021994u /* as Linux' tmpfs */

struct ramfs {
	struct server server; /* IMMUTABLE but its count */
	struct mutex rename;  /* rank RENAME; who takes two directories */
	struct ram_dir *root; /* IMMUTABLE; strong */
	uint64_t key;	      /* IMMUTABLE; of the name hash */
	uint64_t limit;	      /* IMMUTABLE; pages, and nodes */
	uint64_t pages;	      /* ATOMIC; in use by files */
	uint64_t nodes;	      /* ATOMIC */
	uint64_t last_ino;    /* ATOMIC */
};

/* One name in a directory. */
struct ram_dirent {
	struct list order;	  /* GUARDED_BY(dir lock); by cookie */
	struct ram_dirent *chain; /* GUARDED_BY(dir lock); of the bucket */
	uint64_t cookie;	  /* IMMUTABLE */
	struct node *node;	  /* GUARDED_BY(dir lock); strong */
	struct ram_dir *dir;	  /* IMMUTABLE; strong once it is "gone" */
	struct list names;	  /* GUARDED_BY(node's lock) */
	uint32_t hash;		  /* IMMUTABLE */
	uint8_t len;		  /* IMMUTABLE */
	char name[];		  /* IMMUTABLE */
};

struct ram_node {
	struct node node;
	struct list names;	 /* GUARDED_BY(node.lock); its dirents */
	struct ram_dirent *gone; /* GUARDED_BY(node.lock); the last name */
};

struct ram_file {
	struct ram_node rn;
	struct vmobj vm;
	uint64_t charged; /* GUARDED_BY(node.lock); pages counted in the fs */
};

struct ram_link {
	struct ram_node rn;
	size_t len;    /* IMMUTABLE */
	char target[]; /* IMMUTABLE */
};

#define RAM_DIR_BITS 2

struct ram_dir {
	struct ram_node rn;
	struct list order;	   /* GUARDED_BY(node.lock) by cookie */
	struct ram_dirent **table; /* GUARDED_BY(node.lock) 2^bits buckets */
	unsigned bits;		   /* GUARDED_BY(node.lock) */
	bool dead;		   /* GUARDED_BY(node.lock); was removed */
	uint64_t count;		   /* GUARDED_BY(node.lock) */
	uint64_t next_cookie;	   /* GUARDED_BY(node.lock) */
	/* The first entry from cursor_cookie on, or the head for none. */
	struct list *cursor;			   /* GUARDED_BY(node.lock) */
	uint64_t cursor_cookie;			   /* GUARDED_BY(node.lock) */
	struct ram_dirent *few[1 << RAM_DIR_BITS]; /* the first table */
};

static inline struct ramfs *ramfs_of(const struct node *n)
{
	return container_of(n->server, struct ramfs, server);
}

static inline struct ram_node *ram_node(struct node *n)
{
	return container_of(n, struct ram_node, node);
}

static inline struct ram_file *ram_file(struct node *n)
{
	return container_of(ram_node(n), struct ram_file, rn);
}

static inline struct ram_dir *ram_dir(struct node *n)
{
	return container_of(ram_node(n), struct ram_dir, rn);
}

static inline struct node *dir_node(struct ram_dir *d)
{
	return &d->rn.node;
}

extern const struct node_ops ramfs_dir_ops, ramfs_file_ops, ramfs_link_ops,
	ramfs_special_ops;

/* --- ramfs.c --- */
/* A node that only the caller knows, ref 1. */
err_t ramfs_node_create(struct ramfs *fs, const struct node *dir,
			const struct cred *c, uint32_t mode, struct node **out);
err_t ramfs_link_create(struct ramfs *fs, const struct node *dir,
			const struct cred *c, struct name target,
			struct node **out);

/* --- ramfs_dir.c: all with the directory's lock --- */
uint32_t ram_hash(const struct ramfs *fs, struct name name);
struct ram_dirent *ram_dir_find(struct ram_dir *d, struct name name,
				uint32_t hash);
/* Before the locks; NULL when out of memory. */
struct ram_dirent *ram_dirent_create(struct ram_dir *d, struct name name);
/* Last in order; takes over the reference of @node. */
void ram_dir_insert(struct ram_dir *d, struct ram_dirent *de,
		    struct node *node);
/* @de takes the place of @old, which has the same name. */
void ram_dir_replace(struct ram_dir *d, struct ram_dirent *old,
		     struct ram_dirent *de, struct node *node);
void ram_dir_remove(struct ram_dir *d, struct ram_dirent *de);
void ram_dir_touch(struct ram_dir *d, nsec_t now);
void ram_dir_nlink(struct ram_dir *d, int change);
/* Parent of a linked directory; under the RENAME lock it stays so. */
struct ram_dir *ram_dir_parent(struct ram_dir *d);

err_t ram_lookup(struct node *n, struct req_lookup *r);
err_t ram_readdir(struct node *n, struct req_readdir *r);
err_t ram_parent(struct node *n, struct req_parent *r);
err_t ram_nameof(struct node *n, struct req_nameof *r);

/* --- ramfs_change.c, ramfs_rename.c --- */
/*
 * @de, already out of its directory, is no name of @n any more.  With the
 * directory's and @n's lock; @de is freed or becomes the node's last name.
 */
void ram_drop_name(struct node *n, struct ram_dirent *de, nsec_t now);
err_t ram_create(struct node *n, struct req_create *r);
err_t ram_mkdir(struct node *n, struct req_mkdir *r);
err_t ram_symlink(struct node *n, struct req_symlink *r);
err_t ram_link(struct node *n, struct req_link *r);
err_t ram_unlink(struct node *n, struct req_unlink *r);
err_t ram_rmdir(struct node *n, struct req_rmdir *r);
err_t ram_rename(struct node *n, struct req_rename *r);

/* --- ramfs_file.c --- */
err_t ram_setattr(struct node *n, struct req_setattr *r);
err_t ram_statfs(struct node *n, struct req_statfs *r);
err_t ram_readlink(struct node *n, struct req_readlink *r);
err_t ram_read(struct node *n, struct req_read *r);
err_t ram_write(struct node *n, struct req_write *r);
err_t ram_truncate(struct node *n, struct req_truncate *r);
err_t ram_fallocate(struct node *n, struct req_fallocate *r);
err_t ram_fsync(struct node *n, struct req_fsync *r);
