/* SPDX-License-Identifier: MIT */
/*
 * I/O APICs (82093AA data sheet) and the silenced 8259s.
 *
 * LOCKING: an index/data register pair is not atomic; routing happens on
 * core 0 while it starts up, with interrupts off around each access.
 */
#include <arch/cpu.h>
#include <arch/impl/irq_impl.h>
#include <arch/impl/pt_impl.h>
#include <debug/log.h>
#include <lib/err.h>

#define REG_VERSION	0x01
#define REG_REDIRECT(n) (0x10 + 2 * (n))

#define RED_LOW	   (UINT64_C(1) << 13)
#define RED_LEVEL  (UINT64_C(1) << 15)
#define RED_MASKED (UINT64_C(1) << 16)

struct ioapic {
	volatile uint32_t *regs;
	uint32_t base, nlines;
};

static struct ioapic ioapics[ACPI_MAX_IOAPIC] __ro_after_init;
static unsigned nioapics __ro_after_init;

static uint32_t ioapic_read(const struct ioapic *io, uint32_t reg)
{
	io->regs[0] = reg;
	return io->regs[4];
}

static void redirect(const struct ioapic *io, uint32_t line, uint64_t entry)
{
	irqflags_t flags = irq_save();

	/* The high half first, so that the unmasking store is the last. */
	io->regs[0] = REG_REDIRECT(line) + 1;
	io->regs[4] = (uint32_t)(entry >> 32);
	io->regs[0] = REG_REDIRECT(line);
	io->regs[4] = (uint32_t)entry;
	irq_restore(flags);
}

void pic_disable(void)
{
	/* Remapped before masked: a spurious one must not look like a fault. */
	port_out8(0x20, 0x11);
	port_out8(0xa0, 0x11);
	port_out8(0x21, 0x20);
	port_out8(0xa1, 0x28);
	port_out8(0x21, 4);
	port_out8(0xa1, 2);
	port_out8(0x21, 1);
	port_out8(0xa1, 1);
	port_out8(0x21, 0xff);
	port_out8(0xa1, 0xff);
}

void ioapic_init(void)
{
	unsigned i;
	uint32_t line;

	for (i = 0; i < acpi.nioapics; i++) {
		struct ioapic *io = &ioapics[nioapics];

		io->regs = mmio_map(acpi.ioapic[i].address, PAGE_SIZE);
		if (io->regs == NULL) {
			klog_at(KLOG_ERROR, "ioapic: cannot map");
			continue;
		}
		io->base = acpi.ioapic[i].gsi_base;
		io->nlines = ((ioapic_read(io, REG_VERSION) >> 16) & 0xff) + 1;
		for (line = 0; line < io->nlines; line++)
			redirect(io, line, RED_MASKED);
		nioapics++;
	}
}

err_t ioapic_route(uint32_t gsi, unsigned vector, uint32_t apic_id, bool level,
		   bool low)
{
	unsigned i;

	for (i = 0; i < nioapics; i++) {
		const struct ioapic *io = &ioapics[i];

		if (gsi < io->base || gsi - io->base >= io->nlines)
			continue;
		redirect(io, gsi - io->base,
			 vector | (level ? RED_LEVEL : 0) |
				 (low ? RED_LOW : 0) |
				 ((uint64_t)apic_id << 56));
		return 0;
	}
	return -EINVAL;
}
