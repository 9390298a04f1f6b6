/* SPDX-License-Identifier: MIT */
/* The ram file system: directories against a naive model, contents, limits. */
#include "stubs/vfs_tree.h"

#include <gen/requests.h>

#include "../lib/tap.h"

/* --- reading directories --- */

#define MAX_SEEN 4096

struct seen {
	struct sink sink;
	unsigned max; /* how many more it takes */
	unsigned n;
	char names[MAX_SEEN][16];
};

static bool see(struct sink *s, struct name name, uint64_t ino, unsigned type,
		uint64_t next)
{
	struct seen *seen = container_of(s, struct seen, sink);

	(void)ino;
	(void)type;
	(void)next;
	if (seen->max == 0 || seen->n == MAX_SEEN)
		return false;
	seen->max--;
	memcpy(seen->names[seen->n], name.s, name.len);
	seen->names[seen->n++][name.len] = '\0';
	return true;
}

static unsigned times_seen(const struct seen *s, const char *name)
{
	unsigned i, n = 0;

	for (i = 0; i < s->n; i++)
		n += strcmp(s->names[i], name) == 0;
	return n;
}

static void reading_while_names_come_and_go(void)
{
	struct host_mark was = host_mark();
	static struct seen s;
	bool gone[600] = { false };
	struct desc *d, *other;
	unsigned i, round, before;
	char name[24];
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	CHECK(t_mkdir(&t, "d") == 0);
	for (i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "d/%u", i);
		REQUIRE(t_creat(&t, name) == 0);
	}
	REQUIRE(t_open(&t, "d", DESC_RDONLY, &d) == 0);
	REQUIRE(t_open(&t, "d", DESC_RDONLY, &other) == 0);
	s.sink.entry = see;
	s.n = 0;
	for (round = 0;; round++) {
		s.max = 7;
		before = s.n;
		CHECK(desc_readdir(d, &s.sink) == 0);
		if (s.n == before)
			break;
		for (i = 0; i < 2; i++) {
			unsigned at = (unsigned)host_below(600);

			snprintf(name, sizeof(name), "d/%u", at);
			if (!gone[at])
				CHECK(ns_unlink(&t.w, name) == 0);
			gone[at] = true;
		}
		snprintf(name, sizeof(name), "d/new%u", round);
		if (round < 50)
			CHECK(t_creat(&t, name) == 0);
		/* Somebody else moves the cursor. */
		if (round % 3 == 0) {
			static struct seen o;

			o.sink.entry = see;
			o.n = 0;
			o.max = 3;
			CHECK(desc_readdir(other, &o.sink) == 0);
		}
	}
	CHECK(times_seen(&s, ".") == 1 && times_seen(&s, "..") == 1);
	for (i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "%u", i);
		if (!gone[i])
			CHECK(times_seen(&s, name) == 1);
		else
			CHECK(times_seen(&s, name) <= 1);
	}
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "new%u", i);
		CHECK(times_seen(&s, name) == 1);
	}
	/* From a position that was told once. */
	d->pos = 0;
	s.n = 0;
	s.max = 100;
	CHECK(desc_readdir(d, &s.sink) == 0 && s.n == 100);
	strcpy(name, s.names[60]);
	d->pos = 0;
	s.n = 0;
	s.max = 60;
	CHECK(desc_readdir(d, &s.sink) == 0);
	s.max = 1;
	CHECK(desc_readdir(d, &s.sink) == 0);
	CHECK(strcmp(s.names[60], name) == 0);
	desc_put(d);
	desc_put(other);
	tree_destroy(&t);
	CHECK(host_same(was));
}

/* --- random operations against a model --- */

#define NODES 40
#define NAMES 4

struct model_node {
	bool used, dir;
	unsigned nlink;
	int child[NAMES]; /* -1: none */
	int parent;
	int64_t ino;
};

static struct model_node model[NODES];

static int model_new(bool dir, int parent)
{
	int i, j;

	for (i = 0; i < NODES; i++) {
		if (model[i].used)
			continue;
		model[i] = (struct model_node){
			.used = true, .dir = dir, .nlink = 1, .parent = parent
		};
		for (j = 0; j < NAMES; j++)
			model[i].child[j] = -1;
		return i;
	}
	return -1;
}

static void model_path(int dir, char *buf)
{
	char rest[256];
	int j, parent;

	buf[0] = '\0';
	for (; dir != 0; dir = parent) {
		parent = model[dir].parent;
		for (j = 0; model[parent].child[j] != dir; j++)
			;
		snprintf(rest, sizeof(rest), "/n%d%s", j, buf);
		strcpy(buf, rest);
	}
}

static bool model_empty(int dir)
{
	int j;

	for (j = 0; j < NAMES; j++)
		if (model[dir].child[j] >= 0)
			return false;
	return true;
}

static bool model_above(int a, int d)
{
	for (;; d = model[d].parent) {
		if (d == a)
			return true;
		if (d == 0)
			return false;
	}
}

static int model_random_dir(void)
{
	int i;

	do
		i = (int)host_below(NODES);
	while (!model[i].used || !model[i].dir);
	return i;
}

static void model_drop(int n)
{
	if (model[n].dir || --model[n].nlink == 0)
		model[n].used = false;
}

/* The error that the model expects; 0: the model has been changed. */
static err_t model_rename(int d1, int j1, int d2, int j2, unsigned flags)
{
	int a = model[d1].child[j1], b = model[d2].child[j2];

	if (a < 0)
		return -ENOENT;
	if (b >= 0 && (flags & RENAME_NOREPLACE) != 0)
		return -EEXIST;
	if (b < 0 && (flags & RENAME_EXCHANGE) != 0)
		return -ENOENT;
	if (a == b)
		return 0;
	if (flags == RENAME_EXCHANGE) {
		if ((model[a].dir && model_above(a, d2)) ||
		    (model[b].dir && model_above(b, d1)))
			return -EINVAL;
		model[d1].child[j1] = b;
		model[d2].child[j2] = a;
		if (model[a].dir)
			model[a].parent = d2;
		if (model[b].dir)
			model[b].parent = d1;
		return 0;
	}
	if (model[a].dir && model_above(a, d2))
		return -EINVAL;
	if (b >= 0 && model[b].dir && model_above(b, d1))
		return -ENOTEMPTY;
	if (b >= 0 && model[a].dir != model[b].dir)
		return model[b].dir ? -EISDIR : -ENOTDIR;
	if (b >= 0 && model[b].dir && !model_empty(b))
		return -ENOTEMPTY;
	if (b >= 0)
		model_drop(b);
	model[d1].child[j1] = -1;
	model[d2].child[j2] = a;
	model[a].parent = d2;
	return 0;
}

static void model_step(struct tree *t)
{
	int d1 = model_random_dir(), d2 = model_random_dir(), n;
	int j1 = (int)host_below(NAMES), j2 = (int)host_below(NAMES);
	char p1[256], p2[256];
	unsigned flags;
	err_t got, want;

	model_path(d1, p1);
	model_path(d2, p2);
	sprintf(p1 + strlen(p1), "/n%d", j1);
	sprintf(p2 + strlen(p2), "/n%d", j2);
	n = model[d1].child[j1];
	switch (host_below(8)) {
	case 0:
	case 1:
		got = host_below(2) ? t_mkdir(t, p1) : t_creat(t, p1);
		CHECK(got == (n >= 0 ? -EEXIST : 0));
		if (got)
			break;
		n = model_new((t_stat(t, p1).mode & MODE_FMT) == MODE_DIR, d1);
		if (n < 0) {
			if (ns_unlink(&t->w, p1) != 0)
				CHECK(ns_rmdir(&t->w, p1) == 0);
			break;
		}
		model[n].ino = t_ino(t, p1, 0);
		model[d1].child[j1] = n;
		break;
	case 2:
		got = ns_unlink(&t->w, p1);
		want = n < 0 ? -ENOENT : model[n].dir ? -EISDIR : 0;
		CHECK(got == want);
		if (!want) {
			model_drop(n);
			model[d1].child[j1] = -1;
		}
		break;
	case 3:
		got = ns_rmdir(&t->w, p1);
		want = n < 0		 ? -ENOENT
		       : !model[n].dir	 ? -ENOTDIR
		       : !model_empty(n) ? -ENOTEMPTY
					 : 0;
		CHECK(got == want);
		if (!want) {
			model_drop(n);
			model[d1].child[j1] = -1;
		}
		break;
	case 4:
		got = ns_link(&t->w, p1, WALK_NOFOLLOW, &t->w, p2);
		want = n < 0			  ? -ENOENT
		       : model[d2].child[j2] >= 0 ? -EEXIST
		       : model[n].dir		  ? -EPERM
						  : 0;
		CHECK(got == want);
		if (!want) {
			model[d2].child[j2] = n;
			model[n].nlink++;
		}
		break;
	default:
		flags = (unsigned)host_below(3); /* 0, NOREPLACE, EXCHANGE */
		got = ns_rename(&t->w, p1, &t->w, p2, flags);
		want = model_rename(d1, j1, d2, j2, flags);
		if (!CHECK(got == want))
			printf("# rename %s %s %u: %d, not %d\n", p1, p2, flags,
			       got, want);
	}
}

static void model_compare(struct tree *t, int dir)
{
	unsigned subdirs = 0, entries = 0;
	char path[256], name[272];
	struct node_attr a;
	int j, n;

	model_path(dir, path);
	for (j = 0; j < NAMES; j++) {
		n = model[dir].child[j];
		snprintf(name, sizeof(name), "%s/n%d", path, j);
		a = t_stat(t, name);
		if (n < 0) {
			CHECK(a.ino == 0);
			continue;
		}
		entries++;
		subdirs += model[n].dir;
		CHECK((int64_t)a.ino == model[n].ino);
		CHECK(((a.mode & MODE_FMT) == MODE_DIR) == model[n].dir);
		if (!model[n].dir)
			CHECK(a.nlink == model[n].nlink);
		else
			CHECK(t_ino(t, strcat(name, "/.."), 0) ==
			      t_ino(t, path[0] ? path : "/", 0));
	}
	a = t_stat(t, path[0] ? path : "/");
	CHECK(a.nlink == 2 + subdirs && a.size == 20 * entries);
}

static void random_operations_match_the_model(void)
{
	struct host_mark was = host_mark();
	struct tree t;
	int i, n;

	REQUIRE(tree_create(&t) == 0);
	memset(model, 0, sizeof(model));
	model_new(true, 0);
	for (i = 0; i < 20000; i++) {
		model_step(&t);
		if (i % 50 != 0)
			continue;
		for (n = 0; n < NODES; n++)
			if (model[n].used && model[n].dir)
				model_compare(&t, n);
		if (tap_failures_ > 20)
			break;
	}
	tree_destroy(&t);
	CHECK(host_same(was));
}

/* --- contents --- */

static void files_are_read_written_and_cut(void)
{
	struct host_mark was = host_mark();
	char buf[32] = { 0 };
	struct node_attr a;
	struct desc *d, *e;
	uint64_t pos;
	struct uio u;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	REQUIRE(t_open(&t, "f", DESC_CREAT | DESC_RDWR, &d) == 0);
	CHECK(t_write(d, "green world", 11) == 11);
	CHECK(t_read(d, buf, 5) == 0);
	CHECK(d->ops->seek(d, 6, 0, &pos) == 0 && pos == 6);
	CHECK(t_read(d, buf, 30) == 5 && memcmp(buf, "world", 5) == 0);
	CHECK(d->ops->seek(d, -20, 1, &pos) == -EINVAL);
	CHECK(d->ops->seek(d, -1, 2, &pos) == 0 && pos == 10);
	CHECK(d->ops->seek(d, 11, 3, &pos) == -ENXIO);
	CHECK(d->ops->seek(d, 2, 4, &pos) == 0 && pos == 11);

	/* Appending does not look at the offset. */
	REQUIRE(t_open(&t, "f", DESC_WRONLY | DESC_APPEND, &e) == 0);
	CHECK(t_write(e, "!", 1) == 1 && e->pos == 12);
	desc_put(e);

	/* A hole reads as zeroes; pread leaves the offset. */
	uio_init_kernel(&u, buf, 1);
	CHECK(desc_write_at(d, &u, 100000) == 1 && d->pos == 11);
	uio_init_kernel(&u, buf, 32);
	memset(buf, 1, sizeof(buf));
	CHECK(desc_read_at(d, &u, 50000) == 32);
	CHECK(mem_is_zero(buf, sizeof(buf)));
	a = t_stat(&t, "f");
	CHECK(a.size == 100001 && a.blocks == 16);
	CHECK(node_truncate(&(struct path){ d->mnt, d->node }, NULL, 3) == 0);
	a = t_stat(&t, "f");
	CHECK(a.size == 3 && a.blocks == 8);
	CHECK(node_truncate(&(struct path){ d->mnt, d->node }, NULL,
			    UINT64_MAX) == -EINVAL);

	/* A bad address: what was copied before it counts. */
	uio_init_user(&u, 16, 8);
	CHECK(desc_write_at(d, &u, 0) == -EFAULT);

	/* An open file outlives its name. */
	CHECK(ns_unlink(&t.w, "f") == 0);
	uio_init_kernel(&u, buf, 32);
	CHECK(desc_read_at(d, &u, 0) == 3 && memcmp(buf, "gre", 3) == 0);
	CHECK(d->node->attr.nlink == 0);
	desc_put(d);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void times_move_when_they_should(void)
{
	struct host_mark was = host_mark();
	struct node_attr a, b;
	struct desc *d;
	char c;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	a = t_stat(&t, "/");
	REQUIRE(t_open(&t, "f", DESC_CREAT | DESC_RDWR, &d) == 0);
	b = t_stat(&t, "/");
	CHECK(b.mtime > a.mtime && b.ctime > a.ctime && b.atime == a.atime);
	a = t_stat(&t, "f");
	CHECK(t_write(d, "x", 1) == 1);
	b = t_stat(&t, "f");
	CHECK(b.mtime > a.mtime && b.ctime == b.mtime && b.atime == a.atime);
	d->pos = 0;
	CHECK(t_read(d, &c, 1) == 1);
	a = t_stat(&t, "f");
	CHECK(a.atime > b.atime && a.mtime == b.mtime);
	/* Read again, not changed meanwhile: nothing moves. */
	d->pos = 0;
	CHECK(t_read(d, &c, 1) == 1);
	CHECK(t_stat(&t, "f").atime == a.atime);
	CHECK(ns_link(&t.w, "f", 0, &t.w, "g") == 0);
	b = t_stat(&t, "f");
	CHECK(b.ctime > a.ctime && b.mtime == a.mtime);
	CHECK(ns_rename(&t.w, "g", &t.w, "h", 0) == 0);
	CHECK(t_stat(&t, "f").ctime > b.ctime);
	desc_put(d);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void a_full_file_system_says_so(void)
{
	struct host_mark was = host_mark();
	static char buf[8 * 4096];
	struct statfs_info st;
	struct path point, p;
	struct server *s;
	struct node *r;
	struct desc *d;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	CHECK(t_mkdir(&t, "m") == 0);
	REQUIRE(ramfs_create_as("tmpfs", 10, 0755, &s, &r) == 0);
	REQUIRE(ns_walk(&t.w, "m", 0, &point) == 0);
	REQUIRE(ns_mount(t.ns, &point, s, r, 0, "none", "") == 0);
	REQUIRE(t_open(&t, "m/f", DESC_CREAT | DESC_RDWR, &d) == 0);
	CHECK(t_write(d, buf, sizeof(buf)) == sizeof(buf));
	/* Two pages are left. */
	CHECK(t_write(d, buf, sizeof(buf)) == 2 * 4096);
	CHECK(t_write(d, buf, 1) == -ENOSPC);
	d->pos = 0;
	CHECK(t_write(d, buf, sizeof(buf)) == sizeof(buf));
	REQUIRE(ns_walk(&t.w, "m/f", 0, &p) == 0);
	CHECK(ns_statfs(&p, &st) == 0);
	CHECK(st.blocks == 10 && st.bfree == 0 && st.type == 0x01021994);
	CHECK(node_truncate(&p, &cred_root, 4096) == 0);
	CHECK(ns_statfs(&p, &st) == 0 && st.bfree == 9);
	path_put(&p);
	desc_put(d);
	CHECK(ns_unlink(&t.w, "m/f") == 0);
	REQUIRE(ns_walk(&t.w, "m", 0, &p) == 0);
	CHECK(ns_statfs(&p, &st) == 0);
	CHECK(st.bfree == 10 && st.ffree == 9);
	CHECK(ns_unmount(t.ns, &p, 0) == 0);
	path_put(&p);
	path_put(&point);
	node_put(r);
	server_put(s);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void space_can_be_reserved(void)
{
	struct host_mark was = host_mark();
	struct req_fallocate r = { .cred = &cred_root, .len = 3 * 4096 };
	struct desc *d;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	REQUIRE(t_open(&t, "f", DESC_CREAT | DESC_RDWR, &d) == 0);
	r.mode = 1;
	CHECK(node_req_fallocate(d->node, &r) == 0);
	CHECK(t_stat(&t, "f").size == 0);
	r.mode = 0;
	CHECK(node_req_fallocate(d->node, &r) == 0);
	CHECK(t_stat(&t, "f").size == 3 * 4096);
	CHECK(t_stat(&t, "f").blocks == 24);
	r.len = UINT64_C(1) << 40;
	CHECK(node_req_fallocate(d->node, &r) == -ENOSPC);
	CHECK(t_stat(&t, "f").size == 3 * 4096);
	r.mode = 2;
	CHECK(node_req_fallocate(d->node, &r) == -EOPNOTSUPP);
	desc_put(d);
	tree_destroy(&t);
	CHECK(host_same(was));
}

/* --- archives --- */

static size_t put_entry(char *at, const char *name, unsigned mode,
			const char *data, size_t n, unsigned rmin)
{
	char *start = at;

	at += sprintf(at,
		      "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
		      "%08X%08X",
		      1, mode, 5, 6, 1, 77, (unsigned)n, 0, 0, 1, rmin,
		      (unsigned)strlen(name) + 1, 0);
	at += sprintf(at, "%s", name) + 1;
	while ((at - start) % 4 != 0)
		*at++ = '\0';
	memcpy(at, data, n);
	at += n;
	while ((at - start) % 4 != 0)
		*at++ = '\0';
	return (size_t)(at - start);
}

static size_t make_archive(char *buf)
{
	char *at = buf;

	memset(buf, 0, 4096);
	at += put_entry(at, ".", 040711, "", 0, 0);
	at += put_entry(at, "bin", 040755, "", 0, 0);
	at += put_entry(at, "./bin/sh", 0100755, "first", 5, 0);
	at += put_entry(at, "/deep/er/file", 0100600, "x", 1, 0);
	at += put_entry(at, "bin/ls", 0120777, "sh", 2, 0);
	at += put_entry(at, "null", 020666, "", 0, 3);
	at += put_entry(at, "TRAILER!!!", 0, "", 0, 0);
	at += put_entry(at, "bin/sh", 0100700, "second!", 7, 0);
	at += put_entry(at, "bin", 040700, "", 0, 0);
	at += put_entry(at, "TRAILER!!!", 0, "", 0, 0);
	return (size_t)(at - buf);
}

static void archives_are_unpacked(void)
{
	struct host_mark was = host_mark();
	static char archive[4096];
	size_t n = make_archive(archive);
	struct node_attr a;
	char buf[16];
	struct desc *d;
	struct tree t;

	REQUIRE(tree_create(&t) == 0);
	CHECK(ramfs_unpack(t.root, archive, n) == 0);
	CHECK(t_stat(&t, "/").mode == (MODE_DIR | 0711));
	CHECK(t_stat(&t, "bin").mode == (MODE_DIR | 0700));
	a = t_stat(&t, "bin/sh");
	CHECK(a.mode == (MODE_REG | 0700) && a.uid == 5 && a.gid == 6);
	CHECK(a.mtime == 77 * NSEC_PER_SEC && a.size == 7);
	CHECK(t_stat(&t, "deep/er/file").size == 1);
	CHECK(t_stat(&t, "null").rdev == 0x103);
	REQUIRE(t_open(&t, "bin/ls", DESC_RDONLY, &d) == 0);
	CHECK(t_read(d, buf, 16) == 7 && memcmp(buf, "second!", 7) == 0);
	desc_put(d);
	CHECK(ramfs_unpack(t.root, archive, 50) == -EINVAL);
	tree_destroy(&t);
	CHECK(host_same(was));
}

static void unpacking_leaks_nothing_wherever_it_fails(void)
{
	struct host_mark was = host_mark();
	static char archive[4096];
	size_t size = make_archive(archive);
	unsigned n = 0;
	struct tree t;
	bool fired;
	err_t err;

	do {
		REQUIRE(tree_create(&t) == 0);
		fault_arm(++n);
		err = ramfs_unpack(t.root, archive, size);
		fired = fault_fired();
		CHECK(err == (fired ? -ENOMEM : 0));
		tree_destroy(&t);
		CHECK(host_same(was));
	} while (fired);
	CHECK(n > 10);
}

TAP_MAIN(reading_while_names_come_and_go, random_operations_match_the_model,
	 files_are_read_written_and_cut, times_move_when_they_should,
	 a_full_file_system_says_so, space_can_be_reserved,
	 archives_are_unpacked, unpacking_leaks_nothing_wherever_it_fails)
