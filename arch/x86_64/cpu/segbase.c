/* SPDX-License-Identifier: MIT */
/*
 * Segment bases of the user thread.  In the kernel the user's gs base waits
 * in KERNEL_GS_BASE until SWAPGS.  RDFSBASE and its kin: SDM 2B.
 */
#include <arch/context.h>
#include <arch/impl/cpu_impl.h>

/* A base that is not canonical would fault here, in the kernel. */
static uint64_t canonical(uint64_t base)
{
	return (uint64_t)((int64_t)(base << 16) >> 16) == base ? base : 0;
}

void segbases_save(struct segbases *s)
{
	if (cpu_features.fsgsbase)
		__asm__ volatile("rdfsbase %0" : "=r"(s->fs));
	else
		s->fs = rdmsr(MSR_FS_BASE);
	s->gs = rdmsr(MSR_KERNEL_GS_BASE);
}

void segbases_load(const struct segbases *s)
{
	uint64_t fs = canonical(s->fs);

	if (cpu_features.fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(fs));
	else
		wrmsr(MSR_FS_BASE, fs);
	wrmsr(MSR_KERNEL_GS_BASE, canonical(s->gs));
}

bool segbases_user_writable(void)
{
	return cpu_features.fsgsbase;
}
