/* SPDX-License-Identifier: MIT */
/*
 * The ram file system and the path walker from kernel threads: several of
 * them create, rename and remove in the same directories.
 */
#include <debug/ktest.h>
#include <fs/fs.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/fmt.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <ns/ns.h>
#include <obj/cred.h>
#include <obj/desc.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sched/waitq.h>

#define WORKERS 4
#define STEPS	150

struct world {
	struct ns *ns;
	struct fsctx *fs;
	struct walk w;
};

static bool world_make(struct world *k)
{
	struct server *server;
	struct node *root;
	err_t err;

	if (ramfs_create(&server, &root) != 0)
		return false;
	err = ns_create(server, root, &k->ns);
	node_put(root);
	server_put(server);
	if (err)
		return false;
	if (fsctx_create(k->ns, &k->fs) != 0) {
		ns_put(k->ns);
		return false;
	}
	k->w = (struct walk){ k->fs, &cred_root, NULL };
	return true;
}

static void world_end(struct world *k)
{
	fsctx_put(k->fs);
	ns_put(k->ns);
}

static err_t make_file(const struct walk *w, const char *path, const char *text)
{
	struct desc *d;
	struct uio u;
	char buf[32];
	size_t n = strlen(text);
	int64_t done;
	err_t err = ns_open(w, path, DESC_WRONLY | DESC_CREAT | DESC_TRUNC,
			    0644, &d);

	if (err)
		return err;
	memcpy(buf, text, n);
	uio_init_kernel(&u, buf, n);
	done = desc_write(d, &u);
	desc_put(d);
	return done == (int64_t)n ? 0 : -EIO;
}

static err_t read_file(const struct walk *w, const char *path, char *buf,
		       size_t size)
{
	struct desc *d;
	struct uio u;
	int64_t n;
	err_t err = ns_open(w, path, DESC_RDONLY, 0, &d);

	if (err)
		return err;
	uio_init_kernel(&u, buf, size - 1);
	n = desc_read(d, &u);
	desc_put(d);
	if (n < 0)
		return (err_t)n;
	buf[n] = '\0';
	return 0;
}

static bool file_has(const struct walk *w, const char *path, const char *text)
{
	char buf[32];

	return read_file(w, path, buf, sizeof(buf)) == 0 &&
	       strcmp(buf, text) == 0;
}

KTEST(files_are_created_renamed_and_removed)
{
	struct world k;
	char buf[32];

	KREQUIRE(world_make(&k));
	KCHECK(ns_mkdir(&k.w, "/a", 0755) == 0);
	KCHECK(ns_mkdir(&k.w, "/a", 0755) == -EEXIST);
	KCHECK(ns_mkdir(&k.w, "/a/b", 0755) == 0);
	KCHECK(ns_mkdir(&k.w, "/no/b", 0755) == -ENOENT);
	KCHECK(make_file(&k.w, "/a/f", "one") == 0);
	KCHECK(make_file(&k.w, "/a/g", "two") == 0);
	KCHECK(ns_mkdir(&k.w, "/a/f/x", 0755) == -ENOTDIR);
	KCHECK(ns_rename(&k.w, "/a/f", &k.w, "/a/g", RENAME_NOREPLACE) ==
	       -EEXIST);
	KCHECK(ns_rename(&k.w, "/a/f", &k.w, "/a/g", RENAME_EXCHANGE) == 0);
	KCHECK(file_has(&k.w, "/a/g", "one") && file_has(&k.w, "/a/f", "two"));
	KCHECK(ns_rename(&k.w, "/a/g", &k.w, "/a/b/h", 0) == 0);
	KCHECK(file_has(&k.w, "/a/b/h", "one"));
	KCHECK(read_file(&k.w, "/a/g", buf, sizeof(buf)) == -ENOENT);
	/* A directory cannot go below itself. */
	KCHECK(ns_rename(&k.w, "/a", &k.w, "/a/b/a", 0) == -EINVAL);
	KCHECK(ns_rmdir(&k.w, "/a/b") == -ENOTEMPTY);
	KCHECK(ns_unlink(&k.w, "/a/b") == -EISDIR);
	KCHECK(ns_rmdir(&k.w, "/a/f") == -ENOTDIR);
	KCHECK(ns_unlink(&k.w, "/a/b/h") == 0 && ns_unlink(&k.w, "/a/f") == 0);
	KCHECK(ns_rmdir(&k.w, "/a/b") == 0 && ns_rmdir(&k.w, "/a") == 0);
	KCHECK(ns_rmdir(&k.w, "/") == -EBUSY);
	world_end(&k);
}

KTEST(links_and_symlinks)
{
	struct world k;
	char buf[32];
	size_t len;

	KREQUIRE(world_make(&k));
	KCHECK(make_file(&k.w, "/f", "text") == 0);
	KCHECK(ns_link(&k.w, "/f", 0, &k.w, "/g") == 0);
	KCHECK(ns_symlink(&k.w, "g", "/s") == 0);
	KCHECK(ns_symlink(&k.w, "/t2", "/t1") == 0);
	KCHECK(ns_symlink(&k.w, "/t1", "/t2") == 0);
	KCHECK(file_has(&k.w, "/s", "text"));
	KCHECK(read_file(&k.w, "/t1", buf, sizeof(buf)) == -ELOOP);
	KCHECK(ns_readlink(&k.w, "/s", buf, sizeof(buf), &len) == 0 &&
	       len == 1 && buf[0] == 'g');
	KCHECK(ns_unlink(&k.w, "/f") == 0 && file_has(&k.w, "/g", "text"));
	/* What stays in the tree goes with the tree. */
	world_end(&k);
}

/* A removed file lives as long as it is open. */
KTEST(an_open_file_outlives_its_name)
{
	struct world k;
	struct desc *d;
	struct uio u;
	char buf[8];
	err_t err;

	KREQUIRE(world_make(&k));
	KCHECK(make_file(&k.w, "/f", "alive") == 0);
	err = ns_open(&k.w, "/f", DESC_RDONLY, 0, &d);
	if (KCHECK(err == 0)) {
		KCHECK(ns_unlink(&k.w, "/f") == 0);
		uio_init_kernel(&u, buf, 5);
		KCHECK(desc_read(d, &u) == 5 && memcmp(buf, "alive", 5) == 0);
		desc_put(d);
	}
	world_end(&k);
}

struct worker {
	struct world *k;
	uint64_t seed;
	uint32_t bad;  /* PRIVATE(the worker) until done */
	uint32_t done; /* ATOMIC */
};

static bool expected(err_t err)
{
	return err == 0 || err == -ENOENT || err == -EEXIST ||
	       err == -ENOTEMPTY || err == -EINVAL || err == -ENOTDIR ||
	       err == -EISDIR;
}

static void storm(void *arg)
{
	struct worker *me = arg;
	const struct walk *w = &me->k->w;
	uint64_t s = me->seed;
	char a[24], b[24];
	unsigned i;
	err_t err;

	for (i = 0; i < STEPS; i++) {
		s = s * 6364136223846793005u + 1442695040888963407u;
		(void)ksnprintf(a, sizeof(a), "/d%u/n%u",
				(unsigned)(s >> 40) % 3,
				(unsigned)(s >> 44) % 5);
		(void)ksnprintf(b, sizeof(b), "/d%u/n%u",
				(unsigned)(s >> 48) % 3,
				(unsigned)(s >> 52) % 5);
		switch ((s >> 59) % 6) {
		case 0:
			err = ns_mkdir(w, a, 0755);
			break;
		case 1:
			err = ns_rmdir(w, a);
			break;
		case 2:
			err = ns_unlink(w, a);
			break;
		case 3:
			err = make_file(w, a, "x");
			break;
		default:
			err = ns_rename(w, a, w, b, 0);
			break;
		}
		me->bad += !expected(err);
		sched_yield();
	}
	atomic_store_release(&me->done, 1);
	thread_exit();
}

KTEST(threads_change_the_same_directories)
{
	static struct worker worker[WORKERS];
	struct world k;
	struct thread *t;
	char path[24];
	unsigned i, n, j;
	err_t err;

	KREQUIRE(world_make(&k));
	for (i = 0; i < 3; i++) {
		(void)ksnprintf(path, sizeof(path), "/d%u", i);
		KCHECK(ns_mkdir(&k.w, path, 0755) == 0);
	}
	for (n = 0; n < WORKERS; n++) {
		worker[n] = (struct worker){ &k, 1000 + n * 77, 0, 0 };
		err = kthread_spawn("storm", storm, &worker[n], &t);
		if (!KCHECK(err == 0))
			break;
		thread_put(t);
	}
	for (i = 0; i < n; i++) {
		while (atomic_load_acquire(&worker[i].done) == 0) {
			err = sleep_until(clock_monotonic() + NSEC_PER_MSEC);
			KCHECK(err == 0);
		}
		KCHECK(worker[i].bad == 0);
	}
	/* What is left can be removed. */
	for (i = 0; i < 3; i++) {
		for (j = 0; j < 5; j++) {
			(void)ksnprintf(path, sizeof(path), "/d%u/n%u", i, j);
			err = ns_unlink(&k.w, path);
			if (err == -EISDIR)
				err = ns_rmdir(&k.w, path);
			KCHECK(err == 0 || err == -ENOENT);
		}
		(void)ksnprintf(path, sizeof(path), "/d%u", i);
		KCHECK(ns_rmdir(&k.w, path) == 0);
	}
	world_end(&k);
}

KTEST(pipes_carry_bytes)
{
	struct desc *rd, *wr;
	char out[8] = "through", in[8];
	struct uio u;

	KREQUIRE(pipe_create(&cred_root, DESC_NONBLOCK, &rd, &wr) == 0);
	uio_init_kernel(&u, out, 8);
	KCHECK(desc_write(wr, &u) == 8);
	uio_init_kernel(&u, in, 8);
	KCHECK(desc_read(rd, &u) == 8 && strcmp(in, out) == 0);
	uio_init_kernel(&u, in, 8);
	KCHECK(desc_read(rd, &u) == -EAGAIN);
	KCHECK(desc_read(wr, &u) == -EBADF);
	desc_put(wr);
	uio_init_kernel(&u, in, 8);
	KCHECK(desc_read(rd, &u) == 0);
	desc_put(rd);
}
