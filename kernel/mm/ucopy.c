/* SPDX-License-Identifier: MIT */
/*
 * Copies between kernel data and user memory: of the tables that are loaded
 * by fault-safe instructions, of other address spaces through the direct
 * map, page by page.
 */
#include <lib/err.h>
#include <lib/minmax.h>
#include <mm/ucopy.h>

#include "aspace_impl.h"

err_t copy_from_user(void *dst, const void __user *src, size_t n)
{
	if (unlikely(!user_range_ok((vaddr_t)src, n)))
		return -EFAULT;
	return uaccess_from(dst, src, n) == 0 ? 0 : -EFAULT;
}

err_t copy_to_user(void __user *dst, const void *src, size_t n)
{
	if (unlikely(!user_range_ok((vaddr_t)dst, n)))
		return -EFAULT;
	return uaccess_to(dst, src, n) == 0 ? 0 : -EFAULT;
}

err_t clear_user(void __user *dst, size_t n)
{
	if (unlikely(!user_range_ok((vaddr_t)dst, n)))
		return -EFAULT;
	return uaccess_zero(dst, n) == 0 ? 0 : -EFAULT;
}

int64_t copy_string_from_user(char *dst, const char __user *src, size_t size)
{
	vaddr_t at = (vaddr_t)src;
	size_t n = size;
	int64_t len;

	if (at >= USER_TOP)
		return -EFAULT;
	/* Up to the end of the user half: beyond it, a fault. */
	if (n > USER_TOP - at)
		n = USER_TOP - at;
	len = uaccess_str(dst, src, n);
	if (len < 0 || (size_t)len < n)
		return len;
	return n < size ? -EFAULT : -ENAMETOOLONG;
}

int64_t ucopy_string_part(char *dst, vaddr_t addr, size_t *size)
{
	if (addr >= USER_TOP)
		return -EFAULT;
	if (*size > USER_TOP - addr)
		*size = USER_TOP - addr;
	return uaccess_str(dst, (const char __user *)addr, *size);
}

err_t ucopy_load32_nofault(const struct uref *word, uint32_t *out)
{
	err_t err;

	uaccess_nofault_begin();
	err = uaccess_load32(out, (const uint32_t __user *)word->addr);
	uaccess_nofault_end();
	return err;
}

err_t ucopy_cas32_nofault(const struct uref *word, uint32_t *old,
			  uint32_t new_value)
{
	err_t err;

	uaccess_nofault_begin();
	err = uaccess_cas32((uint32_t __user *)word->addr, old, new_value);
	uaccess_nofault_end();
	return err;
}

static bool uref_range_ok(const struct uref *ref, size_t off, size_t n)
{
	vaddr_t at;

	return off <= ref->len && n <= ref->len - off &&
	       !__builtin_add_overflow(ref->addr, off, &at) &&
	       user_range_ok(at, n);
}

err_t uref_read(const struct uref *ref, size_t off, void *dst, size_t n)
{
	if (!uref_range_ok(ref, off, n))
		return -EFAULT;
	if (ref->as == NULL || ref->as == current_aspace())
		return copy_from_user(
			dst, (const void __user *)(ref->addr + off), n);
	return aspace_access(ref->as, ref->addr + off, dst, n, false);
}

err_t uref_write(const struct uref *ref, size_t off, const void *src, size_t n)
{
	if (!uref_range_ok(ref, off, n))
		return -EFAULT;
	if (ref->as == NULL || ref->as == current_aspace())
		return copy_to_user((void __user *)(ref->addr + off), src, n);
	/* Not written to when copying out. */
	return aspace_access(ref->as, ref->addr + off, (void *)(uintptr_t)src,
			     n, true);
}

err_t user_prefault(vaddr_t addr, size_t n, bool write)
{
	struct aspace *as = current_aspace();

	if (!user_range_ok(addr, n) || (as == NULL && n != 0))
		return -EFAULT;
	return n == 0 ? 0 : aspace_populate(as, addr, n, write);
}
