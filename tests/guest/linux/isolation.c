/* SPDX-License-Identifier: MIT */
/* What user code must not do is a signal; what a call must keep is kept. */
#include "../guest.h"

static volatile unsigned long at;

static void read_there(void)
{
	(void)*(volatile char *)at;
}

static void write_there(void)
{
	*(volatile char *)at = 1;
}

static void jump_there(void)
{
	void (*fn)(void) = (void (*)(void))at;

	fn();
}

static void kernel_addresses(void)
{
	static const unsigned long list[] = {
		0xffffffff80000000UL, 0xffffffff80100000UL,
		0xffff800000000000UL, 0xffff888000000000UL,
		0xffffffffffffffffUL, 0x00007ffffffff000UL,
		0xfffffe0000000000UL,
	};
	unsigned i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		at = list[i];
		CHECK(killed_by(in_child(read_there), SIGSEGV));
		CHECK(killed_by(in_child(write_there), SIGSEGV));
		CHECK(killed_by(in_child(jump_there), SIGSEGV));
	}
	at = 1UL << 47;
	CHECK(killed_by(in_child(read_there), SIGSEGV));
	CHECK(killed_by(in_child(jump_there), SIGSEGV));
	at = 0;
	CHECK(killed_by(in_child(read_there), SIGSEGV));
	CHECK(killed_by(in_child(jump_there), SIGSEGV));
}

static const char constant[] = "constant";
static char data[64] __attribute__((aligned(64)));

static void write_constant(void)
{
	at = (unsigned long)constant;
	write_there();
}

static void write_text(void)
{
	at = (unsigned long)read_there;
	write_there();
}

static void run_data(void)
{
	memset(data, 0xc3, sizeof(data)); /* ret */
	at = (unsigned long)data;
	jump_there();
}

static void run_stack(void)
{
	char code[16];

	memset(code, 0xc3, sizeof(code));
	at = (unsigned long)code;
	jump_there();
}

static void run_heap(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 0xc3, 16);
	at = (unsigned long)p;
	jump_there();
}

static void run_allowed(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 0xc3, 16);
	if (mprotect(p, PAGE, PROT_READ | PROT_EXEC) != 0)
		_exit(1);
	at = (unsigned long)p;
	jump_there();
	_exit(8);
}

static void pages_do_what_they_may(void)
{
	CHECK(killed_by(in_child(write_constant), SIGSEGV));
	CHECK(killed_by(in_child(write_text), SIGSEGV));
	CHECK(killed_by(in_child(run_data), SIGSEGV));
	CHECK(killed_by(in_child(run_stack), SIGSEGV));
	CHECK(killed_by(in_child(run_heap), SIGSEGV));
	CHECK(exited_with(in_child(run_allowed), 8));
}

#define INSN(name, text) \
	static void name(void) \
	{ \
		__asm__ volatile(text ::: "memory", "rax", "rcx", "rdx"); \
	}

INSN(i_cli, "cli")
INSN(i_hlt, "hlt")
INSN(i_in, "mov $0x60, %%dx\n in %%dx, %%al")
INSN(i_out, "mov $0xe9, %%dx\n out %%al, %%dx")
INSN(i_rdmsr, "mov $0xc0000080, %%ecx\n rdmsr")
INSN(i_wrmsr, "mov $0xc0000101, %%ecx\n wrmsr")
INSN(i_cr0, "mov %%cr0, %%rax")
INSN(i_cr3, "mov %%rax, %%cr3")
INSN(i_lgdt, "lgdt (%%rsp)")
INSN(i_ltr, "mov $0x40, %%ax\n ltr %%ax")
INSN(i_swapgs, "swapgs")
INSN(i_wbinvd, "wbinvd")
INSN(i_iret, "pushq $0x18\n push %%rsp\n pushf\n pushq $0x10\n"
	     "pushq $1f\n 1: iretq")
INSN(i_sysret, "sysretq")
INSN(i_int_pf, "int $14")
INSN(i_int_irq, "int $0x40")
INSN(i_ss, "xor %%eax, %%eax\n mov %%ax, %%ss")

INSN(i_ud2, "ud2")
INSN(i_int3, "int3")
INSN(i_div, "xor %%ecx, %%ecx\n xor %%edx, %%edx\n div %%ecx")
INSN(i_step, "pushf\n orl $0x100, (%%rsp)\n popf\n nop\n nop")
INSN(i_noncanon, "mov $0x800000000000, %%rax\n mov (%%rax), %%rax")
INSN(i_stack_nc, "mov $0x900000000000, %%rsp\n push %%rax")

static void privileged_instructions(void)
{
	static void (*const fns[])(void) = {
		i_cli,	i_hlt, i_in,	 i_out,	    i_rdmsr,  i_wrmsr,
		i_cr0,	i_cr3, i_lgdt,	 i_ltr,	    i_swapgs, i_wbinvd,
		i_iret, i_ss,  i_int_pf, i_int_irq,
	};
	unsigned i;

	for (i = 0; i < sizeof(fns) / sizeof(fns[0]); i++) {
		int st = in_child(fns[i]);

		if (!CHECK(killed_by(st, SIGSEGV)))
			note("instruction %u: status %#x", i, st);
	}
	CHECK(WIFSIGNALED(in_child(i_sysret)));
}

static void exceptions_are_signals(void)
{
	int st;

	CHECK(killed_by(in_child(i_ud2), SIGILL));
	CHECK(killed_by(in_child(i_int3), SIGTRAP));
	CHECK(killed_by(in_child(i_div), SIGFPE));
	CHECK(killed_by(in_child(i_step), SIGTRAP));
	CHECK(killed_by(in_child(i_noncanon), SIGSEGV));
	/* #SS on a processor, #GP under emulation. */
	st = in_child(i_stack_nc);
	CHECK(killed_by(st, SIGBUS) || killed_by(st, SIGSEGV));
}

/* A SYSCALL whose next instruction lies outside of user space. */
static void call_at_the_top(void)
{
	unsigned char *p = mmap((void *)0x7fffffffe000UL, PAGE,
				PROT_READ | PROT_WRITE | PROT_EXEC,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (p == MAP_FAILED)
		_exit(7);
	p[PAGE - 2] = 0x0f;
	p[PAGE - 1] = 0x05;
	__asm__ volatile("mov $39, %%eax\n jmp *%0"
			 :
			 : "r"(p + PAGE - 2)
			 : "rax", "rcx", "r11", "memory");
}

static void syscall_at_the_end_of_user_space(void)
{
	CHECK(killed_by(in_child(call_at_the_top), SIGSEGV));
}

#define SAVED 13

/* Every register but rax, rcx and r11 comes back from a call. */
static void calls_keep_registers(void)
{
	unsigned long v[SAVED] = { 0 };
	unsigned long *out = v;
	unsigned i;
	static const int nrs[] = { SYS_getpid, SYS_sched_yield, 999,
				   SYS_close };

	for (i = 0; i < 4; i++) {
		__asm__ volatile("push %%rbx\n push %%rbp\n push %[out]\n"
				 "mov $101, %%rbx\n mov $102, %%rbp\n"
				 "mov $103, %%rdi\n mov $104, %%rsi\n"
				 "mov $105, %%rdx\n mov $108, %%r8\n"
				 "mov $109, %%r9\n mov $110, %%r10\n"
				 "mov $112, %%r12\n mov $113, %%r13\n"
				 "mov $114, %%r14\n mov $115, %%r15\n"
				 "std\n syscall\n pushf\n cld\n pop %%r11\n"
				 "pop %%rcx\n"
				 "mov %%rbx, 0(%%rcx)\n mov %%rbp, 8(%%rcx)\n"
				 "mov %%rdi, 16(%%rcx)\n mov %%rsi, 24(%%rcx)\n"
				 "mov %%rdx, 32(%%rcx)\n mov %%r8, 40(%%rcx)\n"
				 "mov %%r9, 48(%%rcx)\n mov %%r10, 56(%%rcx)\n"
				 "mov %%r12, 64(%%rcx)\n mov %%r13, 72(%%rcx)\n"
				 "mov %%r14, 80(%%rcx)\n mov %%r15, 88(%%rcx)\n"
				 "mov %%r11, 96(%%rcx)\n"
				 "pop %%rbp\n pop %%rbx\n"
				 : [out] "+c"(out)
				 : "a"((long)nrs[i])
				 : "rdi", "rsi", "rdx", "r8", "r9", "r10",
				   "r11", "r12", "r13", "r14", "r15", "memory",
				   "cc");
		CHECK(v[0] == 101 && v[1] == 102 && v[2] == 103 &&
		      v[3] == 104 && v[4] == 105 && v[5] == 108 &&
		      v[6] == 109 && v[7] == 110);
		CHECK(v[8] == 112 && v[9] == 113 && v[10] == 114 &&
		      v[11] == 115);
		/* The direction flag is the program's too. */
		CHECK((v[12] & 0x400) != 0);
	}
}

static void all_of_them(void)
{
	kernel_addresses();
	pages_do_what_they_may();
	privileged_instructions();
	exceptions_are_signals();
	syscall_at_the_end_of_user_space();
}

static void nothing_leaks(void)
{
	struct rlimit l = { 0, 0 };

	setrlimit(RLIMIT_CORE, &l);
	CHECK(leak_free(all_of_them));
}

TAP_MAIN(kernel_addresses, pages_do_what_they_may, privileged_instructions,
	 exceptions_are_signals, syscall_at_the_end_of_user_space,
	 calls_keep_registers, nothing_leaks)
