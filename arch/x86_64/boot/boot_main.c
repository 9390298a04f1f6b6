/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: from boot.S to kernel_main(): read what the loader said, make the
 * processor's tables and the kernel's page tables.  Runs on the boot stack
 * with interrupts off; traps work from cpu_boot_tables() on.
 */
#include <arch/arch_init.h>
#include <arch/cpu.h>
#include <arch/impl/boot_impl.h>
#include <arch/impl/cpu_impl.h>
#include <debug/log.h>

uint64_t boot_tsc;

static void start(unsigned protocol, paddr_t info)
{
	cpu_boot_tables();
	cpu_detect();
	boot_info_read(protocol, info);
	boot_mem_init();
	cpu_control_init();
	/* Text is writable until the switch. */
	uaccess_patch(cpu_features.smap);
	boot_map_switch();
}

/* Sets the canary under its own feet, so it must not use it. */
__no_stackprot void boot_main(unsigned protocol, paddr_t info)
{
	boot_tsc = cpu_tsc();
	start(protocol, info);
	/* One zero byte stops runaway strings. */
	percpu_boot.canary = early_random() & ~UINT64_C(0xff);
	klog("boot: %s, cmdline \"%s\"", boot_info.protocol, boot_info.cmdline);
	kernel_main();
}
