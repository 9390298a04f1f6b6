/* SPDX-License-Identifier: MIT */
/* Tombstones: who stays in the tree, and when the last one lets go. */
#include <debug/ktest.h>
#include <lib/err.h>

#include "../../kernel/proc/proc_impl.h"

/* A process without parts below @parent, LIVE, in @g. */
static struct proc *make(struct proc *parent, struct pgrp *g)
{
	struct proc *p;

	if (proc_alloc(&p) != 0 || pid_alloc(&p->pid) != 0)
		return NULL;
	p->camellia_born = true;
	p->ns = &pidns_root;
	spin_lock(&proc_tree_lock);
	pgrp_join_locked(p, g);
	if (parent != NULL) {
		proc_set_parent_locked(p, parent);
		list_add_tail(&parent->children, &p->sibling);
	}
	spin_lock(&p->lock);
	proc_set_state_locked(p, PROC_LIVE);
	spin_unlock(&p->lock);
	spin_unlock(&proc_tree_lock);
	proc_count_add();
	return p;
}

/* Dead and collected: the state it takes. */
static enum proc_state bury(struct proc *p)
{
	enum proc_state s;
	bool gone;

	proc_get(p);
	spin_lock(&proc_tree_lock);
	spin_lock(&p->lock);
	proc_set_state_locked(p, PROC_DYING);
	proc_set_state_locked(p, PROC_DYING_ABORT);
	proc_set_state_locked(p, PROC_TOREAP);
	spin_unlock(&p->lock);
	gone = proc_bury_locked(p);
	spin_unlock(&proc_tree_lock);
	s = proc_state(p);
	if (gone)
		proc_put(p);
	proc_put(p);
	return s;
}

KTEST(tombstones_go_with_their_last_descendant)
{
	struct proc *top, *mid, *leaf;
	struct session *s;
	struct pgrp *g;
	int32_t id;

	KCHECK(pid_alloc(&id) == 0);
	KCHECK(session_create(id, &s) == 0);
	KCHECK(pgrp_create(id, s, &g) == 0);
	session_put(s);
	top = make(NULL, g);
	mid = make(top, g);
	leaf = make(mid, g);
	KCHECK(top != NULL && mid != NULL && leaf != NULL);
	proc_get(mid);
	KCHECK(bury(mid) == PROC_TOMBSTONE);
	KCHECK(proc_by_pid(&pidns_root, mid->pid) == NULL);
	KCHECK(!list_empty(&top->children));
	KCHECK(bury(leaf) == PROC_FORGOTTEN);
	/* The cascade took the one in the middle, not the living one. */
	KCHECK(proc_state(mid) == PROC_FORGOTTEN);
	KCHECK(proc_state(top) == PROC_LIVE && list_empty(&top->children));
	proc_put(mid);
	KCHECK(bury(top) == PROC_FORGOTTEN);
	pgrp_put(g);
	pid_release(id);
}
