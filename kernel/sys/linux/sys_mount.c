/* SPDX-License-Identifier: MIT */
/* Mounts, roots, and the figures of file systems. */
#include <abi/linux/mount.h>
#include <mm/slab.h>

#include "linux_impl.h"

#define TEXT_MAX    64u
#define MOUNT_FLAGS (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)
#define MS_KINDS    (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)

static bool may_mount(void)
{
	return current_cred()->euid == 0;
}

/* A short user string; NULL reads as "". */
static err_t text_get(char *buf, size_t size, uint64_t addr)
{
	int64_t len;

	buf[0] = '\0';
	if (addr == 0)
		return 0;
	len = copy_string_from_user(buf, UPTR_CONST(char, addr), size);
	if (len == -ENAMETOOLONG) {
		/* Shown in /proc/mounts only: cut. */
		len = copy_from_user(buf, UPTR_CONST(char, addr), size - 1);
		buf[size - 1] = '\0';
	}
	return len < 0 ? (err_t)len : 0;
}

static err_t mount_new(const struct path *at, uint32_t flags, const char *type,
		       const char *source, const char *options)
{
	struct fs_type *t = fs_type_find(type);
	struct ns *ns = fsctx_ns(proc_fsctx(self_proc()));
	struct server *server;
	struct node *root;
	err_t err;

	if (t == NULL || t->mount == NULL)
		return -ENODEV;
	err = t->mount(source, options, &server, &root);
	if (err)
		return err;
	err = ns_mount(ns, at, server, root, flags & MOUNT_FLAGS, source,
		       options);
	node_put(root);
	server_put(server);
	return err;
}

static err_t mount_bind(const struct path *at, uint64_t source,
			const char *shown)
{
	struct ns *ns = fsctx_ns(proc_fsctx(self_proc()));
	struct path p;
	err_t err;

	if (source == 0)
		return -EINVAL;
	err = path_arg_walk(AT_FDCWD, source, 0, &p);
	if (err)
		return err;
	if (node_is(p.node, MODE_DIR) != node_is(at->node, MODE_DIR))
		err = -ENOTDIR;
	else
		err = ns_mount(ns, at, p.mnt->server, p.node, p.mnt->flags,
			       shown, "");
	path_put(&p);
	return err;
}

static err_t do_mount(const struct path *at, uint64_t source, uint32_t flags,
		      const char *type, const char *shown, const char *options)
{
	struct ns *ns = fsctx_ns(proc_fsctx(self_proc()));

	if (flags & MS_REMOUNT) {
		if (at->mnt->root != at->node)
			return -EINVAL;
		return ns_remount(ns, at, flags & MOUNT_FLAGS);
	}
	if (flags & MS_BIND)
		return mount_bind(at, source, shown);
	/* Every mount is private here: asking for that changes nothing. */
	if (flags & MS_KINDS) {
		if ((flags & MS_KINDS) != MS_PRIVATE ||
		    (flags & ~(MS_KINDS | MS_REC | MS_SILENT)) ||
		    at->mnt->root != at->node)
			return -EINVAL;
		return 0;
	}
	if (flags & MS_MOVE)
		return -EINVAL;
	if (type[0] == '\0')
		return -EINVAL;
	return mount_new(at, flags, type, shown, options);
}

int64_t linux_mount(struct regs *r)
{
	char type[TEXT_MAX], source[TEXT_MAX], options[TEXT_MAX];
	uint32_t flags = (uint32_t)ARG3(r);
	struct path at;
	err_t err;

	err = text_get(type, sizeof(type), ARG2(r));
	if (err == 0)
		err = text_get(source, sizeof(source), ARG0(r));
	if (err == 0)
		err = text_get(options, sizeof(options), ARG4(r));
	if (err == 0)
		err = path_arg_walk(AT_FDCWD, ARG1(r), 0, &at);
	if (err)
		return err;
	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (!may_mount())
		err = -EPERM;
	else
		err = do_mount(&at, ARG0(r), flags, type,
			       source[0] != '\0' ? source : "none", options);
	path_put(&at);
	return err;
}

int64_t linux_umount2(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG1(r);
	struct ns *ns = fsctx_ns(proc_fsctx(self_proc()));
	struct path p;
	err_t err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	err = path_arg_walk(AT_FDCWD, ARG0(r),
			    flags & UMOUNT_NOFOLLOW ? WALK_NOFOLLOW : 0, &p);
	if (err)
		return err;
	if (!may_mount())
		err = -EPERM;
	else if (p.mnt->root != p.node)
		err = -EINVAL;
	else if ((flags & MNT_EXPIRE) && (flags & (MNT_FORCE | MNT_DETACH)))
		err = -EINVAL;
	else
		err = ns_unmount(ns, &p, flags);
	path_put(&p);
	return err;
}

int64_t linux_chroot(struct regs *r)
{
	struct path p;
	err_t err = path_arg_walk(AT_FDCWD, ARG0(r), WALK_DIRECTORY, &p);

	if (err)
		return err;
	err = ns_access(&p, current_cred(), 1);
	if (err == 0 && current_cred()->euid != 0)
		err = -EPERM;
	if (err == 0)
		fsctx_set_root(proc_fsctx(self_proc()), &p);
	path_put(&p);
	return err;
}

/*
 * The root file system is the first one, and as on Linux that one cannot be
 * swapped: -EINVAL, once everything else has been checked.
 */
int64_t linux_pivot_root(struct regs *r)
{
	struct path to, old;
	err_t err;

	if (!may_mount())
		return -EPERM;
	err = path_arg_walk(AT_FDCWD, ARG0(r), WALK_DIRECTORY, &to);
	if (err)
		return err;
	err = path_arg_walk(AT_FDCWD, ARG1(r), WALK_DIRECTORY, &old);
	if (err == 0) {
		err = -EINVAL;
		path_put(&old);
	}
	path_put(&to);
	return err;
}

/* --- figures --- */

static int64_t put_statfs(const struct path *p, uint64_t to)
{
	struct linux_statfs st;
	struct statfs_info i = { 0 };
	err_t err = ns_statfs(p, &i);

	if (err)
		return err;
	st = (struct linux_statfs){
		.f_type = (int64_t)i.type,
		.f_bsize = (int64_t)i.bsize,
		.f_blocks = i.blocks,
		.f_bfree = i.bfree,
		.f_bavail = i.bavail,
		.f_files = i.files,
		.f_ffree = i.ffree,
		.f_namelen = (int64_t)i.namelen,
		.f_frsize = (int64_t)i.bsize,
		.f_flags = (int64_t)i.flags | ST_VALID,
	};
	if (p->mnt != NULL)
		st.f_flags |= p->mnt->flags & MOUNT_FLAGS;
	if (p->node->server != NULL)
		st.f_fsid[0] = (int32_t)p->node->server->dev;
	return put_user(UPTR(struct linux_statfs, to), &st);
}

int64_t linux_statfs(struct regs *r)
{
	struct path p;
	int64_t ret = path_arg_walk(AT_FDCWD, ARG0(r), 0, &p);

	if (ret != 0)
		return ret;
	ret = put_statfs(&p, ARG1(r));
	path_put(&p);
	return ret;
}

int64_t linux_fstatfs(struct regs *r)
{
	struct path p;
	int64_t ret = path_of_fd(arg_int(ARG0(r)), true, &p);

	if (ret == -EINVAL)
		return -ENOSYS; /* an object of no file system */
	if (ret != 0)
		return ret;
	ret = put_statfs(&p, ARG1(r));
	path_put(&p);
	return ret;
}

/* --- nothing is written anywhere: memory is the only storage --- */

int64_t linux_sync(struct regs *r)
{
	(void)r;
	return 0;
}

int64_t linux_syncfs(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	desc_put(d);
	return 0;
}

int64_t linux_fsync(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	if (d->node == NULL ||
	    !(node_is(d->node, MODE_REG) || node_is(d->node, MODE_DIR)))
		err = -EINVAL;
	desc_put(d);
	return err;
}

int64_t linux_fdatasync(struct regs *r)
{
	return linux_fsync(r);
}

int64_t linux_sync_file_range(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	if (((uint32_t)ARG3(r) & ~7u) || (int64_t)ARG1(r) < 0 ||
	    (int64_t)ARG2(r) < 0 || (int64_t)(ARG1(r) + ARG2(r)) < 0)
		err = -EINVAL;
	else if (d->node == NULL ||
		 !(node_is(d->node, MODE_REG) || node_is(d->node, MODE_DIR) ||
		   node_is(d->node, MODE_BLK) || node_is(d->node, MODE_LNK)))
		err = -ESPIPE;
	desc_put(d);
	return err;
}
