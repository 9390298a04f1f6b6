/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables (ACPI 6.4, chapter 5): which cores and interrupt controllers
 * there are, where the HPET is, how to power off.  Read once, on core 0.
 * A table that is missing or broken leaves the PC's defaults in force.
 */
#include <arch/impl/boot_impl.h>
#include <arch/impl/cpu_impl.h>
#include <arch/impl/irq_impl.h>
#include <arch/impl/pt_impl.h>
#include <debug/log.h>
#include <lib/string.h>

struct rsdp {
	char signature[8];
	uint8_t checksum;
	char oem[6];
	uint8_t revision;
	uint32_t rsdt, length;
	uint64_t xsdt;
	uint8_t checksum2, reserved[3];
} __packed;

struct table {
	char signature[4];
	uint32_t length;
	uint8_t revision, checksum;
	char oem[6], oem_table[8];
	uint32_t oem_revision, creator, creator_revision;
} __packed;

struct madt_entry {
	uint8_t type, length;
	uint8_t data[];
} __packed;

enum {
	MADT_LAPIC = 0,
	MADT_IOAPIC = 1,
	MADT_OVERRIDE = 2,
	MADT_LAPIC_ADDRESS = 5,
	MADT_X2APIC = 9,
};

struct acpi_info acpi;

static uint32_t get32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t get64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static bool sum_is_zero(const void *p, size_t n)
{
	const uint8_t *b = p;
	uint8_t sum = 0;

	while (n-- > 0)
		sum = (uint8_t)(sum + *b++);
	return sum == 0;
}

/* The table at @pa, mapped and with a good checksum, or NULL. */
static const struct table *table_at(paddr_t pa)
{
	const struct table *t = phys_to_virt(pa);

	if (pa == 0 || !direct_map_ensure(pa, sizeof(*t)))
		return NULL;
	if (t->length < sizeof(*t) || t->length > MIB(16) ||
	    !direct_map_ensure(pa, t->length) || !sum_is_zero(t, t->length))
		return NULL;
	return t;
}

static const struct rsdp *rsdp_valid(paddr_t pa)
{
	const struct rsdp *r = phys_to_virt(pa);

	if (!direct_map_ensure(pa, sizeof(*r)) ||
	    memcmp(r->signature, "RSD PTR ", 8) != 0 || !sum_is_zero(r, 20))
		return NULL;
	return r;
}

/* ACPI 5.2.5.1: the first KiB of the EBDA, then the BIOS area. */
static const struct rsdp *rsdp_find(void)
{
	const struct rsdp *r = NULL;
	paddr_t at, ebda;
	uint16_t segment;

	if (boot_info.rsdp != 0)
		r = rsdp_valid(boot_info.rsdp);
	if (r != NULL)
		return r;
	memcpy(&segment, phys_to_virt(0x40e), sizeof(segment));
	ebda = (paddr_t)segment << 4;
	for (at = ebda; ebda >= 0x80000 && at < ebda + 1024; at += 16) {
		r = rsdp_valid(at);
		if (r != NULL)
			return r;
	}
	for (at = 0xe0000; at < 0x100000 && r == NULL; at += 16)
		r = rsdp_valid(at);
	return r;
}

static void add_core(uint32_t apic_id, uint32_t flags)
{
	/* Enabled, or able to come online later: ACPI 5.2.12.2. */
	if ((flags & 1) == 0 || acpi.ncores == MAX_CORES)
		return;
	acpi.apic_ids[acpi.ncores++] = apic_id;
}

static void madt_entry(const struct madt_entry *e)
{
	const uint8_t *d = e->data;
	struct acpi_isa_route *route;

	switch (e->type) {
	case MADT_LAPIC:
		add_core(d[1], get32(d + 2));
		break;
	case MADT_X2APIC:
		if (get32(d + 2) >= 255)
			acpi.nx2apic++;
		add_core(get32(d + 2), get32(d + 6));
		break;
	case MADT_IOAPIC:
		if (acpi.nioapics == ACPI_MAX_IOAPIC)
			break;
		acpi.ioapic[acpi.nioapics].address = get32(d + 2);
		acpi.ioapic[acpi.nioapics++].gsi_base = get32(d + 6);
		break;
	case MADT_OVERRIDE:
		if (d[0] != 0 || d[1] >= ACPI_ISA_IRQS)
			break;
		route = &acpi.isa[d[1]];
		route->gsi = get32(d + 2);
		memcpy(&route->flags, d + 6, sizeof(route->flags));
		break;
	case MADT_LAPIC_ADDRESS:
		acpi.lapic = get64(d + 2);
		break;
	default:
		break;
	}
}

static void read_madt(const struct table *t)
{
	const void *at = (const void *)t + 44,
		   *end = (const void *)t + t->length;

	acpi.lapic = get32((const void *)t + 36);
	while (at + 2 <= end) {
		const struct madt_entry *e = at;

		if (e->length < 8 || at + e->length > end)
			break;
		madt_entry(e);
		at += e->length;
	}
}

/*
 * \_S5_ in the DSDT's byte code (ACPI 20.2): NameOp? "_S5_" PackageOp
 * length count, then the two sleep types as small integers.
 */
static void find_s5(const struct table *dsdt)
{
	const uint8_t *p = (const void *)(dsdt + 1);
	const uint8_t *end = (const void *)dsdt + dsdt->length;
	uint8_t values[2] = { 0, 0 };
	unsigned i;

	for (; p + 16 < end; p++) {
		if (memcmp(p, "_S5_", 4) == 0 && p[4] == 0x12)
			break;
	}
	if (p + 16 >= end)
		return;
	p += 5;
	p += 1 + (p[0] >> 6); /* package length: 1 to 4 bytes */
	p++;		      /* number of elements */
	for (i = 0; i < 2 && p + 1 < end; i++) {
		if (*p == 0x0a) /* BytePrefix */
			p++;
		else if (*p > 1) /* neither ZeroOp nor OneOp */
			return;
		values[i] = *p++;
	}
	acpi.s5_a = values[0];
	acpi.s5_b = values[1];
	acpi.has_s5 = true;
}

/* Offsets: ACPI 5.2.9. */
static void read_fadt(const struct table *t)
{
	const void *f = t;
	const struct table *dsdt = NULL;

	if (t->length < 116)
		return;
	acpi.smi_cmd = (uint16_t)get32(f + 48);
	acpi.acpi_enable = *(const uint8_t *)(f + 52);
	acpi.pm1a_cnt = (uint16_t)get32(f + 64);
	acpi.pm1b_cnt = (uint16_t)get32(f + 68);
	acpi.pm_timer = (uint16_t)get32(f + 76);
	/* Flag 10: the reset register, here only in port space. */
	if (t->length >= 129 && (get32(f + 112) & (1u << 10)) != 0 &&
	    *(const uint8_t *)(f + 116) == 1) {
		acpi.reset_port = (uint16_t)get64(f + 120);
		acpi.reset_value = *(const uint8_t *)(f + 128);
	}
	if (t->length >= 148)
		dsdt = table_at(get64(f + 140));
	if (dsdt == NULL)
		dsdt = table_at(get32(f + 40));
	if (dsdt != NULL)
		find_s5(dsdt);
}

static void read_table(const struct table *t)
{
	if (t == NULL)
		return;
	if (memcmp(t->signature, "APIC", 4) == 0)
		read_madt(t);
	else if (memcmp(t->signature, "FACP", 4) == 0)
		read_fadt(t);
	else if (memcmp(t->signature, "HPET", 4) == 0 && t->length >= 52)
		acpi.hpet = get64((const void *)t + 44);
}

static void read_tables(const struct rsdp *r)
{
	const struct table *root = NULL;
	size_t width = 8, at;

	if (r->revision >= 2)
		root = table_at(r->xsdt);
	if (root == NULL) {
		root = table_at(r->rsdt);
		width = 4;
	}
	if (root == NULL)
		return;
	acpi.present = true;
	for (at = sizeof(*root); at + width <= root->length; at += width) {
		const void *entry = (const void *)root + at;

		read_table(table_at(width == 8 ? get64(entry) : get32(entry)));
	}
}

void acpi_init(void)
{
	const struct rsdp *r;
	unsigned i;

	acpi.lapic = 0xfee00000;
	for (i = 0; i < ACPI_ISA_IRQS; i++)
		acpi.isa[i].gsi = i;
	r = rsdp_find();
	if (r != NULL)
		read_tables(r);
	if (!acpi.present)
		klog_at(KLOG_WARN, "acpi: no tables found");
	if (acpi.nioapics == 0) {
		acpi.ioapic[0].address = 0xfec00000;
		acpi.nioapics = 1;
	}
	percpu_set_present(acpi.ncores);
	klog("acpi: %u cores, %u ioapics, hpet %s, pm1a %#x, s5 %s",
	     acpi.ncores, acpi.nioapics, acpi.hpet != 0 ? "yes" : "no",
	     (unsigned)acpi.pm1a_cnt, acpi.has_s5 ? "yes" : "no");
	if (acpi.nx2apic != 0)
		klog_at(KLOG_WARN, "acpi: %u cores need x2APIC", acpi.nx2apic);
}
