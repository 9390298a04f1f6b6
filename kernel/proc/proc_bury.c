/* SPDX-License-Identifier: MIT */
/*
 * A dead process that nobody waits for any more: it leaves the tree, or stays
 * as a tombstone.
 *
 * A process born by a Camellia call keeps its place while it has living
 * descendants of that kind, so that they keep their position and ancestors
 * keep control.  It has no id any more (a kill is -ESRCH) and belongs to no
 * group.  When the last descendant goes, it goes too, and so may its own
 * parent.  Children born by a Linux call never hold anyone: they were given
 * to init or a subreaper.
 */
#include <lib/assert.h>

#include "proc_impl.h"

static void enter(struct proc *p, enum proc_state state)
{
	spin_lock(&p->lock);
	proc_set_state_locked(p, state);
	spin_unlock(&p->lock);
}

/* What a collected process gives up in either case. */
static void leave_groups_locked(struct proc *p)
{
	pgrp_leave_locked(p);
	pid_hide(p->pid);
	proc_count_sub();
}

/* Out of the tree; returns the parent that may have to follow. */
static struct proc *unlink_locked(struct proc *p)
{
	struct proc *parent = p->parent;

	list_del(&p->sibling);
	proc_set_parent_locked(p, NULL);
	enter(p, PROC_FORGOTTEN);
	return parent;
}

bool proc_bury_locked(struct proc *p)
{
	struct proc *up, *next;

	leave_groups_locked(p);
	if (!list_empty(&p->children)) {
		kassert(p->camellia_born);
		enter(p, PROC_TOMBSTONE);
		return false;
	}
	up = unlink_locked(p);
	while (up != NULL && proc_state(up) == PROC_TOMBSTONE &&
	       list_empty(&up->children)) {
		next = unlink_locked(up);
		proc_put(up); /* the tree's */
		up = next;
	}
	return true;
}
