/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending, pending sets, actions, and what happens at the edge to
 * user mode.  Numbers and layouts are Linux's; building the user frame is
 * the world's business (signal_frame_ops).
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <sched/thread.h>

#define NSIG 64
typedef uint64_t sigset_bits; /* bit n-1 is signal n */
#define SIGBIT(n) (UINT64_C(1) << ((n)-1))

struct proc;
struct sig;

/* Kernel form of siginfo: enough to fill any layout. */
struct sig_info {
	int signo;
	int code; /* SI_* */
	int err;
	int32_t pid; /* sender, as the receiver's namespace sees it */
	uint32_t uid;
	uint64_t value; /* sigval, fault address, timer id ... */
	int status;	/* SIGCHLD */
	int64_t utime, stime;
	uint32_t trapno;
	uint32_t kind; /* SIG_KIND_*: which union member is meant */
};
#define SIG_KIND_KILL  0u
#define SIG_KIND_RT    1u
#define SIG_KIND_CHLD  2u
#define SIG_KIND_FAULT 3u
#define SIG_KIND_TIMER 4u
#define SIG_KIND_POLL  5u

struct sig_action {
	uint64_t handler; /* 0 default, 1 ignore, else user address */
	uint64_t flags;	  /* SA_* */
	uint64_t restorer;
	sigset_bits mask;
};

struct sig_stack {
	vaddr_t sp;
	size_t size;
	int flags; /* SS_* */
};

/* --- sending.  Context: thread or deferred work; takes SIGNAL. --- */
/* To a process; -ESRCH if dead, -EAGAIN if the queue limit is hit (RT). */
__must_check err_t signal_proc(struct proc *p, const struct sig_info *info);
__must_check err_t signal_thread(struct thread *t, const struct sig_info *info);
/* Kernel-made signals: cannot be refused for want of memory. */
void signal_proc_simple(struct proc *p, int signo);
/* To a process group by global id; returns how many got it. */
unsigned signal_group(int32_t pgid, const struct sig_info *info);
void signal_group_simple(int32_t pgid, int signo);
/* A fault of the current thread: cannot be blocked or ignored. */
void signal_force(int signo, int code, vaddr_t addr, unsigned trapno);
/* kill(2) with all its forms; Linux's errors. */
__must_check err_t signal_kill(int32_t pid, int signo);
__must_check err_t signal_tgkill(int32_t tgid, int32_t tid, int signo,
				 const struct sig_info *info);

/* --- state of the current thread and process --- */
sigset_bits signal_mask(const struct thread *t);
void signal_set_mask(sigset_bits mask); /* KILL and STOP never blocked */
sigset_bits signal_pending_set(void);
__must_check err_t signal_action(int signo, const struct sig_action *act,
				 struct sig_action *old);
__must_check err_t signal_suspend(sigset_bits mask); /* always -EINTR */
/* For ppoll, pselect, epoll_pwait: mask until the signal frame is built. */
void signal_mask_during_call(sigset_bits mask);
/* Dequeue one of @set, waiting until @deadline: signo > 0, -EAGAIN, -EINTR. */
__must_check int64_t signal_wait(sigset_bits set, nsec_t deadline,
				 struct sig_info *out);
__must_check err_t signal_altstack(const struct sig_stack *ss, vaddr_t sp,
				   size_t min_size, struct sig_stack *old);
/* For /proc: pending (thread, shared), blocked, ignored, caught. */
void signal_sets(struct proc *p, struct thread *t, sigset_bits out[5]);
bool signal_is_ignored_or_blocked(int signo); /* by the current thread */

bool signal_is_handled(int signo); /* the current process has a handler */

/* Does the current thread have a deliverable signal (or kill)? */
bool signal_interrupted(void);

/*
 * Restarting: a system call that a signal interrupted returns one of these;
 * at the edge they become -EINTR or the call is made again.
 */
#define ERESTARTSYS	      512 /* restart if SA_RESTART */
#define ERESTARTNOINTR	      513 /* always restart */
#define ERESTARTNOHAND	      514 /* restart only if no handler ran */
#define ERESTART_RESTARTBLOCK 516 /* by restart_syscall, new arguments */

/* The world's side, filled by sys/: */
struct signal_frame_ops {
	/*
	 * Push a frame for @info and make @r enter the handler.  -EFAULT when
	 * the stack cannot be written: then SIGSEGV is forced.
	 */
	err_t (*push)(struct regs *r, const struct sig_info *info,
		      const struct sig_action *act, sigset_bits old_mask,
		      const struct sig_stack *alt, bool on_alt);
};
extern struct signal_frame_ops signal_frame_ops;

/* --- timers that end in a signal: alarm, setitimer (ITIMER_REAL) --- */
nsec_t proc_itimer_set(struct proc *p, nsec_t value, nsec_t interval,
		       nsec_t *old_interval); /* returns what was left */
nsec_t proc_itimer_get(struct proc *p, nsec_t *interval);
