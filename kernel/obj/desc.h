/* SPDX-License-Identifier: MIT */
/*
 * Open descriptions: what a handle points to.  Offset and status flags are
 * shared by every handle that was duplicated from it.
 */
#pragma once

#include <lib/annot.h>
#include <lib/ref.h>
#include <lib/types.h>
#include <obj/cred.h>
#include <sync/epoch.h>
#include <sync/mutex.h>

struct desc;
struct mount;
struct node;
struct poll_table;
struct uio;
struct vmobj;

/* Status flags: the numbers are Linux's O_*. */
#define DESC_RDONLY    00u
#define DESC_WRONLY    01u
#define DESC_RDWR      02u
#define DESC_ACCMODE   03u
#define DESC_CREAT     0100u
#define DESC_EXCL      0200u
#define DESC_NOCTTY    0400u
#define DESC_TRUNC     01000u
#define DESC_APPEND    02000u
#define DESC_NONBLOCK  04000u
#define DESC_DSYNC     010000u
#define DESC_ASYNC     020000u
#define DESC_DIRECT    040000u
#define DESC_LARGEFILE 0100000u
#define DESC_DIRECTORY 0200000u
#define DESC_NOFOLLOW  0400000u
#define DESC_NOATIME   01000000u
#define DESC_CLOEXEC   02000000u
#define DESC_PATH      010000000u
#define DESC_TMPFILE   020200000u

#define POLL_IN	    0x001u
#define POLL_PRI    0x002u
#define POLL_OUT    0x004u
#define POLL_ERR    0x008u
#define POLL_HUP    0x010u
#define POLL_NVAL   0x020u
#define POLL_RDNORM 0x040u
#define POLL_RDBAND 0x080u
#define POLL_WRNORM 0x100u
#define POLL_RDHUP  0x2000u

/*
 * What an open object can do.  A NULL entry gives the error in brackets.
 * Context of all: thread, may sleep (killable); no locks held.  @pos is the
 * offset to use and advance; it is the description's own for plain calls, a
 * copy for pread, NULL for objects that were marked as streams.
 */
struct desc_ops {
	/* [EINVAL] Bytes may be moved even when an error is returned. */
	err_t (*read)(struct desc *d, struct uio *u, uint64_t *pos,
		      size_t *done);
	err_t (*write)(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done);
	/* [ESPIPE] whence as Linux. */
	err_t (*seek)(struct desc *d, int64_t off, int whence, uint64_t *out);
	/* [always ready] POLL_* that hold now; registers with @pt if given. */
	unsigned (*poll)(struct desc *d, struct poll_table *pt);
	/* [ENOTTY] @arg is kernel memory of the size sys/ knows for @cmd. */
	err_t (*control)(struct desc *d, unsigned cmd, void *arg);
	/* [ENODEV] *@out carries a reference. */
	err_t (*map)(struct desc *d, unsigned prot, bool shared,
		     struct vmobj **out);
	/* The last reference went. */
	void (*release)(struct desc *d);
	bool stream;	 /* no offset: pread gives ESPIPE */
	bool nopos_lock; /* reads and writes do not serialise on the offset */
};

struct desc {
	struct ref ref;
	uint32_t mode;		    /* IMMUTABLE; DESC_ACCMODE bits, PATH */
	uint32_t flags;		    /* ATOMIC; O_* status flags */
	const struct desc_ops *ops; /* IMMUTABLE after open */
	struct node *node;	    /* IMMUTABLE; strong, may be NULL */
	struct mount *mnt;	    /* IMMUTABLE; strong, may be NULL */
	const struct cred *cred;    /* IMMUTABLE; who opened it */
	void *data;		    /* PRIVATE(the object's code) */
	struct mutex pos_lock;	    /* rank DESC_POS */
	uint64_t pos;		    /* GUARDED_BY(pos_lock) */
	uint64_t version;	    /* PRIVATE(the object's code) */
	int32_t async_owner;	    /* ATOMIC; F_SETOWN */
	void *flock;		    /* PRIVATE(flock code) */
	struct epoch_item epoch;    /* PRIVATE(desc.c) */
};

/* The caches of obj/; idempotent.  fs_init() and ns_init() call it. */
void obj_init(void);

/* Status flags that F_SETFL may change. */
#define DESC_SETFL_MASK \
	(DESC_APPEND | DESC_NONBLOCK | DESC_ASYNC | DESC_DIRECT | DESC_NOATIME)

static inline bool desc_readable(const struct desc *d)
{
	uint32_t m = d->mode & (DESC_ACCMODE | DESC_PATH);

	return m == DESC_RDONLY || m == DESC_RDWR;
}

static inline bool desc_writable(const struct desc *d)
{
	uint32_t m = d->mode & (DESC_ACCMODE | DESC_PATH);

	return m == DESC_WRONLY || m == DESC_RDWR;
}

/* ref 1; takes references to node, mnt and cred. 0 or -ENOMEM. */
__must_check err_t desc_create(const struct desc_ops *ops, struct node *node,
			       struct mount *mnt, const struct cred *cred,
			       uint32_t flags, struct desc **out);
void desc_get(struct desc *d);
/* From a slot read without a lock, inside an epoch: may refuse. */
__must_check bool desc_tryget(struct desc *d);
/* The last put calls ops->release, then node_put etc. through desc_hooks. */
void desc_put(struct desc *d);

/* obj/ is below ns/: how the last put lets go of node and mount. */
struct desc_hooks {
	void (*node_put)(struct node *n);
	void (*mount_put)(struct mount *m);
	void (*node_get)(struct node *n);
	void (*mount_get)(struct mount *m);
	void (*closed)(struct desc *d); /* flock release etc.; may be NULL */
};
extern struct desc_hooks desc_hooks;

/*
 * Read and write at the description's offset (serialised) or at @at.
 * Returns bytes moved (>0 wins over an error) or -E*.  Checks the access
 * mode (-EBADF).
 */
__must_check int64_t desc_read(struct desc *d, struct uio *u);
__must_check int64_t desc_write(struct desc *d, struct uio *u);
__must_check int64_t desc_read_at(struct desc *d, struct uio *u, uint64_t at);
__must_check int64_t desc_write_at(struct desc *d, struct uio *u, uint64_t at);

static inline int64_t desc_moved(size_t done, err_t err)
{
	return done != 0 || err == 0 ? (int64_t)done : err;
}

/* The same as desc_read() and desc_write(), without the call for streams. */
static inline __must_check int64_t desc_read_quick(struct desc *d,
						   struct uio *u)
{
	const struct desc_ops *ops = d->ops;
	size_t done = 0;
	err_t err;

	if (!ops->stream || unlikely(ops->read == NULL || !desc_readable(d)))
		return desc_read(d, u);
	err = ops->read(d, u, NULL, &done);
	return desc_moved(done, err);
}

static inline __must_check int64_t desc_write_quick(struct desc *d,
						    struct uio *u)
{
	const struct desc_ops *ops = d->ops;
	size_t done = 0;
	err_t err;

	if (!ops->stream || unlikely(ops->write == NULL || !desc_writable(d)))
		return desc_write(d, u);
	err = ops->write(d, u, NULL, &done);
	return desc_moved(done, err);
}
