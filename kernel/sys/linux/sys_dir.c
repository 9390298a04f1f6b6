/* SPDX-License-Identifier: MIT */
/* Directories: where a process is, and reading what they hold. */
#include <abi/linux/dirent.h>
#include <mm/slab.h>

#include "linux_impl.h"

#define BOUNCE_MAX 16384u

int64_t linux_getcwd(struct regs *r)
{
	struct fsctx *fs = proc_fsctx(self_proc());
	struct path cwd = fsctx_cwd(fs), root = fsctx_root(fs);
	char *buf = kmalloc(PATH_MAX_BYTES), *start;
	int64_t ret = -ENOMEM;
	size_t len;

	if (buf == NULL)
		goto out;
	ret = ns_path_string(&cwd, &root, buf, PATH_MAX_BYTES, &start);
	if (ret != 0)
		goto out;
	len = strlen(start) + 1;
	if (len > ARG1(r))
		ret = -ERANGE;
	else
		ret = copy_to_user(UPTR(char, ARG0(r)), start, len);
	if (ret == 0)
		ret = (int64_t)len;
out:
	kfree(buf);
	path_put(&cwd);
	path_put(&root);
	return ret;
}

static int64_t change_dir(struct path *p)
{
	err_t err;

	if (!node_is(p->node, MODE_DIR))
		err = -ENOTDIR;
	else
		err = ns_access(p, current_cred(), 1);
	if (err == 0)
		fsctx_set_cwd(proc_fsctx(self_proc()), p);
	path_put(p);
	return err;
}

int64_t linux_chdir(struct regs *r)
{
	struct path p;
	err_t err;

	err = path_arg_walk(AT_FDCWD, ARG0(r), WALK_DIRECTORY, &p);
	return err ? err : change_dir(&p);
}

int64_t linux_fchdir(struct regs *r)
{
	struct path p;
	err_t err;

	err = path_of_fd(arg_int(ARG0(r)), true, &p);
	if (err)
		return err == -EINVAL ? -ENOTDIR : err;
	return change_dir(&p);
}

/* --- reading entries --- */

struct dir_buf {
	struct sink sink;
	uint8_t *buf;
	size_t size, used;
	bool too_small; /* not even one entry fits */
};

static bool put_entry64(struct sink *s, struct name name, uint64_t ino,
			unsigned type, uint64_t next)
{
	struct dir_buf *b = container_of(s, struct dir_buf, sink);
	size_t len = align_up(DIRENT64_NAME_OFFSET + name.len + 1, 8);
	uint8_t *to = b->buf + b->used;
	struct linux_dirent64 *e = (void *)to;

	if (len > b->size - b->used) {
		b->too_small = b->used == 0;
		return false;
	}
	/* The padding behind the name. */
	*(uint64_t *)(void *)(to + len - 8) = 0;
	e->d_ino = ino;
	e->d_off = (int64_t)next;
	e->d_reclen = (uint16_t)len;
	e->d_type = (uint8_t)type;
	memcpy(to + DIRENT64_NAME_OFFSET, name.s, name.len);
	b->used += len;
	return true;
}

static bool put_entry(struct sink *s, struct name name, uint64_t ino,
		      unsigned type, uint64_t next)
{
	struct dir_buf *b = container_of(s, struct dir_buf, sink);
	size_t len = align_up(DIRENT_NAME_OFFSET + name.len + 2, 8);
	uint8_t *to = b->buf + b->used;
	struct linux_dirent *e = (void *)to;

	if (len > b->size - b->used) {
		b->too_small = b->used == 0;
		return false;
	}
	*(uint64_t *)(void *)(to + len - 8) = 0;
	e->d_ino = ino;
	e->d_off = next;
	e->d_reclen = (uint16_t)len;
	memcpy(to + DIRENT_NAME_OFFSET, name.s, name.len);
	to[len - 1] = (uint8_t)type;
	b->used += len;
	return true;
}

static int64_t read_entries(struct desc *d, uint64_t addr, uint32_t size,
			    struct dir_buf *b)
{
	int64_t ret;

	if (d->node == NULL || !node_is(d->node, MODE_DIR))
		return -ENOTDIR;
	b->size = min_t(size_t, size, BOUNCE_MAX);
	b->buf = kmalloc(max_t(size_t, b->size, 8));
	if (b->buf == NULL)
		return -ENOMEM;
	ret = desc_readdir(d, &b->sink);
	if (b->used > 0)
		ret = 0;
	else if (ret == 0 && b->too_small)
		ret = -EINVAL;
	if (ret == 0 && b->used > 0) {
		ret = copy_to_user(UPTR(void, addr), b->buf, b->used);
		if (ret == 0)
			ret = (int64_t)b->used;
	}
	kfree(b->buf);
	return ret;
}

static int64_t dents(struct regs *r, bool wide)
{
	struct dir_buf b = { .sink.entry = wide ? put_entry64 : put_entry };
	struct desc *d;
	int64_t ret;

	ret = fd_get(arg_int(ARG0(r)), &d);
	if (ret != 0)
		return ret;
	ret = read_entries(d, ARG1(r), (uint32_t)ARG2(r), &b);
	desc_put(d);
	return ret;
}

int64_t linux_getdents(struct regs *r)
{
	return dents(r, false);
}

int64_t linux_getdents64(struct regs *r)
{
	return dents(r, true);
}
