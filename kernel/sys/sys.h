/* SPDX-License-Identifier: MIT */
/* System calls: the edge between programs and the kernel's modules. */
#pragma once

#include <arch/regs.h>
#include <lib/annot.h>
#include <lib/types.h>

/* Fills trap_ops.syscall, signal_frame_ops and hooks.  Boot, once. */
void sys_init(void);
/* Every call of user space enters here (trap_ops.syscall). */
void sys_dispatch(struct regs *r);

/*
 * Calls that nobody answered, for /proc/kernel/unknown_calls: the @i-th
 * number seen and how often; false past the end.
 */
bool sys_unknown_next(unsigned i, uint64_t *nr, uint64_t *count);
/* The name of a call of any world, or NULL. */
const char *sys_call_name(uint64_t nr);
