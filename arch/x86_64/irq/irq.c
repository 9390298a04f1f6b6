/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: interrupts, from vector to handler.
 *
 * Vectors: VEC_IRQ0 + n is global system interrupt n; the timer, messages
 * and the APIC's own errors have one each.  All run with interrupts off.
 *
 * LOCKING: a line's handler is published once with release and never taken
 * back; counters are only written on the core that the line is routed to.
 */
#include <arch/hooks.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/timer.h>
#include <debug/log.h>
#include <lib/atomic.h>
#include <lib/err.h>

struct irq_line {
	irq_handler_fn fn; /* ATOMIC; IMMUTABLE once set */
	void *arg;	   /* IMMUTABLE once fn is set */
	uint64_t count;	   /* ATOMIC; written by the core it goes to */
};

static struct irq_line lines[VEC_IRQ_MAX];
void (*nmi_hook)(struct regs *r) __ro_after_init;

err_t irq_register_isa(unsigned irq, irq_handler_fn fn, void *arg)
{
	struct acpi_isa_route route;
	struct irq_line *line;
	err_t err;

	if (irq >= ACPI_ISA_IRQS || fn == NULL)
		return -EINVAL;
	route = acpi.isa[irq];
	if (route.gsi >= VEC_IRQ_MAX)
		return -EINVAL;
	line = &lines[route.gsi];
	if (atomic_load_relaxed(&line->fn) != NULL)
		return -EBUSY;
	line->arg = arg;
	/* Pairs with the acquire in irq_device(). */
	atomic_store_release(&line->fn, fn);
	/* ACPI 6.4, table 5.27: polarity 3 is low, trigger 3 is level. */
	err = ioapic_route(route.gsi, VEC_IRQ0 + route.gsi, lapic_id(),
			   (route.flags & 0xc) == 0xc, (route.flags & 3) == 3);
	if (err)
		atomic_store_release(&line->fn, NULL);
	return err;
}

uint64_t irq_count(unsigned irq)
{
	if (irq >= ACPI_ISA_IRQS || acpi.isa[irq].gsi >= VEC_IRQ_MAX)
		return 0;
	return atomic_load_relaxed(&lines[acpi.isa[irq].gsi].count);
}

void irq_device(unsigned vector)
{
	struct irq_line *line = &lines[vector - VEC_IRQ0];
	irq_handler_fn fn = atomic_load_acquire(&line->fn);

	atomic_store_relaxed(&line->count, line->count + 1);
	if (fn != NULL)
		fn(line->arg);
	lapic_eoi();
}

static void unexpected(struct percpu *pc, unsigned vector)
{
	if (pc->arch[PERCPU_UNEXPECTED]++ == 0)
		klog_at(KLOG_WARN, "irq: unexpected vector %#x", vector);
	lapic_eoi();
}

void irq_dispatch(struct regs *r, unsigned vector)
{
	struct percpu *pc = this_percpu();

	pc->irq_depth++;
	switch (vector) {
	case VEC_TIMER:
		lapic_eoi();
		trap_ops.timer();
		break;
	case VEC_IPI:
		lapic_eoi();
		trap_ops.ipi();
		break;
	case VEC_SPURIOUS:
		/* SDM 3A 10.9: no end of interrupt for these. */
		pc->arch[PERCPU_SPURIOUS]++;
		break;
	default:
		if (vector - VEC_IRQ0 < VEC_IRQ_MAX)
			irq_device(vector);
		else
			unexpected(pc, vector);
		break;
	}
	pc->irq_depth--;
	if (!regs_from_user(r) && trap_ops.irq_exit != NULL)
		trap_ops.irq_exit(r);
}

void core_ipi(coreid_t core)
{
	const struct percpu *pc = percpu_of(core);

	if (pc != NULL)
		lapic_ipi(pc->apic_id, VEC_IPI);
}
