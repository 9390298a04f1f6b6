/* SPDX-License-Identifier: MIT */
/* Changing how long files are. */
#include <abi/linux/signal.h>
#include <lib/atomic.h>
#include <proc/signal.h>

#include "linux_impl.h"

static err_t size_allowed(int64_t size)
{
	if ((uint64_t)size <= proc_limit(self_proc(), LIMIT_FSIZE))
		return 0;
	signal_proc_simple(self_proc(), SIGXFSZ);
	return -EFBIG;
}

int64_t linux_truncate(struct regs *r)
{
	int64_t size = (int64_t)ARG1(r);
	struct path p;
	err_t err;

	if (size < 0)
		return -EINVAL;
	err = path_arg_walk(AT_FDCWD, ARG0(r), 0, &p);
	if (err)
		return err;
	if (node_is(p.node, MODE_DIR))
		err = -EISDIR;
	else if (!node_is(p.node, MODE_REG))
		err = -EINVAL;
	else
		err = ns_access(&p, current_cred(), 2);
	if (err == 0)
		err = size_allowed(size);
	if (err == 0)
		err = node_truncate(&p, current_cred(), (uint64_t)size);
	path_put(&p);
	return err;
}

/* Who opened it for writing needs no further right. */
static err_t truncate_open(struct desc *d, uint64_t size)
{
	err_t err = size_allowed((int64_t)size);

	if (err)
		return err;
	err = node_kill_suid(d->node, current_cred());
	if (err)
		return err;
	return node_truncate(&(struct path){ d->mnt, d->node }, &cred_root,
			     size);
}

int64_t linux_ftruncate(struct regs *r)
{
	int64_t size = (int64_t)ARG1(r);
	struct desc *d;
	err_t err;

	if (size < 0)
		return -EINVAL;
	err = fd_get(arg_int(ARG0(r)), &d);
	if (err)
		return err;
	if (d->node == NULL || !node_is(d->node, MODE_REG) ||
	    (d->mode & DESC_ACCMODE) == DESC_RDONLY)
		err = -EINVAL;
	else
		err = truncate_open(d, (uint64_t)size);
	desc_put(d);
	return err;
}

/* Pages come when they are written: only the size is settled here. */
static err_t allocate(struct desc *d, uint32_t mode, int64_t off, int64_t len)
{
	uint64_t end = (uint64_t)off + (uint64_t)len;

	if (off < 0 || len <= 0)
		return -EINVAL;
	if (mode & ~FALLOC_FL_KEEP_SIZE)
		return -EOPNOTSUPP;
	if ((d->mode & DESC_ACCMODE) == DESC_RDONLY)
		return -EBADF;
	if (d->node == NULL || node_is(d->node, MODE_FIFO))
		return -ESPIPE;
	if (node_is(d->node, MODE_DIR))
		return -EISDIR;
	if (!node_is(d->node, MODE_REG))
		return -ENODEV;
	if (end > INT64_MAX)
		return -EFBIG;
	if ((mode & FALLOC_FL_KEEP_SIZE) ||
	    end <= atomic_load_relaxed(&d->node->attr.size))
		return 0;
	return truncate_open(d, end);
}

int64_t linux_fallocate(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	err = allocate(d, (uint32_t)ARG1(r), (int64_t)ARG2(r),
		       (int64_t)ARG3(r));
	desc_put(d);
	return err;
}

/* Advice: checked, and then everything is in memory anyway. */
int64_t linux_fadvise64(struct regs *r)
{
	int advice = arg_int(ARG3(r));
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	if (d->node == NULL || node_is(d->node, MODE_FIFO))
		err = -ESPIPE;
	else if ((int64_t)ARG2(r) < 0 || advice < 0 ||
		 advice > POSIX_FADV_NOREUSE)
		err = -EINVAL;
	desc_put(d);
	return err;
}

int64_t linux_readahead(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	if ((d->mode & DESC_ACCMODE) == DESC_WRONLY)
		err = -EBADF;
	else if (d->node == NULL || !node_is(d->node, MODE_REG))
		err = -EINVAL;
	desc_put(d);
	return err;
}
