/* SPDX-License-Identifier: MIT */
/*
 * From a running kernel to the first process: the root file system out of the
 * initrd, the usual mounts, and pid 1 with its three handles.
 */
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <debug/log.h>
#include <dev/console.h>
#include <dev/hostio.h>
#include <fs/fs.h>
#include <lib/assert.h>
#include <lib/cmdline.h>
#include <lib/err.h>
#include <lib/fmt.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <obj/handles.h>
#include <proc/proc.h>
#include <sched/thread.h>
#include <sched/waitq.h>

#include "init.h"

#define ARGS_MAX 64

static const char *const environment[] = {
	"HOME=/root",	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=linux",	"USER=root",
	"LOGNAME=root", "SHELL=/bin/sh",
	NULL,
};

static char words[2048]; /* PRIVATE(init) arguments from the command line */
static const char *argv[ARGS_MAX + 1]; /* PRIVATE(init) */

static void must(err_t err, const char *what)
{
	if (err)
		panic("start-up: %s: %s", what, err_name(err));
}

static void mount_at(struct fsctx *fs, const char *where, const char *type)
{
	struct walk w = { fs, &cred_root, NULL };
	struct fs_type *t = fs_type_find(type);
	struct server *server;
	struct node *root;
	struct path point;
	err_t err;

	err = ns_mkdir(&w, where, 0755);
	if (err && err != -EEXIST)
		klog("mkdir %s: %s", where, err_name(err));
	if (t == NULL || ns_walk(&w, where, WALK_DIRECTORY, &point) != 0)
		return;
	err = t->mount(type, "", &server, &root);
	if (!err) {
		err = ns_mount(fsctx_ns(fs), &point, server, root, 0, type, "");
		node_put(root);
		server_put(server);
	}
	if (err)
		klog("mount %s: %s", where, err_name(err));
	path_put(&point);
}

/* The initrd's pages are ordinary memory once its files are unpacked. */
static void free_initrd(void)
{
	paddr_t start, end;

	boot_initrd_range(&start, &end);
	frame_donate(start, end);
}

static struct fsctx *make_root(void)
{
	struct server *server;
	struct node *root;
	struct fsctx *fs;
	const void *initrd;
	struct ns *ns;
	size_t size;

	must(ramfs_create(&server, &root), "root file system");
	initrd = boot_initrd(&size);
	if (initrd == NULL)
		panic("start-up: no initrd: pass one with -initrd");
	must(ramfs_unpack(root, initrd, size), "initrd");
	free_initrd();
	must(ns_create(server, root, &ns), "name space");
	must(fsctx_create(ns, &fs), "root directory");
	ns_put(ns);
	node_put(root);
	server_put(server);
	mount_at(fs, "/dev", "devtmpfs");
	mount_at(fs, "/proc", "proc");
	mount_at(fs, "/sys", "sysfs");
	mount_at(fs, "/tmp", "tmpfs");
	return fs;
}

static void collect_arguments(const char *path)
{
	struct cmdline_word word;
	struct cmdline line;
	size_t used = 0, n;
	unsigned argc = 0;
	char buf[512];

	argv[argc++] = path;
	cmdline_init(&line, boot_cmdline());
	while (cmdline_next(&line, buf, sizeof(buf), &word)) {
		if (!word.for_init || argc == ARGS_MAX)
			continue;
		n = strlen(buf) + 1;
		if (used + n > sizeof(words))
			break;
		memcpy(words + used, buf, n);
		argv[argc++] = words + used;
		used += n;
	}
	argv[argc] = NULL;
}

static const char *find_init(struct fsctx *fs)
{
	static const char *const candidates[] = { "/sbin/init", "/bin/init",
						  "/bin/sh", NULL };
	struct walk w = { fs, &cred_root, NULL };
	const char *const *c;
	struct path p;

	if (boot_options.init[0] != '\0')
		return boot_options.init;
	for (c = candidates; *c != NULL; c++) {
		if (ns_walk(&w, *c, 0, &p) != 0)
			continue;
		path_put(&p);
		return *c;
	}
	panic("start-up: no init found in the initrd");
}

/* Called by the last thread of pid 1: the machine ends with it. */
static void init_died(int status)
{
	char line[32];
	int code = (status & 0x7f) != 0 ? 128 + (status & 0x7f)
					: (status >> 8) & 0xff;

	(void)ksnprintf(line, sizeof(line), "exit %d\n", code);
	klog("the first process ended with status %d", code);
	console_drain();
	hostio_report(line);
	machine_poweroff();
	cpu_stop();
}

/* By name, so that ttyname() finds it; else without one. */
static err_t open_console(struct fsctx *fs, struct desc *std[3])
{
	struct walk w = { fs, &cred_root, NULL };
	struct desc *d;
	unsigned i;

	if (ns_open(&w, "/dev/console", DESC_RDWR | DESC_NOCTTY, 0, &d) != 0)
		return console_open_std(&cred_root, std);
	for (i = 0; i < 3; i++) {
		desc_get(d);
		std[i] = d;
	}
	desc_put(d);
	return 0;
}

static void open_std(struct proc *p, struct fsctx *fs)
{
	struct desc *std[3];
	unsigned i;
	int fd;

	if (boot_options.hostio && !boot_options.tty)
		must(hostio_open_std(&cred_root, std), "host streams");
	else
		must(open_console(fs, std), "console");
	for (i = 0; i < 3; i++)
		must(handle_install(proc_handles(p), std[i], 0, 0, 1024, &fd),
		     "standard handles");
}

void init_user(void)
{
	struct fsctx *fs = make_root();
	const char *path = find_init(fs);
	struct proc *p;

	collect_arguments(path);
	proc_init_died = init_died;
	must(proc_create_init(fs, &p), "first process");
	open_std(p, fs);
	hostio_report("ready\n");
	must(proc_start_init(p, path, argv, environment), path);
	proc_put(p);
	thread_exit();
}
