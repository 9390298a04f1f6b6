/* SPDX-License-Identifier: MIT */
/* Renaming: what can be said before the server is asked. */
#include "ns_impl.h"

static err_t check_ends(const struct walker *a, const struct walker *b,
			unsigned flags)
{
	if (a->cur.mnt != b->cur.mnt)
		return -EXDEV;
	if (a->type != LAST_NORMAL)
		return -EBUSY;
	if (b->type != LAST_NORMAL)
		return (flags & RENAME_NOREPLACE) != 0 ? -EEXIST : -EBUSY;
	return mount_readonly(a->cur.mnt) ? -EROFS : 0;
}

/* @target is NULL when the new name is free. */
static err_t check_types(const struct walker *a, const struct node *n,
			 const struct walker *b, const struct node *target,
			 unsigned flags)
{
	bool exchange = (flags & RENAME_EXCHANGE) != 0;

	if ((flags & RENAME_NOREPLACE) != 0 && target != NULL)
		return -EEXIST;
	if (exchange) {
		if (target == NULL)
			return -ENOENT;
		if (b->trailing && !node_is(target, MODE_DIR))
			return -ENOTDIR;
	}
	if (!node_is(n, MODE_DIR) &&
	    (a->trailing || (!exchange && b->trailing)))
		return -ENOTDIR;
	return 0;
}

static err_t check_rights(const struct walker *a, const struct node *n,
			  const struct walker *b, const struct node *target,
			  unsigned flags)
{
	const struct cred *c = a->w->cred;
	bool is_dir = node_is(n, MODE_DIR);
	bool exchange = (flags & RENAME_EXCHANGE) != 0;
	err_t err = dir_may_remove(&a->cur, n, c, is_dir);

	if (err)
		return err;
	if (target == NULL)
		err = dir_may_change(&b->cur, c);
	else
		err = dir_may_remove(&b->cur, target, c,
				     exchange ? node_is(target, MODE_DIR)
					      : is_dir);
	if (err || a->cur.node == b->cur.node)
		return err;
	/* A directory that moves gets another "..", a change of itself. */
	if (is_dir)
		err = node_permission(n, c, 2);
	if (!err && exchange && node_is(target, MODE_DIR))
		err = node_permission(target, c, 2);
	return err;
}

/* Whether @n is @dir or above it, in one file system. */
static bool is_above(const struct node *n, const struct path *dir)
{
	struct req_parent r = { .cred = &cred_root };
	struct node *at = dir->node;
	bool found = at == n;

	node_get(at);
	while (!found && at != dir->mnt->root) {
		if (node_req_parent(at, &r) != 0)
			break;
		node_put(at);
		at = r.node;
		found = at == n;
	}
	node_put(at);
	return found;
}

/*
 * Of two wrongs Linux reports the loop, not the types.  Only asked when the
 * types are wrong: of a loop alone the server knows.
 */
static err_t prefer_loop(err_t err, const struct walker *a,
			 const struct node *n, const struct walker *b,
			 const struct node *target)
{
	if (err != -EISDIR && err != -ENOTDIR)
		return err;
	if (node_is(n, MODE_DIR) && is_above(n, &b->cur))
		return -EINVAL;
	if (node_is(target, MODE_DIR) && is_above(target, &a->cur))
		return -ENOTEMPTY;
	return err;
}

static err_t rename_lasts(struct walker *a, struct walker *b, unsigned flags)
{
	struct req_rename r = { .cred = a->w->cred, .flags = flags };
	struct node *n, *target;
	err_t err = check_ends(a, b, flags);

	if (err)
		return err;
	err = walker_lookup(a, &n);
	if (err)
		return err;
	err = walker_lookup(b, &target);
	if (err == -ENOENT) {
		target = NULL;
		err = 0;
	}
	if (err)
		goto out_node;
	err = check_types(a, n, b, target, flags);
	if (err || n == target)
		goto out_both;
	err = check_rights(a, n, b, target, flags);
	if (err && target != NULL)
		err = prefer_loop(err, a, n, b, target);
	if (err)
		goto out_both;
	r.name = a->last;
	r.new_dir = b->cur.node;
	r.new_name = b->last;
	err = node_req_rename(a->cur.node, &r);
out_both:
	node_put(target);
out_node:
	node_put(n);
	return err;
}

err_t ns_rename(const struct walk *from, const char *old, const struct walk *to,
		const char *path, unsigned flags)
{
	struct walker a, b;
	err_t err;

	if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	err = walker_init(&a, from, old, 0);
	if (!err)
		err = walker_to_last(&a);
	if (err)
		goto out_a;
	err = walker_init(&b, to, path, 0);
	if (!err)
		err = walker_to_last(&b);
	if (!err)
		err = rename_lasts(&a, &b, flags);
	walker_fini(&b);
out_a:
	walker_fini(&a);
	return err;
}
