/* SPDX-License-Identifier: MIT */
/*
 * Name spaces: mounts, roots, working directories, and the path walker.
 *
 * struct ns is the counted cell of mounts; struct fsctx is what CLONE_FS
 * shares: root, working directory, umask.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <ns/node.h>

struct desc;
struct fsctx;
struct ns;

#define PATH_MAX_BYTES 4096u
#define NAME_MAX_BYTES 255u

/* --- mounts --- */
struct mount {
	struct ref ref;
	struct server *server; /* IMMUTABLE; strong */
	struct node *root;     /* IMMUTABLE; strong */
	struct mount *parent;  /* IMMUTABLE; strong; NULL for the root */
	struct node *point;    /* IMMUTABLE; strong; NULL for the root */
	uint32_t listed;       /* ATOMIC; list cells that hold it */
	uint32_t flags;	       /* ATOMIC; MNT_* */
	uint32_t id;	       /* IMMUTABLE */
	char source[64];       /* IMMUTABLE */
	char options[64];      /* IMMUTABLE */
};
#define MNT_RDONLY    1u
#define MNT_NOSUID    2u
#define MNT_NODEV     4u
#define MNT_NOEXEC    8u
#define MNT_NOATIME   1024u
#define UMOUNT_FORCE  1u
#define UMOUNT_DETACH 2u
/* NULL is allowed in both. */
void mount_get(struct mount *m);
void mount_put(struct mount *m);

/* What ns/ needs from the layers above it; fs_init() fills it in. */
struct ns_hooks {
	/* Sets d->ops and d->data of a FIFO being opened; may sleep. */
	err_t (*fifo_open)(struct node *n, struct desc *d, uint32_t flags);
};
extern struct ns_hooks ns_hooks;
/* Fills desc_hooks; idempotent.  fs_init() calls it. */
void ns_init(void);

__must_check err_t ns_create(struct server *root_server, struct node *root,
			     struct ns **out);
__must_check err_t ns_copy(struct ns *from, struct ns **out);
/* From now on what is mounted cannot be unmounted from @ns (-EPERM). */
void ns_narrow(struct ns *ns);
void ns_get(struct ns *ns);
void ns_put(struct ns *ns);
/* Mount @server's @root on @point.  Refs: takes its own. 0, -ENOMEM, ... */
__must_check err_t ns_mount(struct ns *ns, const struct path *point,
			    struct server *server, struct node *root,
			    uint32_t flags, const char *source,
			    const char *options);
/* 0; -EINVAL not a mount point; -EBUSY; -EPERM inherited into a narrowed. */
__must_check err_t ns_unmount(struct ns *ns, const struct path *at,
			      unsigned flags);
__must_check err_t ns_remount(struct ns *ns, const struct path *at,
			      uint32_t flags);
/* The @i-th mount, oldest first, with a reference; NULL past the end. */
struct mount *ns_mount_at(struct ns *ns, unsigned i);
struct path ns_root(struct ns *ns); /* with references */

/* A file-system type that mount(2) can name. */
struct fs_type {
	const char *name;
	bool nodev;
	err_t (*mount)(const char *source, const char *options,
		       struct server **server, struct node **root);
	struct fs_type *next;
};
void fs_type_register(struct fs_type *t);
struct fs_type *fs_type_find(const char *name);
struct fs_type *fs_type_first(void);

/* --- what a process carries --- */
__must_check err_t fsctx_create(struct ns *ns, struct fsctx **out);
__must_check err_t fsctx_copy(struct fsctx *from, struct fsctx **out);
void fsctx_get(struct fsctx *f);
void fsctx_put(struct fsctx *f);
/* With references. */
struct path fsctx_cwd(struct fsctx *f);
struct path fsctx_root(struct fsctx *f);
struct ns *fsctx_ns(struct fsctx *f); /* borrowed */
void fsctx_set_cwd(struct fsctx *f, const struct path *p);
void fsctx_set_root(struct fsctx *f, const struct path *p);
uint32_t fsctx_umask(struct fsctx *f);
uint32_t fsctx_set_umask(struct fsctx *f, uint32_t mask);

void path_get(const struct path *p);
void path_put(const struct path *p);

/* --- walking --- */
#define WALK_NOFOLLOW	 0x01u /* do not follow a final symlink */
#define WALK_DIRECTORY	 0x02u /* the result must be a directory */
#define WALK_EMPTY	 0x04u /* "" means the start (AT_EMPTY_PATH) */
#define WALK_BENEATH	 0x08u
#define WALK_NO_SYMLINKS 0x10u

#define RENAME_NOREPLACE 1u
#define RENAME_EXCHANGE	 2u

struct walk {
	struct fsctx *fs;	  /* borrowed */
	const struct cred *cred;  /* borrowed */
	const struct path *start; /* borrowed; NULL: the cwd */
};

/*
 * Errors of all of these are Linux's for the same situation: ENOENT ENOTDIR
 * EACCES ELOOP ENAMETOOLONG EROFS EEXIST EBUSY EPERM EXDEV ENOTEMPTY ENOMEM...
 * Context: thread, may sleep, killable.  Locks: none held.
 */
__must_check err_t ns_walk(const struct walk *w, const char *path,
			   unsigned flags, struct path *out);
/* Linux openat; *@out has one reference; installs nothing. */
__must_check err_t ns_open(const struct walk *w, const char *path,
			   uint32_t flags, uint32_t mode, struct desc **out);
/* Open a path that is already held (exec, /proc/self/fd re-open). */
__must_check err_t ns_open_path(const struct walk *w, const struct path *p,
				uint32_t flags, struct desc **out);
/* For exec: readable or not; counts as executing (ETXTBSY to writers). */
__must_check err_t ns_open_exec(const struct walk *w, const struct path *p,
				struct desc **out);
__must_check err_t ns_mkdir(const struct walk *w, const char *path,
			    uint32_t mode);
__must_check err_t ns_mknod(const struct walk *w, const char *path,
			    uint32_t mode, uint64_t rdev);
__must_check err_t ns_symlink(const struct walk *w, const char *target,
			      const char *path);
/* @from names the existing file. */
__must_check err_t ns_link(const struct walk *from, const char *old,
			   unsigned walk_flags, const struct walk *to,
			   const char *path);
__must_check err_t ns_unlink(const struct walk *w, const char *path);
__must_check err_t ns_rmdir(const struct walk *w, const char *path);
__must_check err_t ns_rename(const struct walk *from, const char *old,
			     const struct walk *to, const char *path,
			     unsigned flags);
__must_check err_t ns_readlink(const struct walk *w, const char *path,
			       char *buf, size_t size, size_t *len);
/* Attributes of a held path or open description. */
__must_check err_t node_getattr(struct node *n, const struct cred *c,
				struct node_attr *out);
/*
 * chmod, chown, utimens, with Linux's permission rules.  @times_now: ATIME
 * and MTIME are set to now (who may write may do that).  ATTR_CTIME alone is
 * chown(-1, -1).
 */
__must_check err_t node_setattr(const struct path *p, const struct cred *c,
				uint32_t mask, const struct node_attr *attr,
				bool times_now);
/* A write takes away set-id bits; called before it. */
__must_check err_t node_kill_suid(struct node *n, const struct cred *c);
/* truncate(2); with @cred NULL ftruncate(2), which asks no permission. */
__must_check err_t node_truncate(const struct path *p, const struct cred *c,
				 uint64_t size);
__must_check err_t ns_access(const struct path *p, const struct cred *c,
			     unsigned want);
/*
 * The absolute path of @p as seen from @root, into @buf; "(unreachable)" is
 * prefixed as Linux does.  *@start points into @buf.  -ENAMETOOLONG,
 * -ENOENT when the directory was removed.
 */
__must_check err_t ns_path_string(const struct path *p, const struct path *root,
				  char *buf, size_t size, char **start);
/*
 * The same for showing (/proc/PID/fd, maps): " (deleted)" is appended to
 * what has no name any more, and "pipe:[7]" stands as it is.
 */
__must_check err_t ns_path_describe(const struct path *p,
				    const struct path *root, char *buf,
				    size_t size, char **start);
__must_check err_t ns_statfs(const struct path *p, struct statfs_info *out);

/* desc_ops for plain nodes (files with read/write requests, directories). */
extern const struct desc_ops node_file_ops;
extern const struct desc_ops node_dir_ops;
extern const struct desc_ops node_path_ops; /* O_PATH: nothing */
/* seek for nodes with a size: whence as Linux, SEEK_DATA and HOLE too. */
__must_check err_t node_seek(struct desc *d, int64_t off, int whence,
			     uint64_t *out);
/* getdents: entries from d->pos on to @sink. */
__must_check err_t desc_readdir(struct desc *d, struct sink *sink);
