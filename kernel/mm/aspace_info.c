/* SPDX-License-Identifier: MIT */
/* Questions about an address space, and access to it from outside. */
#include <arch/hooks.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "aspace_impl.h"
#include "vmobj_impl.h"

bool aspace_next_region(struct aspace *as, vaddr_t addr,
			struct region_info *info)
{
	const struct region *r;

	mutex_lock(&as->lock);
	r = region_find(as, addr);
	if (r != NULL) {
		info->start = r->start;
		info->end = r->end;
		info->prot = r->prot;
		info->flags = r->flags;
		info->offset = r->offset;
		info->obj = r->obj;
		info->file = r->file;
		info->name = r->name;
		if (r->file != NULL)
			map_file_ops.get(r->file);
	}
	mutex_unlock(&as->lock);
	return r != NULL;
}

void aspace_get_stats(struct aspace *as, struct aspace_stats *out)
{
	mutex_lock(&as->lock);
	*out = as->stats;
	mutex_unlock(&as->lock);
}

paddr_t aspace_frame(struct aspace *as, vaddr_t addr)
{
	paddr_t pa = 0;
	const pte_t *p;

	if (addr >= USER_TOP)
		return 0;
	mutex_lock(&as->lock);
	p = pt_walk(as->root, addr, false);
	if (p != NULL && (p->bits & PTE_PRESENT) != 0) {
		pa = p->bits & PTE_ADDR;
		frame_get(pa);
	}
	mutex_unlock(&as->lock);
	return pa;
}

/* The bytes of @addr within its page, made present; NULL and *@err. */
static uint8_t *page_bytes(struct aspace *as, vaddr_t addr, bool write,
			   err_t *err)
{
	uint64_t need = PTE_PRESENT | (write ? PTE_WRITE : 0);
	const pte_t *p = pt_walk(as->root, addr, false);

	if (p == NULL || (p->bits & need) != need) {
		*err = fault_locked(as, addr, write ? FAULT_WRITE : 0);
		if (*err)
			return NULL;
		p = pt_walk(as->root, addr, false);
		if (p == NULL || (p->bits & need) != need) {
			*err = -EFAULT;
			return NULL;
		}
	}
	return (uint8_t *)phys_to_virt(p->bits & PTE_ADDR) + (addr & PAGE_MASK);
}

err_t aspace_access(struct aspace *as, vaddr_t addr, void *buf, size_t n,
		    bool write)
{
	uint8_t *data = buf, *at;
	unsigned pages = 0;
	err_t err = 0;
	size_t len;

	mutex_lock(&as->lock);
	while (n != 0) {
		len = min_t(size_t, n, PAGE_SIZE - (addr & PAGE_MASK));
		at = page_bytes(as, addr, write, &err);
		if (at == NULL)
			break;
		if (write)
			memcpy(at, data, len);
		else
			memcpy(data, at, len);
		data += len;
		addr += len;
		n -= len;
		if (++pages % 16 == 0)
			sched_point();
	}
	mutex_unlock(&as->lock);
	return err == 0 || err == -ENOMEM ? err : -EFAULT;
}

/* ---- mincore ---- */

static uint8_t page_resident(struct aspace *as, const struct region *r,
			     vaddr_t va)
{
	const pte_t *p = pt_walk(as->root, va, false);
	paddr_t pa;

	if (p != NULL && p->bits != 0)
		return 1;
	if (r->obj == NULL ||
	    vmobj_page(r->obj, (r->offset + (va - r->start)) >> PAGE_SHIFT,
		       false, &pa) != 0)
		return 0;
	frame_put(pa);
	return 1;
}

err_t aspace_resident(struct aspace *as, vaddr_t addr, size_t npages,
		      uint8_t *vec)
{
	const struct region *r = NULL;
	err_t err = 0;
	size_t i;

	if ((addr & PAGE_MASK) != 0)
		return -EINVAL;
	if (addr >= USER_TOP || npages > (USER_TOP - addr) >> PAGE_SHIFT)
		return -ENOMEM;
	mutex_lock(&as->lock);
	for (i = 0; i < npages; i++, addr += PAGE_SIZE) {
		if (r == NULL || addr >= r->end)
			r = region_find(as, addr);
		if (r == NULL || addr < r->start) {
			err = -ENOMEM;
			break;
		}
		vec[i] = page_resident(as, r, addr);
		if (i % 128 == 127)
			sched_point();
	}
	mutex_unlock(&as->lock);
	return err;
}
