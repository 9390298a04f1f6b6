/* SPDX-License-Identifier: MIT */
/*
 * User memory seen from the kernel: only the copy functions reach it, and a
 * fault in one is an error, not the end.
 */
#include <arch/hooks.h>
#include <arch/impl/cpu_impl.h>
#include <arch/mmu.h>
#include <arch/uaccess.h>
#include <debug/ktest.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/ucopy.h>

#define BASE UINT64_C(0x10000000)

/*
 * Load or store without opening SMAP: 0, or 1 when the access faulted.  They
 * lie among the entry code because the table of expected faults is sorted by
 * address.
 */
uint64_t kt_direct_load(uint64_t addr);
uint64_t kt_direct_store(uint64_t addr);
__asm__(".pushsection .entry.text, \"ax\", @progbits\n"
	".globl kt_direct_load\n"
	".type kt_direct_load, @function\n"
	"kt_direct_load:\n"
	"1:	movq (%rdi), %rax\n"
	"	xorl %eax, %eax\n"
	"	ret\n"
	".globl kt_direct_store\n"
	".type kt_direct_store, @function\n"
	"kt_direct_store:\n"
	"2:	movq %rdi, (%rdi)\n"
	"	xorl %eax, %eax\n"
	"	ret\n"
	"3:	movl $1, %eax\n"
	"	ret\n"
	".popsection\n"
	".pushsection .extable, \"a\", @progbits\n"
	"	.long 1b - ., 3b - .\n"
	"	.long 2b - ., 3b - .\n"
	".popsection\n");

/* An aspace with two pages at BASE, the first one present. */
static bool set_up(struct aspace **as)
{
	const struct map_args a = {
		.addr = BASE,
		.len = 2 * PAGE_SIZE,
		.prot = PROT_R | PROT_W,
		.flags = REG_FIXED,
	};
	vaddr_t at;

	if (aspace_create(as) != 0)
		return false;
	if (aspace_map(*as, &a, &at) == 0 && at == BASE &&
	    aspace_fault(*as, BASE, FAULT_WRITE | FAULT_USER) == 0)
		return true;
	aspace_put(*as);
	return false;
}

KTEST(a_direct_user_access_faults)
{
	struct aspace *as;

	if (!cpu_features.smap) {
		KSKIP("this processor has no SMAP");
		return;
	}
	KREQUIRE(set_up(&as));
	aspace_activate(as);
	KCHECK(kt_direct_load(BASE) == 1);
	KCHECK(kt_direct_store(BASE) == 1);
	aspace_activate(NULL);
	aspace_put(as);
	/* On kernel memory they work. */
	KCHECK(kt_direct_load((vaddr_t)&as) == 0);
}

KTEST(copies_reach_present_user_memory)
{
	uint64_t out = UINT64_C(0x1122334455667788), in = 0;
	uint32_t old = 0x55667788, word = 0;
	char str[8];
	struct aspace *as;

	KREQUIRE(set_up(&as));
	aspace_activate(as);
	KCHECK(uaccess_to((void __user *)BASE, &out, 8) == 0);
	KCHECK(uaccess_from(&in, (const void __user *)BASE, 8) == 0);
	KCHECK(in == out);
	KCHECK(uaccess_load32(&word, (const uint32_t __user *)BASE) == 0 &&
	       word == 0x55667788);
	KCHECK(uaccess_cas32((uint32_t __user *)BASE, &old, 0x00434241) == 0);
	KCHECK(uaccess_str(str, (const char __user *)BASE, 8) == 3 &&
	       strcmp(str, "ABC") == 0);
	KCHECK(uaccess_zero((void __user *)BASE, 100) == 0);
	KCHECK(uaccess_load64(&in, (const uint64_t __user *)BASE) == 0 &&
	       in == 0);
	/* After all of them the door is shut again. */
	if (cpu_features.smap)
		KCHECK(kt_direct_load(BASE) == 1);
	aspace_activate(NULL);
	aspace_put(as);
}

/* A kernel thread has no faults resolved for it: the copy ends there. */
KTEST(copies_stop_at_what_is_not_there)
{
	static char buf[256];
	struct aspace *as;
	vaddr_t edge = BASE + PAGE_SIZE;
	unsigned n;

	KREQUIRE(set_up(&as));
	aspace_activate(as);
	memset(buf, 'x', sizeof(buf));
	for (n = 0; n < 100; n += 7) {
		KCHECK(uaccess_to((void __user *)(edge - n), buf, 128) ==
		       128 - n);
		KCHECK(uaccess_from(buf, (const void __user *)(edge - n),
				    128) == 128 - n);
	}
	KCHECK(uaccess_zero((void __user *)(edge - 5), 10) == 5);
	KCHECK(uaccess_str(buf, (const char __user *)(edge - 8), 0) == 0);
	KCHECK(uaccess_to((void __user *)(edge - 4), "abcd", 4) == 0);
	KCHECK(uaccess_str(buf, (const char __user *)(edge - 4), 64) ==
	       -EFAULT);
	KCHECK(uaccess_store32((uint32_t __user *)edge, 1) == -EFAULT);
	KCHECK(uaccess_load64((uint64_t *)buf,
			      (const uint64_t __user *)(edge + 8)) == -EFAULT);
	if (cpu_features.smap)
		KCHECK(kt_direct_load(BASE) == 1);
	aspace_activate(NULL);
	aspace_put(as);
}

KTEST(ranges_outside_of_user_space_are_refused)
{
	char buf[16];
	unsigned i;
	static const struct {
		vaddr_t at;
		size_t n;
	} bad[] = {
		{ UINT64_C(0x7ffffffff000), 1 },
		{ UINT64_C(0x7fffffffefff), 2 },
		{ UINT64_C(0xffffffff80000000), 8 },
		{ UINT64_C(0x0000800000000000), 1 },
		{ UINT64_MAX, 1 },
		{ UINT64_MAX - 7, 16 },
		{ 0x1000, SIZE_MAX },
		{ 0x1000, SIZE_MAX - 0xfff },
	};

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		KCHECK(!user_range_ok(bad[i].at, bad[i].n));
		KCHECK(copy_from_user(buf, (const void __user *)bad[i].at,
				      bad[i].n) == -EFAULT);
		KCHECK(copy_to_user((void __user *)bad[i].at, buf, bad[i].n) ==
		       -EFAULT);
		KCHECK(clear_user((void __user *)bad[i].at, bad[i].n) ==
		       -EFAULT);
	}
	KCHECK(copy_string_from_user(
		       buf, (const char __user *)UINT64_C(0xffffffff80000000),
		       sizeof(buf)) == -EFAULT);
}
