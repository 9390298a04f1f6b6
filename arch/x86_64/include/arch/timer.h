/* SPDX-License-Identifier: MIT */
/* This core's one-shot timer, and messages between cores. */
#pragma once

#include <lib/types.h>

/* Fire trap_ops.timer once, @delta_ns from now (clamped to what fits). */
void core_timer_arm(nsec_t delta_ns);
void core_timer_stop(void);
/* Interrupt @core; it calls trap_ops.ipi. */
void core_ipi(coreid_t core);
