/* SPDX-License-Identifier: MIT */
/* Nodes and their servers: counting, numbers, writers against execution. */
#include <lib/assert.h>
#include <lib/string.h>

#include "ns_impl.h"

void node_init(struct node *n, const struct node_ops *ops, struct server *s,
	       uint32_t mode)
{
	bool dir = (mode & MODE_FMT) == MODE_DIR;

	memset(n, 0, sizeof(*n));
	ref_init(&n->ref, 1);
	n->ops = ops;
	n->server = s;
	mutex_init(&n->lock, dir ? RANK_NODE_DIR : RANK_NODE);
	n->attr.mode = mode;
	n->attr.nlink = 1;
}

void server_get(struct server *s)
{
	ref_get(&s->ref);
}

void server_put(struct server *s)
{
	if (s != NULL && ref_put(&s->ref) && s->fini != NULL)
		s->fini(s);
}

/* Minor numbers of major 0, as Linux has for what is no block device. */
uint64_t server_new_dev(void)
{
	static uint64_t last = 16; /* ATOMIC */
	uint64_t minor = atomic_fetch_add(&last, 1);

	return (minor & 0xff) | (minor & ~UINT64_C(0xff)) << 12;
}

err_t node_get_write(struct node *n)
{
	int32_t old = atomic_load_relaxed(&n->write_denied);

	do {
		if (old < 0)
			return -ETXTBSY;
	} while (!atomic_cas(&n->write_denied, &old, old + 1));
	return 0;
}

void node_put_write(struct node *n)
{
	kassert(atomic_fetch_sub(&n->write_denied, 1) > 0);
}

err_t node_deny_write(struct node *n)
{
	int32_t old = atomic_load_relaxed(&n->write_denied);

	do {
		if (old > 0)
			return -ETXTBSY;
	} while (!atomic_cas(&n->write_denied, &old, old - 1));
	return 0;
}

void node_allow_write(struct node *n)
{
	kassert(atomic_fetch_add(&n->write_denied, 1) < 0);
}
