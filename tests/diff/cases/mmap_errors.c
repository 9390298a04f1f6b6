/* SPDX-License-Identifier: MIT */
/* mmap, munmap and mprotect: wrong arguments. */
#include "diff.h"

static long map(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	long r = syscall(SYS_mmap, addr, len, prot, flags, fd, off);

	return r == -1 ? -1 : 0;
}

/* The C library would round the address. */
static long protect(void *addr, size_t len, int prot)
{
	return syscall(SYS_mprotect, addr, len, prot);
}

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ, ANON, -1, 0);
	int pp[2];

	put_file("f", "x");
	must(open("f", O_RDONLY));
	must(open("f", O_WRONLY));
	must(pipe(pp));
	show(map(NULL, 0, PROT_READ, ANON, -1, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, pp[0], 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 3, 1));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 3, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 4, 0));
	show(map(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0));
	show(map(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 3, 0));
	show(map(NULL, PAGE, PROT_WRITE, MAP_SHARED, 4, 0));
	show(map(p + 1, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
	show(map(NULL, (size_t)-1, PROT_READ, ANON, -1, 0));
	show(map(NULL, 1UL << 47, PROT_READ, ANON, -1, 0));
	show(map((void *)0x7ffffffff000, 2 * PAGE, PROT_READ, ANON | MAP_FIXED,
		 -1, 0));
	show(map((void *)0xffff800000000000, PAGE, PROT_READ, ANON | MAP_FIXED,
		 -1, 0));
	show(map(p, PAGE, PROT_READ, ANON | 0x100000, -1, 0));
	show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 3, -PAGE));
	show(munmap(p + 1, PAGE));
	show(munmap(p, 0));
	show(munmap((void *)0x7ffffffff000, 2 * PAGE));
	show(protect(p + 1, PAGE, PROT_READ));
	show(protect(p, 0, PROT_READ));
	show(protect(p, PAGE, 0x10));
	show(protect(p, (size_t)-PAGE, PROT_READ));
	show(munmap(p + PAGE, PAGE));
	/* A hole is no error. */
	show(munmap(p + PAGE, PAGE));
	show(protect(p, 4 * PAGE, PROT_READ | PROT_WRITE));
	/* What came before the hole has changed all the same. */
	p[0] = 1;
	show(p[0]);
	show(protect(p + PAGE, PAGE, PROT_READ));
	/* A file that was opened for reading only stays so. */
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 3, 0);
	show(protect(p, PAGE, PROT_READ | PROT_WRITE));
	return 0;
}
