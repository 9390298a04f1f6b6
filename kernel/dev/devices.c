/* SPDX-License-Identifier: MIT */
/* Devices at boot. */
#include <dev/console.h>
#include <dev/hostio.h>
#include <dev/mem.h>
#include <dev/tty.h>

void dev_init(void)
{
	console_init();
	mem_devices_init();
	hostio_init();
}
