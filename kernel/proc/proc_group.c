/* SPDX-License-Identifier: MIT */
/* Process groups and sessions, with the rules of POSIX job control. */
#include <lib/assert.h>
#include <lib/err.h>
#include <mm/slab.h>

#include "proc_impl.h"

void (*proc_session_leader_died)(struct tty *t, int32_t sid);

err_t session_create(int32_t id, struct session **out)
{
	struct session *s = kzalloc(sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	ref_init(&s->ref, 1);
	s->id = id;
	pid_hold(id);
	*out = s;
	return 0;
}

void session_put(struct session *s)
{
	if (!ref_put(&s->ref))
		return;
	pid_release(s->id);
	kfree(s);
}

err_t pgrp_create(int32_t id, struct session *s, struct pgrp **out)
{
	struct pgrp *g = kzalloc(sizeof(*g));

	if (g == NULL)
		return -ENOMEM;
	ref_init(&g->ref, 1);
	list_init(&g->members);
	g->id = id;
	g->session = s;
	ref_get(&s->ref);
	pid_hold(id);
	*out = g;
	return 0;
}

void pgrp_get(struct pgrp *g)
{
	ref_get(&g->ref);
}

void pgrp_put(struct pgrp *g)
{
	if (!ref_put(&g->ref))
		return;
	session_put(g->session);
	pid_release(g->id);
	kfree(g);
}

/* Takes a reference of its own. */
void pgrp_join_locked(struct proc *p, struct pgrp *g)
{
	pgrp_get(g);
	p->pgrp = g;
	list_add_tail(&g->members, &p->pgrp_link);
}

void pgrp_leave_locked(struct proc *p)
{
	struct pgrp *g = p->pgrp;

	list_del(&p->pgrp_link);
	p->pgrp = NULL;
	pgrp_put(g);
}

static bool dead(const struct proc *p)
{
	return proc_state(p) >= PROC_TOREAP;
}

/*
 * POSIX: orphaned when no member has a parent in another group of the same
 * session.  Members that are dead, and @ignore, do not count.
 */
bool pgrp_orphaned_locked(struct pgrp *g, const struct proc *ignore)
{
	struct proc *p;

	list_foreach_entry(p, &g->members, pgrp_link)
	{
		if (p == ignore || dead(p) || p->parent == NULL ||
		    p->parent->pgrp == NULL || p->parent->pid == 1)
			continue;
		if (p->parent->pgrp != g &&
		    p->parent->pgrp->session == g->session)
			return false;
	}
	return true;
}

bool pgrp_has_stopped_locked(struct pgrp *g)
{
	struct proc *p;

	list_foreach_entry(p, &g->members, pgrp_link) if (p->stop_code != 0 &&
							  !dead(p)) return true;
	return false;
}

/* Any member of the group with global id @pgid; tree lock held. */
static struct pgrp *find_group_locked(int32_t pgid)
{
	struct proc *p = proc_by_pid(&pidns_root, pgid);
	struct pgrp *g = NULL;
	struct proc *q;
	int32_t at = 1;

	if (p != NULL) {
		if (p->pgrp != NULL && p->pgrp->id == pgid)
			g = p->pgrp;
		proc_put(p);
		if (g != NULL)
			return g;
	}
	/* The leader is gone: rare, so a walk is good enough. */
	while (g == NULL && (q = proc_next(&pidns_root, at)) != NULL) {
		if (q->pgrp != NULL && q->pgrp->id == pgid)
			g = q->pgrp;
		at = q->pid + 1;
		proc_put(q);
	}
	return g;
}

/* The target of setpgid(): the caller, or a child that has not exec'ed. */
static err_t check_target_locked(struct proc *self, struct proc *p)
{
	if (p == NULL || dead(p) || p->pgrp == NULL)
		return -ESRCH;
	if (p != self) {
		if (p->parent != self)
			return -ESRCH;
		if (p->pgrp->session != self->pgrp->session)
			return -EPERM;
		if (p->exec_done)
			return -EACCES;
	}
	if (p->pgrp->session->id == p->pid)
		return -EPERM;
	return 0;
}

static err_t move_locked(struct proc *self, struct proc *p, int32_t pgid,
			 struct pgrp **fresh)
{
	struct pgrp *g;
	err_t err = check_target_locked(self, p);

	if (err)
		return err;
	if (p->pgrp->id == pgid)
		return 0;
	g = find_group_locked(pgid);
	if (g == NULL) {
		if (pgid != p->pid)
			return -EPERM;
		if (*fresh == NULL)
			return -EAGAIN; /* the caller makes one, again */
		g = *fresh;
	} else if (g->session != p->pgrp->session) {
		return -EPERM;
	}
	if (g == *fresh && g->session != p->pgrp->session)
		return -EPERM;
	pgrp_get(g); /* p->pgrp's last put must not be this one's */
	pgrp_leave_locked(p);
	pgrp_join_locked(p, g);
	pgrp_put(g);
	return 0;
}

err_t proc_setpgid(int32_t pid, int32_t pgid)
{
	struct proc *self = current_proc(), *p;
	struct pgrp *fresh = NULL;
	struct session *s = NULL;
	err_t err;

	if (pid == 0)
		pid = proc_pid_in(self, self->ns);
	if (pgid == 0)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	p = proc_by_pid(self->ns, pid);
	if (p == NULL)
		return -ESRCH;
	pgid = pid_global(self->ns, pgid); /* 0: no such group */
	spin_lock(&proc_tree_lock);
	err = move_locked(self, p, pgid, &fresh);
	if (err == -EAGAIN) {
		/* Our group may change while none of the locks is held. */
		s = self->pgrp->session;
		ref_get(&s->ref);
	}
	spin_unlock(&proc_tree_lock);
	if (err == -EAGAIN) {
		err = pgrp_create(p->pid, s, &fresh);
		session_put(s);
		if (!err) {
			spin_lock(&proc_tree_lock);
			err = move_locked(self, p, pgid, &fresh);
			spin_unlock(&proc_tree_lock);
			pgrp_put(fresh);
		}
	}
	proc_put(p);
	return err;
}

static int64_t group_or_session(int32_t pid, bool session)
{
	struct proc *self = current_proc(), *p;
	int64_t id = -ESRCH;

	if (pid < 0)
		return -ESRCH;
	p = pid == 0 ? self : proc_by_pid(self->ns, pid);
	if (p == NULL)
		return -ESRCH;
	spin_lock(&proc_tree_lock);
	if (p->pgrp != NULL)
		id = session ? p->pgrp->session->id : p->pgrp->id;
	spin_unlock(&proc_tree_lock);
	if (pid != 0)
		proc_put(p);
	return id > 0 ? pid_local(self->ns, (int32_t)id) : id;
}

int64_t proc_getpgid(int32_t pid)
{
	return group_or_session(pid, false);
}

int64_t proc_getsid(int32_t pid)
{
	return group_or_session(pid, true);
}

int64_t proc_setsid(void)
{
	struct proc *self = current_proc();
	struct session *s;
	struct pgrp *g;
	err_t err;

	err = session_create(self->pid, &s);
	if (err)
		return err;
	err = pgrp_create(self->pid, s, &g);
	session_put(s); /* the group keeps it */
	if (err)
		return err;
	spin_lock(&proc_tree_lock);
	if (find_group_locked(self->pid) != NULL) {
		err = -EPERM;
	} else {
		pgrp_leave_locked(self);
		s->leader = self;
		pgrp_join_locked(self, g);
	}
	spin_unlock(&proc_tree_lock);
	pgrp_put(g);
	return err ? err : proc_pid_in(self, self->ns);
}

static int32_t group_id(struct proc *p, bool session)
{
	int32_t id = 0;

	spin_lock(&proc_tree_lock);
	if (p->pgrp != NULL)
		id = session ? p->pgrp->session->id : p->pgrp->id;
	spin_unlock(&proc_tree_lock);
	return id;
}

int32_t proc_pgid(struct proc *p)
{
	return group_id(p, false);
}

int32_t proc_sid(struct proc *p)
{
	return group_id(p, true);
}

bool proc_group_exists(struct pidns *ns, int32_t pgid, int32_t sid)
{
	struct pgrp *g;
	bool ok;

	(void)ns;
	spin_lock(&proc_tree_lock);
	g = find_group_locked(pgid);
	ok = g != NULL && (sid == 0 || g->session->id == sid);
	spin_unlock(&proc_tree_lock);
	return ok;
}

bool proc_group_is_orphaned(int32_t pgid)
{
	struct pgrp *g;
	bool orphaned;

	spin_lock(&proc_tree_lock);
	g = find_group_locked(pgid);
	orphaned = g == NULL || pgrp_orphaned_locked(g, NULL);
	spin_unlock(&proc_tree_lock);
	return orphaned;
}

/*
 * Not under the tree lock: continuing a member takes it.  A process that
 * joins while this runs may be missed, as on Linux.
 */
unsigned signal_group(int32_t pgid, const struct sig_info *info)
{
	struct proc *p;
	unsigned n = 0;
	int32_t at = 1;

	while ((p = proc_next(&pidns_root, at)) != NULL) {
		at = p->pid + 1;
		if (proc_pgid(p) == pgid && signal_proc(p, info) == 0)
			n++;
		proc_put(p);
	}
	return n;
}

void signal_group_simple(int32_t pgid, int signo)
{
	struct sig_info info = { .signo = signo, .code = 0x80 };

	(void)signal_group(pgid, &info);
}

struct tty *proc_session_tty(struct proc *p)
{
	struct tty *t = NULL;

	spin_lock(&proc_tree_lock);
	if (p->pgrp != NULL)
		t = p->pgrp->session->tty;
	spin_unlock(&proc_tree_lock);
	return t;
}

void proc_session_set_tty(struct proc *p, struct tty *t)
{
	spin_lock(&proc_tree_lock);
	if (p->pgrp != NULL)
		p->pgrp->session->tty = t;
	spin_unlock(&proc_tree_lock);
}

bool proc_is_session_leader(struct proc *p)
{
	bool leader;

	spin_lock(&proc_tree_lock);
	leader = p->pgrp != NULL && p->pgrp->session->leader == p;
	spin_unlock(&proc_tree_lock);
	return leader;
}
