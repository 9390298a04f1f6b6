/* SPDX-License-Identifier: MIT */
/*
 * The inside of processes: for kernel/proc/ only.
 *
 * Two locks: proc_tree_lock (global) for everything that links processes to
 * each other, p->lock for one process alone.  proc_tree_lock comes first.
 */
#pragma once

#include <debug/trace.h>
#include <lib/annot.h>
#include <lib/list.h>
#include <lib/radix.h>
#include <lib/ref.h>
#include <lib/types.h>
#include <proc/proc.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>
#include <sched/msg.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sched/waitq.h>
#include <sync/mutex.h>
#include <sync/spinlock.h>

#define CMDLINE_AUXV_MAX 40
#define NPROC_DEFAULT	 UINT64_C(262144)

struct desc;

extern struct spinlock proc_tree_lock;

/* A pid namespace; pidns.c has the theory. */
struct pidns {
	struct ref ref;
	struct pidns *parent;	/* IMMUTABLE; strong; NULL for the root */
	unsigned level;		/* IMMUTABLE; 0 is the root */
	struct proc *reaper;	/* GUARDED_BY(proc_tree_lock); weak; its init */
	bool closed;		/* GUARDED_BY(proc_tree_lock); init is dead */
	int32_t last;		/* GUARDED_BY(IDTABLE); last number given */
	struct radix to_global; /* GUARDED_BY(IDTABLE); local -> global */
	struct radix to_local;	/* GUARDED_BY(IDTABLE); global -> local */
};
extern struct pidns pidns_root;
#define PIDNS_LEVELS 32u
#define PIDNS_ID_MAX 4194304 /* Linux's greatest pid_max */

/* 0; -ENOSPC too deep; -ENOMEM. */
__must_check err_t pidns_create(struct pidns *parent, struct pidns **out);
void pidns_get(struct pidns *ns);
void pidns_put(struct pidns *ns);
/* For pid.c, with IDTABLE held; @ns is not the root in the last three. */
__must_check err_t pidns_map_locked(struct pidns *ns, int32_t global);
void pidns_unmap_locked(struct pidns *ns, int32_t global);
int32_t pidns_local_locked(const struct pidns *ns, int32_t global);
int32_t pidns_global_locked(const struct pidns *ns, int32_t local);
int32_t pidns_next_locked(const struct pidns *ns, int32_t local);

/* A session and a process group each keep their id from being reused. */
struct session {
	struct ref ref;
	int32_t id;	     /* IMMUTABLE */
	struct proc *leader; /* GUARDED_BY(proc_tree_lock); weak */
	struct tty *tty;     /* GUARDED_BY(proc_tree_lock); weak, dev/ owns */
};

struct pgrp {
	struct ref ref;
	int32_t id;		 /* IMMUTABLE */
	struct session *session; /* IMMUTABLE; strong */
	struct list members;	 /* GUARDED_BY(proc_tree_lock) */
};

/* A queued signal. */
struct sigq {
	struct list link; /* GUARDED_BY(the set's lock) */
	struct sig_info info;
};

struct sig_pending {
	sigset_bits set;   /* which are pending */
	struct list queue; /* of struct sigq; may lack one for want of memory */
};

/* Signal actions: shared by threads (CLONE_SIGHAND). */
struct sig {
	struct ref ref;
	struct spinlock lock;		/* rank SIGACTION */
	struct sig_action action[NSIG]; /* GUARDED_BY(lock); [signo - 1] */
};

/* One wait for a vfork child: both sides hold a reference. */
struct completion {
	struct ref ref;
	struct spinlock lock; /* rank COMPLETION */
	struct waitq wq;      /* has its own lock */
	bool done;	      /* GUARDED_BY(lock) */
};

/* What proc/ keeps for each thread: thread->proc_data. */
struct uthread {
	const struct cred *cred;    /* GUARDED_BY(proc lock); self reads free */
	sigset_bits mask;	    /* GUARDED_BY(proc->sig_lock); self reads */
	sigset_bits saved_mask;	    /* PRIVATE(self); with WORK_RESTORE */
	struct sig_pending pending; /* GUARDED_BY(proc->sig_lock) */
	sigset_bits waiting_for;    /* GUARDED_BY(proc->sig_lock) */
	struct sig_stack altstack;  /* PRIVATE(self) */
	vaddr_t clear_child_tid;    /* PRIVATE(self) */
	vaddr_t robust_list;	    /* PRIVATE(self) */
	size_t robust_len;	    /* PRIVATE(self) */
	bool counted_stopped;	    /* GUARDED_BY(proc lock) */
	struct thread_attr attr;    /* as proc_attr.h says */
};

struct user {
	struct list link; /* GUARDED_BY(user table lock) */
	uint32_t uid;	  /* IMMUTABLE */
	uint32_t refs;	  /* GUARDED_BY(user table lock) */
	uint64_t nproc;	  /* ATOMIC */
};

struct proc {
	struct spinlock lock;	  /* rank PROC */
	struct spinlock sig_lock; /* rank SIGNAL */
	struct ref ref;
	int32_t pid;		/* IMMUTABLE */
	struct pidns *ns;	/* IMMUTABLE; strong */
	struct pidns *child_ns; /* GUARDED_BY(lock); strong; NULL: ns */
	nsec_t start_time;	/* IMMUTABLE */

	enum proc_state state;	      /* GUARDED_BY(lock); ATOMIC to read */
	struct state_history history; /* GUARDED_BY(lock) */

	/* Tree: all GUARDED_BY(proc_tree_lock) */
	struct proc *parent;	/* GUARDED_BY(proc_tree_lock); weak */
	int32_t ppid;		/* ATOMIC; written under proc_tree_lock */
	struct list children;	/* GUARDED_BY(proc_tree_lock) */
	struct list sibling;	/* GUARDED_BY(proc_tree_lock) */
	struct pgrp *pgrp;	/* GUARDED_BY(proc_tree_lock); strong */
	struct list pgrp_link;	/* GUARDED_BY(proc_tree_lock) */
	uint32_t cid, next_cid; /* GUARDED_BY(proc_tree_lock) */
	struct waitq child_wq;	/* has its own lock */
	int exit_signal;	/* GUARDED_BY(proc_tree_lock) */
	int exit_status;	/* GUARDED_BY(lock) until TOREAP */
	bool subreaper;		/* GUARDED_BY(proc_tree_lock) */
	bool camellia_born;	/* IMMUTABLE */
	bool exec_done;		/* GUARDED_BY(proc_tree_lock) */
	bool stop_reported;	/* GUARDED_BY(proc_tree_lock) */
	int stop_code;		/* GUARDED_BY(proc_tree_lock); 0: none */
	bool continued;		/* GUARDED_BY(proc_tree_lock) */

	/* Threads */
	struct list threads;	    /* GUARDED_BY(lock) */
	unsigned nthreads;	    /* GUARDED_BY(lock) */
	struct thread *leader;	    /* GUARDED_BY(lock); weak */
	struct thread *exec_thread; /* GUARDED_BY(lock); kills the others */
	struct waitq thread_wq;	    /* has its own lock: nthreads fell */
	bool group_exit;	    /* GUARDED_BY(lock); ATOMIC to read */

	/* Group stop: GUARDED_BY(lock) */
	bool stopping;	      /* GUARDED_BY(lock) */
	int stop_signal;      /* GUARDED_BY(lock) */
	unsigned nstopped;    /* GUARDED_BY(lock) */
	struct waitq stop_wq; /* has its own lock */

	/* Counted parts; set once, emptied by the last thread. */
	struct aspace *aspace;	 /* GUARDED_BY(lock); current reads free */
	struct handles *handles; /* GUARDED_BY(lock); current reads free */
	struct fsctx *fs;	 /* GUARDED_BY(lock); current reads free */
	struct sig *sig;	 /* GUARDED_BY(sig_lock); current reads free */
	struct desc *exe;	 /* GUARDED_BY(lock) */
	const struct cred *cred; /* GUARDED_BY(lock); of the leader */
	struct user *user;	 /* GUARDED_BY(lock); counts us */

	struct sig_pending pending;  /* GUARDED_BY(sig_lock) */
	unsigned nsigq;		     /* GUARDED_BY(sig_lock) */
	struct timer itimer;	     /* PRIVATE(itimer.c) */
	nsec_t itimer_interval;	     /* GUARDED_BY(sig_lock) */
	struct core_msg itimer_work; /* PRIVATE(itimer.c) */

	struct completion *vfork;	  /* GUARDED_BY(lock); strong */
	struct limit limits[LIMIT_COUNT]; /* GUARDED_BY(lock) */
	uint32_t personality;		  /* ATOMIC */
	bool dumpable;			  /* ATOMIC */
	char name[16];			  /* GUARDED_BY(lock) */

	/* Figures of threads that are gone, and of collected children. */
	struct rusage_info dead;	   /* GUARDED_BY(lock) */
	struct rusage_info children_usage; /* GUARDED_BY(proc_tree_lock) */

	struct proc_attr attr; /* PRIVATE(sys/), as proc_attr.h says */

	/* For /proc; set by exec. */
	vaddr_t arg_start, arg_end, env_start, env_end; /* GUARDED_BY(lock) */
	vaddr_t code_start, code_end, data_start,
		data_end;		 /* GUARDED_BY(lock) */
	vaddr_t stack_start, brk_start;	 /* GUARDED_BY(lock) */
	uint64_t auxv[CMDLINE_AUXV_MAX]; /* GUARDED_BY(lock) */
	unsigned nauxv;			 /* GUARDED_BY(lock) */
};

static inline struct uthread *uthread_of(const struct thread *t)
{
	return t->proc_data;
}

static inline struct uthread *current_uthread(void)
{
	return current_thread()->proc_data;
}

/* proc_state.c: the only writer of p->state after creation. */
void proc_set_state_locked(struct proc *p, enum proc_state to);

/* The parent changes, and with it what getppid() says.  Tree lock held. */
static inline void proc_set_parent_locked(struct proc *p, struct proc *parent)
{
	p->parent = parent;
	__atomic_store_n(&p->ppid,
			 parent != NULL ? proc_pid_in(parent, p->ns) : 0,
			 __ATOMIC_RELAXED);
}

/* The real user id that others see; takes p->lock. */
static inline uint32_t proc_uid(struct proc *p)
{
	uint32_t uid;

	spin_lock(&p->lock);
	uid = p->cred->uid;
	spin_unlock(&p->lock);
	return uid;
}

/* Without the address space: usable under spinlocks. */
void proc_usage_threads(struct proc *p, struct rusage_info *out);

/* pid.c */
void pid_init(void);
/* A fresh id, not visible yet: >0, -EAGAIN, -ENOMEM. */
__must_check err_t pid_alloc(int32_t *out);
/* The same with numbers in @ns and all namespaces above it. */
__must_check err_t pid_alloc_in(struct pidns *ns, int32_t *out);
void pid_publish(int32_t pid, struct proc *p, struct thread *t);
/* Lookups by this id fail from now on; the number stays taken. */
void pid_hide(int32_t pid);
/* The thread part alone goes (a leader that exited before its process). */
void pid_hide_thread(int32_t pid);
void pid_hold(int32_t pid); /* one more user of the number */
void pid_release(int32_t pid);

/* proc_create.c */
void proc_count_add(void);
void proc_count_sub(void);
__must_check err_t proc_alloc(struct proc **out);
void proc_release(struct proc *p);
__must_check err_t uthread_create(struct proc *p, const char *name,
				  struct thread **out);

/* proc_group.c */
__must_check err_t session_create(int32_t id, struct session **out);
void session_put(struct session *s);
__must_check err_t pgrp_create(int32_t id, struct session *s,
			       struct pgrp **out);
void pgrp_get(struct pgrp *g);
/* Context: no spinlock above PROC_TREE matters; frees at 0. */
void pgrp_put(struct pgrp *g);
void pgrp_join_locked(struct proc *p, struct pgrp *g);
void pgrp_leave_locked(struct proc *p);
bool pgrp_orphaned_locked(struct pgrp *g, const struct proc *ignore);
bool pgrp_has_stopped_locked(struct pgrp *g);

/* proc_bury.c */
/*
 * A dead process was collected, or nobody will: tree lock held.  True when it
 * left the tree: the caller puts the tree's reference.
 */
__must_check bool proc_bury_locked(struct proc *p);

/* proc_exit.c */
void proc_robust_exit(void); /* while the thread's memory is loaded */
void proc_kill_threads_locked(struct proc *p, struct thread *but);
void completion_done(struct completion *c);
__must_check err_t completion_create(struct completion **out);
void completion_put(struct completion *c);
__must_check err_t completion_wait(struct completion *c);

/* signal*.c */
__must_check err_t sig_create(struct sig **out);
__must_check err_t sig_copy(struct sig *from, struct sig **out);
void sig_get(struct sig *s);
void sig_put(struct sig *s);
void sig_reset_for_exec(struct sig *s);
void sig_pending_init(struct sig_pending *q);
void sig_pending_flush(struct proc *p, struct sig_pending *q);
/* Signals of @set that a thread will not take after all.  Both locks held. */
void sig_retarget_locked(struct proc *p, sigset_bits set);
struct sig_action sig_action_of(struct proc *p, int signo);
/* A thread of a stopping process at its edge. */
void proc_stop_here(struct proc *p);
void proc_stop_begin(struct proc *p, int signo);
void proc_stop_report(struct proc *p);
void proc_continue(struct proc *p);
void proc_wake_parent_locked(struct proc *parent);
void signal_parent_locked(struct proc *p, int why, int status);
void signal_deliver(struct regs *r);

/* itimer.c */
void itimer_init(struct proc *p);
void itimer_fini(struct proc *p);

/* user.c */
struct user *user_get(uint32_t uid); /* NULL when out of memory */
void user_put(struct user *u);

/* exec */
void proc_exec_done(struct proc *p);
