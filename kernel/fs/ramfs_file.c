/* SPDX-License-Identifier: MIT */
/* File contents, attributes, and the figures of the file system. */
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/uio.h>
#include <sync/park.h>

#include "ramfs_impl.h"

err_t ram_setattr(struct node *n, struct req_setattr *r)
{
	struct node_attr *a = &n->attr;

	mutex_lock(&n->lock);
	if ((r->mask & ATTR_MODE) != 0)
		atomic_store_relaxed(&a->mode, (a->mode & MODE_FMT) |
						       (r->attr.mode & 07777));
	if ((r->mask & ATTR_UID) != 0)
		atomic_store_relaxed(&a->uid, r->attr.uid);
	if ((r->mask & ATTR_GID) != 0)
		atomic_store_relaxed(&a->gid, r->attr.gid);
	if ((r->mask & ATTR_ATIME) != 0)
		atomic_store_relaxed(&a->atime, r->attr.atime);
	if ((r->mask & ATTR_MTIME) != 0)
		atomic_store_relaxed(&a->mtime, r->attr.mtime);
	atomic_store_relaxed(&a->ctime, clock_realtime());
	mutex_unlock(&n->lock);
	return 0;
}

err_t ram_statfs(struct node *n, struct req_statfs *r)
{
	struct ramfs *fs = ramfs_of(n);
	uint64_t used = atomic_load_relaxed(&fs->pages);
	uint64_t nodes = atomic_load_relaxed(&fs->nodes);

	/* It has no files of its own: nothing that could fill. */
	if (str_equal(n->server->type, "sysfs"))
		return 0;
	r->statfs.blocks = fs->limit;
	r->statfs.bfree = fs->limit - min(used, fs->limit);
	r->statfs.bavail = r->statfs.bfree;
	r->statfs.files = fs->limit;
	r->statfs.ffree = fs->limit - min(nodes, fs->limit);
	return 0;
}

err_t ram_readlink(struct node *n, struct req_readlink *r)
{
	const struct ram_link *l =
		container_of(ram_node(n), struct ram_link, rn);

	r->len = min(l->len, r->buf.size);
	memcpy(r->buf.p, l->target, r->len);
	return 0;
}

err_t ram_fsync(struct node *n, struct req_fsync *r)
{
	(void)n;
	(void)r;
	return 0;
}

err_t ram_read(struct node *n, struct req_read *r)
{
	return vmobj_read(n->vmobj, r->offset, r->uio, &r->done);
}

/* What the object has now counts; mappings add pages on their own. */
static void recharge(struct ram_file *f)
{
	uint64_t now = atomic_load_relaxed(&f->vm.nr_pages);

	if (likely(now == f->charged))
		return;
	atomic_add_relaxed(&ramfs_of(&f->rn.node)->pages, now - f->charged);
	f->charged = now;
}

/*
 * How many of @len bytes at @off fit when the file system is nearly full:
 * pages that are there already cost nothing.
 */
static size_t fits_slow(struct ram_file *f, uint64_t off, size_t len)
{
	struct ramfs *fs = ramfs_of(&f->rn.node);
	uint64_t used = atomic_load_relaxed(&fs->pages);
	uint64_t left = fs->limit - min(used, fs->limit), index;
	uint64_t last = (off + len - 1) >> PAGE_SHIFT;
	paddr_t pa;

	for (index = off >> PAGE_SHIFT; index <= last; index++) {
		if (vmobj_page(&f->vm, index, false, &pa) == 0)
			frame_put(pa);
		else if (left-- == 0)
			break;
		if (index % 256 == 0)
			sched_point();
	}
	if (index > last)
		return len;
	return index << PAGE_SHIFT <= off ? 0 : (index << PAGE_SHIFT) - off;
}

static inline size_t fits(struct ram_file *f, uint64_t off, size_t len)
{
	struct ramfs *fs = ramfs_of(&f->rn.node);
	uint64_t worst = (len >> PAGE_SHIFT) + 2;

	if (likely(atomic_load_relaxed(&fs->pages) + worst <= fs->limit))
		return len;
	return fits_slow(f, off, len);
}

static void changed(struct ram_file *f)
{
	struct node_attr *a = &f->rn.node.attr;
	nsec_t now = clock_realtime();

	recharge(f);
	atomic_store_relaxed(&a->size, atomic_load_relaxed(&f->vm.size));
	atomic_store_relaxed(&a->mtime, now);
	atomic_store_relaxed(&a->ctime, now);
}

/* With the node's lock, which is ranked before ASPACE: copying may fault. */
static err_t write_locked(struct ram_file *f, struct req_write *r, uint64_t off)
{
	size_t want = r->uio->left, n;
	err_t err;

	if (want == 0)
		return 0;
	if (off > INT64_MAX - PAGE_SIZE)
		return -EFBIG;
	want = min_t(uint64_t, want, INT64_MAX - PAGE_SIZE - off);
	n = fits(f, off, want);
	if (n == 0)
		return -ENOSPC;
	r->uio->left -= want - n;
	err = vmobj_write(&f->vm, off, r->uio, &r->done);
	r->uio->left += want - n;
	if (r->done != 0)
		changed(f);
	else
		recharge(f);
	return err;
}

err_t ram_write(struct node *n, struct req_write *r)
{
	struct ram_file *f = ram_file(n);
	uint64_t off;
	err_t err;

	r->done = 0;
	mutex_lock(&n->lock);
	off = r->append != 0 ? atomic_load_relaxed(&f->vm.size) : r->offset;
	err = write_locked(f, r, off);
	mutex_unlock(&n->lock);
	r->end = off + r->done;
	return err;
}

err_t ram_truncate(struct node *n, struct req_truncate *r)
{
	struct ram_file *f = ram_file(n);
	err_t err;

	mutex_lock(&n->lock);
	err = vmobj_truncate(&f->vm, r->size);
	if (!err)
		changed(f);
	mutex_unlock(&n->lock);
	return err;
}

#define FALLOC_KEEP_SIZE 1u

/* Pages in [first, last) that are not there are made. */
static err_t make_pages(struct ram_file *f, uint64_t first, uint64_t last)
{
	uint64_t i;
	paddr_t pa;
	err_t err;

	for (i = first; i < last; i++) {
		err = vmobj_page(&f->vm, i, true, &pa);
		if (err)
			return err;
		frame_put(pa);
		if (i % 128 == 0)
			sched_point();
	}
	return 0;
}

static err_t fallocate_locked(struct ram_file *f, uint64_t off, uint64_t len,
			      bool keep_size)
{
	struct ramfs *fs = ramfs_of(&f->rn.node);
	uint64_t end = off + len, size = f->vm.size;
	err_t err;

	if (end > size && !keep_size) {
		err = vmobj_truncate(&f->vm, end);
		if (err)
			return err;
	} else if (end > size) {
		end = max(size, off); /* nothing is kept beyond the end */
	}
	if (atomic_load_relaxed(&fs->pages) + ((end - off) >> PAGE_SHIFT) >
	    fs->limit)
		err = -ENOSPC;
	else
		err = make_pages(f, off >> PAGE_SHIFT,
				 (end + PAGE_MASK) >> PAGE_SHIFT);
	if (err && f->vm.size != size)
		(void)!vmobj_truncate(&f->vm, size);
	changed(f);
	return err;
}

err_t ram_fallocate(struct node *n, struct req_fallocate *r)
{
	uint64_t end;
	err_t err;

	if ((r->mode & ~FALLOC_KEEP_SIZE) != 0)
		return -EOPNOTSUPP;
	if (r->len == 0)
		return -EINVAL;
	if (__builtin_add_overflow(r->offset, r->len, &end) ||
	    end > INT64_MAX - PAGE_SIZE)
		return -EFBIG;
	mutex_lock(&n->lock);
	err = fallocate_locked(ram_file(n), r->offset, r->len,
			       (r->mode & FALLOC_KEEP_SIZE) != 0);
	mutex_unlock(&n->lock);
	return err;
}
