/* SPDX-License-Identifier: MIT */
/*
 * Processes: what the rest of the kernel may know.
 *
 * A process holds counted parts: aspace, handles, fsctx (name space), sig
 * (signal actions).  Creation chooses empty, copy or share for each.  States
 * are in proc_states.def; fields belong to kernel/proc/ (proc_impl.h).
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <obj/cred.h>
#include <sched/thread.h>

struct aspace;
struct fsctx;
struct handles;
struct path;
struct pidns;
struct proc;
struct sig;
struct tty;

enum proc_state {
#define PROC_STATE(name, meaning) PROC_##name,
#define PROC_EDGE(from, to, who)
#include <proc/proc_states.def>
#undef PROC_STATE
#undef PROC_EDGE
	PROC_NSTATES,
};
const char *proc_state_name(enum proc_state s);

/* Linux RLIMIT_* numbers. */
#define LIMIT_CPU	 0
#define LIMIT_FSIZE	 1
#define LIMIT_DATA	 2
#define LIMIT_STACK	 3
#define LIMIT_CORE	 4
#define LIMIT_RSS	 5
#define LIMIT_NPROC	 6
#define LIMIT_NOFILE	 7
#define LIMIT_MEMLOCK	 8
#define LIMIT_AS	 9
#define LIMIT_LOCKS	 10
#define LIMIT_SIGPENDING 11
#define LIMIT_MSGQUEUE	 12
#define LIMIT_NICE	 13
#define LIMIT_RTPRIO	 14
#define LIMIT_RTTIME	 15
#define LIMIT_COUNT	 16
#define LIMIT_INFINITY	 UINT64_MAX
struct limit {
	uint64_t cur, max;
};

/* What current_proc() is on this core; NULL in kernel threads. */
static inline struct proc *current_proc(void)
{
	struct thread *t = current_thread();

	return t != NULL ? t->proc : NULL;
}

/* --- references and lookup --- */
void proc_get(struct proc *p);
void proc_put(struct proc *p); /* thread context; the last put frees */
/* By local pid as @viewer's namespace sees it; a reference, or NULL. */
struct proc *proc_by_pid(struct pidns *ns, int32_t pid);
/* A thread by local tid; a reference, or NULL. */
struct thread *thread_by_tid(struct pidns *ns, int32_t tid);
/*
 * Iterate all visible processes in pid order: the first with local pid >=
 * @pid, with a reference; NULL at the end.  Dead uncollected ones included.
 */
struct proc *proc_next(struct pidns *ns, int32_t pid);
/* Likewise the threads of one process. */
struct thread *proc_next_thread(struct proc *p, int32_t tid);

/* --- identity (all IMMUTABLE or read atomically; no lock needed) --- */
int32_t proc_pid(const struct proc *p); /* global id */
int32_t proc_pid_in(const struct proc *p, const struct pidns *ns); /* 0: no */
int32_t thread_tid_in(const struct thread *t, const struct pidns *ns);
struct pidns *proc_pidns(const struct proc *p);
int32_t proc_ppid(struct proc *p); /* as its own namespace sees it */
int32_t proc_pgid(struct proc *p);
int32_t proc_sid(struct proc *p);
enum proc_state proc_state(const struct proc *p);
/* A reference (cred_put) to the current credentials. */
const struct cred *proc_cred(struct proc *p);
/* Borrowed, for the current process only: stays valid during the call. */
const struct cred *current_cred(void);
void proc_set_cred(struct proc *p, struct cred *c); /* consumes @c */
void proc_name(struct proc *p, char out[16]);	    /* comm of the leader */
void thread_set_name(struct thread *t, const char *name);

/*
 * Numbers as @ns sees them, for ids that are not a process at hand (groups,
 * sessions): 0 when there is no such number there.
 */
int32_t pid_local(const struct pidns *ns, int32_t global);
int32_t pid_global(const struct pidns *ns, int32_t local);
/* unshare(CLONE_NEWPID): the caller's next children. 0, -ENOMEM, -ENOSPC. */
__must_check err_t proc_unshare_pids(void);

/* --- its parts; borrowed, valid for the current process; others: NULL once
 * it is dying, so take proc_get_* there (they return a reference or NULL) */
struct aspace *proc_aspace(struct proc *p);
struct handles *proc_handles(struct proc *p);
struct fsctx *proc_fsctx(struct proc *p);
struct sig *proc_sig(struct proc *p);
struct aspace *proc_get_aspace(struct proc *p);
struct handles *proc_get_handles(struct proc *p);
struct fsctx *proc_get_fsctx(struct proc *p);
struct desc *proc_get_exe(struct proc *p); /* desc_put; NULL */
unsigned proc_thread_count(struct proc *p);

/* --- limits --- */
uint64_t proc_limit(const struct proc *p, unsigned which); /* current value */
struct limit proc_get_limit(struct proc *p, unsigned which);
__must_check err_t proc_set_limit(struct proc *p, unsigned which,
				  struct limit l);

/* --- who may act on whom --- */
enum proc_right {
	PROC_MAY_SEE,
	PROC_MAY_SIGNAL,
	PROC_MAY_TRACE,	  /* read memory, handles */
	PROC_MAY_CONTROL, /* priority, affinity, limits, pgid */
};
bool proc_may(struct proc *actor, struct proc *target, enum proc_right r);

/* --- creation (proc_create.c) --- */
enum proc_part {
	PART_EMPTY,
	PART_COPY,
	PART_SHARE
};

struct proc_clone_args {
	uint64_t flags; /* CLONE_* of abi/linux/sched.h that proc/ acts on */
	enum proc_part aspace, handles, fs, sig;
	bool same_process;	 /* CLONE_THREAD: a thread, not a process */
	bool vfork;		 /* parent waits until exec or exit */
	bool parent_of_parent;	 /* CLONE_PARENT */
	int exit_signal;	 /* 0: none */
	const struct regs *regs; /* child's user registers; borrowed */
	bool set_tls;
	uint64_t tls;
	vaddr_t set_child_tid;	 /* write tid there in the child, or 0 */
	vaddr_t clear_child_tid; /* clear and futex-wake at exit, or 0 */
	vaddr_t parent_tid;	 /* write tid there in the parent, or 0 */
};

/**
 * proc_clone - fork, vfork, clone: a new process or thread of the caller
 *
 * Context: thread of a process, may sleep (vfork: killable wait).
 * Returns: the child's local id (>0); -EAGAIN (limits, id space), -ENOMEM.
 */
__must_check int64_t proc_clone(const struct proc_clone_args *a);

/* The first process: made by init/; consumes @fs; pid 1. */
__must_check err_t proc_create_init(struct fsctx *fs, struct proc **out);
/* Start it: the calling kernel thread becomes pid 1's exec (init/). */
__must_check err_t proc_start_init(struct proc *p, const char *path,
				   const char *const *argv,
				   const char *const *envp);

/* --- exec (proc_exec.c) --- */
struct exec_strings; /* argv and envp copied into pages, see exec.h */
/**
 * proc_exec - replace the program of the current process
 * @path: for the shell's messages and AT_EXECFN; @exe already opened
 *
 * Refs:    borrows all.  Returns: 0 (user registers changed: return to user
 *          mode), or -E* with nothing changed.  Past the point of no return
 *          a failure kills the process.
 */
__must_check err_t proc_exec(const struct path *start, const char *path,
			     struct exec_strings *args, unsigned walk_flags);

/* --- death --- */
/* Exit of the calling thread only (SYS_exit). */
__noreturn void proc_thread_exit(int code);
/* Exit of the whole process: @status in wait(2) form (code << 8 | sig). */
__noreturn void proc_exit(int status);
/* From elsewhere: all threads die at their edge. Any thread context. */
void proc_kill(struct proc *p, int status);
/* sleepers before user mode: kill, stop, signals (trap_ops.user_work). */
void proc_user_work(struct regs *r);

/* --- wait --- */
#define PWAIT_EXITED	1u
#define PWAIT_STOPPED	2u
#define PWAIT_CONTINUED 4u
#define PWAIT_NOHANG	8u
#define PWAIT_NOWAIT	16u  /* leave it collectable */
#define PWAIT_NOTHREAD	32u  /* __WNOTHREAD */
#define PWAIT_ALL	64u  /* __WALL */
#define PWAIT_CLONE	128u /* __WCLONE */
enum wait_which {
	WAIT_ANY,
	WAIT_PID,
	WAIT_PGID
};
struct rusage_info {
	nsec_t user_ns, sys_ns;
	uint64_t maxrss_kb, minflt, majflt, nvcsw, nivcsw;
};
struct wait_result {
	int32_t pid; /* local id; 0 with NOHANG and nothing there */
	int status;  /* wait(2) form */
	uint32_t uid;
	struct rusage_info usage;
};
/* 0; -ECHILD; -EINTR. */
__must_check err_t proc_wait(enum wait_which which, int32_t id, unsigned flags,
			     struct wait_result *out);

/* --- groups and sessions: errors are Linux's --- */
__must_check err_t proc_setpgid(int32_t pid, int32_t pgid);
__must_check int64_t proc_getpgid(int32_t pid);
__must_check int64_t proc_getsid(int32_t pid);
__must_check int64_t proc_setsid(void);
bool proc_group_exists(struct pidns *ns, int32_t pgid, int32_t sid);
bool proc_group_is_orphaned(int32_t pgid); /* global id */
/* The controlling terminal of a session: opaque here; dev/ owns it. */
struct tty *proc_session_tty(struct proc *p);		  /* borrowed */
void proc_session_set_tty(struct proc *p, struct tty *t); /* NULL: drop */
bool proc_is_session_leader(struct proc *p);
/* dev/ registers: a session leader dies (hang-up of its terminal). */
extern void (*proc_session_leader_died)(struct tty *t, int32_t sid);

/* --- figures --- */
void proc_usage(struct proc *p, struct rusage_info *self);
void proc_children_usage(struct proc *p, struct rusage_info *out);
nsec_t proc_start_time(const struct proc *p); /* monotonic */
unsigned proc_count(void); /* processes alive or to be collected */
unsigned threads_count(void);
uint64_t proc_forks_total(void);
int proc_exit_status(const struct proc *p);
/* argv and environment areas in its aspace, for /proc. */
void proc_arg_area(struct proc *p, vaddr_t *arg_start, vaddr_t *arg_end,
		   vaddr_t *env_start, vaddr_t *env_end);
void proc_code_area(struct proc *p, vaddr_t *start_code, vaddr_t *end_code,
		    vaddr_t *start_data, vaddr_t *end_data,
		    vaddr_t *start_stack, vaddr_t *start_brk);
size_t proc_auxv(struct proc *p, uint64_t *out, size_t max);
uint32_t proc_personality(struct proc *p);
bool proc_dumpable(struct proc *p);
void proc_init(void);
/* For panics: identity, state and the last transitions.  No locks. */
void proc_dump(const struct proc *p, void (*print)(const char *fmt, ...));
/* init/ registers: the first process died with this status. */
extern void (*proc_init_died)(int status);
