/* SPDX-License-Identifier: MIT */
/*
 * Fault injection for one thread.
 */
#include <debug/fault.h>

static unsigned countdown;
static bool fired;

bool fault_point(const char *name)
{
	(void)name;
	if (countdown == 0 || --countdown != 0)
		return false;
	fired = true;
	return true;
}

void fault_arm(unsigned nth)
{
	countdown = nth;
	fired = false;
}

bool fault_fired(void)
{
	bool was = fired;

	countdown = 0;
	fired = false;
	return was;
}
