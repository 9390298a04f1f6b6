/* SPDX-License-Identifier: MIT */
/* The file-system types of the kernel, and what /dev begins with. */
#include <fs/fs.h>
#include <gen/requests.h>
#include <lib/num.h>
#include <lib/string.h>
#include <ns/chardev.h>
#include <ns/ns.h>
#include <obj/desc.h>

static err_t ramfs_mount(const char *source, const char *options,
			 struct server **server, struct node **root)
{
	(void)source;
	(void)options;
	return ramfs_create(server, root);
}

/* What stands behind @key= in a list with commas, or NULL. */
static const char *option(const char *options, const char *key)
{
	const char *s = options;
	size_t n = strlen(key);

	while (s != NULL && *s != '\0') {
		if (strncmp(s, key, n) == 0 && s[n] == '=')
			return s + n + 1;
		s = strchr(s, ',');
		if (s != NULL)
			s++;
	}
	return NULL;
}

static size_t option_len(const char *value)
{
	const char *end = strchr(value, ',');

	return end == NULL ? strlen(value) : (size_t)(end - value);
}

/* As Linux: bytes with k, m or g behind, and the mode of the root in octal. */
static err_t tmpfs_options(const char *options, uint64_t *pages, uint32_t *mode)
{
	const char *size = option(options, "size");
	const char *perm = option(options, "mode");
	char text[32];
	uint64_t n;
	err_t err;

	*pages = 0;
	*mode = 01777;
	if (size != NULL) {
		str_copy_n(text, sizeof(text), size, option_len(size));
		err = num_parse_size(text, &n);
		if (err)
			return -EINVAL;
		*pages = (n + PAGE_MASK) >> PAGE_SHIFT;
	}
	if (perm != NULL) {
		err = num_parse_n(perm, option_len(perm), 8, &n);
		if (err)
			return -EINVAL;
		*mode = (uint32_t)n & 07777;
	}
	return 0;
}

static err_t tmpfs_mount(const char *source, const char *options,
			 struct server **server, struct node **root)
{
	uint64_t pages;
	uint32_t mode;
	err_t err = tmpfs_options(options, &pages, &mode);

	(void)source;
	if (err)
		return err;
	return ramfs_create_as("tmpfs", pages, mode, server, root);
}

static err_t sysfs_mount(const char *source, const char *options,
			 struct server **server, struct node **root)
{
	(void)source;
	(void)options;
	return ramfs_create_as("sysfs", 0, 0555, server, root);
}

static err_t add_device(struct node *dir, const struct chardev *c)
{
	struct req_create r = { .cred = &cred_root };
	err_t err;

	r.name = (struct name){ c->name, strlen(c->name) };
	r.mode = MODE_CHR | (c->mode & 07777);
	r.rdev = DEV_MAKE(c->major, c->minor_first);
	err = node_req_create(dir, &r);
	if (!err)
		node_put(r.node);
	return err == -EEXIST ? 0 : err;
}

static err_t add_link(struct node *dir, const char *name, const char *target)
{
	struct req_symlink r = { .cred = &cred_root };
	err_t err;

	r.name = (struct name){ name, strlen(name) };
	r.target = (struct name){ target, strlen(target) };
	err = node_req_symlink(dir, &r);
	if (!err)
		node_put(r.node);
	return err;
}

static err_t add_dir(struct node *dir, const char *name, uint32_t mode)
{
	struct req_mkdir r = { .cred = &cred_root };
	err_t err;

	r.name = (struct name){ name, strlen(name) };
	r.mode = MODE_DIR | mode;
	err = node_req_mkdir(dir, &r);
	if (!err)
		node_put(r.node);
	return err;
}

static err_t fill_dev(struct node *root)
{
	static const char *const links[][2] = {
		{ "fd", "/proc/self/fd" },
		{ "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" },
	};
	const struct chardev *c;
	err_t err = 0;
	size_t i;

	for (c = chardev_first(); c != NULL && !err; c = c->next)
		err = add_device(root, c);
	for (i = 0; i < sizeof(links) / sizeof(links[0]) && !err; i++)
		err = add_link(root, links[i][0], links[i][1]);
	return err ? err : add_dir(root, "shm", 01777);
}

/* Every character device that the kernel knows has a node. */
static err_t devfs_mount(const char *source, const char *options,
			 struct server **server, struct node **root)
{
	err_t err;

	(void)source;
	(void)options;
	err = ramfs_create_as("devtmpfs", 0, 0755, server, root);
	if (err)
		return err;
	err = fill_dev(*root);
	if (err) {
		node_put(*root);
		server_put(*server);
	}
	return err;
}

static struct fs_type types[] = {
	{ .name = "sysfs", .nodev = true, .mount = sysfs_mount },
	{ .name = "devtmpfs", .nodev = true, .mount = devfs_mount },
	{ .name = "tmpfs", .nodev = true, .mount = tmpfs_mount },
	{ .name = "ramfs", .nodev = true, .mount = ramfs_mount },
};

#pragma weak procfs_init

void fs_init(void)
{
	size_t i;

	obj_init();
	ns_init();
	ns_hooks.fifo_open = fifo_open;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		fs_type_register(&types[i]);
	if (procfs_init != NULL)
		procfs_init();
}
