/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Open descriptions: what a handle points to, and the four ways to move
 *   bytes through one.
 *
 * LOCKING
 *   pos_lock (DESC_POS) makes reads and writes at the shared offset one at a
 *   time.  It is not taken by the only owner: with a count of 1 no other
 *   thread can be inside (a looked-up handle counts, a borrowed one belongs
 *   to the only user of its table), nor by streams.
 *
 * LIFETIME
 *   Counted by handle slots and by calls in progress.  The last put runs
 *   ops->release, lets go of node, mount and cred, and frees the struct once
 *   every core was quiescent: handle_lookup() reads slots without a lock.
 */
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <obj/desc.h>

struct desc_hooks desc_hooks;
static struct kmem_cache *desc_cache;

void obj_init(void)
{
	if (desc_cache == NULL)
		desc_cache = kmem_cache_create("desc", sizeof(struct desc), 0);
}

#define CREATION_FLAGS \
	(DESC_CREAT | DESC_EXCL | DESC_NOCTTY | DESC_TRUNC | DESC_CLOEXEC)

err_t desc_create(const struct desc_ops *ops, struct node *node,
		  struct mount *mnt, const struct cred *cred, uint32_t flags,
		  struct desc **out)
{
	struct desc *d = kmem_cache_alloc(desc_cache);

	if (d == NULL)
		return -ENOMEM;
	ref_init(&d->ref, 1);
	d->mode = flags & (DESC_ACCMODE | DESC_PATH);
	d->flags = flags & ~CREATION_FLAGS;
	d->ops = ops;
	d->node = node;
	d->mnt = mnt;
	d->cred = cred_get(cred);
	d->data = NULL;
	mutex_init(&d->pos_lock, RANK_DESC_POS);
	d->pos = 0;
	d->version = 0;
	d->async_owner = 0;
	d->flock = NULL;
	if (node != NULL)
		desc_hooks.node_get(node);
	if (mnt != NULL)
		desc_hooks.mount_get(mnt);
	*out = d;
	return 0;
}

void desc_get(struct desc *d)
{
	ref_get(&d->ref);
}

bool desc_tryget(struct desc *d)
{
	return ref_tryget(&d->ref);
}

static void desc_free(struct epoch_item *item)
{
	kmem_cache_free(desc_cache, container_of(item, struct desc, epoch));
}

static __noinline void desc_release(struct desc *d)
{
	if (desc_hooks.closed != NULL)
		desc_hooks.closed(d);
	if (d->ops->release != NULL)
		d->ops->release(d);
	if (d->node != NULL)
		desc_hooks.node_put(d->node);
	if (d->mnt != NULL)
		desc_hooks.mount_put(d->mnt);
	cred_put(d->cred);
	epoch_defer(&d->epoch, desc_free);
}

void desc_put(struct desc *d)
{
	if (ref_put(&d->ref))
		desc_release(d);
}

typedef err_t (*move_fn)(struct desc *d, struct uio *u, uint64_t *pos,
			 size_t *done);

static inline int64_t move(struct desc *d, move_fn fn, struct uio *u)
	NO_TSA /* the lock is left out for streams and the only owner */
{
	bool locked = !d->ops->nopos_lock && ref_read(&d->ref) != 1;
	size_t done = 0;
	err_t err;

	if (d->ops->stream) {
		err = fn(d, u, NULL, &done);
		return desc_moved(done, err);
	}
	if (locked)
		mutex_lock(&d->pos_lock);
	err = fn(d, u, &d->pos, &done);
	if (locked)
		mutex_unlock(&d->pos_lock);
	return desc_moved(done, err);
}

static inline int64_t move_at(struct desc *d, move_fn fn, struct uio *u,
			      uint64_t at)
{
	size_t done = 0;
	err_t err;

	if (d->ops->stream)
		return -ESPIPE;
	err = fn(d, u, &at, &done);
	return desc_moved(done, err);
}

int64_t desc_read(struct desc *d, struct uio *u)
{
	if (unlikely(!desc_readable(d)))
		return -EBADF;
	if (unlikely(d->ops->read == NULL))
		return -EINVAL;
	return move(d, d->ops->read, u);
}

int64_t desc_write(struct desc *d, struct uio *u)
{
	if (unlikely(!desc_writable(d)))
		return -EBADF;
	if (unlikely(d->ops->write == NULL))
		return -EINVAL;
	return move(d, d->ops->write, u);
}

int64_t desc_read_at(struct desc *d, struct uio *u, uint64_t at)
{
	if (d->ops->stream)
		return -ESPIPE;
	if (!desc_readable(d))
		return -EBADF;
	if (d->ops->read == NULL)
		return -EINVAL;
	return move_at(d, d->ops->read, u, at);
}

int64_t desc_write_at(struct desc *d, struct uio *u, uint64_t at)
{
	if (d->ops->stream)
		return -ESPIPE;
	if (!desc_writable(d))
		return -EBADF;
	if (d->ops->write == NULL)
		return -EINVAL;
	return move_at(d, d->ops->write, u, at);
}
