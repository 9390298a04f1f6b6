/* SPDX-License-Identifier: MIT */
/* From one descriptor to another without passing user memory. */
#include <abi/linux/uio.h>
#include <lib/atomic.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <sync/park.h>

#include "linux_impl.h"

#define BOUNCE 16384u

static bool regular(const struct desc *d)
{
	return d->node != NULL && node_is(d->node, MODE_REG);
}

/*
 * Moves up to @len bytes from @in at *@from to @out, at its own offset or at
 * *@to.  *@from and *@to move along.  Returns bytes moved, or -E* if none.
 */
static int64_t move(struct desc *in, uint64_t *from, struct desc *out,
		    uint64_t *to, size_t len)
{
	void *buf = kmalloc(BOUNCE);
	int64_t done = 0, got, put = 0;
	struct uio u;

	if (buf == NULL)
		return -ENOMEM;
	while (len > 0) {
		size_t n = min_t(size_t, len, BOUNCE);

		uio_init_kernel(&u, buf, n);
		got = desc_read_at(in, &u, *from);
		if (got <= 0) {
			put = got;
			break;
		}
		n = (size_t)got;
		put = fsize_limit(out, to != NULL ? *to : out->pos, &n);
		if (put == 0) {
			uio_init_kernel(&u, buf, n);
			put = to != NULL ? desc_write_at(out, &u, *to)
					 : desc_write(out, &u);
		}
		if (put <= 0)
			break;
		done += put;
		*from += (uint64_t)put;
		if (to != NULL)
			*to += (uint64_t)put;
		len -= (size_t)put;
		if (put < got)
			break;
		sched_point();
		if (thread_work(current_thread()) & WORK_INTERRUPT)
			break;
	}
	kfree(buf);
	return done > 0 ? done : put;
}

/* The offset that the call uses: the user's word, or the description's. */
static err_t offset_get(struct desc *d, uint64_t addr, uint64_t *pos)
{
	if (addr == 0) {
		*pos = atomic_load_relaxed(&d->pos);
		return 0;
	}
	return get_user(pos, UPTR_CONST(uint64_t, addr));
}

static err_t offset_put(struct desc *d, uint64_t addr, uint64_t pos)
{
	uint64_t ignored;

	if (addr != 0)
		return put_user(UPTR(uint64_t, addr), &pos);
	if (d->ops->seek != NULL)
		return d->ops->seek(d, (int64_t)pos, SEEK_SET, &ignored);
	return 0;
}

static int64_t send_file(struct desc *out, struct desc *in, uint64_t addr,
			 size_t len)
{
	uint64_t pos;
	int64_t ret;

	if ((in->mode & DESC_ACCMODE) == DESC_WRONLY ||
	    (out->mode & DESC_ACCMODE) == DESC_RDONLY)
		return -EBADF;
	if (addr != 0 && in->ops->stream)
		return -ESPIPE;
	ret = offset_get(in, addr, &pos);
	if (ret != 0)
		return ret;
	if (!regular(in) || (int64_t)pos < 0 || (int64_t)len < 0 ||
	    (out->flags & O_APPEND))
		return -EINVAL;
	ret = move(in, &pos, out, NULL, min_t(size_t, len, LINUX_RW_MAX));
	if (ret > 0 && offset_put(in, addr, pos) != 0)
		return -EFAULT;
	return ret;
}

int64_t linux_sendfile(struct regs *r)
{
	struct desc *in, *out;
	int64_t ret;

	ret = fd_get(arg_int(ARG1(r)), &in);
	if (ret != 0)
		return ret;
	ret = fd_get(arg_int(ARG0(r)), &out);
	if (ret == 0) {
		ret = send_file(out, in, ARG2(r), ARG3(r));
		desc_put(out);
	}
	desc_put(in);
	return ret < 0 ? sys_io_result(ret) : ret;
}

static int64_t copy_range(struct desc *in, uint64_t in_addr, struct desc *out,
			  uint64_t out_addr, size_t len)
{
	uint64_t from = 0, to = 0, size;
	int64_t ret;

	if (in->node == NULL || out->node == NULL)
		return -EINVAL;
	ret = offset_get(in, in_addr, &from);
	if (ret == 0)
		ret = offset_get(out, out_addr, &to);
	if (ret != 0)
		return ret;
	if (node_is(in->node, MODE_DIR) || node_is(out->node, MODE_DIR))
		return -EISDIR;
	if (!regular(in) || !regular(out))
		return -EINVAL;
	if ((in->mode & DESC_ACCMODE) == DESC_WRONLY ||
	    (out->mode & DESC_ACCMODE) == DESC_RDONLY ||
	    (out->flags & O_APPEND))
		return -EBADF;
	if (in->node->server != out->node->server)
		return -EXDEV;
	if (from + len < from || to + len < to)
		return -EOVERFLOW;
	if ((int64_t)from < 0 || (int64_t)to < 0)
		return -EINVAL;
	size = atomic_load_relaxed(&in->node->attr.size);
	len = from >= size ? 0 : min_t(size_t, len, size - from);
	if (in->node == out->node && to + len > from && to < from + len)
		return -EINVAL;
	if (len == 0)
		return 0;
	ret = move(in, &from, out, &to, min_t(size_t, len, LINUX_RW_MAX));
	if (ret > 0 && (offset_put(in, in_addr, from) != 0 ||
			offset_put(out, out_addr, to) != 0))
		return -EFAULT;
	return ret;
}

int64_t linux_copy_file_range(struct regs *r)
{
	struct desc *in, *out;
	int64_t ret;

	ret = fd_get(arg_int(ARG0(r)), &in);
	if (ret != 0)
		return ret;
	ret = fd_get(arg_int(ARG2(r)), &out);
	if (ret == 0) {
		if ((uint32_t)ARG5(r) != 0)
			ret = -EINVAL;
		else
			ret = copy_range(in, ARG1(r), out, ARG3(r), ARG4(r));
		desc_put(out);
	}
	desc_put(in);
	return ret < 0 ? sys_io_result(ret) : ret;
}

/* Pages are never moved between pipes: programs fall back to copying. */
int64_t linux_splice(struct regs *r)
{
	struct desc *in, *out;
	err_t err;

	if (ARG4(r) == 0)
		return 0;
	if ((uint32_t)ARG5(r) & ~15u)
		return -EINVAL;
	err = fd_get(arg_int(ARG0(r)), &in);
	if (err)
		return err;
	err = fd_get(arg_int(ARG2(r)), &out);
	desc_put(in);
	if (err)
		return err;
	desc_put(out);
	return -EINVAL;
}
