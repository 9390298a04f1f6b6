/* SPDX-License-Identifier: MIT */
/* Private to kernel/fs/procfs*.c.  Theory: procfs.c. */
#pragma once

#include <gen/requests.h>
#include <lib/annot.h>
#include <lib/err.h>
#include <lib/types.h>
#include <ns/node.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <proc/proc.h>

/* --- text that grows (procfs_text.c) --- */
struct text {
	char *p;
	size_t len, cap;
	bool failed; /* out of memory: what came after is missing */
};
void text_free(struct text *t);
void text_put(struct text *t, const void *s, size_t n);
void text_str(struct text *t, const char *s);
void text_printf(struct text *t, const char *fmt, ...) __printf(2, 3);
/* Space, tab, newline and backslash (and @also) as \ooo. */
void text_escaped(struct text *t, const char *s, const char *also);

/* --- nodes --- */
struct proc_node;

/* One name in a directory.  Unused functions are NULL. */
struct proc_entry {
	const char *name; /* NULL: its number is its name */
	uint32_t mode;
	bool trace; /* only for who may trace the process */
	const struct proc_dir *dir;
	/* Contents: 0, or an error for the reader. */
	err_t (*show)(struct proc_node *n, struct text *t);
	/* A whole write of @len bytes, ended by NUL besides. */
	err_t (*store)(struct proc_node *n, const char *s, size_t len);
	/* What readlink gives; of magic links too. */
	err_t (*link)(struct proc_node *n, struct text *t);
	err_t (*follow)(struct proc_node *n, struct path *out);
	const struct desc_ops *ops; /* instead of show and store */
};

/* What a numbered entry is about: references, or NULL. */
struct proc_child {
	struct proc *proc;
	struct thread *thread;
	uint32_t mode; /* permission bits */
};

struct proc_dir {
	const struct proc_entry *entries;
	size_t nentries;
	/* Numbered entries besides; all NULL if there are none. */
	const struct proc_entry *member;
	err_t (*find)(struct proc_node *dir, int32_t number,
		      struct proc_child *out);
	/* The lowest number >= @from that is there, or -1. */
	int32_t (*next)(struct proc_node *dir, int32_t from);
};

struct proc_node {
	struct node node;
	const struct proc_entry *entry; /* IMMUTABLE */
	struct node *parent;		/* IMMUTABLE; strong; NULL: the root */
	struct proc *proc;		/* IMMUTABLE; strong or NULL */
	struct thread *thread;		/* IMMUTABLE; strong or NULL */
	int32_t number;			/* IMMUTABLE; of a numbered one */
};

static inline struct proc_node *proc_node(struct node *n)
{
	return container_of(n, struct proc_node, node);
}

/* Is the process still one that /proc shows? */
static inline bool proc_shown(const struct proc *p)
{
	enum proc_state s = proc_state(p);

	return s >= PROC_LIVE && s <= PROC_TOREAP;
}

/* The id space of whoever looks; NULL for the kernel. */
static inline struct pidns *viewer_ns(void)
{
	struct proc *p = current_proc();

	return p != NULL ? proc_pidns(p) : NULL;
}

/* The path as the current process would name it, " (deleted)" and all. */
__must_check err_t proc_text_path(struct text *t, const struct path *p);
/* The thread of @n, or one of its process; a reference, or NULL. */
struct thread *proc_node_thread(struct proc_node *n);

/* Directories and entries by file. */
extern const struct proc_entry proc_root_entry; /* procfs_root.c */
extern const struct proc_dir proc_sys_dir;	/* procfs_sys.c */
extern const struct proc_dir proc_kernel_dir;	/* procfs_kernel.c */
extern const struct proc_entry proc_pid_entry;	/* procfs_pid.c */
err_t proc_pid_find(struct proc_node *dir, int32_t number,
		    struct proc_child *out);
int32_t proc_pid_next(struct proc_node *dir, int32_t from);
extern const struct proc_dir proc_fd_dir, proc_fdinfo_dir; /* procfs_fd.c */
extern const struct desc_ops proc_mem_ops;		   /* procfs_mem.c */
extern const struct desc_ops proc_fault_ops;		   /* procfs_fault.c */

err_t proc_show_stat(struct proc_node *n, struct text *t);
err_t proc_show_status(struct proc_node *n, struct text *t);
err_t proc_show_statm(struct proc_node *n, struct text *t);
err_t proc_show_maps(struct proc_node *n, struct text *t);
err_t proc_show_cmdline(struct proc_node *n, struct text *t);
err_t proc_show_environ(struct proc_node *n, struct text *t);
err_t proc_show_auxv(struct proc_node *n, struct text *t);
err_t proc_show_mounts(struct proc_node *n, struct text *t);
err_t proc_show_mountinfo(struct proc_node *n, struct text *t);
err_t proc_follow_exe(struct proc_node *n, struct path *out);
err_t proc_follow_cwd(struct proc_node *n, struct path *out);
err_t proc_follow_root(struct proc_node *n, struct path *out);
/* For `link`: describes where `follow` leads. */
err_t proc_link_followed(struct proc_node *n, struct text *t);

/* procfs_sysrq.c */
err_t proc_sysrq_store(struct proc_node *n, const char *s, size_t len);

#define PROC_FILE(name_, mode_, show_) \
	{ \
		.name = (name_), .mode = MODE_REG | (mode_), .show = (show_) \
	}
#define PROC_DIR(name_, dir_) \
	{ \
		.name = (name_), .mode = MODE_DIR | 0555, .dir = (dir_) \
	}
