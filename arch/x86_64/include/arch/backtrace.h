/* SPDX-License-Identifier: MIT */
/* Frame-pointer walks; never fault, whatever the stack holds. */
#pragma once

#include <lib/types.h>

struct regs;

/* Return addresses from @fp on (0: the caller's frame); returns how many. */
unsigned backtrace_collect(vaddr_t fp, vaddr_t *out, unsigned max);
vaddr_t regs_frame_pointer(const struct regs *r);
vaddr_t regs_ip(const struct regs *r);
/* Print the registers through @print, for panics. */
void regs_dump(const struct regs *r, void (*print)(const char *fmt, ...));
