/* SPDX-License-Identifier: MIT */
/*
 * The fault injector of the debug flavour: each thread counts its own fault
 * points, so that a test is not disturbed by what runs beside it.
 */
#include <arch/percpu.h>
#include <debug/fault.h>
#include <debug/trace.h>
#include <sched/thread.h>

#if CONFIG_DEBUG
bool fault_point(const char *name)
{
	struct thread *t = current_thread();

	if (t == NULL || likely(t->fault_nth == 0) || in_irq())
		return false;
	if (--t->fault_nth != 0)
		return false;
	t->fault_hit = true;
	trace(TR_MARK, (uintptr_t)name, 0, 0);
	return true;
}

void fault_arm(unsigned nth)
{
	struct thread *t = current_thread();

	t->fault_nth = nth;
	t->fault_hit = false;
}

bool fault_fired(void)
{
	struct thread *t = current_thread();
	bool hit = t->fault_hit;

	t->fault_nth = 0;
	t->fault_hit = false;
	return hit;
}
#endif
