/* SPDX-License-Identifier: MIT */
/* /proc/PID and /proc/PID/task/TID: what is in them, and small entries. */
#include <lib/atomic.h>
#include <lib/minmax.h>
#include <lib/num.h>
#include <lib/string.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>

#include "procfs_impl.h"

/* --- processes and threads by number --- */

err_t proc_pid_find(struct proc_node *dir, int32_t number,
		    struct proc_child *out)
{
	struct proc *p = proc_by_pid(viewer_ns(), number);

	(void)dir;
	if (p == NULL)
		return -ENOENT;
	if (!proc_shown(p)) {
		proc_put(p);
		return -ENOENT;
	}
	out->proc = p;
	return 0;
}

int32_t proc_pid_next(struct proc_node *dir, int32_t from)
{
	struct pidns *ns = viewer_ns();
	struct proc *p;
	int32_t pid;
	bool shown;

	(void)dir;
	while ((p = proc_next(ns, from)) != NULL) {
		pid = proc_pid_in(p, ns);
		shown = proc_shown(p);
		proc_put(p);
		if (shown)
			return pid;
		from = pid + 1;
	}
	return -1;
}

static err_t task_find(struct proc_node *dir, int32_t number,
		       struct proc_child *out)
{
	struct thread *t = proc_next_thread(dir->proc, number);

	if (t == NULL)
		return -ENOENT;
	if (thread_tid_in(t, viewer_ns()) != number) {
		thread_put(t);
		return -ENOENT;
	}
	out->thread = t;
	out->proc = dir->proc;
	proc_get(out->proc);
	return 0;
}

static int32_t task_next(struct proc_node *dir, int32_t from)
{
	struct thread *t = proc_next_thread(dir->proc, from);
	int32_t tid;

	if (t == NULL)
		return -1;
	tid = thread_tid_in(t, viewer_ns());
	thread_put(t);
	return tid;
}

/* --- small entries --- */

static err_t show_comm(struct proc_node *n, struct text *t)
{
	char name[17] = { 0 };

	if (n->thread != NULL)
		memcpy(name, n->thread->name, 16);
	else
		proc_name(n->proc, name);
	text_printf(t, "%s\n", name);
	return 0;
}

static err_t store_comm(struct proc_node *n, const char *s, size_t len)
{
	struct thread *t;
	char name[16];

	if (current_proc() != n->proc)
		return -EINVAL; /* as Linux: only its own threads' */
	if (len != 0 && s[len - 1] == '\n')
		len--;
	(void)str_copy_n(name, sizeof(name), s, len);
	t = proc_node_thread(n);
	if (t == NULL)
		return -ESRCH;
	thread_set_name(t, name);
	thread_put(t);
	return 0;
}

static void limit_value(struct text *t, uint64_t v)
{
	if (v == LIMIT_INFINITY)
		text_printf(t, "%-20s ", "unlimited");
	else
		text_printf(t, "%-20llu ", (unsigned long long)v);
}

static err_t show_limits(struct proc_node *n, struct text *t)
{
	static const struct {
		const char *name, *unit;
	} names[LIMIT_COUNT] = {
		[LIMIT_CPU] = { "Max cpu time", "seconds" },
		[LIMIT_FSIZE] = { "Max file size", "bytes" },
		[LIMIT_DATA] = { "Max data size", "bytes" },
		[LIMIT_STACK] = { "Max stack size", "bytes" },
		[LIMIT_CORE] = { "Max core file size", "bytes" },
		[LIMIT_RSS] = { "Max resident set", "bytes" },
		[LIMIT_NPROC] = { "Max processes", "processes" },
		[LIMIT_NOFILE] = { "Max open files", "files" },
		[LIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
		[LIMIT_AS] = { "Max address space", "bytes" },
		[LIMIT_LOCKS] = { "Max file locks", "locks" },
		[LIMIT_SIGPENDING] = { "Max pending signals", "signals" },
		[LIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
		[LIMIT_NICE] = { "Max nice priority", "" },
		[LIMIT_RTPRIO] = { "Max realtime priority", "" },
		[LIMIT_RTTIME] = { "Max realtime timeout", "us" },
	};
	struct limit l;
	unsigned i;

	text_printf(t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit",
		    "Hard Limit", "Units");
	for (i = 0; i < LIMIT_COUNT; i++) {
		l = proc_get_limit(n->proc, i);
		text_printf(t, "%-25s ", names[i].name);
		limit_value(t, l.cur);
		limit_value(t, l.max);
		text_printf(t, "%-10s\n", names[i].unit);
	}
	return 0;
}

static err_t show_wchan(struct proc_node *n, struct text *t)
{
	struct thread *th = proc_node_thread(n);
	bool waits = th != NULL &&
		     __atomic_load_n(&th->state, __ATOMIC_RELAXED) ==
			     THREAD_WAITING;

	text_str(t, waits ? wait_reason_name(th->reason) : "0");
	if (th != NULL)
		thread_put(th);
	return 0;
}

/* Bytes are not counted: every figure is 0 but the names are there. */
static err_t show_io(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\n"
		    "write_bytes: 0\ncancelled_write_bytes: 0\n");
	return 0;
}

static err_t show_zero(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "0\n");
	return 0;
}

/* Nobody is chosen when memory runs out, so the wish is only kept. */
static err_t show_oom_adj(struct proc_node *n, struct text *t)
{
	text_printf(t, "%d\n",
		    atomic_load_relaxed(&proc_attr(n->proc)->oom_score_adj));
	return 0;
}

static err_t store_oom_adj(struct proc_node *n, const char *s, size_t len)
{
	int32_t *adj = &proc_attr(n->proc)->oom_score_adj;
	char digits[8];
	int64_t value;

	while (len > 0 && s[len - 1] == '\n')
		len--;
	if (str_copy_n(digits, sizeof(digits), s, len) ||
	    num_parse_signed(digits, 10, &value) != 0 || value < -1000 ||
	    value > 1000)
		return -EINVAL;
	if (value < atomic_load_relaxed(adj) && current_cred()->euid != 0)
		return -EACCES;
	atomic_store_relaxed(adj, (int32_t)value);
	return 0;
}

static err_t show_cgroup(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "0::/\n");
	return 0;
}

/* (uid_t)-1: nobody logged in. */
static err_t show_unset(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "4294967295");
	return 0;
}

static err_t show_personality(struct proc_node *n, struct text *t)
{
	text_printf(t, "%08x\n", proc_personality(n->proc));
	return 0;
}

static err_t show_schedstat(struct proc_node *n, struct text *t)
{
	struct thread *th = proc_node_thread(n);
	nsec_t user = 0, sys = 0;
	uint64_t switches = 0;

	if (th != NULL) {
		thread_times(th, &user, &sys);
		switches = th->acct.nvcsw + th->acct.nivcsw;
		thread_put(th);
	}
	text_printf(t, "%llu 0 %llu\n", (unsigned long long)(user + sys),
		    (unsigned long long)switches);
	return 0;
}

/* --- what is there --- */

#define PRIVATE_FILE(name_, mode_, show_) \
	{ \
		.name = (name_), .mode = MODE_REG | (mode_), .trace = true, \
		.show = (show_) \
	}
#define PRIVATE_DIR(name_, dir_) \
	{ \
		.name = (name_), .mode = MODE_DIR | 0500, .trace = true, \
		.dir = (dir_) \
	}
#define MAGIC_LINK(name_, follow_) \
	{ \
		.name = (name_), .mode = MODE_LNK | 0777, .trace = true, \
		.link = proc_link_followed, .follow = (follow_) \
	}
#define COMM_FILE \
	{ \
		.name = "comm", .mode = MODE_REG | 0644, .show = show_comm, \
		.store = store_comm \
	}
#define MEM_FILE \
	{ \
		.name = "mem", .mode = MODE_REG | 0600, .trace = true, \
		.ops = &proc_mem_ops \
	}

/* In both directories. */
#define COMMON_ENTRIES \
	PRIVATE_FILE("auxv", 0400, proc_show_auxv), \
		PROC_FILE("cgroup", 0444, show_cgroup), \
		PROC_FILE("cmdline", 0444, proc_show_cmdline), COMM_FILE, \
		MAGIC_LINK("cwd", proc_follow_cwd), \
		PRIVATE_FILE("environ", 0400, proc_show_environ), \
		MAGIC_LINK("exe", proc_follow_exe), \
		PRIVATE_DIR("fd", &proc_fd_dir), \
		PRIVATE_DIR("fdinfo", &proc_fdinfo_dir), \
		PRIVATE_FILE("io", 0400, show_io), \
		PROC_FILE("limits", 0444, show_limits), \
		PROC_FILE("loginuid", 0444, show_unset), \
		PRIVATE_FILE("maps", 0444, proc_show_maps), MEM_FILE, \
		PROC_FILE("mountinfo", 0444, proc_show_mountinfo), \
		PROC_FILE("mounts", 0444, proc_show_mounts), \
		PROC_FILE("oom_score", 0444, show_zero), \
		{ .name = "oom_score_adj", \
		  .mode = MODE_REG | 0644, \
		  .show = show_oom_adj, \
		  .store = store_oom_adj }, \
		PRIVATE_FILE("personality", 0400, show_personality), \
		MAGIC_LINK("root", proc_follow_root), \
		PROC_FILE("schedstat", 0444, show_schedstat), \
		PROC_FILE("sessionid", 0444, show_unset), \
		PROC_FILE("stat", 0444, proc_show_stat), \
		PROC_FILE("statm", 0444, proc_show_statm), \
		PROC_FILE("status", 0444, proc_show_status), \
		PROC_FILE("wchan", 0444, show_wchan)

static const struct proc_entry task_entries[] = { COMMON_ENTRIES };

static const struct proc_dir one_task_dir = {
	.entries = task_entries,
	.nentries = array_size(task_entries),
};

static const struct proc_entry one_task = PROC_DIR(NULL, &one_task_dir);

static const struct proc_dir task_dir = {
	.member = &one_task,
	.find = task_find,
	.next = task_next,
};

static const struct proc_entry pid_entries[] = {
	COMMON_ENTRIES,
#if CONFIG_DEBUG
	{ .name = "fail-nth",
	  .mode = MODE_REG | 0600,
	  .trace = true,
	  .ops = &proc_fault_ops },
#endif
	PROC_DIR("task", &task_dir),
};

static const struct proc_dir pid_dir = {
	.entries = pid_entries,
	.nentries = array_size(pid_entries),
};

const struct proc_entry proc_pid_entry = PROC_DIR(NULL, &pid_dir);
