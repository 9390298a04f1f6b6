/* SPDX-License-Identifier: MIT */
/*
 * A small machine for the tests of kernel/mm: physical memory in one mapping,
 * page tables of the usual shape in it, one core.
 */
#pragma once

#include <lib/types.h>

/* Two ranges with a hole, and an "initrd" above them. */
#define HOST_RAM0	UINT64_C(0x1000)
#define HOST_RAM0_END	UINT64_C(0x9f000)
#define HOST_RAM1	MIB(1)
#define HOST_RAM1_END	MIB(24)
#define HOST_INITRD	MIB(26)
#define HOST_INITRD_END (MIB(26) + 5 * PAGE_SIZE + 100)

/* Frames in use beyond those at the first call, with all caches empty. */
int64_t host_frames_leaked(void);
/* TLB flushes asked for so far, pages and whole ones alike. */
extern unsigned host_tlb_flushes;
/* Is this kernel heap page mapped? */
bool host_kernel_mapped(vaddr_t va);
