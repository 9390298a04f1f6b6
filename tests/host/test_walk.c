/* SPDX-License-Identifier: MIT */
/* The path walker, mounts, opening, permissions, and paths back. */
#include "stubs/vfs_tree.h"

#include "../lib/tap.h"

struct walk_case {
	const char *path;
	unsigned flags;
	err_t err;
	const char *same_as; /* a plain path of the same node */
};

static char long_name[300], long_path[4000];

/*
 * /a/b/c directories, /a/f a file, links: /a/l -> b, /a/lf -> f, /abs -> /a/b,
 * /up -> a/../a/b, /loop -> loop, /x1 -> x2 -> x1, /dangling -> nowhere,
 * /slash -> a/b/, /root -> /, /a/fs -> f/, c1 -> c2 ... c41 -> a.
 */
static void fill(struct tree *t)
{
	char name[16], target[16];
	int i;

	CHECK(t_mkdir(t, "/a") == 0 && t_mkdir(t, "/a/b") == 0);
	CHECK(t_mkdir(t, "a/b/c/") == 0);
	CHECK(t_creat(t, "/a/f") == 0);
	CHECK(ns_symlink(&t->w, "b", "/a/l") == 0);
	CHECK(ns_symlink(&t->w, "f", "/a/lf") == 0);
	CHECK(ns_symlink(&t->w, "f/", "/a/fs") == 0);
	CHECK(ns_symlink(&t->w, "/a/b", "/abs") == 0);
	CHECK(ns_symlink(&t->w, "a/../a/b", "/up") == 0);
	CHECK(ns_symlink(&t->w, "loop", "/loop") == 0);
	CHECK(ns_symlink(&t->w, "x2", "/x1") == 0);
	CHECK(ns_symlink(&t->w, "x1", "/x2") == 0);
	CHECK(ns_symlink(&t->w, "nowhere", "/dangling") == 0);
	CHECK(ns_symlink(&t->w, "a/b/", "/slash") == 0);
	CHECK(ns_symlink(&t->w, "/", "/root") == 0);
	for (i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		snprintf(target, sizeof(target), i == 41 ? "a" : "c%d", i + 1);
		CHECK(ns_symlink(&t->w, target, name) == 0);
	}
	memset(long_name, 'n', 256);
	memset(long_path, '/', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 2] = 'a';
}

static const struct walk_case cases[] = {
	{ "/", 0, 0, "/" },
	{ "//", 0, 0, "/" },
	{ "", 0, -ENOENT, NULL },
	{ "", WALK_EMPTY, 0, "/" },
	{ ".", 0, 0, "/" },
	{ "..", 0, 0, "/" },
	{ "../../..", 0, 0, "/" },
	{ "/../a/./../a//b", 0, 0, "/a/b" },
	{ "a/b/c/../../f", 0, 0, "/a/f" },
	{ "a/f/", 0, -ENOTDIR, NULL },
	{ "a/f/.", 0, -ENOTDIR, NULL },
	{ "a/f/..", 0, -ENOTDIR, NULL },
	{ "a/f/x", 0, -ENOTDIR, NULL },
	{ "a/b/", 0, 0, "/a/b" },
	{ "a/b/.", 0, 0, "/a/b" },
	{ "a/b/x", 0, -ENOENT, NULL },
	{ "a/x/y", 0, -ENOENT, NULL },
	{ "a/x/", 0, -ENOENT, NULL },
	{ "a/l", 0, 0, "/a/b" },
	{ "a/l/c", 0, 0, "/a/b/c" },
	{ "a/l/..", 0, 0, "/a" },
	{ "a/l/", WALK_NOFOLLOW, 0, "/a/b" },
	{ "a/lf", 0, 0, "/a/f" },
	{ "a/lf/", 0, -ENOTDIR, NULL },
	{ "a/lf", WALK_DIRECTORY, -ENOTDIR, NULL },
	{ "a/fs", 0, -ENOTDIR, NULL },
	{ "abs/c", 0, 0, "/a/b/c" },
	{ "abs/..", 0, 0, "/a" },
	{ "up/c", 0, 0, "/a/b/c" },
	{ "slash", 0, 0, "/a/b" },
	{ "slash/c", 0, 0, "/a/b/c" },
	{ "root", 0, 0, "/" },
	{ "root/root/a", 0, 0, "/a" },
	{ "loop", 0, -ELOOP, NULL },
	{ "loop/x", 0, -ELOOP, NULL },
	{ "x1", 0, -ELOOP, NULL },
	{ "c2", 0, 0, "/a" },
	{ "c1", 0, -ELOOP, NULL },
	{ "c2/b", 0, 0, "/a/b" },
	{ "c2/l", 0, -ELOOP, NULL },
	{ "dangling", 0, -ENOENT, NULL },
	{ "a/l", WALK_NO_SYMLINKS, -ELOOP, NULL },
	{ "a/b", WALK_NO_SYMLINKS, 0, "/a/b" },
	{ "/a", WALK_BENEATH, -EXDEV, NULL },
	{ "..", WALK_BENEATH, -EXDEV, NULL },
	{ "a/..", WALK_BENEATH, -EXDEV, NULL },
	{ "a/b", WALK_BENEATH, 0, "/a/b" },
	{ "abs", WALK_BENEATH, -EXDEV, NULL },
	{ long_name, 0, -ENAMETOOLONG, NULL },
	{ long_path, 0, 0, "/a" },
};

static void paths_lead_where_linux_leads_them(void)
{
	struct host_mark was = host_mark();
	struct tree t;
	int64_t ino;
	size_t i;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ino = t_ino(&t, cases[i].path, cases[i].flags);
		if (!CHECK(ino == (cases[i].err
					   ? cases[i].err
					   : t_ino(&t, cases[i].same_as, 0))))
			printf("# case %zu: %.40s gives %lld\n", i,
			       cases[i].path, (long long)ino);
	}
	/* The link itself. */
	CHECK(t_stat(&t, "a/l").mode == (MODE_LNK | 0777));
	CHECK(t_stat(&t, "a/l").size == 1);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void names_that_cannot_be_made(void)
{
	struct host_mark was = host_mark();
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	CHECK(t_mkdir(&t, "/") == -EEXIST);
	CHECK(t_mkdir(&t, ".") == -EEXIST);
	CHECK(t_mkdir(&t, "a/..") == -EEXIST);
	CHECK(t_mkdir(&t, "a/f") == -EEXIST);
	CHECK(t_mkdir(&t, "dangling") == -EEXIST);
	CHECK(t_mkdir(&t, "x/y") == -ENOENT);
	CHECK(t_mkdir(&t, "a/f/y") == -ENOTDIR);
	CHECK(t_mkdir(&t, long_name) == -ENAMETOOLONG);
	CHECK(ns_mknod(&t.w, "n/", MODE_FIFO, 0) == -ENOENT);
	CHECK(ns_mknod(&t.w, "n", MODE_DIR, 0) == -EPERM);
	CHECK(ns_mknod(&t.w, "n", MODE_LNK, 0) == -EINVAL);
	CHECK(ns_symlink(&t.w, "", "n") == -ENOENT);
	CHECK(ns_symlink(&t.w, "x", "n/") == -ENOENT);
	CHECK(ns_unlink(&t.w, "a") == -EISDIR);
	CHECK(ns_unlink(&t.w, "a/") == -EISDIR);
	CHECK(ns_unlink(&t.w, "a/f/") == -ENOTDIR);
	CHECK(ns_unlink(&t.w, "a/l/") == -ENOTDIR);
	CHECK(ns_unlink(&t.w, ".") == -EISDIR);
	CHECK(ns_unlink(&t.w, "nope") == -ENOENT);
	CHECK(ns_rmdir(&t.w, "a") == -ENOTEMPTY);
	CHECK(ns_rmdir(&t.w, "a/f") == -ENOTDIR);
	CHECK(ns_rmdir(&t.w, "a/l") == -ENOTDIR);
	CHECK(ns_rmdir(&t.w, "a/.") == -EINVAL);
	CHECK(ns_rmdir(&t.w, "a/..") == -ENOTEMPTY);
	CHECK(ns_rmdir(&t.w, "/") == -EBUSY);
	CHECK(ns_rmdir(&t.w, "a/b/c/") == 0);
	CHECK(ns_link(&t.w, "a/b", WALK_NOFOLLOW, &t.w, "n") == -EPERM);
	CHECK(ns_link(&t.w, "a/f", WALK_NOFOLLOW, &t.w, "a/lf") == -EEXIST);
	CHECK(ns_link(&t.w, "a/f", WALK_NOFOLLOW, &t.w, "a/f2") == 0);
	CHECK(t_ino(&t, "a/f2", 0) == t_ino(&t, "a/f", 0));
	CHECK(t_stat(&t, "a/f").nlink == 2);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void opening_follows_the_rules(void)
{
	struct host_mark was = host_mark();
	struct desc *d, *e;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	CHECK(t_try(&t, "a/f", DESC_RDWR) == 0);
	CHECK(t_try(&t, "a", DESC_RDWR) == -EISDIR);
	CHECK(t_try(&t, "a", DESC_RDONLY | DESC_TRUNC) == -EISDIR);
	CHECK(t_try(&t, "a", DESC_CREAT) == -EISDIR);
	CHECK(t_try(&t, "a", DESC_RDONLY) == 0);
	CHECK(t_try(&t, "a/f", DESC_DIRECTORY) == -ENOTDIR);
	CHECK(t_try(&t, "n/", DESC_CREAT) == -EISDIR);
	CHECK(t_try(&t, ".", DESC_CREAT) == -EISDIR);
	CHECK(t_try(&t, ".", DESC_CREAT | DESC_EXCL) == -EEXIST);
	CHECK(t_try(&t, "a/f", DESC_CREAT | DESC_EXCL) == -EEXIST);
	CHECK(t_try(&t, "dangling", DESC_CREAT | DESC_EXCL) == -EEXIST);
	CHECK(t_try(&t, "a/lf", DESC_NOFOLLOW) == -ELOOP);
	CHECK(t_try(&t, "a/lf", DESC_NOFOLLOW | DESC_CREAT) == -ELOOP);
	CHECK(t_try(&t, "a/lf", DESC_NOFOLLOW | DESC_PATH) == 0);
	CHECK(t_try(&t, "a/lf", DESC_NOFOLLOW | DESC_DIRECTORY) == -ENOTDIR);
	CHECK(t_try(&t, "dangling", DESC_CREAT | DESC_WRONLY) == 0);
	CHECK(t_stat(&t, "nowhere").mode == (MODE_REG | 0644));
	CHECK(t_try(&t, "x1", DESC_CREAT | DESC_WRONLY) == -ELOOP);
	CHECK(t_try(&t, "a/b", DESC_TMPFILE) == -EINVAL);
	CHECK(t_try(&t, "a/b", DESC_TMPFILE | DESC_RDWR) == 0);
	CHECK(t_try(&t, "a/f", DESC_TMPFILE | DESC_RDWR) == -ENOTDIR);
	CHECK(t_stat(&t, "a/b").size == 20);

	CHECK(ns_mknod(&t.w, "chr", MODE_CHR | 0666, 0x105) == 0);
	CHECK(t_try(&t, "chr", DESC_RDONLY) == -ENXIO);
	CHECK(ns_mknod(&t.w, "sock", MODE_SOCK | 0666, 0) == 0);
	CHECK(t_try(&t, "sock", DESC_RDONLY) == -ENXIO);

	/* Writers against execution. */
	REQUIRE(t_open(&t, "a/f", DESC_WRONLY, &d) == 0);
	CHECK(node_deny_write(d->node) == -ETXTBSY);
	desc_put(d);
	REQUIRE(t_open(&t, "a/f", DESC_RDONLY, &d) == 0);
	CHECK(node_deny_write(d->node) == 0);
	CHECK(t_try(&t, "a/f", DESC_RDWR) == -ETXTBSY);
	CHECK(t_try(&t, "a/f", DESC_RDONLY) == 0);
	node_allow_write(d->node);
	CHECK(t_try(&t, "a/f", DESC_RDWR | DESC_TRUNC) == 0);

	/* An open path gives a description of its own. */
	CHECK(ns_open_path(&t.w, &(struct path){ d->mnt, d->node },
			   DESC_RDWR | DESC_APPEND, &e) == 0);
	CHECK(t_write(e, "xyz", 3) == 3 && t_write(d, "x", 1) == -EBADF);
	desc_put(e);
	desc_put(d);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void mounts_are_crossed_both_ways(void)
{
	struct host_mark was = host_mark();
	struct path point, at, root;
	struct server *s;
	struct node *r;
	struct tree t;
	char buf[256], *str;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	REQUIRE(ramfs_create_as("tmpfs", 64, 0755, &s, &r) == 0);
	REQUIRE(ns_walk(&t.w, "a/b", 0, &point) == 0);
	REQUIRE(ns_mount(t.ns, &point, s, r, 0, "none", "") == 0);
	CHECK(t_ino(&t, "a/b/c", 0) == -ENOENT);
	CHECK(t_mkdir(&t, "abs/in") == 0);
	CHECK(t_ino(&t, "a/b/in/../..", 0) == t_ino(&t, "a", 0));
	CHECK(t_ino(&t, "a/b/../f", 0) == t_ino(&t, "a/f", 0));
	CHECK(ns_rmdir(&t.w, "a/b") == -EBUSY);
	CHECK(ns_rename(&t.w, "a/b", &t.w, "q", 0) == -EBUSY);
	CHECK(ns_rename(&t.w, "a/b/in", &t.w, "q", 0) == -EXDEV);
	CHECK(ns_link(&t.w, "a/f", 0, &t.w, "a/b/f") == -EXDEV);

	REQUIRE(ns_walk(&t.w, "a/b/in", 0, &at) == 0);
	root = fsctx_root(t.fs);
	CHECK(ns_path_string(&at, &root, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "/a/b/in") == 0);
	CHECK(ns_path_string(&at, &root, buf, 7, &str) == -ENAMETOOLONG);
	path_put(&root);
	root = at;
	root.node = r;
	CHECK(ns_path_string(&at, &root, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "/in") == 0);
	CHECK(ns_unmount(t.ns, &at, 0) == -EINVAL);
	path_put(&at);

	/* Busy while a directory in it is somebody's. */
	REQUIRE(ns_walk(&t.w, "a/b", 0, &at) == 0);
	fsctx_set_cwd(t.fs, &at);
	CHECK(ns_unmount(t.ns, &at, 0) == -EBUSY);
	root = fsctx_root(t.fs);
	fsctx_set_cwd(t.fs, &root);
	path_put(&root);
	CHECK(ns_remount(t.ns, &at, MNT_RDONLY) == 0);
	CHECK(t_mkdir(&t, "a/b/new") == -EROFS);
	CHECK(t_mkdir(&t, "a/b/in") == -EEXIST);
	CHECK(t_try(&t, "a/b/new", DESC_CREAT) == -EROFS);
	CHECK(ns_rmdir(&t.w, "a/b/in") == -EROFS);
	CHECK(ns_access(&at, &cred_root, 2) == -EROFS);
	CHECK(ns_unmount(t.ns, &at, 0) == 0);
	CHECK(ns_unmount(t.ns, &at, 0) == -EINVAL);
	path_put(&at);
	CHECK(t_ino(&t, "a/b/c", 0) > 0);
	CHECK(point.node->mounts == 0);
	path_put(&point);
	node_put(r);
	server_put(s);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void a_copied_name_space_keeps_its_own_mounts(void)
{
	struct host_mark was = host_mark();
	struct path point, at;
	struct server *s;
	struct mount *m;
	struct node *r;
	struct ns *copy;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	REQUIRE(ramfs_create(&s, &r) == 0);
	REQUIRE(ns_walk(&t.w, "a", 0, &point) == 0);
	REQUIRE(ns_mount(t.ns, &point, s, r, 0, NULL, NULL) == 0);
	REQUIRE(ns_copy(t.ns, &copy) == 0);
	ns_narrow(copy);
	path_put(&point);
	REQUIRE(ns_walk(&t.w, "a", 0, &at) == 0);
	CHECK(ns_unmount(copy, &at, 0) == -EPERM);
	CHECK(ns_unmount(t.ns, &at, 0) == 0);
	path_put(&at);
	CHECK(t_ino(&t, "a/f", 0) > 0);
	m = ns_mount_at(copy, 1);
	CHECK(m != NULL && m->root == r && ns_mount_at(copy, 2) == NULL);
	mount_put(m);
	CHECK(ns_mount_at(t.ns, 1) == NULL);
	ns_put(copy);
	node_put(r);
	server_put(s);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void a_changed_root_cannot_be_left(void)
{
	struct host_mark was = host_mark();
	struct path p, old;
	char buf[256], *str;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	old = fsctx_root(t.fs);
	REQUIRE(ns_walk(&t.w, "a", 0, &p) == 0);
	fsctx_set_root(t.fs, &p);
	fsctx_set_cwd(t.fs, &p);
	CHECK(t_ino(&t, "/", 0) == (int64_t)p.node->attr.ino);
	CHECK(t_ino(&t, "../../..", 0) == (int64_t)p.node->attr.ino);
	CHECK(t_ino(&t, "/b/../../f", 0) == t_ino(&t, "/f", 0));
	CHECK(ns_symlink(&t.w, "/b", "in") == 0);
	CHECK(t_ino(&t, "in", 0) == t_ino(&t, "b", 0));
	CHECK(ns_path_string(&p, &p, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "/") == 0);
	CHECK(ns_path_string(&old, &p, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "(unreachable)/") == 0);
	path_put(&p);
	path_put(&old);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void removed_things_are_described(void)
{
	struct host_mark was = host_mark();
	struct path p, root;
	char buf[256], *str;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	root = fsctx_root(t.fs);
	REQUIRE(ns_walk(&t.w, "a/b/c", 0, &p) == 0);
	fsctx_set_cwd(t.fs, &p);
	CHECK(ns_rmdir(&t.w, "/a/b/c") == 0);
	CHECK(ns_path_string(&p, &root, buf, sizeof(buf), &str) == -ENOENT);
	CHECK(ns_path_describe(&p, &root, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "/a/b/c (deleted)") == 0);
	/* A removed directory is empty, but one can leave it. */
	CHECK(t_mkdir(&t, "x") == -ENOENT);
	CHECK(t_try(&t, "x", DESC_CREAT) == -ENOENT);
	CHECK(ns_rmdir(&t.w, "/a/b") == 0);
	CHECK(t_ino(&t, "..", 0) > 0);
	CHECK(t_ino(&t, "../..", 0) == t_ino(&t, "/a", 0));
	path_put(&p);
	REQUIRE(ns_walk(&t.w, "/a/f", 0, &p) == 0);
	CHECK(ns_unlink(&t.w, "/a/f") == 0);
	CHECK(ns_path_describe(&p, &root, buf, sizeof(buf), &str) == 0);
	CHECK(strcmp(str, "/a/f (deleted)") == 0);
	path_put(&p);
	fsctx_set_cwd(t.fs, &root);
	path_put(&root);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static err_t set_mode(struct tree *t, const char *path, uint32_t mode)
{
	struct node_attr a = { .mode = mode };
	struct path p;
	err_t err = ns_walk(&t->w, path, 0, &p);

	if (err)
		return err;
	err = node_setattr(&p, t->w.cred, ATTR_MODE, &a, false);
	path_put(&p);
	return err;
}

static err_t set_owner(struct tree *t, const char *path, uint32_t uid,
		       uint32_t gid)
{
	struct node_attr a = { .uid = uid, .gid = gid };
	uint32_t mask = (uid + 1 != 0 ? ATTR_UID : 0) |
			(gid + 1 != 0 ? ATTR_GID : 0);
	struct path p;
	err_t err = ns_walk(&t->w, path, 0, &p);

	if (err)
		return err;
	err = node_setattr(&p, t->w.cred, mask, &a, false);
	path_put(&p);
	return err;
}

static err_t set_times(struct tree *t, const char *path, bool now)
{
	struct node_attr a = { .atime = 5, .mtime = 5 };
	struct path p;
	err_t err = ns_walk(&t->w, path, 0, &p);

	if (err)
		return err;
	err = node_setattr(&p, t->w.cred, ATTR_ATIME | ATTR_MTIME, &a, now);
	path_put(&p);
	return err;
}

static void permissions_are_linux_s(void)
{
	struct host_mark was = host_mark();
	struct desc *d;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	fill(&t);
	CHECK(t_mkdir(&t, "tmp") == 0 && set_mode(&t, "tmp", 01777) == 0);
	CHECK(t_creat(&t, "tmp/roots") == 0);
	CHECK(t_mkdir(&t, "hidden") == 0 && t_creat(&t, "hidden/f") == 0);
	CHECK(set_mode(&t, "hidden", 0700) == 0);
	CHECK(t_creat(&t, "secret") == 0 && set_mode(&t, "secret", 0640) == 0);

	t.w.cred = t_user(10, 20);
	CHECK(t_ino(&t, "hidden/f", 0) == -EACCES);
	CHECK(t_ino(&t, "hidden", 0) > 0);
	CHECK(t_try(&t, "secret", DESC_RDONLY) == -EACCES);
	CHECK(t_try(&t, "a/f", DESC_WRONLY) == -EACCES);
	CHECK(t_try(&t, "a/new", DESC_CREAT) == -EACCES);
	CHECK(t_mkdir(&t, "a/new") == -EACCES);
	CHECK(t_mkdir(&t, "a/b") == -EEXIST);
	CHECK(ns_unlink(&t.w, "a/f") == -EACCES);
	CHECK(ns_unlink(&t.w, "tmp/roots") == -EPERM);
	CHECK(ns_rename(&t.w, "tmp/roots", &t.w, "tmp/x", 0) == -EPERM);
	CHECK(ns_mknod(&t.w, "tmp/dev", MODE_CHR, 1) == -EPERM);
	CHECK(set_mode(&t, "a/f", 0777) == -EPERM);
	CHECK(set_times(&t, "a/f", false) == -EPERM);
	CHECK(set_times(&t, "a/f", true) == -EACCES);

	/* What is one's own. */
	CHECK(ns_open(&t.w, "tmp/mine", DESC_CREAT | DESC_RDONLY, 0, &d) == 0);
	desc_put(d);
	CHECK(t_stat(&t, "tmp/mine").uid == 10);
	CHECK(t_stat(&t, "tmp/mine").gid == 20);
	CHECK(t_try(&t, "tmp/mine", DESC_RDONLY) == -EACCES);
	CHECK(set_mode(&t, "tmp/mine", 06755) == 0);
	CHECK(t_stat(&t, "tmp/mine").mode == (MODE_REG | 06755));
	CHECK(set_owner(&t, "tmp/mine", 11, UINT32_MAX) == -EPERM);
	CHECK(set_owner(&t, "tmp/mine", 10, 99) == -EPERM);
	CHECK(set_owner(&t, "tmp/mine", 10, 20) == 0);
	CHECK(t_stat(&t, "tmp/mine").mode == (MODE_REG | 0755));
	CHECK(set_mode(&t, "tmp/mine", 04755) == 0);
	REQUIRE(t_open(&t, "tmp/mine", DESC_WRONLY, &d) == 0);
	CHECK(t_write(d, "x", 1) == 1);
	desc_put(d);
	CHECK(t_stat(&t, "tmp/mine").mode == (MODE_REG | 0755));
	CHECK(set_times(&t, "tmp/mine", false) == 0);
	CHECK(t_stat(&t, "tmp/mine").mtime == 5);

	/* A set-group-id directory hands on its group. */
	t.w.cred = &cred_root;
	CHECK(t_mkdir(&t, "grp") == 0 && set_owner(&t, "grp", 10, 33) == 0);
	CHECK(set_mode(&t, "grp", 02777) == 0);
	t.w.cred = t_user(10, 20);
	CHECK(t_mkdir(&t, "grp/d") == 0 && t_creat(&t, "grp/f") == 0);
	CHECK(t_stat(&t, "grp/d").gid == 33 && t_stat(&t, "grp/f").gid == 33);
	CHECK(t_stat(&t, "grp/d").mode == (MODE_DIR | 02755));
	CHECK(set_mode(&t, "grp/f", 02755) == 0);
	CHECK(t_stat(&t, "grp/f").mode == (MODE_REG | 0755));
	t.w.cred = &cred_root;
	tree_destroy(&t);
	CHECK(host_same(was));
}

static err_t everything_once(void)
{
	struct path point, p;
	struct desc *d = NULL;
	struct tree t;
	err_t err;

	err = tree_create(&t);
	if (err)
		return err;
	err = t_mkdir(&t, "a");
	if (!err)
		err = ns_symlink(&t.w, "a", "l");
	if (!err)
		err = t_mkdir(&t, "l/b");
	if (!err)
		err = t_open(&t, "/l/b/../f", DESC_CREAT | DESC_RDWR, &d);
	if (!err) {
		int64_t n = t_write(d, "hello", 5);

		err = n == 5 ? 0 : (err_t)n;
		desc_put(d);
	}
	if (!err)
		err = ns_link(&t.w, "a/f", 0, &t.w, "g");
	if (!err)
		err = ns_mknod(&t.w, "p", MODE_FIFO | 0600, 0);
	if (!err)
		err = t_try(&t, "p", DESC_RDONLY | DESC_NONBLOCK);
	if (!err)
		err = ns_rename(&t.w, "g", &t.w, "a/b/h", 0);
	if (!err)
		err = ns_walk(&t.w, "a/b", 0, &point);
	if (!err) {
		err = ns_mount(t.ns, &point, t.server, t.root, 0, "x", "y");
		path_put(&point);
	}
	if (!err)
		err = ns_walk(&t.w, "a/b/a/b", 0, &p);
	if (!err) {
		/* Not crossed a second time: another mount, same node. */
		path_put(&p);
		err = ns_walk(&t.w, "a/b", 0, &p);
	}
	if (!err) {
		err = ns_unmount(t.ns, &p, 0);
		path_put(&p);
	}
	tree_destroy(&t);
	return err;
}

static void nothing_leaks_wherever_it_fails(void)
{
	struct host_mark was;
	unsigned n = 0;
	err_t err;
	bool fired;

	CHECK(everything_once() == 0);
	was = host_mark();
	do {
		fault_arm(++n);
		err = everything_once();
		fired = fault_fired();
		CHECK(err == (fired ? -ENOMEM : 0));
		if (!CHECK(host_same(was)))
			printf("# after failure %u\n", n);
	} while (fired);
	CHECK(n > 20);
}

TAP_MAIN(paths_lead_where_linux_leads_them, names_that_cannot_be_made,
	 opening_follows_the_rules, mounts_are_crossed_both_ways,
	 a_copied_name_space_keeps_its_own_mounts,
	 a_changed_root_cannot_be_left, removed_things_are_described,
	 permissions_are_linux_s, nothing_leaks_wherever_it_fails)
