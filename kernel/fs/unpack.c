/* SPDX-License-Identifier: MIT */
/*
 * Filling a file system from a newc archive: directories, files, symbolic
 * links, devices and FIFOs.  What a later entry names replaces what an
 * earlier one made, but a directory stays with what is in it.
 */
#include <fs/fs.h>
#include <gen/requests.h>
#include <lib/cpio.h>
#include <mm/uio.h>
#include <ns/chardev.h>
#include <ns/ns.h>
#include <sync/park.h>

/* The next name of *@s, between slashes; "." is skipped. */
static struct name next_name(const char **s)
{
	struct name name;

	for (;;) {
		while (**s == '/')
			(*s)++;
		name.s = *s;
		while (**s != '\0' && **s != '/')
			(*s)++;
		name.len = (size_t)(*s - name.s);
		if (name.len != 1 || name.s[0] != '.')
			return name;
	}
}

static err_t name_ok(struct name name)
{
	if (name.len == 2 && name.s[0] == '.' && name.s[1] == '.')
		return -EINVAL;
	return name.len > NAME_MAX_BYTES ? -ENAMETOOLONG : 0;
}

/* The directory @name in @dir (consumed), made where there is none. */
static err_t enter_dir(struct node *dir, struct name name, struct node **out)
{
	struct req_lookup look = { .cred = &cred_root, .name = name };
	struct req_mkdir make = { .cred = &cred_root,
				  .name = name,
				  .mode = MODE_DIR | 0755 };
	err_t err = name_ok(name);

	if (!err)
		err = node_req_lookup(dir, &look);
	*out = look.node;
	if (err == -ENOENT) {
		err = node_req_mkdir(dir, &make);
		*out = make.node;
	}
	node_put(dir);
	return err;
}

/* The directory that @path lies in, and the last name; len 0: the root. */
static err_t find_place(struct node *root, const char *path, struct node **dir,
			struct name *last)
{
	const char *s = path;
	struct name next;
	err_t err;

	node_get(root);
	*dir = root;
	*last = next_name(&s);
	for (next = next_name(&s); next.len != 0; next = next_name(&s)) {
		err = enter_dir(*dir, *last, dir);
		if (err)
			return err;
		*last = next;
	}
	err = name_ok(*last);
	if (err)
		node_put(*dir);
	return err;
}

/* Makes room for @e: *@node is a directory that stays, or NULL. */
static err_t make_room(struct node *dir, struct name name,
		       const struct cpio_entry *e, struct node **node)
{
	struct req_lookup look = { .cred = &cred_root, .name = name };
	struct req_unlink gone = { .cred = &cred_root, .name = name };
	bool keep;
	err_t err = node_req_lookup(dir, &look);

	*node = NULL;
	if (err)
		return err == -ENOENT ? 0 : err;
	keep = (e->mode & MODE_FMT) == MODE_DIR && node_is(look.node, MODE_DIR);
	if (keep) {
		*node = look.node;
		return 0;
	}
	node_put(look.node);
	return node_req_unlink(dir, &gone);
}

static err_t make_node(struct node *dir, struct name name,
		       const struct cpio_entry *e, struct node **node)
{
	struct req_mkdir mk = { .cred = &cred_root,
				.name = name,
				.mode = e->mode };
	struct req_symlink ln = { .cred = &cred_root,
				  .name = name,
				  .target = { e->data, e->size } };
	struct req_create cr = { .cred = &cred_root,
				 .name = name,
				 .mode = e->mode };
	err_t err;

	switch (e->mode & MODE_FMT) {
	case MODE_DIR:
		err = node_req_mkdir(dir, &mk);
		*node = mk.node;
		return err;
	case MODE_LNK:
		if (e->size == 0 || e->size >= PATH_MAX_BYTES)
			return -EINVAL;
		err = node_req_symlink(dir, &ln);
		*node = ln.node;
		return err;
	default:
		cr.rdev = DEV_MAKE(e->rdev_major, e->rdev_minor);
		err = node_req_create(dir, &cr);
		*node = cr.node;
		return err;
	}
}

static err_t write_contents(struct node *n, const struct cpio_entry *e)
{
	struct uio u;
	struct req_write wr = { .cred = &cred_root, .uio = &u };

	if (!node_is(n, MODE_REG) || e->size == 0)
		return 0;
	/* The uio is only read from. */
	uio_init_kernel(&u, (void *)(uintptr_t)e->data, e->size);
	return node_req_write(n, &wr);
}

static err_t set_attr(struct node *n, const struct cpio_entry *e)
{
	struct req_setattr r = {
		.cred = &cred_root,
		.mask = ATTR_MODE | ATTR_UID | ATTR_GID | ATTR_ATIME |
			ATTR_MTIME,
		.attr = { .mode = e->mode, .uid = e->uid, .gid = e->gid },
	};

	r.attr.mtime = e->mtime * NSEC_PER_SEC;
	r.attr.atime = r.attr.mtime;
	return node_req_setattr(n, &r);
}

static err_t unpack_entry(struct node *root, const struct cpio_entry *e)
{
	struct node *dir, *node = NULL;
	struct name name;
	err_t err;

	err = find_place(root, e->name, &dir, &name);
	if (err)
		return err;
	if (name.len == 0) {
		node = dir; /* the root itself */
		dir = NULL;
	} else {
		err = make_room(dir, name, e, &node);
	}
	if (!err && node == NULL)
		err = make_node(dir, name, e, &node);
	if (!err)
		err = write_contents(node, e);
	if (!err)
		err = set_attr(node, e);
	node_put(node);
	node_put(dir);
	return err;
}

err_t ramfs_unpack(struct node *root, const void *archive, size_t size)
{
	struct cpio_reader reader;
	struct cpio_entry e;
	err_t err;

	cpio_init(&reader, archive, size);
	for (;;) {
		err = cpio_next(&reader, &e);
		if (err)
			return err == -ENODATA ? 0 : err;
		err = unpack_entry(root, &e);
		if (err)
			return err;
		sched_point();
	}
}
