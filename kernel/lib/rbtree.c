/* SPDX-License-Identifier: MIT */
/*
 * Red-black tree.
 *
 * The usual invariants: the root is black, a red node has no red child, and
 * every way down passes the same number of black nodes.  A missing child is
 * black.  All loops climb towards the root, so none is longer than twice the
 * logarithm of the number of nodes.
 *
 * A rotation keeps the sequence of nodes below its top, and with it the
 * owner's figure of the top; only the two nodes that turn are recomputed.
 */
#include <lib/assert.h>
#include <lib/rbtree.h>

#define RB_BLACK ((uintptr_t)1)

static inline bool is_black(const struct rb_node *n)
{
	return n == NULL || (n->parent_color & RB_BLACK) != 0;
}

static inline bool is_red(const struct rb_node *n)
{
	return !is_black(n);
}

static inline void set_black(struct rb_node *n)
{
	n->parent_color |= RB_BLACK;
}

static inline void set_red(struct rb_node *n)
{
	n->parent_color &= ~RB_BLACK;
}

static inline void set_parent(struct rb_node *n, const struct rb_node *parent)
{
	n->parent_color = (uintptr_t)parent | (n->parent_color & RB_BLACK);
}

/* @parent (NULL: the root) has @to where it had @from. */
static inline void change_child(struct rb_root *root, struct rb_node *parent,
				const struct rb_node *from, struct rb_node *to)
{
	if (parent == NULL)
		root->node = to;
	else if (parent->left == from)
		parent->left = to;
	else
		parent->right = to;
}

/* @n goes down to the left; its right child takes its place. */
static void rotate_left(struct rb_root *root, struct rb_node *n,
			void (*update)(struct rb_node *n))
{
	struct rb_node *up = n->right;
	struct rb_node *parent = rb_parent(n);

	n->right = up->left;
	if (up->left != NULL)
		set_parent(up->left, n);
	up->left = n;
	set_parent(up, parent);
	change_child(root, parent, n, up);
	set_parent(n, up);
	if (update != NULL) {
		update(n);
		update(up);
	}
}

static void rotate_right(struct rb_root *root, struct rb_node *n,
			 void (*update)(struct rb_node *n))
{
	struct rb_node *up = n->left;
	struct rb_node *parent = rb_parent(n);

	n->left = up->right;
	if (up->right != NULL)
		set_parent(up->right, n);
	up->right = n;
	set_parent(up, parent);
	change_child(root, parent, n, up);
	set_parent(n, up);
	if (update != NULL) {
		update(n);
		update(up);
	}
}

void rb_propagate(struct rb_node *n, void (*update)(struct rb_node *n))
{
	for (; n != NULL; n = rb_parent(n))
		update(n);
}

void rb_insert(struct rb_root *root, struct rb_node *n, struct rb_node *parent,
	       struct rb_node **link, void (*update)(struct rb_node *n))
{
	struct rb_node *grand, *uncle;

	n->parent_color = (uintptr_t)parent; /* red */
	n->left = NULL;
	n->right = NULL;
	*link = n;
	if (update != NULL)
		rb_propagate(n, update);

	while ((parent = rb_parent(n)) != NULL && is_red(parent)) {
		grand = rb_parent(parent); /* a red node is not the root */
		uncle = grand->left == parent ? grand->right : grand->left;
		if (is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grand);
			n = grand;
			continue;
		}
		if (parent == grand->left) {
			if (n == parent->right) {
				rotate_left(root, parent, update);
				parent = n;
			}
			set_black(parent);
			set_red(grand);
			rotate_right(root, grand, update);
		} else {
			if (n == parent->left) {
				rotate_right(root, parent, update);
				parent = n;
			}
			set_black(parent);
			set_red(grand);
			rotate_left(root, grand, update);
		}
		break;
	}
	set_black(root->node);
}

/*
 * The side of @parent where @n (perhaps NULL) is lacks one black node, and
 * @parent's left child is the short one.  Returns: true when the lack has
 * moved up to @parent, false when all is well.
 */
static bool repair_left(struct rb_root *root, struct rb_node *parent,
			void (*update)(struct rb_node *n))
{
	struct rb_node *sib = parent->right;

	if (is_red(sib)) {
		set_black(sib);
		set_red(parent);
		rotate_left(root, parent, update);
		sib = parent->right;
	}
	if (is_black(sib->left) && is_black(sib->right)) {
		set_red(sib);
		return true;
	}
	if (is_black(sib->right)) {
		set_black(sib->left);
		set_red(sib);
		rotate_right(root, sib, update);
		sib = parent->right;
	}
	if (is_black(parent))
		set_black(sib);
	else
		set_red(sib);
	set_black(parent);
	set_black(sib->right);
	rotate_left(root, parent, update);
	return false;
}

static bool repair_right(struct rb_root *root, struct rb_node *parent,
			 void (*update)(struct rb_node *n))
{
	struct rb_node *sib = parent->left;

	if (is_red(sib)) {
		set_black(sib);
		set_red(parent);
		rotate_right(root, parent, update);
		sib = parent->left;
	}
	if (is_black(sib->left) && is_black(sib->right)) {
		set_red(sib);
		return true;
	}
	if (is_black(sib->left)) {
		set_black(sib->right);
		set_red(sib);
		rotate_left(root, sib, update);
		sib = parent->left;
	}
	if (is_black(parent))
		set_black(sib);
	else
		set_red(sib);
	set_black(parent);
	set_black(sib->left);
	rotate_right(root, parent, update);
	return false;
}

/* A black node is gone from where @n, a child of @parent, is now. */
static void repair(struct rb_root *root, struct rb_node *n,
		   struct rb_node *parent, void (*update)(struct rb_node *n))
{
	bool up;

	while (parent != NULL && is_black(n)) {
		if (parent->left == n)
			up = repair_left(root, parent, update);
		else
			up = repair_right(root, parent, update);
		if (!up)
			return;
		n = parent;
		parent = rb_parent(n);
	}
	if (n != NULL)
		set_black(n);
}

/* @next takes over @n's links and colour; @next itself is in no tree. */
static void take_place(struct rb_root *root, const struct rb_node *n,
		       struct rb_node *next)
{
	next->parent_color = n->parent_color;
	next->left = n->left;
	next->right = n->right;
	if (next->left != NULL)
		set_parent(next->left, next);
	if (next->right != NULL)
		set_parent(next->right, next);
	change_child(root, rb_parent(n), n, next);
}

void rb_erase(struct rb_root *root, struct rb_node *n,
	      void (*update)(struct rb_node *n))
{
	struct rb_node *out = n; /* the node whose place vanishes */
	struct rb_node *child, *parent;
	bool black;

	if (n->left != NULL && n->right != NULL) {
		out = n->right;
		while (out->left != NULL)
			out = out->left;
	}
	child = out->left != NULL ? out->left : out->right;
	parent = rb_parent(out);
	black = is_black(out);

	change_child(root, parent, out, child);
	if (child != NULL)
		set_parent(child, parent);
	if (out != n) {
		if (parent == n)
			parent = out;
		take_place(root, n, out);
	}
	rb_node_init(n);

	if (update != NULL && parent != NULL)
		rb_propagate(parent, update);
	if (black)
		repair(root, child, parent, update);
}

void rb_replace(struct rb_root *root, struct rb_node *old, struct rb_node *n,
		void (*update)(struct rb_node *n))
{
	take_place(root, old, n);
	rb_node_init(old);
	if (update != NULL)
		rb_propagate(n, update);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *n = root->node;

	while (n != NULL && n->left != NULL)
		n = n->left;
	return n;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *n = root->node;

	while (n != NULL && n->right != NULL)
		n = n->right;
	return n;
}

struct rb_node *rb_next(const struct rb_node *n)
{
	struct rb_node *up;

	if (n->right != NULL) {
		for (up = n->right; up->left != NULL; up = up->left)
			;
		return up;
	}
	for (up = rb_parent(n); up != NULL && up->right == n;
	     up = rb_parent(up))
		n = up;
	return up;
}

struct rb_node *rb_prev(const struct rb_node *n)
{
	struct rb_node *up;

	if (n->left != NULL) {
		for (up = n->left; up->right != NULL; up = up->right)
			;
		return up;
	}
	for (up = rb_parent(n); up != NULL && up->left == n; up = rb_parent(up))
		n = up;
	return up;
}

/* Black nodes from @n up to the root. */
static size_t black_height(const struct rb_node *n)
{
	size_t blacks = 0;

	for (; n != NULL; n = rb_parent(n))
		blacks += is_black(n);
	return blacks;
}

size_t rb_check(const struct rb_root *root)
{
	const struct rb_node *n;
	size_t height = 0;
	size_t count = 0;

	kassert(is_black(root->node));
	for (n = rb_first(root); n != NULL; n = rb_next(n)) {
		count++;
		if (is_red(n))
			kassert(is_black(n->left) && is_black(n->right));
		kassert(n->left == NULL || rb_parent(n->left) == n);
		kassert(n->right == NULL || rb_parent(n->right) == n);
		if (n->left != NULL && n->right != NULL)
			continue;
		if (height == 0)
			height = black_height(n);
		kassert(black_height(n) == height);
	}
	return count;
}
