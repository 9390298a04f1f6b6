/* SPDX-License-Identifier: MIT */
/*
 * What the handlers of all worlds share.  Only for kernel/sys/.
 *
 * A handler gets the caller's registers and returns the result: 0 or more,
 * or -E*.  It reads its arguments with the macros below and never trusts one.
 */
#pragma once

#include <arch/regs.h>
#include <lib/annot.h>
#include <lib/err.h>
#include <lib/types.h>
#include <mm/ucopy.h>
#include <obj/desc.h>
#include <obj/handles.h>
#include <proc/proc.h>
#include <sys/sys.h>

/* A system call always has a process: no need to look. */
static inline struct proc *self_proc(void)
{
	return current_thread()->proc;
}

typedef int64_t (*syscall_fn)(struct regs *r);

#define ARG0(r) ((r)->rdi)
#define ARG1(r) ((r)->rsi)
#define ARG2(r) ((r)->rdx)
#define ARG3(r) ((r)->r10)
#define ARG4(r) ((r)->r8)
#define ARG5(r) ((r)->r9)

/* A user address as a pointer to copy through. */
#define UPTR(type, addr)       ((type __user *)(uintptr_t)(addr))
#define UPTR_CONST(type, addr) ((const type __user *)(uintptr_t)(addr))

/* Counts a call that is not there; returns -ENOSYS. */
int64_t sys_unknown(uint64_t nr);
void signal_frame_init(void);
void flock_init(void);
void posix_timers_init(void);

/* After a write or a read: Linux's signals and restart codes. */
int64_t sys_io_result(int64_t ret);
