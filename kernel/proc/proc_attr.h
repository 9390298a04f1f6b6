/* SPDX-License-Identifier: MIT */
/*
 * Small attributes of the current thread and process that system calls set
 * and read: prctl, set_tid_address, restart_syscall and their like.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct fsctx;
struct proc;
struct thread;

/* How restart_syscall goes on with a call that a stop interrupted. */
struct restart_block {
	int64_t (*fn)(struct restart_block *rb); /* NULL: -EINTR */
	uint64_t arg[6];
};

/* In struct uthread; zeroed in a new thread, but timer_slack copied. */
struct thread_attr {
	struct restart_block restart; /* PRIVATE(self) */
	uint64_t timer_slack;	      /* PRIVATE(self); 0: 50,000 ns */
	int pdeathsig;		      /* ATOMIC; sent when the parent dies */
	bool no_new_privs;	      /* ATOMIC; copied at fork, kept at exec */
	bool keep_caps;		      /* PRIVATE(self); dropped by exec */
};

/* In struct proc; zero in a new one. */
struct proc_attr {
	void *timers;	       /* PRIVATE(sys/: POSIX timers); see proc_hooks */
	int32_t oom_score_adj; /* ATOMIC; kept for /proc, copied at fork */
};

/*
 * What sys/ wants to know.  Thread context, may sleep, no locks held; called
 * by the last thread of the process.  NULL: nobody cares.
 */
struct proc_hooks {
	void (*exec)(struct proc *p); /* past the point of no return */
	void (*exit)(struct proc *p); /* before its handles are put */
};
extern struct proc_hooks proc_hooks;

struct thread_attr *thread_attr(struct thread *t);
struct proc_attr *proc_attr(struct proc *p);

void thread_set_clear_tid(vaddr_t addr); /* the current thread */
vaddr_t thread_clear_tid(void);
void thread_set_robust_list(vaddr_t head, size_t len);
void thread_get_robust_list(const struct thread *t, vaddr_t *head, size_t *len);
void thread_get_name(struct thread *t, char out[16]);

void proc_set_subreaper(struct proc *p, bool on);
bool proc_is_subreaper(struct proc *p);
void proc_set_dumpable(struct proc *p, bool on);
void proc_set_personality(struct proc *p, uint32_t persona);
/*
 * The current process stops sharing its handles, its fsctx.  Context:
 * thread, may sleep.  Returns: 0, -ENOMEM.
 */
__must_check err_t proc_unshare_handles(void);
__must_check err_t proc_unshare_fs(void);
/* The current process gets another one; consumes @f. */
void proc_set_fsctx(struct fsctx *f);
