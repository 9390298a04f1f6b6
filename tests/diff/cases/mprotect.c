/* SPDX-License-Identifier: MIT */
/* mprotect: splitting, merging, execution, and what forked children see. */
#include "diff.h"

static sigjmp_buf back;

static void on_fault(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static const char *try_write(volatile char *p)
{
	if (sigsetjmp(back, 1) != 0)
		return "no";
	*p = *p;
	return "yes";
}

static const char *try_read(volatile char *p)
{
	if (sigsetjmp(back, 1) != 0)
		return "no";
	(void)*p;
	return "yes";
}

static void tell(volatile char *p)
{
	for (int i = 0; i < 5; i++)
		say("%d: read %s write %s\n", i, try_read(p + i * PAGE),
		    try_write(p + i * PAGE));
}

int main(void)
{
	/* mov $42, %eax; ret */
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	char *p = mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int (*fn)(void) = (int (*)(void))(uintptr_t)p;

	on_signal(SIGSEGV, on_fault, SA_NODEFER);
	show(mprotect(p + PAGE, PAGE, PROT_READ));
	show(mprotect(p + 3 * PAGE, PAGE, PROT_NONE));
	tell(p);
	wait_say("child", child_do(tell(p)));
	show(mprotect(p, 5 * PAGE, PROT_READ | PROT_WRITE));
	tell(p);
	memcpy(p, code, sizeof(code));
	if (sigsetjmp(back, 1) == 0)
		say("ran: %d\n", fn());
	else
		say("not executable\n");
	show(mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	show(fn());
	say("write %s\n", try_write(p));
	show(mprotect(p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC));
	((volatile char *)p)[1] = 43;
	show(fn());
	/* System calls obey too. */
	show(mprotect(p, PAGE, PROT_NONE));
	show(write(1, p, 1));
	show(mprotect(p, PAGE, PROT_READ));
	show(read(0, p, 1));
	show(pipe((int *)(void *)p));
	return 0;
}
