/* SPDX-License-Identifier: MIT */
/*
 * Copies between kernel data and user memory.  `__user` pointers are for
 * sys/ (and signal frames); everyone else holds a uref or a uio.
 */
#pragma once

#include <arch/uaccess.h>
#include <lib/annot.h>
#include <lib/types.h>
#include <mm/uio.h>

/* 0 or -EFAULT.  Context: thread, may sleep.  Locks: no spinlock. */
__must_check err_t copy_from_user(void *dst, const void __user *src, size_t n);
__must_check err_t copy_to_user(void __user *dst, const void *src, size_t n);
__must_check err_t clear_user(void __user *dst, size_t n);
/*
 * A string with its terminator into @dst of @size bytes.  Returns its length
 * without it, -EFAULT, or -ENAMETOOLONG when it does not fit.
 */
__must_check int64_t copy_string_from_user(char *dst, const char __user *src,
					   size_t size);
/* Other address spaces too (ptrace, /proc/pid/cmdline): by table walk. */
__must_check err_t uref_read(const struct uref *ref, size_t off, void *dst,
			     size_t n);
__must_check err_t uref_write(const struct uref *ref, size_t off,
			      const void *src, size_t n);
/*
 * A string piece by piece: copies up to *@size bytes from @addr to @dst.
 * Returns: the string's length without its terminator, which was copied;
 * *@size if none came so far (where the user half ends, *@size is less than
 * it was); -EFAULT.
 */
__must_check int64_t ucopy_string_part(char *dst, vaddr_t addr, size_t *size);
/*
 * A word of the current address space, checked to lie in its user half,
 * without taking faults: 0, or -EFAULT, after which user_prefault() may help.
 * The exchange stores what it saw in *@old.  Context: any lock held.
 */
__must_check err_t ucopy_load32_nofault(const struct uref *word, uint32_t *out);
__must_check err_t ucopy_cas32_nofault(const struct uref *word, uint32_t *old,
				       uint32_t new_value);
/* Make the pages of [addr, addr+n) present for reading or writing. */
__must_check err_t user_prefault(vaddr_t addr, size_t n, bool write);

#define get_user(out, uptr)    copy_from_user((out), (uptr), sizeof(*(out)))
#define put_user(uptr, valuep) copy_to_user((uptr), (valuep), sizeof(*(valuep)))
