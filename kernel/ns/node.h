/* SPDX-License-Identifier: MIT */
/*
 * Nodes: files, directories, devices as their server knows them.
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/ref.h>
#include <lib/types.h>
#include <obj/cred.h>
#include <sync/mutex.h>

struct desc;
struct mount;
struct node;
struct node_ops; /* gen/requests.h, from abi/requests.tbl */
struct server;
struct uio;
struct vmobj;

struct name {
	const char *s;
	size_t len;
};

struct buffer {
	char *p;
	size_t size;
};

struct path {
	struct mount *mnt; /* strong when the path is held */
	struct node *node; /* strong when the path is held */
};

/* Linux's S_IF*. */
#define MODE_FMT  0170000u
#define MODE_SOCK 0140000u
#define MODE_LNK  0120000u
#define MODE_REG  0100000u
#define MODE_BLK  0060000u
#define MODE_DIR  0040000u
#define MODE_CHR  0020000u
#define MODE_FIFO 0010000u
#define MODE_SUID 0004000u
#define MODE_SGID 0002000u
#define MODE_VTX  0001000u

#define ATTR_MODE  0x01u
#define ATTR_UID   0x02u
#define ATTR_GID   0x04u
#define ATTR_SIZE  0x08u
#define ATTR_ATIME 0x10u
#define ATTR_MTIME 0x20u
#define ATTR_CTIME 0x40u

struct node_attr {
	uint64_t ino;
	uint64_t size;
	uint64_t blocks; /* of 512 bytes */
	uint64_t rdev;
	uint32_t mode;
	uint32_t nlink;
	uint32_t uid, gid;
	nsec_t atime, mtime, ctime, btime; /* since 1970 */
};

struct statfs_info {
	uint64_t type, bsize, blocks, bfree, bavail, files, ffree;
	uint64_t namelen, flags;
};

struct node {
	struct ref ref;
	const struct node_ops *ops; /* IMMUTABLE */
	struct server *server;	    /* IMMUTABLE; weak: mounts keep it */
	struct mutex lock;	    /* rank NODE_DIR (dirs) or NODE */
	struct node_attr attr;	    /* GUARDED_BY(lock); ATOMIC to read */
	struct vmobj *vmobj;	    /* IMMUTABLE; contents, or NULL */
	void *data;		    /* PRIVATE(server) */
	uint32_t mounts;	    /* ATOMIC; mounts on this node */
	int32_t write_denied;	    /* ATOMIC; >0 writers, <0 executing */
	uint32_t id_hi;		    /* PRIVATE(server) */
	void *fifo;		    /* GUARDED_BY(lock); pipe of a FIFO */
	bool magic_link;	    /* IMMUTABLE; symlink with request follow */
	bool attr_dynamic;	    /* IMMUTABLE; stat must call getattr */
};

static inline bool node_is(const struct node *n, uint32_t fmt)
{
	return (n->attr.mode & MODE_FMT) == fmt;
}

/* In place; ref 1; ops, server as given; attr zero but mode and ids. */
void node_init(struct node *n, const struct node_ops *ops, struct server *s,
	       uint32_t mode);
struct server {
	const char *type; /* IMMUTABLE; "ramfs", "proc", ... */
	uint64_t dev;	  /* IMMUTABLE; st_dev */
	uint64_t magic;	  /* IMMUTABLE; statfs type */
	struct ref ref;
	/* Frees the node's memory; contents too.  Thread context. */
	void (*release)(struct node *n);
	/* The last mount is gone. */
	void (*fini)(struct server *s);
	void *data;
};

/* On every step of every walk: inline. */
static inline void node_get(struct node *n)
{
	ref_get(&n->ref);
}

/* The last put calls server->release(n). */
static inline void node_put(struct node *n)
{
	if (n != NULL && ref_put(&n->ref))
		n->server->release(n);
}

void server_get(struct server *s);
void server_put(struct server *s);
uint64_t server_new_dev(void); /* a device number for a new server */

/*
 * Where readdir hands its entries; false: full, stop before this one.  A
 * server gives its own entries only and counts its cookies from 0 as it
 * likes: "." and ".." come from desc_readdir(), which shifts cookies by 2.
 */
struct sink {
	bool (*entry)(struct sink *s, struct name name, uint64_t ino,
		      unsigned type, uint64_t next_cookie);
};

/*
 * Writers against execution.  node_get_write: a file is opened for writing;
 * -ETXTBSY while it runs.  node_deny_write: it is about to run; -ETXTBSY
 * while it is open for writing.  Each is undone by its counterpart.
 */
__must_check err_t node_get_write(struct node *n);
void node_put_write(struct node *n);
__must_check err_t node_deny_write(struct node *n);
void node_allow_write(struct node *n);

/*
 * For servers: owner, group and mode of a node that @c makes in @dir (a
 * set-group-id directory hands on its group).  Changes *@mode.
 */
void node_inherit(const struct node *dir, const struct cred *c, uint32_t *mode,
		  uint32_t *uid, uint32_t *gid);

/* Permission as Linux decides it: want is a mask of 4 r, 2 w, 1 x. */
__must_check err_t node_permission(const struct node *n, const struct cred *c,
				   unsigned want);
/* Sticky-directory rule for removing @victim from @dir. */
__must_check err_t node_may_delete(const struct node *dir,
				   const struct node *victim,
				   const struct cred *c);
