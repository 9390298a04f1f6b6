/* SPDX-License-Identifier: MIT */
/* Paths that a program passes: the string, and where it starts. */
#include <mm/slab.h>

#include "linux_impl.h"

static err_t read_name(struct path_arg *a, uint64_t addr)
{
	const char __user *from = UPTR_CONST(char, addr);
	int64_t len;

	a->heap = false;
	a->name = a->buf;
	len = copy_string_from_user(a->buf, from, sizeof(a->buf));
	if (len != -ENAMETOOLONG)
		return len < 0 ? (err_t)len : 0;
	a->name = kmalloc(PATH_MAX_BYTES);
	if (a->name == NULL)
		return -ENOMEM;
	len = copy_string_from_user(a->name, from, PATH_MAX_BYTES);
	if (len < 0) {
		kfree(a->name);
		return (err_t)len;
	}
	a->heap = true;
	return 0;
}

static err_t find_start(struct path_arg *a, int dirfd)
{
	err_t err;

	err = handle_lookup(my_handles(), dirfd, &a->desc);
	if (err)
		return err;
	a->start = (struct path){ a->desc->mnt, a->desc->node };
	a->walk.start = &a->start;
	if (a->name[0] == '\0')
		return 0;
	if (a->desc->node == NULL || !node_is(a->desc->node, MODE_DIR))
		return -ENOTDIR;
	return 0;
}

err_t path_arg_get(struct path_arg *a, int dirfd, uint64_t addr, bool empty_ok)
{
	err_t err = read_name(a, addr);

	if (err)
		return err;
	a->desc = NULL;
	a->walk = (struct walk){ .fs = proc_fsctx(self_proc()),
				 .cred = current_cred(),
				 .start = NULL };
	if (a->name[0] == '/' || (dirfd == AT_FDCWD && a->name[0] != '\0'))
		return 0;
	if (a->name[0] == '\0' && !empty_ok)
		err = -ENOENT;
	else if (dirfd != AT_FDCWD)
		err = find_start(a, dirfd);
	if (err)
		path_arg_put(a);
	return err;
}

void path_arg_put(struct path_arg *a)
{
	if (a->desc != NULL)
		desc_put(a->desc);
	if (a->heap)
		kfree(a->name);
}

/* "" with WALK_EMPTY names the start itself, which may be no directory. */
static err_t start_itself(struct path_arg *a, struct path *out)
{
	if (a->desc == NULL) {
		*out = fsctx_cwd(a->walk.fs);
		return 0;
	}
	if (a->desc->node == NULL)
		return -EBADF;
	*out = a->start;
	path_get(out);
	return 0;
}

err_t path_arg_walk(int dirfd, uint64_t addr, unsigned walk_flags,
		    struct path *out)
{
	struct path_arg a;
	err_t err;

	err = path_arg_get(&a, dirfd, addr, (walk_flags & WALK_EMPTY) != 0);
	if (err)
		return err;
	if (a.name[0] == '\0')
		err = start_itself(&a, out);
	else
		err = ns_walk(&a.walk, a.name, walk_flags & ~WALK_EMPTY, out);
	path_arg_put(&a);
	return err;
}

err_t path_of_fd(int fd, bool opath_ok, struct path *out)
{
	struct desc *d;
	err_t err = opath_ok ? fd_get_any(fd, &d) : fd_get(fd, &d);

	if (err)
		return err;
	if (d->node == NULL) {
		desc_put(d);
		return -EINVAL;
	}
	*out = (struct path){ d->mnt, d->node };
	path_get(out);
	desc_put(d);
	return 0;
}
