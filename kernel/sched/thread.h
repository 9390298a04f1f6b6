/* SPDX-License-Identifier: MIT */
/*
 * Threads: what runs.  A thread in user mode owns no kernel stack: the stack
 * (kthread) under it belongs to the core, and a thread preempted in user
 * mode is only its saved registers.  A thread that blocks inside the kernel
 * takes its kthread along until it comes back.
 *
 * proc/ embeds nothing: it gets a thread from thread_create() and hangs its
 * own data on thread->proc.
 */
#pragma once

#include <arch/context.h>
#include <arch/percpu.h>
#include <arch/regs.h>
#include <debug/lockrank.h>
#include <lib/annot.h>
#include <lib/list.h>
#include <lib/rbtree.h>
#include <lib/ref.h>
#include <lib/types.h>
#include <sync/spinlock.h>

struct aspace;
struct kthread;
struct proc;
struct waitq;

enum thread_state {
#define THREAD_STATE(name, letter, shown, meaning) THREAD_##name,
#define THREAD_EDGE(from, to, who)
#include <sched/thread_states.def>
#undef THREAD_STATE
#undef THREAD_EDGE
	THREAD_NSTATES,
};

enum wait_reason {
#define WAIT_REASON(name, kind, shown) WAIT_##name,
#include <sched/wait_reasons.def>
#undef WAIT_REASON
	WAIT_NREASONS,
};

/* Bits of thread->work: reasons to leave the fast way back to user mode. */
#define WORK_RESCHED 0x01u /* someone else should run */
#define WORK_SIGNAL  0x02u /* proc/: a signal may be deliverable */
#define WORK_KILL    0x04u /* proc/: die at the edge; ends every wait */
#define WORK_STOP    0x08u /* proc/: stop at the edge */
#define WORK_FPU     0x10u /* this thread's FPU state is in memory */
#define WORK_MSG     0x20u /* a routine message waits on this core */
#define WORK_RESTORE 0x40u /* proc/: saved signal mask to be restored */
#define WORK_TASK    0x80u /* proc/: other edge work */
/* Those that end an interruptible wait. */
#define WORK_INTERRUPT (WORK_SIGNAL | WORK_KILL | WORK_STOP)

/*
 * CPU time is exact in run_ns.  How it splits into user and system time is
 * sampled by timer interrupts (user_ns, sys_ns are what the samples saw; use
 * thread_times()), because a time stamp at each kernel entry costs too much.
 * When a thread exits, user_ns + sys_ns become run_ns.
 */
struct thread_acct {
	nsec_t run_ns;		 /* PRIVATE(the thread's core) */
	nsec_t user_ns, sys_ns;	 /* PRIVATE(the thread's core) sampled */
	uint64_t nvcsw, nivcsw;	 /* PRIVATE(the thread's core) */
	uint64_t minflt, majflt; /* PRIVATE(the thread's core) */
	nsec_t last_stamp;	 /* PRIVATE(the thread's core) */
};

struct thread {
	uint32_t work;	      /* ATOMIC; offset 0: entry code tests it */
	uint32_t on_user_ctx; /* PRIVATE(sched); 1: uctx is the whole state */
	struct spinlock lock; /* rank THREAD */
	enum thread_state state; /* GUARDED_BY(lock) */
	enum wait_reason reason; /* PRIVATE(self), readable by all */
	bool wake_token;	 /* GUARDED_BY(lock): wake came early */
	bool woken_by_timeout;	 /* GUARDED_BY(lock) */
	bool park_token;	 /* GUARDED_BY(lock): unpark() came */
	bool parked;		 /* GUARDED_BY(lock): waits for it alone */
	uint32_t wait_mask;  /* GUARDED_BY(lock): work bits that end the wait */
	bool yields;	     /* PRIVATE(self): sched_yield() on its way out */
	bool static_storage; /* IMMUTABLE; the boot thread */
	uint32_t on_core;    /* ATOMIC; 1 until its state is saved */
	struct ref ref;
	int32_t tid;   /* IMMUTABLE once public; proc/ sets it */
	char name[16]; /* GUARDED_BY(proc's lock); comm */

	struct kthread *kt; /* PRIVATE(sched) stack kept while blocked */
	struct regs uctx;   /* PRIVATE(sched) user registers if on_user_ctx */
	struct segbases bases; /* PRIVATE(sched) valid when not running */
	void *fpu;	       /* IMMUTABLE; XSAVE area or NULL (kernel only) */
	coreid_t fpu_core;     /* PRIVATE(sched) */

	struct proc *proc;     /* IMMUTABLE; strong; NULL: kernel thread */
	struct aspace *aspace; /* PRIVATE(self); borrowed from proc */
	struct list proc_link; /* GUARDED_BY(proc lock) */
	void *proc_data;       /* PRIVATE(proc/): signal state of the thread */

	/* Run queue */
	struct rb_node rq_node; /* GUARDED_BY(run queue) */
	uint64_t vruntime;	/* GUARDED_BY(run queue) weighted ns */
	uint32_t weight;	/* ATOMIC; 1024 is nice 0 */
	int8_t nice;		/* ATOMIC */
	coreid_t core;		/* GUARDED_BY(lock): last or current core */
	nsec_t slice_start;	/* PRIVATE(core) */
	uint64_t affinity[4];	/* GUARDED_BY(lock) 256 cores */

	struct thread_acct acct;	 /* PRIVATE(the thread's core) */
	struct lockrank_mutexes mutexes; /* PRIVATE(self); debug flavour */
	void *wait_object;  /* PRIVATE(self); what for the task list */
	uint32_t fault_nth; /* PRIVATE(self); fault injection countdown */
	bool fault_hit;	    /* PRIVATE(self); the armed point was reached */
	nsec_t start_time;  /* IMMUTABLE */
};

/*
 * Early, before there is memory: core 0, its kthread and the boot thread,
 * which is current from here on.  It may wait only after sched_start().
 */
void sched_init(void);
/*
 * Once kernel memory and the clock work: the idle thread, spare kernel stacks
 * and worker of this core.  thread_create() calls it if nobody did.
 * Returns: 0, -ENOMEM.
 */
__must_check err_t sched_start(void);

/**
 * thread_create - a thread that does not run yet
 * @proc: stored, with the caller's reference; NULL for a kernel thread
 *
 * Context: thread.  Refs: *@out has one reference.  Returns: 0, -ENOMEM.
 */
__must_check err_t thread_create(struct proc *proc, const char *name, bool user,
				 struct thread **out);
/* Its first instruction: user mode at *@r (copied), or fn(arg) in kernel. */
void thread_set_user_start(struct thread *t, const struct regs *r);
__must_check err_t thread_set_kernel_start(struct thread *t, void (*fn)(void *),
					   void *arg);
/* NEW -> RUNNABLE.  Consumes nothing; running threads hold a reference. */
void thread_start(struct thread *t);
/* One that was never started. */
void thread_destroy_new(struct thread *t);
void thread_get(struct thread *t);
void thread_put(struct thread *t);
/* When the last reference of a dead thread goes: proc/ frees proc_data. */
/* It also drops the reference to thread->proc.  Thread context, must not
 * sleep, may take spinlocks of any rank. */
extern void (*thread_release_hook)(struct thread *t);

/* Kernel daemon: create and start in one. */
__must_check err_t kthread_spawn(const char *name, void (*fn)(void *),
				 void *arg, struct thread **out);

/* The current thread is done: never returns.  Interrupts on, no locks. */
__noreturn void thread_exit(void);

static inline unsigned thread_work(const struct thread *t)
{
	return __atomic_load_n(&t->work, __ATOMIC_ACQUIRE);
}

/*
 * Set work bits of any thread and make sure it notices: wakes it from an
 * interruptible wait (if the bits are in WORK_INTERRUPT), or interrupts its
 * core.  Any context.  Locks: takes THREAD.
 */
void thread_set_work(struct thread *t, unsigned bits);
void thread_clear_work(struct thread *t, unsigned bits);

const char *thread_state_name(enum thread_state s);
const char *wait_reason_name(enum wait_reason r);
/* Letter as in Linux' /proc: R S D T Z. */
char thread_letter(const struct thread *t);

/* User registers of the current thread (top of its kernel stack). */
struct regs *current_regs(void);

/*
 * FPU state of the current thread.  After fpu_sync() its memory image
 * (thread->fpu) is what the registers hold; after changing the image, call
 * fpu_changed(), and it is loaded before user mode.
 */
void thread_fpu_sync(void);
void thread_fpu_changed(void);
/* fork: @child, not started yet, gets the current thread's FPU state and
 * segment bases. */
void thread_copy_user_state(struct thread *child);

void thread_set_nice(struct thread *t, int nice);
/* CPU times so far, also of a running thread. */
void thread_times(const struct thread *t, nsec_t *user_ns, nsec_t *sys_ns);

/*
 * The others first.  A kernel thread gives the core away at once; a user
 * thread on its way back to user mode, so it costs no kernel stack: code that
 * must let others run inside the kernel calls sched_point() or waits.
 */
void sched_yield(void);
/* Slow path before user mode (trap_ops.user_work calls proc/ then this). */
void sched_user_work(struct regs *r);
/* nr running + runnable, context switches etc. for /proc. */
struct sched_stats {
	uint64_t switches, threads, running; /* threads: of all cores */
	nsec_t idle_ns, user_ns, sys_ns, irq_ns;
	uint64_t loadavg[3]; /* fixed point, 11 bits */
	uint64_t messages, timers_fired;
};
void sched_get_stats(coreid_t core, struct sched_stats *out);
unsigned core_count_online(void);
/* Run by the boot thread when init/ has nothing left to do: it ends. */
__noreturn void sched_enter(void);
