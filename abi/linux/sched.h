/* SPDX-License-Identifier: MIT */
/* Creation of processes and threads, and scheduling. */
#pragma once

#include <stdint.h>

#define CSIGNAL		     0x000000ffu
#define CLONE_NEWTIME	     0x00000080u
#define CLONE_VM	     0x00000100u
#define CLONE_FS	     0x00000200u
#define CLONE_FILES	     0x00000400u
#define CLONE_SIGHAND	     0x00000800u
#define CLONE_PIDFD	     0x00001000u
#define CLONE_PTRACE	     0x00002000u
#define CLONE_VFORK	     0x00004000u
#define CLONE_PARENT	     0x00008000u
#define CLONE_THREAD	     0x00010000u
#define CLONE_NEWNS	     0x00020000u
#define CLONE_SYSVSEM	     0x00040000u
#define CLONE_SETTLS	     0x00080000u
#define CLONE_PARENT_SETTID  0x00100000u
#define CLONE_CHILD_CLEARTID 0x00200000u
#define CLONE_DETACHED	     0x00400000u
#define CLONE_UNTRACED	     0x00800000u
#define CLONE_CHILD_SETTID   0x01000000u
#define CLONE_NEWCGROUP	     0x02000000u
#define CLONE_NEWUTS	     0x04000000u
#define CLONE_NEWIPC	     0x08000000u
#define CLONE_NEWUSER	     0x10000000u
#define CLONE_NEWPID	     0x20000000u
#define CLONE_NEWNET	     0x40000000u
#define CLONE_IO	     0x80000000u
/* Only clone3 can say these. */
#define CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)
#define CLONE_INTO_CGROUP   UINT64_C(0x200000000)

struct linux_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
_Static_assert(sizeof(struct linux_clone_args) == 88, "clone_args");
#define CLONE_ARGS_SIZE_VER0 64

#define SCHED_OTHER	    0
#define SCHED_FIFO	    1
#define SCHED_RR	    2
#define SCHED_BATCH	    3
#define SCHED_IDLE	    5
#define SCHED_DEADLINE	    6
#define SCHED_RESET_ON_FORK 0x40000000

struct linux_sched_param {
	int32_t sched_priority;
};

struct linux_sched_attr {
	uint32_t size, sched_policy;
	uint64_t sched_flags;
	int32_t sched_nice;
	uint32_t sched_priority;
	uint64_t sched_runtime, sched_deadline, sched_period;
	uint32_t sched_util_min, sched_util_max;
};
_Static_assert(sizeof(struct linux_sched_attr) == 56, "sched_attr");

#define PRIO_PROCESS 0
#define PRIO_PGRP    1
#define PRIO_USER    2
