/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Name spaces: from a path to a node.  One walker, by component, for every
 *   call that takes a path; the rules are Linux's.
 *
 * OBJECTS
 *   struct node    a file as its server knows it; counted
 *   struct server  who answers requests about nodes; counted by mounts
 *   struct mount   a server's root bound to a node of another mount; counted
 *   struct ns      a cell with a persistent list of mounts (mount.c)
 *   struct fsctx   root, working directory, umask of a process (fsctx.c)
 *   struct path    {mount, node}: a node and the way it was reached
 *   struct walker  a walk in progress: where it is, what is left of the path
 *
 * HOW IT GOES
 *   walker_to_last() takes all names but the last and stops in the last
 *   one's directory; callers that create or remove a name go on from there,
 *   the others call walker_last().  A symbolic link never recurses: what it
 *   says is put in front of what is left of the path, in a new buffer, up to
 *   MAX_LINKS times.  ".." is resolved by asking the server for the parent,
 *   after climbing out of mounts, and never leaves the root.
 *
 * LOCKING
 *   No lock is held across a request.  fsctx and mount list are copied with
 *   references under NS; every node on the way is held by a reference.  The
 *   tree may change at any time: a walk sees each directory at one moment.
 *
 * LIFETIME
 *   cur and root of a walker are strong.  A mount keeps its server, its root
 *   and the path that it is mounted on.
 *
 * NOT DONE HERE
 *   Permissions of the result (open.c, attr.c).  Waiting for servers that are
 *   processes: their requests will come with deadlines.
 */
#include <lib/string.h>
#include <mm/slab.h>

#include "ns_impl.h"

#define MAX_LINKS 40

err_t walker_init(struct walker *k, const struct walk *w, const char *path,
		  unsigned flags)
{
	k->w = w;
	k->cur = (struct path){ NULL, NULL };
	k->buf = NULL;
	k->rest = path;
	k->flags = flags;
	k->links = 0;
	k->trailing = false;
	k->have_root = false;
	if (*path == '/') {
		if ((flags & WALK_BENEATH) != 0)
			return -EXDEV;
		k->cur = fsctx_root(w->fs);
	} else if (w->start != NULL) {
		k->cur = *w->start;
		path_get(&k->cur);
	} else {
		k->cur = fsctx_cwd(w->fs);
	}
	return *path == '\0' && (flags & WALK_EMPTY) == 0 ? -ENOENT : 0;
}

void walker_fini(struct walker *k)
{
	if (k->cur.node != NULL)
		path_put(&k->cur);
	if (unlikely(k->have_root))
		path_put(&k->root);
	if (unlikely(k->buf != NULL))
		kfree(k->buf);
}

void walker_take(struct walker *k, struct path *out)
{
	*out = k->cur;
	k->cur = (struct path){ NULL, NULL };
}

/* cur becomes @p, whose references are consumed. */
static void set_cur(struct walker *k, struct path p)
{
	struct path old = k->cur;

	k->cur = p;
	path_put(&old);
}

static void cross_mounts(struct walker *k)
{
	struct mount *m, *old;
	struct node *n;

	while (atomic_load_relaxed(&k->cur.node->mounts) != 0) {
		m = mount_on(fsctx_ns(k->w->fs), &k->cur);
		if (m == NULL)
			return;
		/* Like set_cur(), without copies of paths. */
		old = k->cur.mnt;
		n = k->cur.node;
		node_get(m->root);
		k->cur.mnt = m;
		k->cur.node = m->root;
		node_put(n);
		mount_put(old);
	}
}

/* These two are the inner loop: inlined there, and called by others. */
static __always_inline void enter(struct walker *k, struct node *n)
{
	struct node *old = k->cur.node;

	k->cur.node = n;
	node_put(old);
	if (unlikely(atomic_load_relaxed(&n->mounts) != 0))
		cross_mounts(k);
}

static __always_inline err_t lookup(struct walker *k, struct node **out)
{
	struct req_lookup r;
	err_t err;

	/* Field by field: an initialiser would clear it all before. */
	r.cred = k->w->cred;
	r.deadline = 0;
	r.name = k->last;
	r.node = NULL;
	err = node_req_lookup(k->cur.node, &r);
	*out = r.node;
	return err;
}

err_t walker_enter(struct walker *k, struct node *n)
{
	enter(k, n);
	return 0;
}

err_t walker_lookup(struct walker *k, struct node **out)
{
	return lookup(k, out);
}

static void want_root(struct walker *k)
{
	if (k->have_root)
		return;
	k->root = fsctx_root(k->w->fs);
	k->have_root = true;
}

/* "..": out of mounts, never above the root. */
static err_t step_up(struct walker *k)
{
	struct req_parent r = { .cred = k->w->cred };
	const struct walk *w = k->w;
	struct path up;
	err_t err;

	want_root(k);
	for (;;) {
		if ((k->flags & WALK_BENEATH) != 0 &&
		    (w->start == NULL || path_same(&k->cur, w->start)))
			return -EXDEV;
		if (path_same(&k->cur, &k->root))
			return 0;
		if (k->cur.mnt == NULL || k->cur.node != k->cur.mnt->root)
			break;
		if (k->cur.mnt->parent == NULL)
			return 0;
		up.mnt = k->cur.mnt->parent;
		up.node = k->cur.mnt->point;
		path_get(&up);
		set_cur(k, up);
	}
	err = node_req_parent(k->cur.node, &r);
	if (err)
		return err;
	return walker_enter(k, r.node);
}

static err_t follow_magic(struct walker *k, struct node *n)
{
	struct req_follow r = { .cred = k->w->cred };
	err_t err = node_req_follow(n, &r);

	node_put(n);
	if (err)
		return err;
	set_cur(k, r.path);
	return 0;
}

/* What the link says, then '/', then what was left of the path. */
static err_t splice_target(struct walker *k, struct node *n)
{
	struct req_readlink r = { .cred = k->w->cred };
	size_t left = strlen(k->rest);
	char *buf = kmalloc(PATH_MAX_BYTES + left + 2);
	err_t err;

	if (buf == NULL)
		return -ENOMEM;
	r.buf = (struct buffer){ buf, PATH_MAX_BYTES };
	err = node_req_readlink(n, &r);
	if (!err && r.len == 0)
		err = -ENOENT;
	if (!err && r.len >= PATH_MAX_BYTES)
		err = -ENAMETOOLONG;
	if (err) {
		kfree(buf);
		return err;
	}
	if (left != 0 || k->trailing)
		buf[r.len++] = '/';
	memcpy(buf + r.len, k->rest, left);
	buf[r.len + left] = '\0';
	kfree(k->buf);
	k->buf = buf;
	k->rest = buf;
	return 0;
}

err_t walker_follow(struct walker *k, struct node *n)
{
	err_t err;

	if (k->links++ >= MAX_LINKS || (k->flags & WALK_NO_SYMLINKS) != 0) {
		node_put(n);
		return -ELOOP;
	}
	if (n->magic_link)
		return follow_magic(k, n);
	err = splice_target(k, n);
	node_put(n);
	if (err || *k->rest != '/')
		return err;
	if ((k->flags & WALK_BENEATH) != 0)
		return -EXDEV;
	want_root(k);
	path_get(&k->root);
	set_cur(k, k->root);
	return 0;
}

static inline enum last_type type_of(const char *s, size_t len)
{
	if (likely(s[0] != '.') || len > 2)
		return LAST_NORMAL;
	if (len == 1)
		return LAST_DOT;
	return s[1] == '.' ? LAST_DOTDOT : LAST_NORMAL;
}

#define BYTES(b) (UINT64_C(0x0101010101010101) * (b))

/* Where @w has a zero byte: exact up to the first of them. */
static inline uint64_t zero_bytes(uint64_t w)
{
	return (w - BYTES(1)) & ~w & BYTES(0x80);
}

/*
 * Up to '/' or the end.  Most names end within the first word, which may
 * reach beyond the string but not beyond its page; sanitizers would object.
 */
static inline size_t name_length(const char *s)
{
	uint64_t w, found;

	if (!PANDO_HOST && !CONFIG_KASAN &&
	    likely(((uintptr_t)s & PAGE_MASK) <= PAGE_SIZE - sizeof(w))) {
		memcpy(&w, s, sizeof(w));
		found = zero_bytes(w) | zero_bytes(w ^ BYTES((uint8_t)'/'));
		if (likely(found != 0))
			return (size_t)__builtin_ctzll(found) / 8;
	}
	return str_until(s, '/');
}

/* k->last becomes the next name; rest what comes after it. */
static inline err_t next_name(struct walker *k)
{
	const char *s = k->rest, *end;

	end = s + name_length(s);
	if (unlikely((size_t)(end - s) > NAME_MAX_BYTES))
		return -ENAMETOOLONG;
	k->last = (struct name){ s, (size_t)(end - s) };
	k->type = type_of(s, k->last.len);
	k->trailing = *end == '/';
	while (*end == '/')
		end++;
	k->rest = end;
	return 0;
}

/* Into k->last, which is not the last one. */
static inline err_t step(struct walker *k)
{
	struct node *n;
	err_t err;

	if (k->type == LAST_DOT)
		return 0;
	if (k->type == LAST_DOTDOT)
		return step_up(k);
	err = lookup(k, &n);
	if (unlikely(err))
		return err;
	if (unlikely(node_is(n, MODE_LNK)))
		return walker_follow(k, n);
	enter(k, n);
	return 0;
}

err_t walker_to_last(struct walker *k)
{
	err_t err;

	for (;;) {
		while (*k->rest == '/')
			k->rest++;
		if (*k->rest == '\0') {
			k->type = LAST_ROOT;
			return 0;
		}
		if (unlikely(!node_is(k->cur.node, MODE_DIR)))
			return -ENOTDIR;
		/* Root may search every directory: no need to ask. */
		if (unlikely(!cred_is_root(k->w->cred))) {
			err = node_permission(k->cur.node, k->w->cred, 1);
			if (err)
				return err;
		}
		err = next_name(k);
		if (unlikely(err))
			return err;
		if (*k->rest == '\0')
			return 0;
		err = step(k);
		if (unlikely(err))
			return err;
	}
}

err_t walker_last(struct walker *k)
{
	bool follow = (k->flags & WALK_NOFOLLOW) == 0;
	struct node *n;
	err_t err = 0;

	for (;;) {
		if (k->type != LAST_NORMAL) {
			if (k->type == LAST_DOTDOT)
				err = step_up(k);
			break;
		}
		err = lookup(k, &n);
		if (err)
			return err;
		if (likely(!node_is(n, MODE_LNK)) || !(follow || k->trailing)) {
			enter(k, n);
			break;
		}
		err = walker_follow(k, n);
		if (!err)
			err = walker_to_last(k);
		if (err)
			return err;
	}
	if (!err && (k->trailing || (k->flags & WALK_DIRECTORY) != 0) &&
	    !node_is(k->cur.node, MODE_DIR))
		err = -ENOTDIR;
	return err;
}

err_t ns_walk(const struct walk *w, const char *path, unsigned flags,
	      struct path *out)
{
	struct walker k;
	err_t err;

	err = walker_init(&k, w, path, flags);
	if (!err)
		err = walker_to_last(&k);
	if (!err)
		err = walker_last(&k);
	if (!err)
		walker_take(&k, out);
	walker_fini(&k);
	return err;
}

err_t ns_readlink(const struct walk *w, const char *path, char *buf,
		  size_t size, size_t *len)
{
	struct req_readlink r = { .cred = w->cred, .buf = { buf, size } };
	struct path p;
	err_t err;

	err = ns_walk(w, path, WALK_NOFOLLOW | WALK_EMPTY, &p);
	if (err)
		return err;
	if (node_is(p.node, MODE_LNK))
		err = node_req_readlink(p.node, &r);
	else
		err = *path == '\0' ? -ENOENT : -EINVAL;
	path_put(&p);
	*len = r.len;
	return err;
}
