/* SPDX-License-Identifier: MIT */
/*
 * Open descriptions of plain files: contents in a vmobj are read without
 * asking the server; all else is a request.
 */
#include <lib/minmax.h>
#include <mm/uio.h>
#include <mm/vmobj.h>
#include <obj/desc.h>
#include <sched/timer.h>

#include "node_time.h"
#include "ns_impl.h"

static err_t read_by_request(struct desc *d, struct uio *u, uint64_t *pos,
			     size_t *done)
{
	struct req_read r = { .cred = d->cred, .offset = *pos, .uio = u };
	err_t err = node_req_read(d->node, &r);

	*pos += r.done;
	*done = r.done;
	return err;
}

static err_t file_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	struct node *n = d->node;
	err_t err;

	if (unlikely(n->vmobj == NULL))
		return read_by_request(d, u, pos, done);
	err = vmobj_read(n->vmobj, *pos, u, done);
	*pos += *done;
	node_accessed(d);
	return err;
}

static err_t file_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	struct req_write r = { .cred = d->cred, .offset = *pos, .uio = u };
	err_t err = node_kill_suid(d->node, d->cred);

	if (err)
		return err;
	r.append = (atomic_load_relaxed(&d->flags) & DESC_APPEND) != 0;
	err = node_req_write(d->node, &r);
	if (r.done != 0)
		*pos = r.end;
	*done = r.done;
	return err;
}

enum {
	WHENCE_SET,
	WHENCE_CUR,
	WHENCE_END,
	WHENCE_DATA,
	WHENCE_HOLE,
};

static err_t file_size(struct desc *d, int64_t *size)
{
	struct node_attr attr;
	err_t err = node_getattr(d->node, d->cred, &attr);

	*size = (int64_t)attr.size;
	return err;
}

/* Where @off counted from @whence is; -ENXIO for data beyond the end. */
static err_t seek_target(struct desc *d, int64_t off, int whence, int64_t *to)
{
	int64_t size;
	err_t err;

	if (whence == WHENCE_SET) {
		*to = off;
		return 0;
	}
	if (whence == WHENCE_CUR)
		return __builtin_add_overflow((int64_t)d->pos, off, to)
			       ? -EOVERFLOW
			       : 0;
	if (whence < 0 || whence > WHENCE_HOLE)
		return -EINVAL;
	err = file_size(d, &size);
	if (err)
		return err;
	if (whence == WHENCE_END)
		return __builtin_add_overflow(size, off, to) ? -EINVAL : 0;
	if (off < 0 || off >= size)
		return -ENXIO;
	/* All is data, and the one hole is behind it. */
	*to = whence == WHENCE_DATA ? off : size;
	return 0;
}

err_t node_seek(struct desc *d, int64_t off, int whence, uint64_t *out)
{
	int64_t to = 0;
	err_t err;

	mutex_lock(&d->pos_lock);
	err = seek_target(d, off, whence, &to);
	if (!err && to < 0)
		err = -EINVAL;
	if (!err) {
		d->pos = (uint64_t)to;
		*out = (uint64_t)to;
	}
	mutex_unlock(&d->pos_lock);
	return err;
}

#define CONTROL_FIONREAD 0x541bu

static err_t file_control(struct desc *d, unsigned cmd, void *arg)
{
	int64_t size;
	err_t err;

	if (cmd != CONTROL_FIONREAD)
		return -ENOTTY;
	err = file_size(d, &size);
	if (err)
		return err;
	*(int *)arg = (int)max_t(int64_t, size - (int64_t)d->pos, 0);
	return 0;
}

static err_t file_map(struct desc *d, unsigned prot, bool shared,
		      struct vmobj **out)
{
	(void)prot;
	(void)shared;
	if (d->node->vmobj == NULL)
		return -ENODEV;
	vmobj_get(d->node->vmobj);
	*out = d->node->vmobj;
	node_accessed(d);
	return 0;
}

static void file_release(struct desc *d)
{
	if (desc_writable(d) && node_is(d->node, MODE_REG))
		node_put_write(d->node);
}

const struct desc_ops node_file_ops = {
	.read = file_read,
	.write = file_write,
	.seek = node_seek,
	.control = file_control,
	.map = file_map,
	.release = file_release,
};

const struct desc_ops node_path_ops = { .read = NULL };
