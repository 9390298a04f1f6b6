/* SPDX-License-Identifier: MIT */
/*
 * /proc/sysrq-trigger, root only: one letter asks the kernel for something,
 * with Linux's letters.  c: crash (a panic, to see what one says); t: list
 * every thread and what it waits for in the log; o: power off; b: reboot.
 */
#include <arch/cpu.h>
#include <debug/log.h>
#include <lib/assert.h>
#include <sched/thread.h>

#include "procfs_impl.h"

static void list_threads(struct proc *p)
{
	struct thread *t;
	int32_t tid = 1;

	while ((t = proc_next_thread(p, tid)) != NULL) {
		klog("%7d %7d %-15s %-10s %s", proc_pid(p), t->tid, t->name,
		     thread_state_name(t->state), wait_reason_name(t->reason));
		tid = t->tid + 1;
		thread_put(t);
	}
}

static void list_tasks(void)
{
	struct pidns *ns = viewer_ns();
	int32_t at = 1;
	struct proc *p;

	klog("    pid     tid name            state      waits for");
	while ((p = proc_next(ns, at)) != NULL) {
		at = proc_pid_in(p, ns) + 1;
		list_threads(p);
		proc_put(p);
	}
}

err_t proc_sysrq_store(struct proc_node *n, const char *s, size_t len)
{
	(void)n;
	switch (len != 0 ? s[0] : '\0') {
	case 'c':
		panic("sysrq: a crash was asked for by process %d",
		      proc_pid(current_proc()));
	case 't':
		list_tasks();
		return 0;
	case 'o':
		machine_poweroff();
		return 0;
	case 'b':
		machine_reboot();
	default:
		return -EINVAL;
	}
}
