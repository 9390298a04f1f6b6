/* SPDX-License-Identifier: MIT */
/*
 * Open descriptions of directories.  Position 0 is ".", 1 is "..", and a
 * server's cookie c is position c + 2.
 */
#include <obj/desc.h>

#include "node_time.h"
#include "ns_impl.h"

#define DOTS	 2u
#define TYPE_DIR (MODE_DIR >> 12)

struct shifted_sink {
	struct sink sink;
	struct sink *to;
};

static bool shifted_entry(struct sink *s, struct name name, uint64_t ino,
			  unsigned type, uint64_t next)
{
	struct sink *to = container_of(s, struct shifted_sink, sink)->to;

	return to->entry(to, name, ino, type, next + DOTS);
}

static uint64_t parent_ino(struct desc *d)
{
	struct req_parent r = { .cred = d->cred };
	uint64_t ino;

	if (node_req_parent(d->node, &r) != 0)
		return d->node->attr.ino;
	ino = r.node->attr.ino;
	node_put(r.node);
	return ino;
}

/* "." and "..": false when the sink is full. */
static bool give_dots(struct desc *d, struct sink *sink)
{
	if (d->pos == 0) {
		if (!sink->entry(sink, (struct name){ ".", 1 },
				 d->node->attr.ino, TYPE_DIR, 1))
			return false;
		d->pos = 1;
	}
	if (d->pos == 1) {
		if (!sink->entry(sink, (struct name){ "..", 2 }, parent_ino(d),
				 TYPE_DIR, DOTS))
			return false;
		d->pos = DOTS;
	}
	return true;
}

static err_t readdir_locked(struct desc *d, struct sink *sink)
{
	struct shifted_sink shifted = { { shifted_entry }, sink };
	struct req_readdir r = { .cred = d->cred, .sink = &shifted.sink };
	err_t err;

	/* A directory that was removed has nothing, not even dots. */
	if (atomic_load_relaxed(&d->node->attr.nlink) == 0)
		return -ENOENT;
	if (!give_dots(d, sink))
		return 0;
	r.cookie = d->pos - DOTS;
	r.next = r.cookie;
	err = node_req_readdir(d->node, &r);
	d->pos = r.next + DOTS;
	node_accessed(d);
	return err;
}

err_t desc_readdir(struct desc *d, struct sink *sink)
{
	err_t err;

	if (!desc_readable(d))
		return -EBADF;
	if (d->node == NULL || !node_is(d->node, MODE_DIR))
		return -ENOTDIR;
	mutex_lock(&d->pos_lock);
	err = readdir_locked(d, sink);
	mutex_unlock(&d->pos_lock);
	return err;
}

static err_t dir_read(struct desc *d, struct uio *u, uint64_t *pos,
		      size_t *done)
{
	(void)d;
	(void)u;
	(void)pos;
	(void)done;
	return -EISDIR;
}

static err_t dir_seek(struct desc *d, int64_t off, int whence, uint64_t *out)
{
	/* There is no end to count from. */
	if (whence != 0 && whence != 1)
		return -EINVAL;
	return node_seek(d, off, whence, out);
}

const struct desc_ops node_dir_ops = {
	.read = dir_read,
	.seek = dir_seek,
};
