/* SPDX-License-Identifier: MIT */
/* The end of everything: reboot(2). */
#include <abi/linux/mount.h>
#include <arch/cpu.h>
#include <debug/log.h>
#include <dev/console.h>

#include "linux_impl.h"

static bool magic2_ok(uint32_t m)
{
	return m == REBOOT_MAGIC2 || m == REBOOT_MAGIC2A ||
	       m == REBOOT_MAGIC2B || m == REBOOT_MAGIC2C;
}

int64_t linux_reboot(struct regs *r)
{
	if (current_cred()->euid != 0)
		return -EPERM;
	if ((uint32_t)ARG0(r) != REBOOT_MAGIC1 || !magic2_ok((uint32_t)ARG1(r)))
		return -EINVAL;
	switch ((uint32_t)ARG2(r)) {
	case REBOOT_CMD_CAD_ON:
	case REBOOT_CMD_CAD_OFF:
		return 0;
	case REBOOT_CMD_RESTART:
	case REBOOT_CMD_RESTART2:
		klog("reboot: restarting");
		console_drain();
		machine_reboot();
	case REBOOT_CMD_POWER_OFF:
		klog("reboot: power off");
		console_drain();
		machine_poweroff();
		cpu_stop();
	case REBOOT_CMD_HALT:
		klog("reboot: halted");
		console_drain();
		cpu_stop();
	default:
		return -EINVAL;
	}
}
