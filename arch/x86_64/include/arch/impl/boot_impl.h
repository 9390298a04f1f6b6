/* SPDX-License-Identifier: MIT */
/* What boot/ knows and the rest of arch/x86_64/ may ask. */
#pragma once

#include <arch/mmu.h>
#include <lib/types.h>

#define BOOT_MAX_MAP	 64
#define BOOT_CMDLINE_MAX 2048

/* Types of the PC memory map; the two protocols use the same numbers. */
#define BOOT_MEM_USABLE 1
#define BOOT_MEM_ACPI	3
#define BOOT_MEM_NVS	4

struct boot_mem {
	paddr_t start, end;
	uint32_t type;
};

struct boot_info {
	unsigned nmem;
	struct boot_mem mem[BOOT_MAX_MAP];
	paddr_t rsdp; /* 0: scan for it */
	paddr_t initrd_start, initrd_end;
	char cmdline[BOOT_CMDLINE_MAX];
	const char *protocol;
};
extern struct boot_info boot_info;

/* boot_info.c: fill boot_info; everything is copied. */
void boot_info_read(unsigned protocol, paddr_t info);
/* boot_mem.c: ranges and the bump allocator. */
void boot_mem_init(void);
paddr_t boot_page_alloc(void);
/* Whether the bump allocator may still be used. */
bool boot_mem_open(void);
bool boot_word(const char *word);
/* boot_map.c: final tables, then leave the identity map. */
void boot_map_switch(void);
__noreturn void boot_main(unsigned protocol, paddr_t info);
extern uint64_t boot_tsc;
