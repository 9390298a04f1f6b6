/* SPDX-License-Identifier: MIT */
/*
 * Named pipes: opening one end waits for the other, as Linux has it.
 *
 * node->fifo, under the node's lock, is the pipe while anybody has it open;
 * p->users counts them.  Counters of all opens so far tell a waiter that its
 * partner came, even if it left at once.
 */
#include <fs/fs.h>
#include <ns/ns.h>

#include "pipe_impl.h"

static err_t fifo_take(struct node *n, struct pipe **out)
{
	struct pipe *p;

	mutex_lock(&n->lock);
	p = n->fifo;
	if (p == NULL) {
		p = pipe_alloc();
		n->fifo = p;
	}
	if (p != NULL)
		p->users++;
	mutex_unlock(&n->lock);
	*out = p;
	return p == NULL ? -ENOMEM : 0;
}

void fifo_drop(struct node *n, struct pipe *p)
{
	bool last;

	mutex_lock(&n->lock);
	last = --p->users == 0 && !p->anonymous;
	if (last)
		n->fifo = NULL;
	mutex_unlock(&n->lock);
	if (last)
		pipe_free(p);
}

/* Until @counter changes: somebody opened the other end. */
static err_t wait_partner(struct pipe *p, const uint32_t *counter)
	REQUIRES(&p->lock)
{
	uint32_t seen = *counter;
	err_t err;

	while (*counter == seen) {
		err = waitq_sleep_mutex(&p->rd, &p->lock, WAIT_PIPE,
					NO_DEADLINE);
		/* The partner counts even beside a signal. */
		if (err)
			return *counter == seen ? err : 0;
	}
	return 0;
}

static void add_reader(struct pipe *p)
{
	p->r_counter++;
	atomic_store_relaxed(&p->readers, p->readers + 1);
}

static void add_writer(struct pipe *p)
{
	atomic_store_relaxed(&p->w_counter, p->w_counter + 1);
	atomic_store_relaxed(&p->writers, p->writers + 1);
}

static err_t open_reader(struct pipe *p, struct desc *d, bool wait)
	REQUIRES(&p->lock)
{
	add_reader(p);
	waitq_wake_all(&p->rd);
	if (p->anonymous || p->writers != 0)
		return 0;
	if (wait)
		return wait_partner(p, &p->w_counter);
	/* No hang-up is reported until a writer has come and gone. */
	d->version = p->w_counter;
	return 0;
}

static err_t open_writer(struct pipe *p, bool wait) REQUIRES(&p->lock)
{
	add_writer(p);
	waitq_wake_all(&p->rd);
	if (p->anonymous || p->readers != 0 || !wait)
		return 0;
	return wait_partner(p, &p->r_counter);
}

static err_t open_end(struct pipe *p, struct desc *d, bool wait, bool *counted)
	REQUIRES(&p->lock)
{
	*counted = true;
	switch (d->mode & DESC_ACCMODE) {
	case DESC_RDONLY:
		return open_reader(p, d, wait);
	case DESC_WRONLY:
		if (!wait && !p->anonymous && p->readers == 0) {
			*counted = false;
			return -ENXIO;
		}
		return open_writer(p, wait);
	case DESC_RDWR:
		add_reader(p);
		add_writer(p);
		waitq_wake_all(&p->rd);
		return 0;
	default:
		*counted = false;
		return -EINVAL;
	}
}

err_t fifo_open(struct node *n, struct desc *d, uint32_t flags)
{
	bool counted;
	struct pipe *p;
	err_t err;

	err = fifo_take(n, &p);
	if (err)
		return err;
	mutex_lock(&p->lock);
	err = open_end(p, d, (flags & DESC_NONBLOCK) == 0, &counted);
	mutex_unlock(&p->lock);
	if (err) {
		if (counted)
			pipe_leave(p, d);
		fifo_drop(n, p);
		return err;
	}
	d->data = p;
	d->ops = &pipe_ops;
	return 0;
}
