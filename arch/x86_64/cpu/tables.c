/* SPDX-License-Identifier: MIT */
/*
 * The tables that the processor reads: GDT, TSS, IDT, and the registers of
 * SYSCALL.  Intel SDM 3A: descriptors 3.4.5 and 7.2.3, gates 6.14.1, IST
 * 6.14.5, SYSCALL 5.8.8.
 *
 * LOCKING: none.  Each core has a GDT and TSS of its own; the IDT is shared
 * and constant after the boot core filled it.
 */
#include <arch/arch_init.h>
#include <arch/context.h>
#include <arch/impl/cpu_impl.h>
#include <lib/assert.h>
#include <lib/string.h>

struct idt_gate {
	uint16_t offset_low, selector;
	uint8_t ist, type;
	uint16_t offset_mid;
	uint32_t offset_high, reserved;
};

struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __packed;

static struct idt_gate idt[256] __aligned(4096) __ro_after_init;
static struct cpu_tables boot_tables __aligned(64);
/* Stacks for NMI, #DF, #MC. */
static char boot_ist[3 * IST_STACK_SIZE] __aligned(IST_STACK_SIZE);

#define GATE_INTERRUPT 0x8e
#define GATE_USER      0xee

static void gate_set(unsigned vector, unsigned ist, uint8_t type)
{
	vaddr_t target = (vaddr_t)trap_stubs + 16u * vector;
	struct idt_gate *g = &idt[vector];

	g->offset_low = (uint16_t)target;
	g->selector = SEL_KERNEL_CS;
	g->ist = (uint8_t)ist;
	g->type = type;
	g->offset_mid = (uint16_t)(target >> 16);
	g->offset_high = (uint32_t)(target >> 32);
}

static void idt_fill(void)
{
	unsigned v;

	for (v = 0; v < 256; v++)
		gate_set(v, 0, GATE_INTERRUPT);
	gate_set(VEC_NMI, 1, GATE_INTERRUPT);
	gate_set(VEC_DF, 2, GATE_INTERRUPT);
	gate_set(VEC_MC, 3, GATE_INTERRUPT);
	gate_set(VEC_BP, 0, GATE_USER);
	gate_set(4, 0, GATE_USER); /* INTO does not exist here; INT 4 does */
}

static void gdt_fill(struct cpu_tables *t)
{
	uint64_t base = (uint64_t)&t->tss;

	memset(t->gdt, 0, sizeof(t->gdt));
	t->gdt[SEL_KERNEL_CS / 8] = UINT64_C(0x00af9b000000ffff);
	t->gdt[SEL_KERNEL_DS / 8] = UINT64_C(0x00cf93000000ffff);
	t->gdt[SEL_USER_CS32 / 8] = UINT64_C(0x00cffb000000ffff);
	t->gdt[SEL_USER_DS / 8] = UINT64_C(0x00cff3000000ffff);
	t->gdt[SEL_USER_CS / 8] = UINT64_C(0x00affb000000ffff);
	t->gdt[SEL_TSS / 8] =
		(sizeof(struct tss) - 1) | ((base & 0xffffff) << 16) |
		(UINT64_C(0x89) << 40) | (((base >> 24) & 0xff) << 56);
	t->gdt[SEL_TSS / 8 + 1] = base >> 32;
}

static void tss_fill(struct cpu_tables *t, struct percpu *pc, char *ist)
{
	unsigned i;

	memset(&t->tss, 0, sizeof(t->tss));
	t->tss.iomap_base = sizeof(struct tss);
	for (i = 0; i < 3; i++) {
		void *stack = ist + i * IST_STACK_SIZE;

		/* trap_paranoid finds the core by this word. */
		*(struct percpu **)stack = pc;
		t->tss.ist[i] = (uint64_t)stack + IST_STACK_SIZE;
	}
}

void cpu_tables_init(struct percpu *pc, struct cpu_tables *t, char *ist)
{
	struct table_pointer gdtr = { sizeof(t->gdt) - 1, (uint64_t)t->gdt };
	struct table_pointer idtr = { sizeof(idt) - 1, (uint64_t)idt };

	kassert(((uintptr_t)ist & (IST_STACK_SIZE - 1)) == 0);
	gdt_fill(t);
	tss_fill(t, pc, ist);
	pc->arch[PERCPU_TABLES] = (uint64_t)t;
	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	/* Selectors in CS and SS are those of the boot GDT already. */
	__asm__ volatile("ltr %w0" : : "r"(SEL_TSS));
	__asm__ volatile("lidt %0" : : "m"(idtr));

	wrmsr(MSR_STAR, ((uint64_t)SEL_USER_CS32 << 48) |
				((uint64_t)SEL_KERNEL_CS << 32));
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_SFMASK, RFLAGS_IF | RFLAGS_DF | RFLAGS_TF | RFLAGS_AC |
				  RFLAGS_NT | RFLAGS_IOPL);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE | EFER_NXE);
	wrmsr(MSR_GS_BASE, (uint64_t)pc);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
	wrmsr(MSR_FS_BASE, 0);
}

void cpu_boot_tables(void)
{
	idt_fill();
	cpu_tables_init(&percpu_boot, &boot_tables, boot_ist);
	kstack_set((uint64_t)boot_stack_top);
}

void kstack_set(uint64_t top)
{
	struct percpu *pc = this_percpu();
	struct cpu_tables *t = (struct cpu_tables *)pc->arch[PERCPU_TABLES];

	pc->kstack_top = top;
	t->tss.rsp[0] = top;
}

void cpu_control_init(void)
{
	const struct cpu_features *f = &cpu_features;
	uint64_t cr0 = read_cr0(), cr4 = read_cr4();

	cr0 &= ~(uint64_t)(CR0_EM | CR0_TS);
	cr0 |= CR0_MP | CR0_NE | CR0_WP | CR0_AM;
	write_cr0(cr0);

	cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
	cr4 |= f->pge ? CR4_PGE : 0;
	cr4 |= f->umip ? CR4_UMIP : 0;
	cr4 |= f->fsgsbase ? CR4_FSGSBASE : 0;
	cr4 |= f->xsave ? CR4_OSXSAVE : 0;
	cr4 |= f->smep ? CR4_SMEP : 0;
	cr4 |= f->smap ? CR4_SMAP : 0;
	write_cr4(cr4);
	fpu_init_core();
}
