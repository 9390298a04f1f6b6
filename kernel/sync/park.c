/* SPDX-License-Identifier: MIT */
/*
 * The hooks through which code below the scheduler waits.
 *
 * Until sched_init() there is one thread, so nothing can be contended and
 * nobody else could have the core: waiting then is a bug.
 */
#include <lib/assert.h>
#include <sync/park.h>

static void park_too_early(struct spinlock *l)
{
	panic("park on a lock of rank %u before there is a second thread",
	      (unsigned)l->rank);
}

static void unpark_too_early(struct thread *t)
{
	panic("unpark %p before there is a second thread", (void *)t);
}

static void point_too_early(void)
{
}

static bool dying_too_early(void)
{
	return false;
}

struct park_ops park_ops = {
	.park = park_too_early,
	.unpark = unpark_too_early,
	.point = point_too_early,
	.dying = dying_too_early,
};

void sched_point(void)
{
	assert_may_sleep();
	park_ops.point();
}

bool sched_dying(void)
{
	return park_ops.dying();
}
