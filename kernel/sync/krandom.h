/* SPDX-License-Identifier: MIT */
/* The kernel's random generator: one locked ChaCha20 state for everybody. */
#pragma once

#include <lib/types.h>

/* Seed from the processor, the clock and @seed (0: none). Called once. */
void krandom_init(uint64_t seed, bool deterministic);
/* Any context but irq. */
void krandom_bytes(void *out, size_t n);
uint64_t krandom_u64(void);
void krandom_mix(const void *data, size_t n);
