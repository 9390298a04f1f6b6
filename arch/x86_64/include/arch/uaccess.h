/* SPDX-License-Identifier: MIT */
/*
 * Fault-safe access to the user half of the tables that are loaded.  The
 * only code that opens SMAP.  mm/ucopy.h builds on it; others use that.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

/*
 * Copy @n bytes; returns the bytes NOT copied (0: all).  The range must have
 * been checked to lie below USER_TOP.  A fault calls trap_ops.page_fault
 * unless this core's uaccess_nofault is set, then stops the copy.
 */
__must_check size_t uaccess_from(void *dst, const void __user *src, size_t n);
__must_check size_t uaccess_to(void __user *dst, const void *src, size_t n);
__must_check size_t uaccess_zero(void __user *dst, size_t n);
/*
 * Copy a string of at most @n bytes with the terminator.  Returns its
 * length, -EFAULT, or @n when no terminator was found.
 */
__must_check int64_t uaccess_str(char *dst, const char __user *src, size_t n);
/* 4- and 8-byte atomic reads and compare-exchange: 0 or -EFAULT. */
__must_check err_t uaccess_load32(uint32_t *out, const uint32_t __user *p);
__must_check err_t uaccess_load64(uint64_t *out, const uint64_t __user *p);
__must_check err_t uaccess_store32(uint32_t __user *p, uint32_t v);
__must_check err_t uaccess_store64(uint64_t __user *p, uint64_t v);
__must_check err_t uaccess_cas32(uint32_t __user *p, uint32_t *old,
				 uint32_t new_value);
/* Between these two, faults in copies are not resolved but end them. */
void uaccess_nofault_begin(void);
void uaccess_nofault_end(void);
