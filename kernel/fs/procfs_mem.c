/* SPDX-License-Identifier: MIT */
/* What /proc says about a process' memory: maps, strings, the bytes. */
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/uio.h>
#include <ns/chardev.h>
#include <proc/signal.h>
#include <sync/park.h>

#include "procfs_impl.h"

#define NAME_COLUMN 73u
#define COPY_MAX    4096u
#define STRINGS_MAX (2u << 20)
#define AUXV_MAX    40u
typedef unsigned long long ull;

/* --- maps --- */

static const char *region_name(const struct region_info *r)
{
	if (r->name != NULL)
		return r->name;
	if ((r->flags & REG_HEAP) != 0)
		return "[heap]";
	if ((r->flags & REG_STACK) != 0)
		return "[stack]";
	return (r->flags & REG_VDSO) != 0 ? "[vdso]" : NULL;
}

static void pad_to(struct text *t, size_t start, size_t column)
{
	do
		text_str(t, " ");
	while (!t->failed && t->len - start < column);
}

static void show_region(struct text *t, const struct region_info *r)
{
	struct desc *d = r->file;
	struct node *n = d != NULL ? d->node : NULL;
	const char *name = region_name(r);
	uint64_t dev = n != NULL ? n->server->dev : 0;
	size_t start = t->len;
	struct path p;

	text_printf(t, "%08llx-%08llx %c%c%c%c %08llx %02x:%02x %llu",
		    (ull)r->start, (ull)r->end,
		    (r->prot & PROT_R) != 0 ? 'r' : '-',
		    (r->prot & PROT_W) != 0 ? 'w' : '-',
		    (r->prot & PROT_X) != 0 ? 'x' : '-',
		    (r->flags & REG_SHARED) != 0 ? 's' : 'p',
		    n != NULL ? (ull)r->offset : 0ull, DEV_MAJOR(dev),
		    DEV_MINOR(dev), n != NULL ? (ull)n->attr.ino : 0ull);
	if (n != NULL || name != NULL)
		pad_to(t, start, NAME_COLUMN);
	if (n != NULL) {
		p = (struct path){ d->mnt, n };
		if (proc_text_path(t, &p) != 0)
			t->failed = true;
	} else if (name != NULL) {
		text_str(t, name);
	}
	text_str(t, "\n");
}

err_t proc_show_maps(struct proc_node *n, struct text *t)
{
	struct aspace *as = proc_get_aspace(n->proc);
	struct region_info r;
	vaddr_t at = 0;

	if (as == NULL)
		return 0; /* a dead one has none */
	while (!t->failed && aspace_next_region(as, at, &r)) {
		show_region(t, &r);
		if (r.file != NULL)
			map_file_ops.put(r.file);
		at = r.end;
		sched_point();
	}
	aspace_put(as);
	return 0;
}

/* --- strings --- */

/* [start, end) of the process' memory; what is not there ends it. */
static err_t copy_area(struct proc_node *n, struct text *t, vaddr_t start,
		       vaddr_t end)
{
	struct aspace *as = proc_get_aspace(n->proc);
	struct uref ref = { as, start, end - start };
	size_t off = 0, len;
	char *buf;

	if (as == NULL)
		return 0;
	buf = kmalloc(COPY_MAX);
	if (buf == NULL) {
		aspace_put(as);
		return -ENOMEM;
	}
	if (end < start || end - start > STRINGS_MAX)
		ref.len = 0;
	while (off < ref.len) {
		/* Up to a page boundary, so that a hole costs no more. */
		len = min_t(size_t, ref.len - off,
			    COPY_MAX - ((ref.addr + off) & PAGE_MASK));
		if (uref_read(&ref, off, buf, len) != 0)
			break;
		text_put(t, buf, len);
		off += len;
	}
	kfree(buf);
	aspace_put(as);
	return 0;
}

err_t proc_show_cmdline(struct proc_node *n, struct text *t)
{
	vaddr_t arg[2], env[2];

	proc_arg_area(n->proc, &arg[0], &arg[1], &env[0], &env[1]);
	return copy_area(n, t, arg[0], arg[1]);
}

err_t proc_show_environ(struct proc_node *n, struct text *t)
{
	vaddr_t arg[2], env[2];

	proc_arg_area(n->proc, &arg[0], &arg[1], &env[0], &env[1]);
	return copy_area(n, t, env[0], env[1]);
}

err_t proc_show_auxv(struct proc_node *n, struct text *t)
{
	uint64_t auxv[AUXV_MAX];
	size_t count = proc_auxv(n->proc, auxv, AUXV_MAX);

	text_put(t, auxv, count * sizeof(auxv[0]));
	return 0;
}

/* --- mem: the offset is an address --- */

/* One piece that lies in one page. */
static err_t move_piece(struct aspace *as, struct uio *u, uint64_t at,
			char *buf, bool write, size_t *done)
{
	size_t n = min_t(size_t, u->left, COPY_MAX - (at & PAGE_MASK));
	struct uref ref = { as, at, n };
	size_t moved = 0;
	err_t err;

	if (write) {
		err = uio_get(u, buf, n, &moved);
		if (!err)
			err = uref_write(&ref, 0, buf, n);
		if (!err)
			*done += n;
	} else {
		err = uref_read(&ref, 0, buf, n);
		if (!err)
			err = uio_put(u, buf, n, &moved);
		*done += moved;
	}
	return err;
}

static err_t mem_move(struct desc *d, struct uio *u, uint64_t *pos,
		      size_t *done, bool write)
{
	struct proc_node *n = proc_node(d->node);
	struct aspace *as = proc_get_aspace(n->proc);
	char *buf;
	err_t err = 0;

	if (as == NULL)
		return 0;
	buf = kmalloc(COPY_MAX);
	if (buf == NULL)
		err = -ENOMEM;
	while (u->left != 0 && !err) {
		err = move_piece(as, u, *pos + *done, buf, write, done);
		if (err == -EFAULT)
			err = -EIO;
		if (!err && u->left != 0 && signal_interrupted())
			err = -ERESTARTSYS;
		sched_point();
	}
	*pos += *done;
	kfree(buf);
	aspace_put(as);
	return err;
}

static err_t mem_read(struct desc *d, struct uio *u, uint64_t *pos,
		      size_t *done)
{
	return mem_move(d, u, pos, done, false);
}

static err_t mem_write(struct desc *d, struct uio *u, uint64_t *pos,
		       size_t *done)
{
	return mem_move(d, u, pos, done, true);
}

const struct desc_ops proc_mem_ops = {
	.read = mem_read,
	.write = mem_write,
	.seek = node_seek,
};
