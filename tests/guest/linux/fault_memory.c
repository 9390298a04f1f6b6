/* SPDX-License-Identifier: MIT */
/* The n-th allocation of memory calls and of page faults fails. */
#include "../sweep.h"

static int map_touch(void)
{
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return errno;
	for (int i = 0; i < 40; i++)
		p[i * PAGE] = 1;
	return munmap((void *)(uintptr_t)p, 40 * PAGE) == 0 ? 0 : errno;
}

static int map_touch_shared(void)
{
	volatile char *p = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return errno;
	for (int i = 0; i < 10; i++)
		p[i * PAGE] = 1;
	return munmap((void *)(uintptr_t)p, 10 * PAGE) == 0 ? 0 : errno;
}

/* Far apart, so that page tables are needed too. */
static int map_far(void)
{
	uintptr_t at;
	int e = 0;

	for (at = 1; at < 5 && e == 0; at++) {
		volatile char *p = mmap((void *)(at << 40), PAGE,
					PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return errno;
		*p = 1;
	}
	return 0;
}

static int break_up(void)
{
	/* libc's own brk() refuses to work. */
	char *old = (char *)syscall(SYS_brk, 0);
	char *up = old + 8 * PAGE;

	if ((char *)syscall(SYS_brk, up) != up)
		return ENOMEM;
	for (int i = 0; i < 8; i++)
		old[i * PAGE] = 1;
	return (char *)syscall(SYS_brk, old) == old ? 0 : EPROTO;
}

static int split_and_move(void)
{
	char *p = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *q;
	int e = 0;

	if (p == MAP_FAILED)
		return errno;
	p[0] = p[5 * PAGE] = 1;
	if (mprotect(p + 2 * PAGE, PAGE, PROT_READ) != 0 ||
	    munmap(p + 5 * PAGE, PAGE) != 0)
		e = errno;
	q = e ? MAP_FAILED : mremap(p, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	if (!e && q == MAP_FAILED)
		e = errno;
	if (q != MAP_FAILED)
		munmap(q, 64 * PAGE);
	/* Taking a hole out can need memory as well; at exit it does not. */
	if (munmap(p, 16 * PAGE) != 0 && !e)
		e = errno;
	return e;
}

static int populate(void)
{
	char *p = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		return errno;
	p[3 * PAGE] = 1;
	return munmap(p, 10 * PAGE) == 0 ? 0 : errno;
}

static int file_private(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	volatile char *p;

	if (fd == -1)
		return errno;
	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return errno;
	p[PAGE] = p[0];
	p[3 * PAGE] = 7;
	return 0;
}

static volatile char *cow_page;

static int copy_on_write(void)
{
	for (int i = 0; i < 8; i++)
		cow_page[i * PAGE] = 2;
	return 0;
}

static int grow_stack(void)
{
	volatile char a[20 * PAGE];

	for (int i = 19; i >= 0; i--)
		a[i * PAGE] = 1;
	return a[0] - 1;
}

/* A fault inside a system call's copy is that call's error. */
static int copy_to_fresh(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd, e = 0;

	if (p == MAP_FAILED)
		return errno;
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return errno;
	if (read(fd, p, 4 * PAGE) <= 0)
		e = errno == EFAULT ? ENOMEM : errno;
	return e;
}

static void mmap_and_touch(void)
{
	sweep_child("mmap and touch", map_touch);
	sweep_child("shared memory", map_touch_shared);
	sweep_child("page tables", map_far);
	sweep_child("populate", populate);
}

static void changing_maps(void)
{
	sweep_child("brk", break_up);
	sweep_child("mprotect, munmap, mremap", split_and_move);
}

static void faults_on_files_and_copies(void)
{
	cow_page = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset((void *)(uintptr_t)cow_page, 1, 8 * PAGE);
	sweep_child("private file", file_private);
	sweep_child("copy on write", copy_on_write);
	sweep_child("stack growth", grow_stack);
	sweep_child("copies to fresh pages", copy_to_fresh);
}

SWEEP_MAIN(mmap_and_touch, changing_maps, faults_on_files_and_copies)
