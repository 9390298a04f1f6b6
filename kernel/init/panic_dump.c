/* SPDX-License-Identifier: MIT */
/*
 * What a panic says besides its reason: who ran, what was locked, what had
 * happened.  Everything here reads without locks: the system stands still,
 * and what is torn is printed torn.
 */
#include <arch/percpu.h>
#include <debug/lockrank.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <debug/trace.h>
#include <dev/uart.h>
#include <proc/proc.h>
#include <sched/thread.h>

#include "init.h"

#define TRACE_LINES 200

static void console_takeover(void)
{
	klog_console = uart_panic_write;
	klog_console_level = KLOG_DEBUG;
}

static void dump_thread(panic_print_fn print)
{
	const struct thread *t = current_thread();

	if (t == NULL) {
		print("thread: none yet");
		return;
	}
	print("thread: %d (%s) %s, work %x, waits for %s", t->tid, t->name,
	      thread_state_name(t->state), t->work,
	      wait_reason_name(t->reason));
	if (t->proc != NULL)
		proc_dump(t->proc, print);
}

static void dump_trace(panic_print_fn print)
{
	trace_tail(TRACE_LINES, print);
}

void init_panic_dump(void)
{
	panic_ops.console_takeover = console_takeover;
	panic_ops.dump_thread = dump_thread;
	panic_ops.dump_locks = locks_held_dump;
	panic_ops.dump_trace = dump_trace;
}
