/* SPDX-License-Identifier: MIT */
/*
 * Waiting for children.  The condition is tested under proc_tree_lock, which
 * an exiting child holds from TOREAP to the wake: no death is missed.  Of two
 * racing waiters one takes the child out of the tree, the other looks again.
 * Modelled in tests/model/exit_wait.pml.
 */
#include <lib/assert.h>
#include <lib/err.h>

#include "proc_impl.h"

static bool matches(const struct proc *c, enum wait_which which, int32_t id,
		    unsigned flags)
{
	bool is_clone = c->exit_signal != 17; /* SIGCHLD */

	if (proc_state(c) == PROC_TOMBSTONE)
		return false;
	if ((flags & PWAIT_ALL) == 0 &&
	    is_clone != ((flags & PWAIT_CLONE) != 0))
		return false;
	switch (which) {
	case WAIT_ANY:
		return true;
	case WAIT_PID:
		return c->pid == id;
	case WAIT_PGID:
		return c->pgrp != NULL && c->pgrp->id == id;
	}
	return false;
}

static void fill(struct proc *c, struct wait_result *r)
{
	r->pid = proc_pid_in(c, current_proc()->ns);
	r->uid = proc_uid(c);
	proc_usage_threads(c, &r->usage);
}

/* Takes a dead child out of the tree. */
static void collect(struct proc *self, struct proc *c, unsigned flags,
		    struct wait_result *r, bool *gone)
{
	struct rusage_info *u = &self->children_usage;
	const struct rusage_info *d = &c->children_usage;

	fill(c, r);
	r->status = c->exit_status;
	if ((flags & PWAIT_NOWAIT) != 0)
		return;
	u->user_ns += r->usage.user_ns + d->user_ns;
	u->sys_ns += r->usage.sys_ns + d->sys_ns;
	u->minflt += r->usage.minflt + d->minflt;
	u->majflt += r->usage.majflt + d->majflt;
	u->nvcsw += r->usage.nvcsw + d->nvcsw;
	u->nivcsw += r->usage.nivcsw + d->nivcsw;
	if (r->usage.maxrss_kb > u->maxrss_kb)
		u->maxrss_kb = r->usage.maxrss_kb;
	if (d->maxrss_kb > u->maxrss_kb)
		u->maxrss_kb = d->maxrss_kb;
	*gone = proc_bury_locked(c);
}

/* Something to report about @c?  Then *r is filled. */
static bool try_child(struct proc *self, struct proc *c, unsigned flags,
		      struct wait_result *r, bool *gone)
{
	bool keep = (flags & PWAIT_NOWAIT) != 0;

	if (proc_state(c) == PROC_TOREAP) {
		if ((flags & PWAIT_EXITED) == 0)
			return false;
		collect(self, c, flags, r, gone);
		return true;
	}
	if ((flags & PWAIT_STOPPED) != 0 && c->stop_code != 0 &&
	    !c->stop_reported) {
		fill(c, r);
		r->status = (c->stop_code << 8) | 0x7f;
		c->stop_reported = !keep;
		return true;
	}
	if ((flags & PWAIT_CONTINUED) != 0 && c->continued) {
		fill(c, r);
		r->status = 0xffff;
		c->continued = keep;
		return true;
	}
	return false;
}

err_t proc_wait(enum wait_which which, int32_t id, unsigned flags,
		struct wait_result *out)
{
	struct proc *self = current_proc(), *c, *found = NULL;
	bool any, gone = false;
	err_t err = 0;

	*out = (struct wait_result){ 0 };
	if (which != WAIT_ANY)
		id = pid_global(self->ns, id);
	spin_lock(&proc_tree_lock);
	for (;;) {
		any = false;
		list_foreach_entry(c, &self->children, sibling)
		{
			if (!matches(c, which, id, flags))
				continue;
			any = true;
			if (try_child(self, c, flags, out, &gone)) {
				found = c;
				break;
			}
		}
		if (found != NULL || err)
			break;
		if (!any) {
			err = -ECHILD;
			break;
		}
		if ((flags & PWAIT_NOHANG) != 0)
			break;
		err = waitq_sleep(&self->child_wq, &proc_tree_lock, WAIT_CHILD,
				  NO_DEADLINE);
	}
	spin_unlock(&proc_tree_lock);
	if (found == NULL)
		return err;
	if (gone)
		proc_put(found); /* the tree's reference */
	return 0;
}
