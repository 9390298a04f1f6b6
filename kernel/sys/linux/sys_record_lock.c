/* SPDX-License-Identifier: MIT */
/*
 * Record locks: fcntl's F_SETLK on stretches of a file, owned by a process
 * (by its table of handles) or, in the OFD form, by an open description.
 *
 * A process's locks on a file go with any of its descriptors for that file;
 * record_locks_drop_fd() is called before a descriptor goes.
 */
#include <lib/atomic.h>
#include <mm/slab.h>
#include <proc/proc_attr.h>

#include "file_locks.h"
#include "linux_impl.h"

/* The stretch that the user named, from 0 on: 0, -EINVAL, -EOVERFLOW. */
static err_t stretch_of(struct desc *d, const struct linux_flock *fl,
			struct file_lock *l)
{
	int64_t start = fl->l_start, end;

	switch (fl->l_whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		if (__builtin_add_overflow(
			    start, (int64_t)atomic_load_relaxed(&d->pos),
			    &start))
			return -EOVERFLOW;
		break;
	case SEEK_END:
		if (__builtin_add_overflow(
			    start,
			    (int64_t)atomic_load_relaxed(&d->node->attr.size),
			    &start))
			return -EOVERFLOW;
		break;
	default:
		return -EINVAL;
	}
	end = INT64_MAX;
	if (fl->l_len > 0) {
		if (__builtin_add_overflow(start, fl->l_len - 1, &end))
			return -EOVERFLOW;
	} else if (fl->l_len < 0) {
		end = start - 1;
		start += fl->l_len;
	}
	if (start < 0)
		return -EINVAL;
	l->start = (uint64_t)start;
	l->end = (uint64_t)end;
	return 0;
}

/*
 * Cuts @cut out of what its owner holds.  @spare is used when a lock falls
 * into two; NULL comes back when it was.
 */
static struct file_lock *carve_locked(struct file_bucket *b,
				      const struct file_lock *cut,
				      struct file_lock *spare,
				      struct list *gone)
{
	struct file_lock *l, *tmp;

	list_foreach_entry_safe(l, tmp, &b->locks, link)
	{
		if (l->node != cut->node || l->owner != cut->owner ||
		    l->whole || l->start > cut->end || l->end < cut->start)
			continue;
		if (l->start < cut->start && l->end > cut->end) {
			*spare = *l;
			spare->start = cut->end + 1;
			l->end = cut->start - 1;
			list_add(&l->link, &spare->link);
			return NULL;
		}
		if (l->start < cut->start) {
			l->end = cut->start - 1;
		} else if (l->end > cut->end) {
			l->start = cut->end + 1;
		} else {
			list_del(&l->link);
			list_add(gone, &l->link);
		}
	}
	return spare;
}

static void free_all(struct list *gone)
{
	struct list *l;

	while ((l = list_pop(gone)) != NULL)
		kfree(list_entry(l, struct file_lock, link));
}

static int64_t get_lock(const struct file_lock *want, struct linux_flock *fl,
			uint64_t arg)
{
	struct file_bucket *b = file_bucket_of(want->node);
	struct file_lock *l;

	spin_lock(&b->lock);
	l = file_conflict_locked(b, want);
	if (l == NULL) {
		fl->l_type = F_UNLCK;
	} else {
		fl->l_type = l->exclusive ? F_WRLCK : F_RDLCK;
		fl->l_whence = SEEK_SET;
		fl->l_start = (int64_t)l->start;
		fl->l_len = l->end >= INT64_MAX
				    ? 0
				    : (int64_t)(l->end - l->start + 1);
		fl->l_pid = l->pid;
	}
	spin_unlock(&b->lock);
	return put_user(UPTR(struct linux_flock, arg), fl);
}

static int64_t set_lock(struct desc *d, const struct file_lock *want,
			bool unlock, bool wait)
{
	struct file_bucket *b = file_bucket_of(want->node);
	struct file_lock *mine = kmalloc(sizeof(*mine));
	struct file_lock *spare = kmalloc(sizeof(*spare));
	struct list gone = LIST_INIT(gone);
	err_t err = mine == NULL || spare == NULL ? -ENOLCK : 0;

	if (err)
		goto out;
	*mine = *want;
	spin_lock(&b->lock);
	while (!unlock && file_conflict_locked(b, want) != NULL) {
		err = wait ? waitq_sleep(&b->wq, &b->lock, WAIT_FLOCK,
					 NO_DEADLINE)
			   : -EAGAIN;
		if (err)
			break;
	}
	if (err == 0) {
		spare = carve_locked(b, want, spare, &gone);
		if (!unlock) {
			list_add_tail(&b->locks, &mine->link);
			mine = NULL;
			if (want->owner == d)
				d->flock = b;
			else
				handles_note_locks(my_handles());
		}
		/* Less may be held now than before. */
		waitq_wake_all(&b->wq);
	}
	spin_unlock(&b->lock);
	free_all(&gone);
out:
	kfree(mine);
	kfree(spare);
	return err == -EINTR ? -ERESTARTSYS : err;
}

int64_t record_lock_control(struct desc *d, uint32_t cmd, uint64_t arg)
{
	bool ofd = cmd >= F_OFD_GETLK,
	     get = cmd == F_GETLK || cmd == F_OFD_GETLK;
	struct file_lock want = { .node = d->node };
	uint32_t acc = d->mode & DESC_ACCMODE;
	struct linux_flock fl;
	err_t err;

	if (get_user(&fl, UPTR_CONST(struct linux_flock, arg)) != 0)
		return -EFAULT;
	if (ofd && fl.l_pid != 0)
		return -EINVAL;
	if (fl.l_type != F_RDLCK && fl.l_type != F_WRLCK &&
	    (get || fl.l_type != F_UNLCK))
		return -EINVAL;
	if (d->node == NULL)
		return -EINVAL;
	err = stretch_of(d, &fl, &want);
	if (err)
		return err;
	want.exclusive = fl.l_type == F_WRLCK;
	want.owner = ofd ? (const void *)d : (const void *)my_handles();
	want.pid = ofd ? -1 : proc_pid_in(self_proc(), proc_pidns(self_proc()));
	if (get)
		return get_lock(&want, &fl, arg);
	if ((fl.l_type == F_RDLCK && acc == DESC_WRONLY) ||
	    (fl.l_type == F_WRLCK && acc == DESC_RDONLY))
		return -EBADF;
	return set_lock(d, &want, fl.l_type == F_UNLCK,
			cmd == F_SETLKW || cmd == F_OFD_SETLKW);
}

/* Apart, so that a close without locks has nothing on the stack. */
static __noinline void drop_fd(int fd)
{
	struct desc *d;

	if (fd_get_any(fd, &d) != 0)
		return;
	if (d->node != NULL)
		(void)file_drop_owner(d->node, my_handles(), false);
	desc_put(d);
}

void record_locks_drop_fd(int fd)
{
	if (unlikely(handles_noted_locks(my_handles())))
		drop_fd(fd);
}

/* exec: the locks go with those descriptors that it closes. */
void record_locks_drop_cloexec(struct proc *p)
{
	struct handles *h = proc_handles(p);
	unsigned flags;

	if (likely(!handles_noted_locks(h)))
		return;
	for (int fd = handle_next(h, 0); fd >= 0; fd = handle_next(h, fd + 1)) {
		if (handle_get_flags(h, fd, &flags) == 0 &&
		    (flags & HANDLE_CLOEXEC) != 0)
			record_locks_drop_fd(fd);
	}
}

/*
 * A process ends: its locks go, unless another one uses its handles.  Not by
 * descriptor: a lock that was waited for may have come after the close.
 */
void record_locks_drop_all(struct proc *p)
{
	struct handles *h = proc_handles(p);

	if (h != NULL && handles_noted_locks(h) && handles_users(h) == 0)
		file_drop_everywhere(h);
}
