/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   /proc, in Linux's formats: processes, and figures of the whole system.
 *
 * OBJECTS
 *   struct proc_entry  one name: mode and functions, in constant tables
 *   struct proc_dir    a table of entries, and perhaps numbered ones
 *   struct proc_node   a node made by a lookup; it holds its parent's node
 *                      and the process or thread that it is about
 *   struct text        contents, written by an entry's `show`
 *
 * HOW IT GOES
 *   Every lookup makes a fresh node; inode numbers come from the way to the
 *   node, so they are always the same.  A file's contents are made when it is
 *   read from the start, as a snapshot that later reads go on with.
 *
 * LOCKING
 *   node.lock (NODE) guards the snapshot of the descriptions of that node.
 *   `show` runs without any lock.
 *
 * LIFETIME
 *   Only the root node is permanent, part of its server.  A node may outlive
 *   its process: then reading gives -ESRCH and looking up -ENOENT.
 */
#include <fs/fs.h>
#include <fs/procfs.h>
#include <lib/fmt.h>
#include <lib/hash.h>
#include <lib/minmax.h>
#include <lib/num.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <sched/timer.h>

#include "procfs_impl.h"

#define PROC_MAGIC 0x9fa0u
#define ROOT_INO   1u
#define WRITE_MAX  4095u
#define NUMBERED   0x100000u /* keys of numbered entries begin here */

struct procfs {
	struct server server;
	struct proc_node root;
};

struct proc_file {
	struct text text; /* GUARDED_BY(node's lock) */
	bool ready;	  /* GUARDED_BY(node's lock); ATOMIC to read */
};

struct procfs_hooks procfs_hooks;
static struct kmem_cache *node_cache;
static const struct node_ops dir_ops, file_ops, link_ops;

/* --- nodes --- */

static uint64_t ino_of(const struct proc_node *dir, uint64_t key)
{
	return (hash_combine(dir->node.attr.ino, key) >> 16) | 2;
}

static const struct node_ops *ops_for(uint32_t mode)
{
	switch (mode & MODE_FMT) {
	case MODE_DIR:
		return &dir_ops;
	case MODE_LNK:
		return &link_ops;
	default:
		return &file_ops;
	}
}

/* The owner of a process owns what is about it, if it may be looked into. */
static void set_owner(struct node *n, struct proc *p)
{
	const struct cred *c;

	if (p == NULL || (!proc_dumpable(p) && !node_is(n, MODE_DIR)))
		return;
	c = proc_cred(p);
	n->attr.uid = c->euid;
	n->attr.gid = c->egid;
	cred_put(c);
}

/* Consumes the references of @c on success. */
static err_t node_make(struct proc_node *dir, const struct proc_entry *e,
		       uint64_t key, const struct proc_child *c,
		       struct node **out)
{
	struct proc_node *pn = kmem_cache_alloc(node_cache);
	uint32_t mode = e->mode | c->mode;
	struct node *n;

	if (pn == NULL)
		return -ENOMEM;
	n = &pn->node;
	node_init(n, ops_for(mode), dir->node.server, mode);
	pn->entry = e;
	pn->parent = &dir->node;
	node_get(pn->parent);
	pn->proc = c->proc;
	pn->thread = c->thread;
	pn->number = key >= NUMBERED ? (int32_t)(key - NUMBERED) : 0;
	n->magic_link = e->follow != NULL;
	n->attr.ino = ino_of(dir, key);
	if (node_is(n, MODE_DIR))
		n->attr.nlink = 2;
	n->attr.atime = n->attr.mtime = n->attr.ctime = n->attr.btime =
		clock_realtime();
	set_owner(n, c->proc);
	*out = n;
	return 0;
}

static void node_free(struct node *n)
{
	struct proc_node *pn = proc_node(n);

	if (pn->parent == NULL)
		return; /* the root is part of its server */
	node_put(pn->parent);
	if (pn->thread != NULL)
		thread_put(pn->thread);
	if (pn->proc != NULL)
		proc_put(pn->proc);
	kmem_cache_free(node_cache, pn);
}

/* -EACCES when the entry is only for who may trace the process. */
static err_t check_trace(const struct proc_node *n)
{
	if (!n->entry->trace || n->proc == NULL ||
	    proc_may(current_proc(), n->proc, PROC_MAY_TRACE))
		return 0;
	return -EACCES;
}

/* --- directories --- */

static bool name_is(struct name name, const char *s)
{
	return strlen(s) == name.len && memcmp(name.s, s, name.len) == 0;
}

static err_t lookup_number(struct proc_node *dir, struct name name,
			   struct node **out)
{
	const struct proc_dir *d = dir->entry->dir;
	struct proc_child c = { NULL, NULL, 0 };
	uint64_t number;
	err_t err;

	if (d->find == NULL || (name.s[0] == '0' && name.len > 1) ||
	    num_parse_n(name.s, name.len, 10, &number) != 0 ||
	    number > INT32_MAX - NUMBERED)
		return -ENOENT;
	err = d->find(dir, (int32_t)number, &c);
	if (err)
		return err;
	err = node_make(dir, d->member, NUMBERED + number, &c, out);
	if (!err)
		return 0;
	if (c.thread != NULL)
		thread_put(c.thread);
	if (c.proc != NULL)
		proc_put(c.proc);
	return err;
}

/* An entry of the table is about the same process as its directory. */
static err_t lookup_entry(struct proc_node *dir, size_t i, struct node **out)
{
	struct proc_child c = { dir->proc, dir->thread, 0 };
	err_t err;

	if (c.proc != NULL)
		proc_get(c.proc);
	if (c.thread != NULL)
		thread_get(c.thread);
	err = node_make(dir, &dir->entry->dir->entries[i], i + 1, &c, out);
	if (!err)
		return 0;
	if (c.thread != NULL)
		thread_put(c.thread);
	if (c.proc != NULL)
		proc_put(c.proc);
	return err;
}

static err_t proc_lookup(struct node *n, struct req_lookup *r)
{
	struct proc_node *dir = proc_node(n);
	const struct proc_dir *d = dir->entry->dir;
	err_t err = check_trace(dir);
	size_t i;

	if (err)
		return err;
	if (dir->proc != NULL && !proc_shown(dir->proc))
		return -ENOENT;
	for (i = 0; i < d->nentries; i++)
		if (name_is(r->name, d->entries[i].name))
			return lookup_entry(dir, i, &r->node);
	return lookup_number(dir, r->name, &r->node);
}

/* Cookies: entries of the table, then the numbers. */
static err_t proc_readdir(struct node *n, struct req_readdir *r)
{
	struct proc_node *dir = proc_node(n);
	const struct proc_dir *d = dir->entry->dir;
	const struct proc_entry *e;
	err_t err = check_trace(dir);
	char digits[12];
	struct name name = { digits, 0 };
	int32_t number;

	if (err)
		return err;
	if (dir->proc != NULL && !proc_shown(dir->proc))
		return -ENOENT;
	for (; r->cookie < d->nentries; r->cookie++) {
		e = &d->entries[r->cookie];
		r->next = r->cookie;
		if (!r->sink->entry(r->sink,
				    (struct name){ e->name, strlen(e->name) },
				    ino_of(dir, r->cookie + 1), e->mode >> 12,
				    r->cookie + 1))
			return 0;
	}
	r->next = r->cookie;
	while (d->next != NULL && r->cookie - d->nentries <= INT32_MAX) {
		number = d->next(dir, (int32_t)(r->cookie - d->nentries));
		if (number < 0)
			break;
		name.len = ksnprintf(digits, sizeof(digits), "%d", number);
		r->cookie = d->nentries + (uint64_t)number + 1;
		if (!r->sink->entry(r->sink, name,
				    ino_of(dir, NUMBERED + (uint64_t)number),
				    d->member->mode >> 12, r->cookie))
			return 0;
		r->next = r->cookie;
	}
	return 0;
}

static err_t proc_parent(struct node *n, struct req_parent *r)
{
	struct proc_node *pn = proc_node(n);

	r->node = pn->parent != NULL ? pn->parent : n;
	node_get(r->node);
	return 0;
}

static err_t proc_nameof(struct node *n, struct req_nameof *r)
{
	struct proc_node *pn = proc_node(n);
	const char *name = pn->entry->name;
	char digits[12];

	if (pn->parent == NULL)
		return -ENOENT;
	if (name == NULL) {
		(void)ksnprintf(digits, sizeof(digits), "%d", pn->number);
		name = digits;
	}
	r->len = strlen(name);
	if (r->len > r->buf.size)
		return -ENAMETOOLONG;
	memcpy(r->buf.p, name, r->len);
	r->dir = pn->parent;
	node_get(r->dir);
	return 0;
}

static err_t proc_statfs(struct node *n, struct req_statfs *r)
{
	(void)n;
	r->statfs = (struct statfs_info){
		.type = PROC_MAGIC,
		.bsize = PAGE_SIZE,
		.namelen = NAME_MAX_BYTES,
	};
	return 0;
}

/* --- links --- */

static err_t proc_readlink(struct node *n, struct req_readlink *r)
{
	struct proc_node *pn = proc_node(n);
	struct text t = { NULL, 0, 0, false };
	err_t err = check_trace(pn);

	if (!err)
		err = pn->entry->link(pn, &t);
	if (!err && t.failed)
		err = -ENOMEM;
	if (!err) {
		r->len = min(t.len, r->buf.size);
		memcpy(r->buf.p, t.p, r->len);
	}
	text_free(&t);
	return err;
}

static err_t proc_follow(struct node *n, struct req_follow *r)
{
	struct proc_node *pn = proc_node(n);
	err_t err = check_trace(pn);

	return err ? err : pn->entry->follow(pn, &r->path);
}

/* --- files --- */

static err_t make_text(struct proc_node *n, struct text *t)
{
	err_t err;

	if (n->proc != NULL && !proc_shown(n->proc))
		return -ESRCH;
	err = n->entry->show(n, t);
	if (!err && t->failed)
		err = -ENOMEM;
	if (err)
		text_free(t);
	return err;
}

static err_t file_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	struct proc_node *n = proc_node(d->node);
	struct proc_file *f = d->data;
	struct text t = { NULL, 0, 0, false }, old;
	bool fresh = *pos == 0 || !__atomic_load_n(&f->ready, __ATOMIC_RELAXED);
	err_t err = 0;

	if (n->entry->show == NULL)
		return -EIO;
	if (fresh)
		err = make_text(n, &t);
	if (err)
		return err;
	mutex_lock(&n->node.lock);
	if (fresh) {
		old = f->text;
		f->text = t;
		t = old;
		__atomic_store_n(&f->ready, true, __ATOMIC_RELAXED);
	}
	if (*pos < f->text.len)
		err = uio_put(u, f->text.p + *pos,
			      min_t(size_t, u->left, f->text.len - *pos), done);
	mutex_unlock(&n->node.lock);
	text_free(&t);
	*pos += *done;
	return err;
}

static err_t file_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	struct proc_node *n = proc_node(d->node);
	size_t len = u->left, got = 0;
	char *buf;
	err_t err;

	if (n->entry->store == NULL)
		return -EIO;
	if (n->proc != NULL && !proc_shown(n->proc))
		return -ESRCH;
	if (len > WRITE_MAX)
		return -EINVAL;
	buf = kmalloc(len + 1);
	if (buf == NULL)
		return -ENOMEM;
	err = uio_get(u, buf, len, &got);
	buf[got] = '\0';
	if (!err)
		err = n->entry->store(n, buf, len);
	kfree(buf);
	if (!err) {
		*done = len;
		*pos += len;
	}
	return err;
}

static void file_release(struct desc *d)
{
	struct proc_file *f = d->data;

	text_free(&f->text);
	kfree(f);
}

static const struct desc_ops proc_file_ops = {
	.read = file_read,
	.write = file_write,
	.seek = node_seek,
	.release = file_release,
};

static err_t proc_open(struct node *n, struct req_open *r)
{
	struct proc_node *pn = proc_node(n);
	struct proc_file *f;
	err_t err = check_trace(pn);

	if (err)
		return err;
	if (pn->proc != NULL && !proc_shown(pn->proc))
		return -ENOENT;
	if (pn->entry->ops != NULL) {
		r->desc->ops = pn->entry->ops;
		return 0;
	}
	f = kzalloc(sizeof(*f));
	if (f == NULL)
		return -ENOMEM;
	r->desc->data = f;
	r->desc->ops = &proc_file_ops;
	return 0;
}

/* O_TRUNC is harmless: a write replaces the whole value anyway. */
static err_t proc_truncate(struct node *n, struct req_truncate *r)
{
	(void)n;
	(void)r;
	return 0;
}

/* Nothing can be made here: Linux says that the name does not exist. */
static err_t proc_no_create(struct node *n, struct req_create *r)
{
	(void)n;
	(void)r;
	return -ENOENT;
}

static err_t proc_no_mkdir(struct node *n, struct req_mkdir *r)
{
	(void)n;
	(void)r;
	return -ENOENT;
}

static err_t proc_no_symlink(struct node *n, struct req_symlink *r)
{
	(void)n;
	(void)r;
	return -ENOENT;
}

static const struct node_ops dir_ops = {
	.lookup = proc_lookup,
	.create = proc_no_create,
	.mkdir = proc_no_mkdir,
	.symlink = proc_no_symlink,
	.readdir = proc_readdir,
	.parent = proc_parent,
	.nameof = proc_nameof,
	.statfs = proc_statfs,
};

static const struct node_ops file_ops = {
	.open = proc_open,
	.truncate = proc_truncate,
	.nameof = proc_nameof,
	.statfs = proc_statfs,
};

static const struct node_ops link_ops = {
	.readlink = proc_readlink,
	.follow = proc_follow,
	.nameof = proc_nameof,
	.statfs = proc_statfs,
};

/* --- the server --- */

static void procfs_fini(struct server *s)
{
	kfree(container_of(s, struct procfs, server));
}

static err_t procfs_mount(const char *source, const char *options,
			  struct server **server, struct node **root)
{
	struct procfs *fs = kzalloc(sizeof(*fs));

	(void)source;
	(void)options;
	if (fs == NULL)
		return -ENOMEM;
	fs->server = (struct server){
		.type = "proc",
		.dev = server_new_dev(),
		.magic = PROC_MAGIC,
		.release = node_free,
		.fini = procfs_fini,
	};
	ref_init(&fs->server.ref, 1);
	node_init(&fs->root.node, &dir_ops, &fs->server, MODE_DIR | 0555);
	fs->root.entry = &proc_root_entry;
	fs->root.node.attr.ino = ROOT_INO;
	fs->root.node.attr.nlink = 2;
	fs->root.node.attr.atime = fs->root.node.attr.mtime =
		fs->root.node.attr.ctime = clock_realtime();
	*server = &fs->server;
	*root = &fs->root.node;
	return 0;
}

static struct fs_type proc_type = {
	.name = "proc",
	.nodev = true,
	.mount = procfs_mount,
};

void procfs_init(void)
{
	node_cache =
		kmem_cache_create("proc_node", sizeof(struct proc_node), 0);
	fs_type_register(&proc_type);
}

/* --- helpers of the entries --- */

err_t proc_text_path(struct text *t, const struct path *p)
{
	struct proc *self = current_proc();
	char *buf = kmalloc(PATH_MAX_BYTES), *start;
	struct path root;
	err_t err;

	if (buf == NULL)
		return -ENOMEM;
	if (self != NULL && proc_fsctx(self) != NULL) {
		root = fsctx_root(proc_fsctx(self));
		err = ns_path_describe(p, &root, buf, PATH_MAX_BYTES, &start);
		path_put(&root);
	} else {
		err = ns_path_describe(p, NULL, buf, PATH_MAX_BYTES, &start);
	}
	if (!err)
		text_str(t, start);
	kfree(buf);
	return err;
}

err_t proc_link_followed(struct proc_node *n, struct text *t)
{
	struct path p;
	err_t err = n->entry->follow(n, &p);

	if (err)
		return err;
	err = proc_text_path(t, &p);
	path_put(&p);
	return err;
}

struct thread *proc_node_thread(struct proc_node *n)
{
	if (n->thread != NULL) {
		thread_get(n->thread);
		return n->thread;
	}
	return proc_next_thread(n->proc, 0);
}
