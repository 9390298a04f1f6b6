/* SPDX-License-Identifier: MIT */
/* Memory: mapping, protecting, asking. */
#include <abi/linux/mman.h>
#include <lib/assert.h>
#include <mm/advice.h>
#include <mm/aspace.h>
#include <mm/vmobj.h>
#include <sync/park.h>

#include "linux_impl.h"

#define MAP_32BIT_TOP  UINT64_C(0x80000000)
#define MAP_32BIT_HINT UINT64_C(0x40000000)
#define MAP_KNOWN \
	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_32BIT | \
	 MAP_GROWSDOWN | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED | \
	 MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | \
	 MAP_HUGETLB | MAP_FIXED_NOREPLACE)

/* Memory management's numbers are ours. */
static_assert(MADV_DONTNEED == ADVICE_DONTNEED, "madvise");
static_assert(MADV_FREE == ADVICE_FREE, "madvise");
static_assert(MADV_REMOVE == ADVICE_REMOVE, "madvise");
static_assert(MADV_DONTFORK == ADVICE_DONTFORK, "madvise");
static_assert(MADV_DOFORK == ADVICE_DOFORK, "madvise");
static_assert(MADV_WIPEONFORK == ADVICE_WIPEONFORK, "madvise");
static_assert(MADV_KEEPONFORK == ADVICE_KEEPONFORK, "madvise");
static_assert(MADV_POPULATE_READ == ADVICE_POPULATE_READ, "madvise");
static_assert(MADV_POPULATE_WRITE == ADVICE_POPULATE_WRITE, "madvise");
static_assert(MREMAP_MAYMOVE == REMAP_MAYMOVE, "mremap");
static_assert(MREMAP_FIXED == REMAP_FIXED, "mremap");
static_assert(MREMAP_DONTUNMAP == REMAP_DONTUNMAP, "mremap");

static inline struct aspace *my_aspace(void)
{
	return proc_aspace(self_proc());
}

static unsigned region_flags(uint64_t flags)
{
	unsigned f = 0;

	if (flags & MAP_FIXED)
		f |= REG_FIXED;
	if (flags & MAP_FIXED_NOREPLACE)
		f |= REG_FIXED | REG_NOREPLACE;
	if (flags & MAP_GROWSDOWN)
		f |= REG_GROWSDOWN;
	if (flags & (MAP_POPULATE | MAP_LOCKED))
		f |= REG_POPULATE;
	return f;
}

/* Finishes what all kinds of mapping share: alignment, 32 bits. */
static int64_t map_it(struct map_args *a, uint64_t flags)
{
	struct aspace *as = my_aspace();
	vaddr_t at;
	err_t err;

	if (a->flags & REG_FIXED) {
		if (a->addr & PAGE_MASK)
			return -EINVAL;
		if (!user_range_ok(a->addr, a->len))
			return -ENOMEM;
	} else {
		a->addr &= ~PAGE_MASK;
		if ((flags & MAP_32BIT) && a->addr == 0)
			a->addr = MAP_32BIT_HINT;
	}
	err = aspace_map(as, a, &at);
	if (err)
		return err;
	if ((flags & (MAP_32BIT | MAP_FIXED | MAP_FIXED_NOREPLACE)) ==
		    MAP_32BIT &&
	    at + a->len > MAP_32BIT_TOP) {
		err = aspace_unmap(as, at, a->len);
		return -ENOMEM;
	}
	return (int64_t)at;
}

static int64_t map_anonymous(struct map_args *a, uint64_t flags)
{
	int64_t ret;
	err_t err;

	switch (flags & MAP_TYPE) {
	case MAP_PRIVATE:
		a->offset = 0;
		return map_it(a, flags);
	case MAP_SHARED:
		break;
	default:
		return -EINVAL;
	}
	if (flags & MAP_GROWSDOWN)
		return -EINVAL;
	err = vmobj_create_anon(align_up(a->len, PAGE_SIZE), &a->obj);
	if (err)
		return err;
	a->offset = 0;
	a->flags |= REG_SHARED | REG_MAYWRITE;
	ret = map_it(a, flags);
	vmobj_put(a->obj);
	return ret;
}

static err_t file_may_map(const struct desc *d, unsigned prot, uint64_t flags)
{
	uint32_t acc = d->mode & DESC_ACCMODE;
	bool shared = false;

	switch (flags & MAP_TYPE) {
	case MAP_SHARED_VALIDATE:
		if (flags & ~(uint64_t)MAP_KNOWN)
			return -EOPNOTSUPP;
		shared = true;
		break;
	case MAP_SHARED:
		shared = true;
		break;
	case MAP_PRIVATE:
		break;
	default:
		return -EINVAL;
	}
	if (shared && (prot & PROT_WRITE) && acc == DESC_RDONLY)
		return -EACCES;
	if (acc == DESC_WRONLY)
		return -EACCES;
	if (d->mnt != NULL && (prot & PROT_EXEC) &&
	    (d->mnt->flags & MNT_NOEXEC))
		return -EPERM;
	if (d->ops->map == NULL)
		return -ENODEV;
	return flags & MAP_GROWSDOWN ? -EINVAL : 0;
}

static int64_t map_file(struct map_args *a, uint64_t flags, int fd)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;
	struct desc *d;
	int64_t ret;

	ret = fd_get(fd, &d);
	if (ret != 0)
		return ret;
	if (a->len == 0)
		ret = -EINVAL;
	else if (align_up(a->len, PAGE_SIZE) < a->len)
		ret = -ENOMEM;
	else if (a->offset + align_up(a->len, PAGE_SIZE) < a->offset)
		ret = -EOVERFLOW;
	else
		ret = file_may_map(d, a->prot, flags);
	if (ret == 0)
		ret = d->ops->map(d, a->prot, shared, &a->obj);
	if (ret == 0) {
		a->file = d;
		if (shared)
			a->flags |= REG_SHARED;
		if (shared && (d->mode & DESC_ACCMODE) != DESC_RDONLY)
			a->flags |= REG_MAYWRITE;
		ret = map_it(a, flags);
		if (a->obj != NULL)
			vmobj_put(a->obj);
	}
	desc_put(d);
	return ret;
}

int64_t linux_mmap(struct regs *r)
{
	uint64_t flags = ARG3(r);
	struct map_args a = {
		.addr = ARG0(r),
		.len = ARG1(r),
		.prot = (unsigned)ARG2(r) &
			(PROT_READ | PROT_WRITE | PROT_EXEC),
		.flags = region_flags(flags),
		.offset = ARG5(r),
	};

	if (a.offset & PAGE_MASK)
		return -EINVAL;
	if ((flags & MAP_ANONYMOUS) == 0)
		return map_file(&a, flags, arg_int(ARG4(r)));
	if (a.len == 0)
		return -EINVAL;
	if (align_up(a.len, PAGE_SIZE) < a.len)
		return -ENOMEM;
	/* There is no pool of huge pages to take them from. */
	if (flags & MAP_HUGETLB)
		return -ENOMEM;
	return map_anonymous(&a, flags);
}

int64_t linux_munmap(struct regs *r)
{
	vaddr_t addr = ARG0(r);
	size_t len = ARG1(r);

	if ((addr & PAGE_MASK) || !user_range_ok(addr, len) ||
	    align_up(len, PAGE_SIZE) == 0)
		return -EINVAL;
	return aspace_unmap(my_aspace(), addr, align_up(len, PAGE_SIZE));
}

/* PROT_GROWSDOWN: from the start of the stack region that holds @addr. */
static err_t down_to_start(vaddr_t *addr)
{
	struct region_info info;
	bool found = aspace_next_region(my_aspace(), *addr, &info);

	if (!found)
		return -ENOMEM;
	if (info.file != NULL && map_file_ops.put != NULL)
		map_file_ops.put(info.file);
	if (info.start > *addr)
		return -ENOMEM;
	if ((info.flags & (REG_GROWSDOWN | REG_STACK)) == 0)
		return -EINVAL;
	*addr = info.start;
	return 0;
}

int64_t linux_mprotect(struct regs *r)
{
	vaddr_t addr = ARG0(r), end;
	size_t len = align_up(ARG1(r), PAGE_SIZE);
	uint64_t prot = ARG2(r);
	uint64_t grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	err_t err;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || (addr & PAGE_MASK))
		return -EINVAL;
	if (ARG1(r) == 0)
		return 0;
	end = addr + len;
	if (end <= addr)
		return -ENOMEM;
	if (prot & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	if (grows & PROT_GROWSUP)
		return -EINVAL;
	if (!user_range_ok(addr, len))
		return -ENOMEM;
	if (grows) {
		err = down_to_start(&addr);
		if (err)
			return err;
	}
	return aspace_protect(my_aspace(), addr, end - addr,
			      (unsigned)prot &
				      (PROT_READ | PROT_WRITE | PROT_EXEC));
}

int64_t linux_mremap(struct regs *r)
{
	vaddr_t addr = ARG0(r), to = ARG4(r), out;
	size_t old_len = align_up(ARG1(r), PAGE_SIZE);
	size_t new_len = align_up(ARG2(r), PAGE_SIZE);
	uint64_t flags = ARG3(r);
	err_t err;

	if (flags & ~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED))
		return -EINVAL;
	if ((flags & MREMAP_FIXED) && (flags & MREMAP_MAYMOVE) == 0)
		return -EINVAL;
	if ((addr & PAGE_MASK) || new_len == 0)
		return -EINVAL;
	if (!user_range_ok(addr, old_len))
		return -EFAULT;
	if ((flags & MREMAP_FIXED) &&
	    ((to & PAGE_MASK) || !user_range_ok(to, new_len) ||
	     (addr + old_len > to && to + new_len > addr)))
		return -EINVAL;
	err = aspace_remap(my_aspace(), addr, old_len, new_len, (unsigned)flags,
			   to, &out);
	return err ? err : (int64_t)out;
}

int64_t linux_brk(struct regs *r)
{
	return (int64_t)aspace_brk(my_aspace(), ARG0(r));
}

int64_t linux_madvise(struct regs *r)
{
	vaddr_t addr = ARG0(r);
	size_t len = align_up(ARG1(r), PAGE_SIZE);
	int advice = arg_int(ARG2(r));

	if (advice < MADV_NORMAL || advice > MADV_POPULATE_WRITE ||
	    (advice > MADV_DONTNEED && advice < MADV_FREE))
		return -EINVAL;
	if ((addr & PAGE_MASK) || (ARG1(r) != 0 && len == 0) ||
	    addr + len < addr)
		return -EINVAL;
	if (len == 0)
		return 0;
	if (!user_range_ok(addr, len))
		return -ENOMEM;
	return aspace_advise(my_aspace(), addr, len, advice);
}

/* Whether [addr, end) is mapped without a hole. */
static bool range_mapped(vaddr_t addr, vaddr_t end)
{
	struct region_info info;

	while (addr < end) {
		if (!aspace_next_region(my_aspace(), addr, &info))
			return false;
		if (info.file != NULL && map_file_ops.put != NULL)
			map_file_ops.put(info.file);
		if (info.start > addr)
			return false;
		addr = info.end;
	}
	return true;
}

/* Stores to files are in their pages at once: there is nothing to write. */
int64_t linux_msync(struct regs *r)
{
	vaddr_t addr = ARG0(r);
	size_t len = align_up(ARG1(r), PAGE_SIZE);
	uint32_t flags = (uint32_t)ARG2(r);

	if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
	    (addr & PAGE_MASK) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	if (addr + len < addr)
		return -ENOMEM;
	return range_mapped(addr, addr + len) ? 0 : -ENOMEM;
}

int64_t linux_mincore(struct regs *r)
{
	vaddr_t addr = ARG0(r);
	size_t pages = div_round_up(ARG1(r), PAGE_SIZE), done = 0;
	uint8_t vec[256];
	err_t err;

	if (addr & PAGE_MASK)
		return -EINVAL;
	if (!user_range_ok(addr, ARG1(r)))
		return -ENOMEM;
	if (!user_range_ok(ARG2(r), pages))
		return -EFAULT;
	while (done < pages) {
		size_t n = min_t(size_t, pages - done, sizeof(vec));

		err = aspace_resident(my_aspace(), addr + done * PAGE_SIZE, n,
				      vec);
		if (err == 0)
			err = copy_to_user(UPTR(void, ARG2(r) + done), vec, n);
		if (err)
			return err;
		done += n;
		sched_point();
	}
	return 0;
}

/* --- locking: nothing is ever paged out, so it means to fault in --- */

static int64_t lock_range(vaddr_t addr, size_t size, bool now)
{
	uint64_t limit = proc_limit(self_proc(), LIMIT_MEMLOCK);
	size_t len = align_up(size + (addr & PAGE_MASK), PAGE_SIZE);

	addr &= ~PAGE_MASK;
	if (!cred_is_root(current_cred())) {
		if (limit == 0)
			return -EPERM;
		if (len > limit)
			return -ENOMEM;
	}
	if (addr + len < addr)
		return -EINVAL;
	if (!range_mapped(addr, addr + len))
		return -ENOMEM;
	if (now && len != 0)
		return aspace_advise(my_aspace(), addr, len,
				     MADV_POPULATE_READ) == -EFAULT
			       ? -ENOMEM
			       : 0;
	return 0;
}

int64_t linux_mlock(struct regs *r)
{
	return lock_range(ARG0(r), ARG1(r), true);
}

int64_t linux_mlock2(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG2(r);

	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return lock_range(ARG0(r), ARG1(r), flags == 0);
}

int64_t linux_munlock(struct regs *r)
{
	vaddr_t addr = ARG0(r) & ~PAGE_MASK;
	size_t len = align_up(ARG1(r) + (ARG0(r) & PAGE_MASK), PAGE_SIZE);

	if (addr + len < addr)
		return -EINVAL;
	return range_mapped(addr, addr + len) ? 0 : -ENOMEM;
}

int64_t linux_mlockall(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG0(r);
	struct aspace_stats s;
	uint64_t limit;

	if (flags == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) ||
	    flags == MCL_ONFAULT)
		return -EINVAL;
	if (cred_is_root(current_cred()))
		return 0;
	limit = proc_limit(self_proc(), LIMIT_MEMLOCK);
	if (limit == 0)
		return -EPERM;
	aspace_get_stats(my_aspace(), &s);
	if ((flags & MCL_CURRENT) && s.virt_pages * PAGE_SIZE > limit)
		return -ENOMEM;
	return 0;
}

int64_t linux_munlockall(struct regs *r)
{
	(void)r;
	return 0;
}
