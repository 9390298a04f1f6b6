/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Pipes, with and without a name.
 *
 * OBJECTS
 *   struct pipe  a ring of slots of one page each.  A write goes on in the
 *                last page when it fits there whole, else it takes new pages:
 *                so up to PIPE_BUF (a page) is written at once or not at all,
 *                and the pipe is full when no slot is free, as on Linux.
 *                One page that was read empty is kept for the next write.
 *
 * LOCKING
 *   PIPE, a mutex, guards everything: user memory is copied under it.  Poll
 *   takes no lock: it puts its waiters on the queues first and looks at the
 *   counters then, while every change is followed by a full barrier and a
 *   look at the queues; one of the two sees the other.
 *
 * LIFETIME
 *   An anonymous pipe is its node's memory and goes with it; that of a FIFO
 *   is made by the first open and freed with the last description (fifo.c).
 *
 * NOT DONE HERE
 *   SIGPIPE (sys/ raises it at -EPIPE); packets; splice.
 */
#include <arch/mmu.h>
#include <fs/fs.h>
#include <gen/requests.h>
#include <lib/fmt.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <mm/uio.h>
#include <obj/poll.h>
#include <sched/timer.h>

#include "pipe_impl.h"

#define PIPEFS_MAGIC 0x50495045u

static struct kmem_cache *pipe_cache;

static inline bool pipe_empty(const struct pipe *p)
{
	return p->head == p->tail;
}

static inline bool pipe_full(const struct pipe *p)
{
	return p->head - p->tail >= p->nslots;
}

static inline struct pipe_slot *slot_at(struct pipe *p, uint32_t i)
{
	return &p->slots[i & (p->nslots - 1)];
}

static inline uint8_t *slot_bytes(const struct pipe_slot *s)
{
	return phys_to_virt(s->page);
}

/* --- making and freeing --- */

struct pipe *pipe_alloc(void)
{
	struct pipe *p;

	if (pipe_cache == NULL)
		pipe_cache = kmem_cache_create("pipe", sizeof(*p), 0);
	p = kmem_cache_alloc(pipe_cache);
	if (p == NULL)
		return NULL;
	mutex_init(&p->lock, RANK_PIPE);
	waitq_init(&p->rd);
	waitq_init(&p->wr);
	p->head = 0;
	p->tail = 0;
	p->nslots = PIPE_SLOTS;
	p->slots = p->first;
	p->spare = 0;
	p->readers = 0;
	p->writers = 0;
	p->r_counter = 0;
	p->w_counter = 0;
	p->users = 0;
	p->anonymous = false;
	return p;
}

void pipe_free(struct pipe *p)
{
	for (; p->tail != p->head; p->tail++)
		frame_put(slot_at(p, p->tail)->page);
	if (p->spare != 0)
		frame_put(p->spare);
	if (p->slots != p->first)
		kfree(p->slots);
	kmem_cache_free(pipe_cache, p);
}

/*
 * --- waking: after the lock ---
 * waitq_wake_events() looks at the queue behind a full barrier and does
 * nothing where nobody sleeps; it pairs with the queue's lock in poll_wait().
 */

static inline void wake_readers(struct pipe *p)
{
	waitq_wake_events(&p->rd, POLL_IN | POLL_RDNORM);
}

static inline void wake_writers(struct pipe *p)
{
	waitq_wake_events(&p->wr, POLL_OUT | POLL_WRNORM);
}

static inline bool nonblocking(const struct desc *d)
{
	return (atomic_load_relaxed(&d->flags) & DESC_NONBLOCK) != 0;
}

/* --- reading --- */

/* The oldest slot is empty: keep its page if none is kept. */
static inline void drop_oldest(struct pipe *p)
{
	paddr_t page = slot_at(p, p->tail)->page;

	if (p->spare == 0)
		p->spare = page;
	else
		frame_put(page);
	atomic_store_relaxed(&p->tail, p->tail + 1);
}

/* All there is, or as much as is wanted; *@freed: a full pipe has room. */
static err_t take(struct pipe *p, struct uio *u, size_t *done, bool *freed)
{
	struct pipe_slot *s;
	size_t n;
	err_t err;

	while (!pipe_empty(p) && u->left != 0) {
		s = slot_at(p, p->tail);
		n = min_t(size_t, s->len, u->left);
		err = uio_put_all(u, slot_bytes(s) + s->off, n);
		/* What could not be delivered whole stays. */
		if (unlikely(err))
			return err;
		s->off += (uint32_t)n;
		s->len -= (uint32_t)n;
		*done += n;
		if (s->len == 0) {
			*freed = *freed || pipe_full(p);
			drop_oldest(p);
		}
	}
	return 0;
}

static err_t pipe_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	struct pipe *p = d->data;
	bool freed = false;
	err_t err = 0;

	(void)pos;
	if (u->left == 0)
		return 0;
	mutex_lock(&p->lock);
	for (;;) {
		err = take(p, u, done, &freed);
		if (err || *done != 0 || p->writers == 0)
			break;
		if (nonblocking(d)) {
			err = -EAGAIN;
			break;
		}
		err = waitq_sleep_mutex(&p->rd, &p->lock, WAIT_PIPE,
					NO_DEADLINE);
		if (err)
			break;
	}
	mutex_unlock(&p->lock);
	if (freed)
		wake_writers(p);
	return err;
}

/* --- writing --- */

/* What does not fill pages goes behind what is there, if it fits whole. */
static err_t merge(struct pipe *p, struct uio *u, size_t *done)
{
	size_t n = u->left & PAGE_MASK;
	struct pipe_slot *s;
	err_t err;

	if (n == 0 || pipe_empty(p))
		return 0;
	s = slot_at(p, p->head - 1);
	if (s->off + s->len + n > PAGE_SIZE)
		return 0;
	err = uio_get_all(u, slot_bytes(s) + s->off + s->len, n);
	if (err)
		return err;
	s->len += (uint32_t)n;
	*done += n;
	return 0;
}

/* A new page, of which there is room for one. */
static err_t add_page(struct pipe *p, struct uio *u, size_t *done)
{
	struct pipe_slot *s = slot_at(p, p->head);
	size_t n = min_t(size_t, u->left, PAGE_SIZE);
	err_t err;

	if (p->spare == 0) {
		p->spare = frame_alloc(0);
		if (p->spare == 0)
			return -ENOMEM;
	}
	err = uio_get_all(u, phys_to_virt(p->spare), n);
	if (err)
		return err;
	s->page = p->spare;
	s->off = 0;
	s->len = (uint32_t)n;
	p->spare = 0;
	*done += n;
	atomic_store_relaxed(&p->head, p->head + 1);
	return 0;
}

/* The pipe is full: until it is not, or something is wrong. */
static err_t wait_room(struct pipe *p, struct desc *d) REQUIRES(&p->lock)
{
	if (nonblocking(d))
		return -EAGAIN;
	/* They may not have been told yet of what was written before. */
	wake_readers(p);
	return waitq_sleep_mutex(&p->wr, &p->lock, WAIT_PIPE, NO_DEADLINE);
}

static err_t pipe_write(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	struct pipe *p = d->data;
	err_t err;

	(void)pos;
	if (u->left == 0)
		return 0;
	mutex_lock(&p->lock);
	err = p->readers == 0 ? -EPIPE : merge(p, u, done);
	while (!err && u->left != 0) {
		if (p->readers == 0)
			err = -EPIPE;
		else if (!pipe_full(p))
			err = add_page(p, u, done);
		else
			err = wait_room(p, d);
	}
	mutex_unlock(&p->lock);
	if (*done != 0)
		wake_readers(p);
	return err;
}

/* --- poll, control, release --- */

static unsigned pipe_poll(struct desc *d, struct poll_table *pt)
{
	struct pipe *p = d->data;
	uint32_t used;
	unsigned ev = 0;

	if (desc_readable(d))
		poll_wait(pt, &p->rd);
	if (desc_writable(d))
		poll_wait(pt, &p->wr);
	barrier_full(); /* pairs with that of waitq_wake_events() */
	used = atomic_load_relaxed(&p->head) - atomic_load_relaxed(&p->tail);
	if (desc_readable(d)) {
		if (used != 0)
			ev |= POLL_IN | POLL_RDNORM;
		/* No hang-up before anyone was there to hang up. */
		if (atomic_load_relaxed(&p->writers) == 0 &&
		    d->version != atomic_load_relaxed(&p->w_counter))
			ev |= POLL_HUP;
	}
	if (desc_writable(d)) {
		if (used < atomic_load_relaxed(&p->nslots))
			ev |= POLL_OUT | POLL_WRNORM;
		if (atomic_load_relaxed(&p->readers) == 0)
			ev |= POLL_ERR;
	}
	return ev;
}

static int bytes_inside(struct pipe *p)
{
	uint32_t i;
	int n = 0;

	mutex_lock(&p->lock);
	for (i = p->tail; i != p->head; i++)
		n += (int)slot_at(p, i)->len;
	mutex_unlock(&p->lock);
	return n;
}

/* A ring of @n slots, into which what is there must fit. */
static err_t resize_locked(struct pipe *p, uint32_t n)
{
	uint32_t used = p->head - p->tail, i;
	struct pipe_slot *slots;

	if (n < used)
		return -EBUSY;
	slots = kcalloc(n, sizeof(*slots));
	if (slots == NULL)
		return -ENOMEM;
	for (i = 0; i < used; i++)
		slots[i] = *slot_at(p, p->tail + i);
	if (p->slots != p->first)
		kfree(p->slots);
	p->slots = slots;
	atomic_store_relaxed(&p->nslots, n);
	atomic_store_relaxed(&p->tail, 0);
	atomic_store_relaxed(&p->head, used);
	return 0;
}

static err_t set_size(struct pipe *p, const struct cred *c, int *size)
{
	uint32_t n = 1;
	err_t err;

	if (*size < 0)
		return -EINVAL;
	while (n * PAGE_SIZE < (uint64_t)*size)
		n *= 2;
	if (n > PIPE_SLOTS_MAX && !cred_is_root(c))
		return -EPERM;
	if (n > 64 * PIPE_SLOTS_MAX)
		return -EINVAL;
	mutex_lock(&p->lock);
	err = resize_locked(p, n);
	mutex_unlock(&p->lock);
	if (err)
		return err;
	*size = (int)(n * PAGE_SIZE);
	wake_writers(p);
	return 0;
}

#define CONTROL_FIONREAD 0x541bu

static err_t pipe_control(struct desc *d, unsigned cmd, void *arg)
{
	struct pipe *p = d->data;

	switch (cmd) {
	case CONTROL_FIONREAD:
		*(int *)arg = bytes_inside(p);
		return 0;
	case PIPE_CONTROL_GET_SIZE:
		*(int *)arg =
			(int)(atomic_load_relaxed(&p->nslots) * PAGE_SIZE);
		return 0;
	case PIPE_CONTROL_SET_SIZE:
		return set_size(p, d->cred, arg);
	default:
		return -ENOTTY;
	}
}

void pipe_leave(struct pipe *p, const struct desc *d)
{
	uint32_t acc = d->mode & DESC_ACCMODE;

	mutex_lock(&p->lock);
	if (acc != DESC_WRONLY)
		atomic_store_relaxed(&p->readers, p->readers - 1);
	if (acc != DESC_RDONLY)
		atomic_store_relaxed(&p->writers, p->writers - 1);
	mutex_unlock(&p->lock);
	waitq_wake_events(&p->rd, POLL_IN | POLL_RDNORM | POLL_HUP);
	waitq_wake_events(&p->wr, POLL_OUT | POLL_WRNORM | POLL_ERR);
}

static void pipe_release(struct desc *d)
{
	struct pipe *p = d->data;

	pipe_leave(p, d);
	if (!p->anonymous)
		fifo_drop(d->node, p);
}

const struct desc_ops pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.control = pipe_control,
	.release = pipe_release,
	.stream = true,
	.nopos_lock = true,
};

/* --- the server of pipes without a name --- */

static void pipe_node_release(struct node *n)
{
	pipe_free(container_of(n, struct pipe, node));
}

static struct server pipe_server = {
	.type = "pipefs",
	.dev = 12,
	.magic = PIPEFS_MAGIC,
	.ref = { 1 },
	.release = pipe_node_release,
};

static err_t pipe_nameof(struct node *n, struct req_nameof *r)
{
	r->len = ksnprintf(r->buf.p, r->buf.size, "pipe:[%llu]",
			   (unsigned long long)n->attr.ino);
	r->dir = NULL;
	return 0;
}

static err_t pipe_setattr(struct node *n, struct req_setattr *r)
{
	mutex_lock(&n->lock);
	if ((r->mask & ATTR_MODE) != 0)
		n->attr.mode = MODE_FIFO | (r->attr.mode & 07777);
	if ((r->mask & ATTR_UID) != 0)
		n->attr.uid = r->attr.uid;
	if ((r->mask & ATTR_GID) != 0)
		n->attr.gid = r->attr.gid;
	n->attr.ctime = clock_realtime();
	mutex_unlock(&n->lock);
	return 0;
}

static const struct node_ops pipe_node_ops = {
	.nameof = pipe_nameof,
	.setattr = pipe_setattr,
};

static void pipe_node_init(struct pipe *p, const struct cred *c)
{
	static uint64_t last_ino = 1000; /* ATOMIC */
	struct node_attr *a = &p->node.attr;
	nsec_t now = clock_realtime();

	node_init(&p->node, &pipe_node_ops, &pipe_server, MODE_FIFO | 0600);
	p->node.fifo = p;
	a->ino = atomic_fetch_add(&last_ino, 1);
	a->uid = c->fsuid;
	a->gid = c->fsgid;
	a->atime = now;
	a->mtime = now;
	a->ctime = now;
	a->btime = now;
}

err_t pipe_create(const struct cred *c, uint32_t flags, struct desc **rd,
		  struct desc **wr)
{
	struct pipe *p = pipe_alloc();
	err_t err;

	if (p == NULL)
		return -ENOMEM;
	p->anonymous = true;
	p->readers = 1;
	p->writers = 1;
	p->r_counter = 1;
	p->w_counter = 1;
	pipe_node_init(p, c);
	flags &= DESC_NONBLOCK;
	err = desc_create(&pipe_ops, &p->node, NULL, c, flags | DESC_RDONLY,
			  rd);
	if (err)
		goto out;
	(*rd)->data = p;
	err = desc_create(&pipe_ops, &p->node, NULL, c, flags | DESC_WRONLY,
			  wr);
	if (err) {
		desc_put(*rd);
		goto out;
	}
	(*wr)->data = p;
out:
	node_put(&p->node);
	return err;
}
