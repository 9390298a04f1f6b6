/* SPDX-License-Identifier: MIT */
/* Runs the kernel's own tests; TAP goes to the job's standard output. */
#include <arch/cpu.h>
#include <debug/ktest.h>
#include <dev/hostio.h>
#include <lib/string.h>

#include "init.h"

#define PORT_STDOUT 0xea

static void print(const char *s)
{
	debug_port_write(PORT_STDOUT, s, strlen(s));
}

void init_ktest(void)
{
	bool ok;

	ktest_print = print;
	ok = ktest_run(boot_options.pattern);
	hostio_report(ok ? "exit 0\n" : "exit 1\n");
	machine_poweroff();
	cpu_stop();
}
