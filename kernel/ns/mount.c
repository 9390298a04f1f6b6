/* SPDX-License-Identifier: MIT */
/*
 * Mounts, and the cells (struct ns) that hold lists of them.
 *
 * The list is persistent: a cell, once made, never changes, so a list may be
 * shared by name spaces and read by who holds its head.  Mounting puts a cell
 * in front; unmounting makes new cells for what was in front of the one that
 * goes.  node->mounts counts the mounts on a node in all name spaces, so that
 * the walker looks at no list where there is nothing.
 */
#include <lib/assert.h>
#include <lib/string.h>
#include <mm/slab.h>

#include "ns_impl.h"

static uint32_t next_id = 20; /* ATOMIC */

void mount_get(struct mount *m)
{
	if (m != NULL)
		ref_get(&m->ref);
}

/* @m has no reference left. */
static __noinline void mount_free(struct mount *m)
{
	struct mount *parent;

	/* A loop, not recursion: parents may be held only by us. */
	for (;; m = parent) {
		parent = m->parent;
		if (m->point != NULL) {
			atomic_sub_relaxed(&m->point->mounts, 1);
			node_put(m->point);
		}
		node_put(m->root);
		server_put(m->server);
		kfree(m);
		if (parent == NULL || !ref_put(&parent->ref))
			break;
	}
}

void mount_put(struct mount *m)
{
	if (m != NULL && ref_put(&m->ref))
		mount_free(m);
}

static struct mount *mount_create(const struct path *point,
				  struct server *server, struct node *root)
{
	struct mount *m = kzalloc(sizeof(*m));

	if (m == NULL)
		return NULL;
	ref_init(&m->ref, 1);
	m->id = atomic_fetch_add(&next_id, 1);
	m->server = server;
	m->root = root;
	server_get(server);
	node_get(root);
	if (point != NULL) {
		m->parent = point->mnt;
		m->point = point->node;
		path_get(point);
		atomic_add_relaxed(&m->point->mounts, 1);
	}
	return m;
}

static void cell_put(struct mount_cell *c)
{
	struct mount_cell *next;

	for (; c != NULL && ref_put(&c->ref); c = next) {
		next = c->next;
		atomic_sub_relaxed(&c->mnt->listed, 1);
		mount_put(c->mnt);
		kfree(c);
	}
}

/* Refs: takes one on @m, consumes one of @next on success. */
static struct mount_cell *cell_create(struct mount *m, struct mount_cell *next)
{
	struct mount_cell *c = kmalloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	ref_init(&c->ref, 1);
	mount_get(m);
	atomic_add_relaxed(&m->listed, 1);
	c->mnt = m;
	c->next = next;
	return c;
}

static struct ns *ns_alloc(struct mount_cell *head, struct mount *root)
{
	struct ns *ns = kmalloc(sizeof(*ns));

	if (ns == NULL)
		return NULL;
	ref_init(&ns->ref, 1);
	spin_init(&ns->lock, RANK_NS);
	ns->head = head;
	ns->root = root;
	ns->inherited = 0;
	return ns;
}

err_t ns_create(struct server *root_server, struct node *root, struct ns **out)
{
	struct mount_cell *head;
	struct mount *m;

	ns_init();
	m = mount_create(NULL, root_server, root);
	if (m == NULL)
		return -ENOMEM;
	str_copy(m->source, sizeof(m->source), "ramfs");
	head = cell_create(m, NULL);
	if (head == NULL)
		goto fail_cell;
	*out = ns_alloc(head, m);
	if (*out == NULL)
		goto fail_ns;
	return 0;

fail_ns:
	cell_put(head);
fail_cell:
	mount_put(m);
	return -ENOMEM;
}

/* The list as it is now, with a reference. */
static struct mount_cell *ns_list(struct ns *ns)
{
	struct mount_cell *head;

	spin_lock(&ns->lock);
	head = ns->head;
	if (head != NULL)
		ref_get(&head->ref);
	spin_unlock(&ns->lock);
	return head;
}

err_t ns_copy(struct ns *from, struct ns **out)
{
	struct mount_cell *head = ns_list(from);
	struct ns *ns = ns_alloc(head, from->root);

	if (ns == NULL) {
		cell_put(head);
		return -ENOMEM;
	}
	mount_get(ns->root);
	ns->inherited = from->inherited;
	*out = ns;
	return 0;
}

void ns_narrow(struct ns *ns)
{
	spin_lock(&ns->lock);
	if (ns->head != NULL)
		ns->inherited = atomic_load_relaxed(&next_id) - 1;
	spin_unlock(&ns->lock);
}

void ns_get(struct ns *ns)
{
	ref_get(&ns->ref);
}

void ns_put(struct ns *ns)
{
	if (ns == NULL || !ref_put(&ns->ref))
		return;
	cell_put(ns->head);
	mount_put(ns->root);
	kfree(ns);
}

err_t ns_mount(struct ns *ns, const struct path *point, struct server *server,
	       struct node *root, uint32_t flags, const char *source,
	       const char *options)
{
	struct mount_cell *cell;
	struct mount *m;

	/* Only a directory on a directory, or a file on a file. */
	if (node_is(point->node, MODE_DIR) != node_is(root, MODE_DIR))
		return -ENOTDIR;
	m = mount_create(point, server, root);
	if (m == NULL)
		return -ENOMEM;
	m->flags = flags;
	str_copy(m->source, sizeof(m->source),
		 source == NULL ? "none" : source);
	str_copy(m->options, sizeof(m->options),
		 options == NULL ? "" : options);
	cell = cell_create(m, NULL);
	mount_put(m);
	if (cell == NULL)
		return -ENOMEM;

	/* Nothing below can fail. */
	spin_lock(&ns->lock);
	cell->next = ns->head;
	ns->head = cell;
	spin_unlock(&ns->lock);
	return 0;
}

/* @list without @gone, as a new list; NULL when out of memory. */
static err_t list_without(struct mount_cell *list, const struct mount *gone,
			  struct mount_cell **out)
{
	struct mount_cell *first = NULL, **link = &first, *c;

	for (; list->mnt != gone; list = list->next) {
		c = cell_create(list->mnt, NULL);
		if (c == NULL) {
			cell_put(first);
			return -ENOMEM;
		}
		*link = c;
		link = &c->next;
	}
	*link = list->next;
	if (list->next != NULL)
		ref_get(&list->next->ref);
	*out = first;
	return 0;
}

/* Whether @m is in @list, and free to go. */
static err_t may_unmount(struct ns *ns, const struct mount_cell *list,
			 const struct path *at, unsigned flags)
{
	const struct mount *m = at->mnt;
	uint32_t own;

	for (; list != NULL && list->mnt != m; list = list->next)
		;
	if (list == NULL || at->node != m->root)
		return -EINVAL;
	if (m->parent == NULL)
		return -EBUSY;
	if (m->id <= atomic_load_relaxed(&ns->inherited))
		return -EPERM;
	/* The lists' references and the caller's own. */
	own = atomic_load_relaxed(&m->listed) + 1;
	if ((flags & UMOUNT_DETACH) == 0 && ref_read(&m->ref) > own)
		return -EBUSY;
	return 0;
}

err_t ns_unmount(struct ns *ns, const struct path *at, unsigned flags)
{
	struct mount_cell *old, *list = NULL;
	bool done = false;
	err_t err;

	while (!done) {
		old = ns_list(ns);
		err = may_unmount(ns, old, at, flags);
		if (!err)
			err = list_without(old, at->mnt, &list);
		if (err) {
			cell_put(old);
			return err;
		}
		spin_lock(&ns->lock);
		if (ns->head == old) {
			ns->head = list;
			done = true;
		}
		spin_unlock(&ns->lock);
		/* The reference of ns->head, or of the list nobody wanted. */
		cell_put(done ? old : list);
		cell_put(old);
	}
	return 0;
}

err_t ns_remount(struct ns *ns, const struct path *at, uint32_t flags)
{
	(void)ns;
	if (at->mnt == NULL || at->node != at->mnt->root)
		return -EINVAL;
	atomic_store_relaxed(&at->mnt->flags, flags);
	return 0;
}

static inline bool mounted_at(const struct mount_cell *c, const struct path *p)
{
	return c->mnt->point == p->node && c->mnt->parent == p->mnt;
}

/*
 * The first few are looked at under the lock, which saves the list's
 * reference; a list may be too long for that.
 */
struct mount *mount_on(struct ns *ns, const struct path *p)
{
	struct mount_cell *list, *c;
	struct mount *found = NULL;
	unsigned n = 0;

	spin_lock(&ns->lock);
	for (c = ns->head; c != NULL && found == NULL && n < 16; n++) {
		if (mounted_at(c, p)) {
			found = c->mnt;
			mount_get(found);
		}
		c = c->next;
	}
	spin_unlock(&ns->lock);
	if (found != NULL || c == NULL)
		return found;
	list = ns_list(ns);
	for (c = list; c != NULL && found == NULL; c = c->next)
		if (mounted_at(c, p))
			found = c->mnt;
	mount_get(found);
	cell_put(list);
	return found;
}

struct mount *ns_mount_at(struct ns *ns, unsigned i)
{
	struct mount_cell *list = ns_list(ns), *c;
	struct mount *found = NULL;
	unsigned n = 0;

	for (c = list; c != NULL; c = c->next)
		n++;
	if (i < n) {
		for (c = list; n - 1 != i; n--)
			c = c->next;
		found = c->mnt;
		mount_get(found);
	}
	cell_put(list);
	return found;
}

struct path ns_root(struct ns *ns)
{
	struct path p = { .mnt = ns->root, .node = ns->root->root }, up;
	struct mount *m;

	path_get(&p);
	/* Something may be mounted over the root. */
	while (atomic_load_relaxed(&p.node->mounts) != 0) {
		m = mount_on(ns, &p);
		if (m == NULL)
			break;
		up = p;
		p = (struct path){ .mnt = m, .node = m->root };
		node_get(p.node);
		path_put(&up);
	}
	return p;
}
