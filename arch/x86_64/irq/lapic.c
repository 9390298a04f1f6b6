/* SPDX-License-Identifier: MIT */
/*
 * The local APIC: Intel SDM 3A chapter 10.  Registers are memory (xAPIC) or
 * model-specific registers (x2APIC, used only when the firmware has turned
 * it on, and on no machine that we could try).
 */
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/impl/pt_impl.h>
#include <debug/log.h>
#include <lib/assert.h>

/* Offsets, SDM 3A table 10-1. */
#define REG_ID	       0x020
#define REG_TPR	       0x080
#define REG_EOI	       0x0b0
#define REG_SVR	       0x0f0
#define REG_ESR	       0x280
#define REG_ICR_LOW    0x300
#define REG_ICR_HIGH   0x310
#define REG_LVT_TIMER  0x320
#define REG_LVT_PERF   0x340
#define REG_LVT_LINT0  0x350
#define REG_LVT_LINT1  0x360
#define REG_LVT_ERROR  0x370
#define REG_TIMER_INIT 0x380
#define REG_TIMER_LEFT 0x390
#define REG_TIMER_DIV  0x3e0

#define LVT_MASKED   (1u << 16)
#define LVT_NMI	     (4u << 8)
#define LVT_DEADLINE (2u << 17)
#define SVR_ENABLE   (1u << 8)
#define ICR_PENDING  (1u << 12)
#define DIVIDE_BY_1  0xbu

#define APIC_BASE_X2APIC (1u << 10)
#define APIC_BASE_ENABLE (1u << 11)

static volatile uint32_t *xapic __ro_after_init;

static uint32_t xapic_read(unsigned reg)
{
	return xapic[reg / 4];
}

static void xapic_write(unsigned reg, uint32_t v)
{
	xapic[reg / 4] = v;
}

static void xapic_ipi(uint32_t apic_id, uint32_t icr_low)
{
	irqflags_t flags = irq_save();

	while ((xapic_read(REG_ICR_LOW) & ICR_PENDING) != 0)
		cpu_relax();
	xapic_write(REG_ICR_HIGH, apic_id << 24);
	xapic_write(REG_ICR_LOW, icr_low);
	irq_restore(flags);
}

static uint32_t x2apic_read(unsigned reg)
{
	return (uint32_t)rdmsr(MSR_X2APIC + (reg >> 4));
}

static void x2apic_write(unsigned reg, uint32_t v)
{
	wrmsr(MSR_X2APIC + (reg >> 4), v);
}

static void x2apic_ipi(uint32_t apic_id, uint32_t icr_low)
{
	/* One register, and no delivery status: SDM 3A 10.12.9. */
	__asm__ volatile("mfence" ::: "memory");
	wrmsr(MSR_X2APIC + (REG_ICR_LOW >> 4),
	      ((uint64_t)apic_id << 32) | icr_low);
}

static const struct lapic_ops xapic_ops = { "xAPIC", xapic_read, xapic_write,
					    xapic_ipi };
static const struct lapic_ops x2apic_ops = { "x2APIC", x2apic_read,
					     x2apic_write, x2apic_ipi };
static const struct lapic_ops *ops __ro_after_init;

uint32_t lapic_id(void)
{
	uint32_t id = ops->read(REG_ID);

	return ops == &xapic_ops ? id >> 24 : id;
}

void lapic_eoi(void)
{
	/* A store, not a call: this is on every interrupt's way. */
	if (likely(ops == &xapic_ops))
		xapic_write(REG_EOI, 0);
	else
		x2apic_write(REG_EOI, 0);
}

void lapic_ipi(uint32_t apic_id, unsigned vector)
{
	ops->ipi(apic_id, vector);
}

void lapic_timer_setup(void)
{
	ops->write(REG_TIMER_DIV, DIVIDE_BY_1);
	ops->write(REG_LVT_TIMER, VEC_TIMER); /* one-shot */
}

void lapic_timer_mode_deadline(void)
{
	ops->write(REG_LVT_TIMER, VEC_TIMER | LVT_DEADLINE);
	/* Orders the store before later writes of the MSR: SDM 3A 10.5.4.1. */
	__asm__ volatile("mfence" ::: "memory");
}

void lapic_timer_set(uint32_t count)
{
	if (likely(ops == &xapic_ops))
		xapic_write(REG_TIMER_INIT, count);
	else
		x2apic_write(REG_TIMER_INIT, count);
}

uint32_t lapic_timer_left(void)
{
	return ops->read(REG_TIMER_LEFT);
}

void lapic_init(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	if (ops == NULL && (base & APIC_BASE_X2APIC) != 0) {
		ops = &x2apic_ops;
	} else if (ops == NULL) {
		ops = &xapic_ops;
		xapic = mmio_map(acpi.lapic, PAGE_SIZE);
		if (xapic == NULL)
			panic("lapic: no memory to map it");
	}
	wrmsr(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
	ops->write(REG_TPR, 0);
	ops->write(REG_LVT_TIMER, LVT_MASKED);
	ops->write(REG_LVT_PERF, LVT_MASKED);
	ops->write(REG_LVT_LINT0, LVT_MASKED);
	ops->write(REG_LVT_LINT1, LVT_NMI);
	ops->write(REG_LVT_ERROR, VEC_ERROR);
	ops->write(REG_ESR, 0);
	ops->write(REG_SVR, SVR_ENABLE | VEC_SPURIOUS);
	this_percpu()->apic_id = lapic_id();
	klog("lapic: %s, id %u", ops->name, this_percpu()->apic_id);
}
