/* SPDX-License-Identifier: MIT */
/*
 * Opening a program: needs permission to execute, not to read, and as long as
 * the description lives (the process and its mappings keep it) nobody may
 * open the file for writing.
 */
#include <lib/err.h>
#include <ns/ns.h>
#include <obj/desc.h>

static err_t exec_read(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	return node_file_ops.read(d, u, pos, done);
}

static err_t exec_map(struct desc *d, unsigned prot, bool shared,
		      struct vmobj **out)
{
	return node_file_ops.map(d, prot, shared, out);
}

static void exec_release(struct desc *d)
{
	node_allow_write(d->node);
}

/* Until writers are shut out there is nothing to release. */
static const struct desc_ops closed_ops = { .stream = true };
static const struct desc_ops exec_ops = {
	.read = exec_read,
	.map = exec_map,
	.release = exec_release,
};

err_t ns_open_exec(const struct walk *w, const struct path *p,
		   struct desc **out)
{
	struct desc *d;
	err_t err;

	if (p->node->vmobj == NULL)
		return -EACCES;
	err = desc_create(&closed_ops, p->node, p->mnt, w->cred, DESC_RDONLY,
			  &d);
	if (err)
		return err;
	err = node_deny_write(p->node);
	if (err) {
		desc_put(d);
		return err;
	}
	d->ops = &exec_ops;
	*out = d;
	return 0;
}
