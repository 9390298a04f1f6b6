/* SPDX-License-Identifier: MIT */
/* What files are: stat and its relatives, access. */
#include <abi/linux/stat.h>
#include <lib/atomic.h>
#include <ns/chardev.h>

#include "linux_impl.h"

#define PROC_MAGIC 0x9fa0u

/* What descriptors without a node look like. */
static const struct node_attr no_node = { .mode = 0600, .nlink = 1 };

static int64_t block_size(const struct node *n)
{
	if (n != NULL && n->server != NULL && n->server->magic == PROC_MAGIC)
		return 1024;
	return 4096;
}

static err_t attr_of(struct node *n, struct node_attr *attr)
{
	if (n == NULL) {
		*attr = no_node;
		return 0;
	}
	return node_getattr(n, current_cred(), attr);
}

static int64_t put_stat(const struct node *n, const struct node_attr *a,
			uint64_t to)
{
	struct linux_stat st = {
		.st_dev = n != NULL && n->server != NULL ? n->server->dev : 0,
		.st_ino = a->ino,
		.st_nlink = a->nlink,
		.st_mode = a->mode,
		.st_uid = a->uid,
		.st_gid = a->gid,
		.st_rdev = a->rdev,
		.st_size = (int64_t)a->size,
		.st_blksize = block_size(n),
		.st_blocks = (int64_t)a->blocks,
	};
	struct linux_timespec t;

	t = ns_timespec(a->atime);
	st.st_atime = t.tv_sec;
	st.st_atime_nsec = t.tv_nsec;
	t = ns_timespec(a->mtime);
	st.st_mtime = t.tv_sec;
	st.st_mtime_nsec = t.tv_nsec;
	t = ns_timespec(a->ctime);
	st.st_ctime = t.tv_sec;
	st.st_ctime_nsec = t.tv_nsec;
	return put_user(UPTR(struct linux_stat, to), &st);
}

static int64_t stat_fd(int fd, uint64_t to)
{
	struct borrowed b = handle_borrow(my_handles(), fd);
	struct node_attr attr;
	int64_t ret;

	if (b.d == NULL)
		return -EBADF;
	ret = attr_of(b.d->node, &attr);
	if (ret == 0)
		ret = put_stat(b.d->node, &attr, to);
	handle_return(b);
	return ret;
}

static int64_t stat_path(int dirfd, uint64_t path, unsigned walk, uint64_t to)
{
	struct node_attr attr;
	struct path p;
	int64_t ret;

	ret = path_arg_walk(dirfd, path, walk, &p);
	if (ret != 0)
		return ret;
	ret = attr_of(p.node, &attr);
	if (ret == 0)
		ret = put_stat(p.node, &attr, to);
	path_put(&p);
	return ret;
}

int64_t linux_stat(struct regs *r)
{
	return stat_path(AT_FDCWD, ARG0(r), 0, ARG1(r));
}

int64_t linux_lstat(struct regs *r)
{
	return stat_path(AT_FDCWD, ARG0(r), WALK_NOFOLLOW, ARG1(r));
}

int64_t linux_fstat(struct regs *r)
{
	return stat_fd(arg_int(ARG0(r)), ARG1(r));
}

/* Whether @addr is "": then the descriptor itself is meant. */
static bool empty_path(uint64_t addr)
{
	char c = 1;

	return get_user(&c, UPTR_CONST(char, addr)) == 0 && c == '\0';
}

int64_t linux_newfstatat(struct regs *r)
{
	int dirfd = arg_int(ARG0(r));
	uint32_t flags = (uint32_t)ARG3(r);
	unsigned walk = 0;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
		      AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		if (dirfd >= 0 && empty_path(ARG1(r)))
			return stat_fd(dirfd, ARG2(r));
		walk |= WALK_EMPTY;
	}
	if (flags & AT_SYMLINK_NOFOLLOW)
		walk |= WALK_NOFOLLOW;
	return stat_path(dirfd, ARG1(r), walk, ARG2(r));
}

/* --- statx --- */

static struct linux_statx_timestamp statx_time(nsec_t ns)
{
	return (struct linux_statx_timestamp){ (int64_t)(ns / NSEC_PER_SEC),
					       (uint32_t)(ns % NSEC_PER_SEC),
					       0 };
}

static int64_t put_statx(const struct path *p, const struct node_attr *a,
			 uint64_t to)
{
	const struct node *n = p->node;
	uint64_t dev = n != NULL && n->server != NULL ? n->server->dev : 0;
	struct linux_statx st = {
		.stx_mask = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID,
		.stx_blksize = (uint32_t)block_size(n),
		.stx_attributes_mask = STATX_ATTR_MOUNT_ROOT,
		.stx_nlink = a->nlink,
		.stx_uid = a->uid,
		.stx_gid = a->gid,
		.stx_mode = (uint16_t)a->mode,
		.stx_ino = a->ino,
		.stx_size = a->size,
		.stx_blocks = a->blocks,
		.stx_atime = statx_time(a->atime),
		.stx_btime = statx_time(a->btime),
		.stx_ctime = statx_time(a->ctime),
		.stx_mtime = statx_time(a->mtime),
		.stx_rdev_major = DEV_MAJOR(a->rdev),
		.stx_rdev_minor = DEV_MINOR(a->rdev),
		.stx_dev_major = DEV_MAJOR(dev),
		.stx_dev_minor = DEV_MINOR(dev),
	};

	if (p->mnt != NULL) {
		st.stx_mnt_id = p->mnt->id;
		if (p->mnt->root == n)
			st.stx_attributes |= STATX_ATTR_MOUNT_ROOT;
	}
	return put_user(UPTR(struct linux_statx, to), &st);
}

static int64_t statx_fd(int fd, uint64_t to)
{
	struct node_attr attr;
	struct desc *d;
	int64_t ret;

	ret = fd_get_any(fd, &d);
	if (ret != 0)
		return ret;
	ret = attr_of(d->node, &attr);
	if (ret == 0)
		ret = put_statx(&(struct path){ d->mnt, d->node }, &attr, to);
	desc_put(d);
	return ret;
}

int64_t linux_statx(struct regs *r)
{
	int dirfd = arg_int(ARG0(r));
	uint32_t flags = (uint32_t)ARG2(r), mask = (uint32_t)ARG3(r);
	struct node_attr attr;
	unsigned walk = 0;
	struct path p;
	int64_t ret;

	if (mask & STATX_RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
		      AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		if (dirfd >= 0 && empty_path(ARG1(r)))
			return statx_fd(dirfd, ARG4(r));
		walk |= WALK_EMPTY;
	}
	if (flags & AT_SYMLINK_NOFOLLOW)
		walk |= WALK_NOFOLLOW;
	ret = path_arg_walk(dirfd, ARG1(r), walk, &p);
	if (ret != 0)
		return ret;
	ret = attr_of(p.node, &attr);
	if (ret == 0)
		ret = put_statx(&p, &attr, ARG4(r));
	path_put(&p);
	return ret;
}

/* --- access --- */

/* access(2) asks for the real ids: a copy where they differ. */
static const struct cred *real_cred(void)
{
	const struct cred *now = current_cred();
	struct cred *c;

	if (now->uid == now->fsuid && now->gid == now->fsgid)
		return cred_get(now);
	c = cred_dup(now);
	if (c != NULL) {
		c->fsuid = c->euid = c->uid;
		c->fsgid = c->egid = c->gid;
	}
	return c;
}

static int64_t access_at(int dirfd, uint64_t path, uint32_t mode,
			 uint32_t flags)
{
	const struct cred *c;
	struct path_arg a;
	struct path p;
	err_t err;

	if (mode & ~7u)
		return -EINVAL;
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	c = flags & AT_EACCESS ? cred_get(current_cred()) : real_cred();
	if (c == NULL)
		return -ENOMEM;
	err = path_arg_get(&a, dirfd, path, (flags & AT_EMPTY_PATH) != 0);
	if (err)
		goto out_cred;
	a.walk.cred = c;
	if (a.name[0] == '\0') {
		p = a.start;
		if (a.desc == NULL)
			p = fsctx_cwd(a.walk.fs);
		else if (p.node != NULL)
			path_get(&p);
		else
			err = -EBADF;
	} else {
		err = ns_walk(&a.walk, a.name,
			      flags & AT_SYMLINK_NOFOLLOW ? WALK_NOFOLLOW : 0,
			      &p);
	}
	if (err == 0) {
		if (mode != 0)
			err = ns_access(&p, c, mode);
		path_put(&p);
	}
	path_arg_put(&a);
out_cred:
	cred_put(c);
	return err;
}

int64_t linux_access(struct regs *r)
{
	return access_at(AT_FDCWD, ARG0(r), (uint32_t)ARG1(r), 0);
}

int64_t linux_faccessat(struct regs *r)
{
	return access_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r), 0);
}

int64_t linux_faccessat2(struct regs *r)
{
	return access_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r),
			 (uint32_t)ARG3(r));
}
