/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: say all that is known, once, and stop.
 *
 * LOCKING: none is taken, for its holder may be dead.  The first core to
 * panic reports; others stop.  A panic within the report, on the same core,
 * ends it there.
 */
#include <debug/panic.h>

#include <arch/backtrace.h>
#include <arch/cpu.h>
#include <arch/percpu.h>
#include <arch/regs.h>
#include <debug/ksyms.h>
#include <debug/log.h>
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/fmt.h>

#define CONTROL_PORT 0xec

struct panic_ops panic_ops;

extern const char kernel_build_id[] __weak;

static uint32_t panic_core; /* ATOMIC; core number + 1 of the first */
static char reason[256];    /* PRIVATE(panic_core) */

bool panic_in_progress(void)
{
	return atomic_load_relaxed(&panic_core) != 0;
}

static __printf(1, 2) void line(const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)kvsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	klog_at(KLOG_ERROR, "%s", text);
}

static __noreturn void power_down(void)
{
	debug_port_write(CONTROL_PORT, "panic\n", 6);
	machine_poweroff();
	cpu_stop();
}

/* Returns only for the first core, the first time. */
static void panic_enter(void)
{
	uint32_t me = core_id() + 1, first = 0;

	irq_disable();
	klog_panic_mode();
	if (atomic_cas(&panic_core, &first, me))
		return;
	if (first != me)
		cpu_stop();
	line("panic within panic");
	power_down();
}

static const char *build_id(void)
{
	const char *id = kernel_build_id;

	__asm__("" : "+r"(id));
	return id != NULL ? id : "unknown build";
}

static __noreturn void report(const struct regs *r)
{
	char where[KSYMS_TEXT_MAX];

	if (panic_ops.console_takeover != NULL)
		panic_ops.console_takeover();
	line("---- kernel panic ----");
	line("panic: %s", reason);
	line("build: %s", build_id());
	line("core: %u, irq depth %u", core_id(), this_percpu()->irq_depth);
	if (r != NULL) {
		ksyms_format(regs_ip(r), where);
		line("at: %s%s", where, regs_from_user(r) ? " (user)" : "");
		regs_dump(r, line);
	}
	line("backtrace:");
	if (r == NULL || !regs_from_user(r))
		backtrace_print(line, r != NULL ? regs_frame_pointer(r) : 0);
	if (panic_ops.dump_thread != NULL)
		panic_ops.dump_thread(line);
	if (panic_ops.dump_locks != NULL)
		panic_ops.dump_locks(line);
	if (panic_ops.dump_trace != NULL)
		panic_ops.dump_trace(line);
	line("---- end of panic ----");
	power_down();
}

void panic(const char *fmt, ...)
{
	va_list ap;

	panic_enter();
	va_start(ap, fmt);
	(void)kvsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	report(NULL);
}

void panic_regs(const struct regs *r, const char *fmt, ...)
{
	va_list ap;

	panic_enter();
	va_start(ap, fmt);
	(void)kvsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	report(r);
}

/* Called by the code that -fstack-protector adds. */
__noreturn void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
	panic("stack canary overwritten");
}
