/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Pages with an index that files read and write and aspaces map.
 *
 * OBJECTS
 *   struct vmobj  a radix tree from page index to frame, a size, and the
 *                 regions that map it.
 *
 * LOCKING
 *   VMOBJ (a mutex) guards pages and size.  It is never held while user
 *   memory is copied: a fault takes ASPACE, which comes before it.  A page
 *   is used outside the lock under a reference of its own.
 *   VMOBJ_MAP (a spinlock) guards the list of regions.
 *   Truncations of one object are serialised by its owner.
 *
 * LIFETIME
 *   Counted: regions hold references, the owner holds one.  The object
 *   holds one reference to each of its frames, so a frame that it owns and
 *   somebody maps has a count of 2 at least.  The last put frees the pages,
 *   then calls ops->release.
 *
 * CALLERS
 *   fs/ for file contents; aspace_fault.c; sys/ for shared memory.
 *
 * NOT DONE HERE
 *   Writing pages back to a slower place.
 */
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "mm_impl.h"
#include "vmobj_impl.h"

#define MAX_BYTES (INT64_MAX & ~(int64_t)PAGE_MASK)

static void *node_alloc(size_t size)
{
	return kzalloc(size);
}

static const struct radix_ops node_ops = { .alloc = node_alloc, .free = kfree };

static struct kmem_cache *anon_cache __ro_after_init;

void vmobj_system_init(void)
{
	anon_cache = kmem_cache_create("vmobj", sizeof(struct vmobj), 0);
}

static inline void *frame_item(paddr_t pa)
{
	return (void *)pa;
}

static inline paddr_t item_frame(const void *item)
{
	return (paddr_t)item;
}

void vmobj_init(struct vmobj *o, const struct pager_ops *ops, void *owner)
{
	ref_init(&o->ref, 1);
	o->ops = ops;
	o->owner = owner;
	mutex_init(&o->lock, RANK_VMOBJ);
	radix_init(&o->pages, &node_ops);
	o->nr_pages = 0;
	o->size = 0;
	spin_init(&o->map_lock, RANK_VMOBJ_MAP);
	list_init(&o->regions);
	o->fixed_pages = false;
}

static void put_item(void *ctx, uint64_t index, void *item)
{
	const struct vmobj *o = ctx;

	(void)index;
	if (!o->fixed_pages)
		frame_put(item_frame(item));
}

/* Frees pages from @index on, a bounded number at a time. */
static void free_pages_from(struct vmobj *o, uint64_t index)
{
	unsigned n = 0;
	void *item;

	mutex_lock(&o->lock);
	while ((item = radix_next(&o->pages, &index)) != NULL) {
		(void)radix_erase(&o->pages, index);
		o->nr_pages--;
		if (!o->fixed_pages)
			frame_put(item_frame(item));
		if (++n % 128 == 0)
			sched_point();
	}
	mutex_unlock(&o->lock);
}

void vmobj_fini(struct vmobj *o)
{
	kassert(list_empty(&o->regions));
	if (o->nr_pages > 128)
		free_pages_from(o, 0);
	radix_destroy(&o->pages, put_item, o);
	o->nr_pages = 0;
}

static void anon_release(struct vmobj *o)
{
	kmem_cache_free(anon_cache, o);
}

static const struct pager_ops anon_ops = { .release = anon_release };

err_t vmobj_create_anon(uint64_t size, struct vmobj **out)
{
	struct vmobj *o;

	if (size > MAX_BYTES)
		return -EINVAL;
	o = kmem_cache_alloc(anon_cache);
	if (o == NULL)
		return -ENOMEM;
	vmobj_init(o, &anon_ops, NULL);
	o->size = size;
	*out = o;
	return 0;
}

void vmobj_get(struct vmobj *o)
{
	ref_get(&o->ref);
}

void vmobj_put(struct vmobj *o)
{
	if (!ref_put(&o->ref))
		return;
	vmobj_fini(o);
	if (o->ops != NULL && o->ops->release != NULL)
		o->ops->release(o);
}

/* With the lock held; *@out carries a reference. */
static err_t page_locked(struct vmobj *o, uint64_t index, bool create,
			 paddr_t *out)
{
	void *item = radix_lookup(&o->pages, index);
	paddr_t pa;
	err_t err;

	if (likely(item != NULL)) {
		pa = item_frame(item);
		frame_get(pa);
		*out = pa;
		return 0;
	}
	if (!create || o->fixed_pages)
		return -ENOENT;
	pa = frame_alloc(FRAME_ZERO);
	if (pa == 0)
		return -ENOMEM;
	err = radix_insert(&o->pages, index, frame_item(pa));
	if (err) {
		frame_put(pa);
		return err;
	}
	o->nr_pages++;
	frame_get(pa);
	*out = pa;
	return 0;
}

static err_t vmobj_page_any(struct vmobj *o, uint64_t index, bool create,
			    paddr_t *out)
{
	err_t err;

	mutex_lock(&o->lock);
	err = page_locked(o, index, create, out);
	mutex_unlock(&o->lock);
	return err;
}

err_t vmobj_page(struct vmobj *o, uint64_t index, bool create, paddr_t *out)
{
	err_t err;

	mutex_lock(&o->lock);
	if (index >= pages_of(o->size))
		err = -ENOENT;
	else
		err = page_locked(o, index, create, out);
	mutex_unlock(&o->lock);
	return err;
}

err_t vmobj_pages_around(struct vmobj *o, uint64_t index, uint64_t first,
			 unsigned n, paddr_t *out)
{
	uint64_t limit, i;
	void *item;
	err_t err;

	mutex_lock(&o->lock);
	limit = pages_of(o->size);
	if (index >= limit) {
		mutex_unlock(&o->lock);
		return -ENOENT;
	}
	err = page_locked(o, index, true, &out[index - first]);
	for (i = first; i < first + n && !err; i++) {
		if (i == index)
			continue;
		item = i < limit ? radix_lookup(&o->pages, i) : NULL;
		out[i - first] = item == NULL ? 0 : item_frame(item);
		if (item != NULL)
			frame_get(item_frame(item));
	}
	mutex_unlock(&o->lock);
	return err;
}

err_t vmobj_read(struct vmobj *o, uint64_t off, struct uio *uio, size_t *done)
{
	uint64_t size = atomic_load_relaxed(&o->size);
	size_t n, moved, in;
	paddr_t pa;
	err_t err;

	*done = 0;
	while (uio->left != 0 && off < size) {
		in = off & PAGE_MASK;
		n = min_t(uint64_t, PAGE_SIZE - in, uio->left);
		n = min_t(uint64_t, n, size - off);
		err = vmobj_page_any(o, off >> PAGE_SHIFT, false, &pa);
		if (err == -ENOENT) {
			err = uio_put_zero(uio, n, &moved);
		} else if (!err) {
			err = uio_put(uio, (uint8_t *)phys_to_virt(pa) + in, n,
				      &moved);
			frame_put(pa);
		} else {
			return err;
		}
		*done += moved;
		off += moved;
		if (err)
			return err;
		if (is_aligned(off, 64 * PAGE_SIZE))
			sched_point();
	}
	return 0;
}

err_t vmobj_write(struct vmobj *o, uint64_t off, struct uio *uio, size_t *done)
{
	size_t n, moved, in;
	paddr_t pa;
	err_t err;

	*done = 0;
	while (uio->left != 0) {
		if (off >= MAX_BYTES)
			return -EFBIG;
		in = off & PAGE_MASK;
		n = min_t(uint64_t, PAGE_SIZE - in, uio->left);
		err = vmobj_page_any(o, off >> PAGE_SHIFT, true, &pa);
		if (err == -ENOENT)
			return -EIO; /* fixed pages end here */
		if (err)
			return err;
		err = uio_get(uio, (uint8_t *)phys_to_virt(pa) + in, n, &moved);
		frame_put(pa);
		*done += moved;
		off += moved;
		if (off > atomic_load_relaxed(&o->size) && moved != 0) {
			mutex_lock(&o->lock);
			if (off > o->size)
				atomic_store_relaxed(&o->size, off);
			mutex_unlock(&o->lock);
		}
		if (err)
			return err;
		if (is_aligned(off, 64 * PAGE_SIZE))
			sched_point();
	}
	return 0;
}

err_t vmobj_truncate(struct vmobj *o, uint64_t size)
{
	uint64_t old, keep;
	void *item;

	if (size > MAX_BYTES)
		return -EFBIG;
	mutex_lock(&o->lock);
	old = o->size;
	atomic_store_relaxed(&o->size, size);
	if (size < old && (size & PAGE_MASK) != 0) {
		item = radix_lookup(&o->pages, size >> PAGE_SHIFT);
		if (item != NULL)
			memset((uint8_t *)phys_to_virt(item_frame(item)) +
				       (size & PAGE_MASK),
			       0, PAGE_SIZE - (size & PAGE_MASK));
	}
	mutex_unlock(&o->lock);

	/* Faults see the new size from here on and add nothing beyond it. */
	keep = pages_of(size);
	if (keep < pages_of(old)) {
		aspace_zap_object(o, keep, UINT64_MAX - keep);
		free_pages_from(o, keep);
	}
	return 0;
}

err_t vmobj_adopt_page(struct vmobj *o, uint64_t index, paddr_t pa)
{
	err_t err;

	kassert(is_aligned(pa, PAGE_SIZE));
	mutex_lock(&o->lock);
	err = radix_insert(&o->pages, index, frame_item(pa));
	if (!err) {
		o->nr_pages++;
		if (!o->fixed_pages)
			(void)frame_claim(pa);
	}
	mutex_unlock(&o->lock);
	return err;
}
