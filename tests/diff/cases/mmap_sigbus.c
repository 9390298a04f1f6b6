/* SPDX-License-Identifier: MIT */
/* Beyond the end of the file: zeros in the last page, SIGBUS after it. */
#include "diff.h"

static sigjmp_buf back;
static volatile char *base;

static void on_fault(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	say("%s code %d at %ld\n", sig_name(sig), si->si_code,
	    (long)((char *)si->si_addr - (char *)base));
	siglongjmp(back, 1);
}

static void peek(long at)
{
	if (sigsetjmp(back, 1) == 0)
		say("at %ld: %d\n", at, base[at]);
}

static void poke(long at)
{
	if (sigsetjmp(back, 1) == 0) {
		base[at] = 9;
		say("stored at %ld\n", at);
	}
}

int main(void)
{
	on_siginfo(SIGBUS, on_fault, 0);
	on_siginfo(SIGSEGV, on_fault, 0);
	must(open("f", O_RDWR | O_CREAT, 0644));
	must(write(3, "abc", 3));
	base = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
	peek(0);
	peek(3);
	peek(4095);
	peek(4096);
	poke(8192);
	must(ftruncate(3, 5000));
	peek(4096);
	poke(4999);
	peek(8192);
	must(ftruncate(3, 10));
	peek(4999);
	peek(9);
	must(ftruncate(3, 0));
	peek(0);
	show(read(0, (void *)base, 1));
	show(write(3, "x", 1));
	peek(0);
	show(pwrite(3, (void *)(base + 4096), 1, 0));
	wait_say("default",
		 child_do(on_signal(SIGBUS, SIG_DFL, 0); poke(8192)));
	base = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 3, 0);
	poke(100);
	peek(4096);
	poke(4096);
	return 0;
}
