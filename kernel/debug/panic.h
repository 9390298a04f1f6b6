/* SPDX-License-Identifier: MIT */
/* The end: what panics print, and who adds to it. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct regs;

/* Prints one line; printf formats. */
typedef void (*panic_print_fn)(const char *fmt, ...);

/*
 * What upper layers can tell.  Each may be NULL; each is called once, with
 * interrupts off, and takes no lock.  One that faults ends the report.
 */
struct panic_ops {
	/* Make the console usable by polling. */
	void (*console_takeover)(void);
	/* The thread and process that run here. */
	void (*dump_thread)(panic_print_fn print);
	void (*dump_locks)(panic_print_fn print);
	/* The last records of the trace ring and of state changes. */
	void (*dump_trace)(panic_print_fn print);
};
extern struct panic_ops panic_ops;

/* panic() with the registers of the code that went wrong. */
__noreturn __cold void panic_regs(const struct regs *r, const char *fmt, ...)
	__printf(2, 3);
/* Has the kernel begun to die?  Checks that would only add noise ask this. */
bool panic_in_progress(void);

/* The callers from frame @fp on (0: this function's), a line each. */
void backtrace_print(panic_print_fn print, vaddr_t fp);
