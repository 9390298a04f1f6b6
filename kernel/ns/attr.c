/* SPDX-License-Identifier: MIT */
/*
 * Who may do what to a node, and the calls that change attributes.  The
 * rules are Linux's; only the superuser (fsuid 0) has capabilities.
 */
#include <lib/string.h>
#include <mm/vmobj.h>
#include <sched/timer.h>

#include "ns_impl.h"

static __noinline err_t permission_slow(uint32_t mode, uint32_t uid,
					uint32_t gid, const struct cred *c,
					unsigned want)
{
	if (c->fsuid == uid)
		mode >>= 6;
	else if (cred_in_group(c, gid))
		mode >>= 3;
	return (mode & want) == want ? 0 : -EACCES;
}

err_t node_permission(const struct node *n, const struct cred *c, unsigned want)
{
	uint32_t mode = atomic_load_relaxed(&n->attr.mode);

	if (likely(cred_is_root(c))) {
		/* Root runs only what somebody may run; it searches all. */
		if ((want & 1) == 0 || (mode & 0111) != 0 ||
		    (mode & MODE_FMT) == MODE_DIR)
			return 0;
		return -EACCES;
	}
	return permission_slow(mode, n->attr.uid, n->attr.gid, c, want & 7);
}

err_t node_may_delete(const struct node *dir, const struct node *victim,
		      const struct cred *c)
{
	if (likely((dir->attr.mode & MODE_VTX) == 0) || cred_is_root(c) ||
	    c->fsuid == victim->attr.uid || c->fsuid == dir->attr.uid)
		return 0;
	return -EPERM;
}

err_t dir_may_change(const struct path *dir, const struct cred *c)
{
	if (!node_is(dir->node, MODE_DIR))
		return -ENOTDIR;
	if (mount_readonly(dir->mnt))
		return -EROFS;
	return node_permission(dir->node, c, 3);
}

err_t dir_may_remove(const struct path *dir, const struct node *victim,
		     const struct cred *c, bool is_dir)
{
	err_t err = dir_may_change(dir, c);

	if (!err)
		err = node_may_delete(dir->node, victim, c);
	if (err)
		return err;
	if (is_dir != node_is(victim, MODE_DIR))
		return is_dir ? -ENOTDIR : -EISDIR;
	/* Here or in another name space: somebody's tree hangs on it. */
	return atomic_load_relaxed(&victim->mounts) != 0 ? -EBUSY : 0;
}

void node_inherit(const struct node *dir, const struct cred *c, uint32_t *mode,
		  uint32_t *uid, uint32_t *gid)
{
	bool is_dir = (*mode & MODE_FMT) == MODE_DIR;

	*uid = c->fsuid;
	*gid = c->fsgid;
	if ((dir->attr.mode & MODE_SGID) == 0)
		return;
	*gid = dir->attr.gid;
	if (is_dir)
		*mode |= MODE_SGID;
	else if ((*mode & (MODE_SGID | 010)) == (MODE_SGID | 010) &&
		 !cred_is_root(c) && !cred_in_group(c, *gid))
		*mode &= ~MODE_SGID;
}

err_t node_getattr(struct node *n, const struct cred *c, struct node_attr *out)
{
	struct req_getattr r;
	err_t err;

	if (unlikely(n->attr_dynamic)) {
		r.cred = c;
		r.deadline = 0;
		r.attr = n->attr;
		err = node_req_getattr(n, &r);
		if (err != -ENOSYS) {
			*out = r.attr;
			return err;
		}
	}
	*out = n->attr;
	if (n->vmobj != NULL) {
		out->size = atomic_load_relaxed(&n->vmobj->size);
		out->blocks = atomic_load_relaxed(&n->vmobj->nr_pages) *
			      (PAGE_SIZE / 512);
	}
	return 0;
}

/* The set-id bits that a write or a change of owner takes away. */
static uint32_t mode_without_suid(uint32_t mode)
{
	mode &= ~MODE_SUID;
	if ((mode & 010) != 0)
		mode &= ~MODE_SGID;
	return mode;
}

err_t node_kill_suid(struct node *n, const struct cred *c)
{
	struct req_setattr r;
	uint32_t mode = atomic_load_relaxed(&n->attr.mode);

	if (likely(mode_without_suid(mode) == mode) || cred_is_root(c))
		return 0;
	memset(&r, 0, sizeof(r));
	r.cred = c;
	r.mask = ATTR_MODE;
	r.attr.mode = mode_without_suid(mode);
	return node_req_setattr(n, &r);
}

static bool owns(const struct node *n, const struct cred *c)
{
	return cred_is_root(c) || c->fsuid == n->attr.uid;
}

static err_t may_chmod(const struct node *n, const struct cred *c,
		       struct req_setattr *r)
{
	uint32_t gid = (r->mask & ATTR_GID) != 0 ? r->attr.gid : n->attr.gid;

	if (!owns(n, c))
		return -EPERM;
	r->attr.mode = (n->attr.mode & MODE_FMT) | (r->attr.mode & 07777);
	if (!cred_is_root(c) && !cred_in_group(c, gid))
		r->attr.mode &= ~MODE_SGID;
	return 0;
}

static err_t may_chown(const struct node *n, const struct cred *c,
		       struct req_setattr *r)
{
	bool same_owner = c->fsuid == n->attr.uid;
	uint32_t mode = n->attr.mode, kept = mode_without_suid(mode);

	if (!cred_is_root(c) && !cred_in_group(c, n->attr.gid))
		kept &= ~MODE_SGID;
	if ((r->mask & ATTR_UID) != 0 && !cred_is_root(c) &&
	    !(same_owner && r->attr.uid == n->attr.uid))
		return -EPERM;
	if ((r->mask & ATTR_GID) != 0 && !cred_is_root(c) &&
	    !(same_owner &&
	      (r->attr.gid == n->attr.gid || cred_in_group(c, r->attr.gid))))
		return -EPERM;
	if ((mode & MODE_FMT) == MODE_DIR || kept == mode ||
	    (r->mask & ATTR_MODE) != 0)
		return 0;
	/* Set-id bits go, and that is a change of mode. */
	if (!owns(n, c))
		return -EPERM;
	r->mask |= ATTR_MODE;
	r->attr.mode = kept;
	return 0;
}

static err_t may_utimens(const struct node *n, const struct cred *c,
			 struct req_setattr *r, bool times_now)
{
	if (owns(n, c)) {
		if (times_now) {
			r->attr.atime = clock_realtime();
			r->attr.mtime = r->attr.atime;
		}
		return 0;
	}
	if (!times_now)
		return -EPERM;
	r->attr.atime = clock_realtime();
	r->attr.mtime = r->attr.atime;
	return node_permission(n, c, 2);
}

err_t node_setattr(const struct path *p, const struct cred *c, uint32_t mask,
		   const struct node_attr *attr, bool times_now)
{
	struct req_setattr r = { .cred = c, .mask = mask, .attr = *attr };
	struct node *n = p->node;
	err_t err = 0;

	if (mask == 0)
		return 0;
	if (mount_readonly(p->mnt))
		return -EROFS;
	if ((mask & (ATTR_UID | ATTR_GID | ATTR_CTIME)) != 0)
		err = may_chown(n, c, &r);
	if (!err && (mask & ATTR_MODE) != 0)
		err = may_chmod(n, c, &r);
	if (!err && (mask & (ATTR_ATIME | ATTR_MTIME)) != 0)
		err = may_utimens(n, c, &r, times_now);
	if (err)
		return err;
	return node_req_setattr(n, &r);
}

err_t node_set_size(struct node *n, const struct cred *c, uint64_t size)
{
	struct req_truncate r = { .cred = c, .size = size };
	err_t err;

	if (size > INT64_MAX)
		return -EINVAL;
	err = node_kill_suid(n, c);
	return err ? err : node_req_truncate(n, &r);
}

err_t node_truncate(const struct path *p, const struct cred *c, uint64_t size)
{
	struct node *n = p->node;
	err_t err;

	if (node_is(n, MODE_DIR))
		return -EISDIR;
	if (!node_is(n, MODE_REG))
		return -EINVAL;
	if (c == NULL)
		return node_set_size(n, &cred_root, size);
	if (mount_readonly(p->mnt))
		return -EROFS;
	err = node_permission(n, c, 2);
	if (!err)
		err = node_get_write(n);
	if (err)
		return err;
	err = node_set_size(n, c, size);
	node_put_write(n);
	return err;
}

err_t ns_access(const struct path *p, const struct cred *c, unsigned want)
{
	uint32_t fmt = p->node->attr.mode & MODE_FMT;
	bool plain = fmt == MODE_REG || fmt == MODE_DIR || fmt == MODE_LNK;
	err_t err;

	if ((want & 1) != 0 && fmt == MODE_REG && p->mnt != NULL &&
	    (atomic_load_relaxed(&p->mnt->flags) & MNT_NOEXEC) != 0)
		return -EACCES;
	err = node_permission(p->node, c, want);
	if (!err && (want & 2) != 0 && plain && mount_readonly(p->mnt))
		err = -EROFS;
	return err;
}

#define ST_VALID    0x0020u
#define ST_RELATIME 0x1000u

err_t ns_statfs(const struct path *p, struct statfs_info *out)
{
	const struct server *s = p->node->server;
	struct req_statfs r;
	err_t err;

	memset(&r, 0, sizeof(r));
	r.statfs.type = s->magic;
	r.statfs.bsize = PAGE_SIZE;
	r.statfs.namelen = NAME_MAX_BYTES;
	err = node_req_statfs(p->node, &r);
	if (err && err != -ENOSYS)
		return err;
	r.statfs.flags |= ST_VALID | ST_RELATIME;
	if (p->mnt != NULL)
		r.statfs.flags |= atomic_load_relaxed(&p->mnt->flags) & 0xfu;
	*out = r.statfs;
	return 0;
}
