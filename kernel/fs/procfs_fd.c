/* SPDX-License-Identifier: MIT */
/* What a process has open, where it is, and what is mounted there. */
#include <lib/atomic.h>
#include <mm/slab.h>
#include <ns/chardev.h>
#include <obj/handles.h>

#include "procfs_impl.h"

/* --- fd, fdinfo --- */

/* The description behind handle @fd; a reference. */
static err_t desc_of(struct proc_node *n, int fd, struct desc **out)
{
	struct handles *h = proc_get_handles(n->proc);
	err_t err;

	if (h == NULL)
		return -ENOENT;
	err = handle_lookup(h, fd, out);
	handles_put(h);
	return err ? -ENOENT : 0;
}

static err_t any_find(struct proc_node *dir, int32_t number,
		      struct proc_child *out, bool link)
{
	struct desc *d;
	err_t err = desc_of(dir, number, &d);

	if (err)
		return err;
	if (link)
		out->mode = (desc_readable(d) ? 0500u : 0) |
			    (desc_writable(d) ? 0300u : 0);
	desc_put(d);
	out->proc = dir->proc;
	proc_get(out->proc);
	out->thread = dir->thread;
	if (out->thread != NULL)
		thread_get(out->thread);
	return 0;
}

static err_t fd_find(struct proc_node *dir, int32_t number,
		     struct proc_child *out)
{
	return any_find(dir, number, out, true);
}

static err_t fdinfo_find(struct proc_node *dir, int32_t number,
			 struct proc_child *out)
{
	return any_find(dir, number, out, false);
}

static int32_t fd_next(struct proc_node *dir, int32_t from)
{
	struct handles *h = proc_get_handles(dir->proc);
	int fd;

	if (h == NULL)
		return -1;
	fd = handle_next(h, from);
	handles_put(h);
	return fd;
}

static err_t fd_follow(struct proc_node *n, struct path *out)
{
	struct desc *d;
	err_t err = desc_of(n, n->number, &d);

	if (err)
		return err;
	if (d->node == NULL) {
		desc_put(d);
		return -ENXIO;
	}
	*out = (struct path){ d->mnt, d->node };
	path_get(out);
	desc_put(d);
	return 0;
}

static err_t fd_link(struct proc_node *n, struct text *t)
{
	err_t err = proc_link_followed(n, t);

	if (err != -ENXIO)
		return err;
	text_str(t, "anon_inode:[object]");
	return 0;
}

static err_t show_fdinfo(struct proc_node *n, struct text *t)
{
	struct desc *d;
	err_t err = desc_of(n, n->number, &d);

	if (err)
		return err;
	text_printf(t, "pos:\t%llu\nflags:\t0%o\nmnt_id:\t%u\nino:\t%llu\n",
		    (unsigned long long)atomic_load_relaxed(&d->pos),
		    atomic_load_relaxed(&d->flags) | d->mode,
		    d->mnt != NULL ? d->mnt->id : 0,
		    d->node != NULL ? (unsigned long long)d->node->attr.ino
				    : 0ull);
	desc_put(d);
	return 0;
}

static const struct proc_entry fd_member = {
	.mode = MODE_LNK,
	.trace = true,
	.link = fd_link,
	.follow = fd_follow,
};

static const struct proc_entry fdinfo_member = {
	.mode = MODE_REG | 0400,
	.trace = true,
	.show = show_fdinfo,
};

const struct proc_dir proc_fd_dir = {
	.member = &fd_member,
	.find = fd_find,
	.next = fd_next,
};

const struct proc_dir proc_fdinfo_dir = {
	.member = &fdinfo_member,
	.find = fdinfo_find,
	.next = fd_next,
};

/* --- exe, cwd, root --- */

err_t proc_follow_exe(struct proc_node *n, struct path *out)
{
	struct desc *d = proc_get_exe(n->proc);

	if (d == NULL)
		return -ENOENT;
	*out = (struct path){ d->mnt, d->node };
	path_get(out);
	desc_put(d);
	return 0;
}

err_t proc_follow_cwd(struct proc_node *n, struct path *out)
{
	struct fsctx *fs = proc_get_fsctx(n->proc);

	if (fs == NULL)
		return -ENOENT;
	*out = fsctx_cwd(fs);
	fsctx_put(fs);
	return 0;
}

err_t proc_follow_root(struct proc_node *n, struct path *out)
{
	struct fsctx *fs = proc_get_fsctx(n->proc);

	if (fs == NULL)
		return -ENOENT;
	*out = fsctx_root(fs);
	fsctx_put(fs);
	return 0;
}

/* --- mounts --- */

static void mount_options(struct text *t, const struct mount *m)
{
	uint32_t flags = atomic_load_relaxed(&m->flags);

	text_str(t, (flags & MNT_RDONLY) != 0 ? "ro" : "rw");
	if ((flags & MNT_NOSUID) != 0)
		text_str(t, ",nosuid");
	if ((flags & MNT_NODEV) != 0)
		text_str(t, ",nodev");
	if ((flags & MNT_NOEXEC) != 0)
		text_str(t, ",noexec");
	text_str(t, (flags & MNT_NOATIME) != 0 ? ",noatime" : ",relatime");
}

static void server_options(struct text *t, const struct mount *m)
{
	text_str(t, (atomic_load_relaxed(&m->flags) & MNT_RDONLY) != 0 ? "ro"
								       : "rw");
	if (m->options[0] != '\0') {
		text_str(t, ",");
		text_escaped(t, m->options, "");
	}
}

static const char *source_of(const struct mount *m)
{
	return m->source[0] != '\0' ? m->source : "none";
}

/* "source where type options 0 0" */
static void mounts_line(struct text *t, const struct mount *m,
			const char *where)
{
	text_escaped(t, source_of(m), "#");
	text_str(t, " ");
	text_escaped(t, where, "");
	text_printf(t, " %s ", m->server->type);
	mount_options(t, m);
	if (m->options[0] != '\0') {
		text_str(t, ",");
		text_escaped(t, m->options, "");
	}
	text_str(t, " 0 0\n");
}

/* "id parent major:minor / where options - type source options" */
static void mountinfo_line(struct text *t, const struct mount *m,
			   const char *where)
{
	text_printf(t, "%u %u %u:%u / ", m->id,
		    m->parent != NULL ? m->parent->id : m->id,
		    DEV_MAJOR(m->server->dev), DEV_MINOR(m->server->dev));
	text_escaped(t, where, "");
	text_str(t, " ");
	mount_options(t, m);
	text_printf(t, " - %s ", m->server->type);
	text_escaped(t, source_of(m), "#");
	text_str(t, " ");
	server_options(t, m);
	text_str(t, "\n");
}

/* Mounts that cannot be reached from the process' root are left out. */
static err_t each_mount(struct proc_node *n, struct text *t,
			void (*line)(struct text *t, const struct mount *m,
				     const char *where))
{
	struct fsctx *fs = proc_get_fsctx(n->proc);
	char *buf = kmalloc(PATH_MAX_BYTES), *start;
	struct mount *m;
	struct path root, at;
	unsigned i;
	err_t err = buf == NULL ? -ENOMEM : 0;

	if (fs == NULL) {
		kfree(buf);
		return -EINVAL; /* as Linux answers for the dead */
	}
	root = fsctx_root(fs);
	for (i = 0; !err && (m = ns_mount_at(fsctx_ns(fs), i)) != NULL; i++) {
		at = (struct path){ m, m->root };
		if (ns_path_string(&at, &root, buf, PATH_MAX_BYTES, &start) ==
			    0 &&
		    *start == '/')
			line(t, m, start);
		mount_put(m);
	}
	kfree(buf);
	path_put(&root);
	fsctx_put(fs);
	return err;
}

err_t proc_show_mounts(struct proc_node *n, struct text *t)
{
	return each_mount(n, t, mounts_line);
}

err_t proc_show_mountinfo(struct proc_node *n, struct text *t)
{
	return each_mount(n, t, mountinfo_line);
}
