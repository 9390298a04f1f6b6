/* SPDX-License-Identifier: MIT */
/*
 * The smallest thing that QEMU boots by PVH and that speaks the channels of
 * tools/pando, so that the tool can be tested without the kernel.  A word on
 * the command line says what to do: fake=echo, exitN, signalN, panic, hang,
 * mute.  32-bit, paging off.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

__asm__(".pushsection .note, \"a\", @note\n"
	".long 4, 4, 18\n.asciz \"Xen\"\n.long _start\n.popsection\n"
	".pushsection .text\n.globl _start\n_start:\n"
	"mov $stack_end, %esp\npush %ebx\ncall fake_main\n.popsection\n"
	".pushsection .bss\n.balign 16\n.skip 4096\nstack_end:\n"
	".popsection\n");

static void outb(u16 port, u8 value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static u8 inb(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void put(u16 port, const char *s)
{
	while (*s != 0)
		outb(port, (u8)*s++);
}

static u8 com2(void)
{
	while ((inb(0x2fd) & 1) == 0)
		;
	return inb(0x2f8);
}

/* Copies stdin to stdout, and a count's low byte as status. */
static void echo(void)
{
	u8 n;

	while ((n = com2()) != 0)
		while (n-- != 0)
			outb(0xea, com2());
}

static void power_off(void)
{
	/* The PIIX4 of QEMU, with no firmware's help: set its base first. */
	__asm__ volatile("outl %0, %1" : : "a"(0x80000b40), "Nd"((u16)0xcf8));
	__asm__ volatile("outl %0, %1" : : "a"(0x601), "Nd"((u16)0xcfc));
	__asm__ volatile("outl %0, %1" : : "a"(0x80000b80), "Nd"((u16)0xcf8));
	__asm__ volatile("outl %0, %1" : : "a"(1), "Nd"((u16)0xcfc));
	__asm__ volatile("outw %0, %1" : : "a"((u16)0x2000), "Nd"((u16)0x604));
}

static const char *word(const char *s)
{
	for (; *s != 0; s++)
		if (s[0] == 'f' && s[1] == 'a' && s[2] == 'k' && s[3] == 'e' &&
		    s[4] == '=')
			return s + 5;
	return s;
}

void fake_main(const u32 *info)
{
	const char *what = word((const char *)info[6]);
	const char *number = what;

	put(0xe9, "fake kernel\n");
	outb(0x2fa, 0xc7); /* 14 bytes a time */
	put(0xec, "ready\n");
	put(0xeb, "to stderr\n");
	while (*number > '9')
		number++;
	if (what[0] == 'e' && what[1] == 'c') {
		echo();
		put(0xec, "exit 0\n");
	} else if (what[0] == 'e') {
		put(0xec, "exit ");
		put(0xec, number);
		put(0xec, "\n");
	} else if (what[0] == 's') {
		put(0xec, "signal ");
		put(0xec, number);
		put(0xec, "\n");
	} else if (what[0] == 'p') {
		put(0xe9, "before\nPANIC: on purpose\n");
		put(0xec, "panic\n");
	} else if (what[0] == 'h') {
		for (;;)
			;
	}
	power_off();
	for (;;)
		__asm__ volatile("hlt");
}
