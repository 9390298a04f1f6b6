/* SPDX-License-Identifier: MIT */
/* From a node back to a path: from the end of the buffer to its start. */
#include <lib/string.h>

#include "ns_impl.h"

struct builder {
	char *buf;
	char *at; /* the string so far */
};

static err_t prepend(struct builder *b, const char *s, size_t n)
{
	if ((size_t)(b->at - b->buf) < n)
		return -ENAMETOOLONG;
	b->at -= n;
	memcpy(b->at, s, n);
	return 0;
}

/* One name up.  *@cur is replaced; *@done for a name that is no path. */
static err_t up_one(struct builder *b, struct path *cur, bool *done)
{
	char name[NAME_MAX_BYTES + 1];
	struct req_nameof r = { .cred = &cred_root, .dir = NULL };
	err_t err;

	r.buf = (struct buffer){ name, sizeof(name) };
	err = node_req_nameof(cur->node, &r);
	if (err)
		return err;
	err = prepend(b, name, r.len);
	if (r.dir == NULL) {
		*done = true;
		return err;
	}
	if (!err)
		err = prepend(b, "/", 1);
	node_put(cur->node);
	cur->node = r.dir;
	return err;
}

static err_t build(const struct path *p, const struct path *root,
		   struct builder *b)
{
	struct path cur = *p, up;
	bool done = false, reached = root == NULL;
	char *end = b->at;
	err_t err = 0;

	path_get(&cur);
	while (!err && !done) {
		if (root != NULL && path_same(&cur, root)) {
			reached = true;
			break;
		}
		if (cur.mnt == NULL || cur.node != cur.mnt->root) {
			err = up_one(b, &cur, &done);
			reached = reached || done;
			continue;
		}
		if (cur.mnt->parent == NULL)
			break;
		up = (struct path){ cur.mnt->parent, cur.mnt->point };
		path_get(&up);
		path_put(&cur);
		cur = up;
	}
	path_put(&cur);
	if (!err && b->at == end)
		err = prepend(b, "/", 1);
	if (!err && !reached)
		err = prepend(b, "(unreachable)", 13);
	return err;
}

static err_t begin(struct builder *b, char *buf, size_t size)
{
	if (size == 0)
		return -ENAMETOOLONG;
	b->buf = buf;
	b->at = buf + size - 1;
	*b->at = '\0';
	return 0;
}

static bool removed(const struct path *p)
{
	return atomic_load_relaxed(&p->node->attr.nlink) == 0;
}

err_t ns_path_string(const struct path *p, const struct path *root, char *buf,
		     size_t size, char **start)
{
	struct builder b;
	err_t err = begin(&b, buf, size);

	if (!err && removed(p))
		err = -ENOENT;
	if (!err)
		err = build(p, root, &b);
	*start = b.at;
	return err;
}

err_t ns_path_describe(const struct path *p, const struct path *root, char *buf,
		       size_t size, char **start)
{
	struct builder b, name;
	err_t err = begin(&b, buf, size);

	if (err)
		return err;
	/* A builder of its own, so that the root still shows as "/". */
	if (removed(p) && p->mnt != NULL)
		err = prepend(&b, " (deleted)", 10);
	name = b;
	if (!err)
		err = build(p, root, &name);
	*start = name.at;
	return err;
}
