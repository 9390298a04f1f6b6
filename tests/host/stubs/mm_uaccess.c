/* SPDX-License-Identifier: MIT */
/* User memory of the current aspace, by its tables, with faults. */
#include <string.h>

#include <arch/hooks.h>
#include <arch/mmu.h>
#include <arch/uaccess.h>
#include <lib/err.h>
#include <mm/aspace.h>

#include "../../../kernel/mm/aspace_impl.h"

/* The byte at @va, or NULL when the access is refused. */
static uint8_t *user_byte(vaddr_t va, bool write)
{
	uint64_t need = PTE_PRESENT | PTE_USER | (write ? PTE_WRITE : 0);
	struct aspace *as = current_aspace();
	int tries;

	for (tries = 0; tries < 2 && as != NULL; tries++) {
		pte_t *p = pt_walk(as->root, va, false);

		if (p != NULL && (p->bits & need) == need)
			return (uint8_t *)phys_to_virt(p->bits & PTE_ADDR) +
			       (va & PAGE_MASK);
		if (aspace_fault(as, va, write ? FAULT_WRITE : 0) != 0)
			return NULL;
	}
	return NULL;
}

static size_t copy(uint8_t *kernel, vaddr_t user, size_t n, bool to_user)
{
	size_t i, len;
	uint8_t *p;

	for (i = 0; i < n; i += len) {
		len = PAGE_SIZE - ((user + i) & PAGE_MASK);
		len = len < n - i ? len : n - i;
		p = user_byte(user + i, to_user);
		if (p == NULL)
			return n - i;
		if (!to_user)
			memcpy(kernel + i, p, len);
		else if (kernel != NULL)
			memcpy(p, kernel + i, len);
		else
			memset(p, 0, len);
	}
	return 0;
}

size_t uaccess_from(void *dst, const void __user *src, size_t n)
{
	return copy(dst, (vaddr_t)src, n, false);
}

size_t uaccess_to(void __user *dst, const void *src, size_t n)
{
	return copy((uint8_t *)(uintptr_t)src, (vaddr_t)dst, n, true);
}

size_t uaccess_zero(void __user *dst, size_t n)
{
	return copy(NULL, (vaddr_t)dst, n, true);
}

int64_t uaccess_str(char *dst, const char __user *src, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (copy((uint8_t *)dst + i, (vaddr_t)src + i, 1, false) != 0)
			return -EFAULT;
		if (dst[i] == 0)
			return (int64_t)i;
	}
	return (int64_t)n;
}

err_t uaccess_load32(uint32_t *out, const uint32_t __user *p)
{
	return uaccess_from(out, p, sizeof(*out)) == 0 ? 0 : -EFAULT;
}

err_t uaccess_cas32(uint32_t __user *p, uint32_t *old, uint32_t new_value)
{
	uint32_t seen;

	if (uaccess_load32(&seen, p) != 0)
		return -EFAULT;
	if (seen == *old && uaccess_to(p, &new_value, sizeof(seen)) != 0)
		return -EFAULT;
	*old = seen;
	return 0;
}

/* Faults here are calls, which always can be made. */
void uaccess_nofault_begin(void)
{
}

void uaccess_nofault_end(void)
{
}
