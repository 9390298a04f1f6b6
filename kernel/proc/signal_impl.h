/* SPDX-License-Identifier: MIT */
/* Between the signal files. */
#pragma once

#include "proc_impl.h"

enum sig_default {
	SIG_TERM,
	SIG_CORE,
	SIG_IGN_DFL,
	SIG_STOP_DFL,
	SIG_CONT_DFL
};

#define S_HUP	 1
#define S_KILL	 9
#define S_CHLD	 17
#define S_CONT	 18
#define S_STOP	 19
#define S_TSTP	 20
#define S_TTIN	 21
#define S_TTOU	 22
#define S_ALRM	 14
#define S_SEGV	 11
#define S_RT_MIN 32

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO   0x00000004u
#define SA_ONSTACK   0x08000000u
#define SA_RESTART   0x10000000u
#define SA_NODEFER   0x40000000u
#define SA_RESETHAND 0x80000000u

#define STOP_SIGNALS \
	(SIGBIT(S_STOP) | SIGBIT(S_TSTP) | SIGBIT(S_TTIN) | SIGBIT(S_TTOU))
#define UNBLOCKABLE (SIGBIT(S_KILL) | SIGBIT(S_STOP))
/* Synchronous ones go first: their frame must show the fault. */
#define SYNC_SIGNALS \
	(SIGBIT(4) | SIGBIT(5) | SIGBIT(7) | SIGBIT(8) | SIGBIT(S_SEGV) | \
	 SIGBIT(31))

enum sig_default sig_default_of(int signo);
/* Takes the next of @set off @q into *@info; signo or 0.  sig_lock held. */
int sig_dequeue_locked(struct proc *p, struct sig_pending *q, sigset_bits set,
		       struct sig_info *info);
/* Set WORK_SIGNAL where a pending signal can be taken.  sig_lock held. */
void sig_recheck_locked(struct thread *t);
