/* SPDX-License-Identifier: MIT */
/*
 * Malformed programs: exec gives an error or the new program gets a signal;
 * nothing leaks, whatever is wrong with the file.
 */
#include "../guest.h"
#include <elf.h>

#define CODE_AT	 0x400000UL
#define CODE_OFF 0x200
#define SIZE	 0x300

struct image {
	Elf64_Ehdr e;
	Elf64_Phdr p[3];
	char pad[SIZE - sizeof(Elf64_Ehdr) - 3 * sizeof(Elf64_Phdr)];
};
_Static_assert(sizeof(struct image) == SIZE, "no holes");

static struct image im;

/* mov $42, %edi; mov $60, %eax; syscall */
static const unsigned char code[] = { 0xbf, 42, 0, 0, 0,    0xb8,
				      60,   0,	0, 0, 0x0f, 0x05 };

static void good(void)
{
	memset(&im, 0, sizeof(im));
	memcpy(im.e.e_ident, ELFMAG, SELFMAG);
	im.e.e_ident[EI_CLASS] = ELFCLASS64;
	im.e.e_ident[EI_DATA] = ELFDATA2LSB;
	im.e.e_ident[EI_VERSION] = EV_CURRENT;
	im.e.e_type = ET_EXEC;
	im.e.e_machine = EM_X86_64;
	im.e.e_version = EV_CURRENT;
	im.e.e_entry = CODE_AT + CODE_OFF;
	im.e.e_phoff = sizeof(Elf64_Ehdr);
	im.e.e_ehsize = sizeof(Elf64_Ehdr);
	im.e.e_phentsize = sizeof(Elf64_Phdr);
	im.e.e_phnum = 1;
	im.p[0].p_type = PT_LOAD;
	im.p[0].p_flags = PF_R | PF_X;
	im.p[0].p_vaddr = CODE_AT;
	im.p[0].p_filesz = SIZE;
	im.p[0].p_memsz = SIZE;
	im.p[0].p_align = 0x1000;
	memcpy((char *)&im + CODE_OFF, code, sizeof(code));
}

static bool known_error(int e)
{
	return e == ENOEXEC || e == EINVAL || e == ENOMEM || e == EIO ||
	       e == ELIBBAD || e == ENOENT || e == EACCES || e == EFAULT ||
	       e == E2BIG || e == ENAMETOOLONG || e == ENOTDIR || e == EPERM ||
	       e == ELOOP;
}

/* The wait status of the first @size bytes of the image, or -1. */
static int run(size_t size)
{
	char *argv[] = { (char *)"prog", NULL };
	int fd = open("prog", O_WRONLY | O_CREAT | O_TRUNC, 0700);
	pid_t pid;

	if (!CHECK(fd >= 0))
		return -1;
	CHECK(write(fd, &im, size) == (ssize_t)size);
	close(fd);
	pid = fork();
	if (pid == 0) {
		struct rlimit core = { 0, 0 };

		setrlimit(RLIMIT_CORE, &core);
		/* Should it loop for ever. */
		alarm(5);
		execv("prog", argv);
		_exit(known_error(errno) ? 100 : 101);
	}
	return reap(pid);
}

static bool fails(const char *what, size_t size)
{
	int st = run(size);
	bool ok = exited_with(st, 100) ||
		  (WIFSIGNALED(st) && WTERMSIG(st) != SIGALRM);

	if (!ok)
		note("%s: status %#x", what, st);
	return ok;
}

/* Either way is right; it must only end. */
static bool ends(const char *what, size_t size)
{
	return exited_with(run(size), 42) || fails(what, size);
}

static void a_good_one_runs(void)
{
	good();
	CHECK(exited_with(run(SIZE), 42));
}

static void truncated(void)
{
	size_t n;

	good();
	for (n = 0; n < CODE_OFF; n += n < 128 ? 8 : 64)
		CHECK(fails("truncated", n));
	/* From here on the file has all of its code. */
	CHECK(ends("short of its segment", CODE_OFF + sizeof(code)));
}

#define BAD(what, change) \
	do { \
		good(); \
		change; \
		CHECK(fails(what, SIZE)); \
	} while (0)

#define ODD(what, change) \
	do { \
		good(); \
		change; \
		CHECK(ends(what, SIZE)); \
	} while (0)

static void bad_headers(void)
{
	BAD("magic", im.e.e_ident[0] = 'E');
	ODD("class", im.e.e_ident[EI_CLASS] = ELFCLASS32);
	ODD("byte order", im.e.e_ident[EI_DATA] = ELFDATA2MSB);
	BAD("machine", im.e.e_machine = EM_AARCH64);
	BAD("type", im.e.e_type = ET_REL);
	BAD("core file", im.e.e_type = ET_CORE);
	BAD("no headers", im.e.e_phnum = 0);
	BAD("65535 headers", im.e.e_phnum = 65535);
	ODD("1000 headers", im.e.e_phnum = 1000);
	BAD("size of headers", im.e.e_phentsize = 8);
	BAD("size 0 of headers", im.e.e_phentsize = 0);
	BAD("headers beyond the end", im.e.e_phoff = 0x10000);
	BAD("headers nowhere", im.e.e_phoff = ~0UL - 8);
	BAD("headers at 2^63", im.e.e_phoff = 1UL << 63);
	BAD("entry in the kernel", im.e.e_entry = 0xffffffff80000000UL);
	BAD("entry not canonical", im.e.e_entry = 1UL << 47);
	BAD("entry at the top", im.e.e_entry = 0x7fffffffffffUL);
	BAD("entry 0", im.e.e_entry = 0);
	BAD("entry unmapped", im.e.e_entry = 0x10000000);
}

static void bad_segments(void)
{
	BAD("not executable", im.p[0].p_flags = PF_R);
	BAD("in the kernel", im.p[0].p_vaddr = 0xffffffff80000000UL);
	BAD("across the top", im.p[0].p_vaddr = 0x7fffffffe000UL;
	    im.p[0].p_memsz = 0x10000);
	BAD("around 2^64", im.p[0].p_vaddr = 0UL - 0x1000);
	BAD("huge", im.p[0].p_memsz = 1UL << 62);
	BAD("huge and wrapping", im.p[0].p_memsz = ~0UL);
	BAD("file size over memory size", im.p[0].p_filesz = 0x1000;
	    im.p[0].p_memsz = 0x10);
	BAD("file size 2^63", im.p[0].p_filesz = im.p[0].p_memsz = 1UL << 63);
	BAD("offset not congruent", im.p[0].p_offset = 0x123);
	BAD("offset beyond the end", im.p[0].p_offset = 0x10000000);
	BAD("offset at 2^63", im.p[0].p_offset = 1UL << 63);
	BAD("no type", im.p[0].p_type = PT_NULL);
	ODD("alignment 3", im.p[0].p_align = 3);
	ODD("alignment 2^63", im.p[0].p_align = 1UL << 63);
	ODD("longer than the file", im.p[0].p_filesz = 0x5000;
	    im.p[0].p_memsz = 0x5000);
	ODD("position independent", im.e.e_type = ET_DYN);
	ODD("at address 0", im.p[0].p_vaddr = 0; im.e.e_entry = CODE_OFF);
}

static void overlapping(void)
{
	ODD("twice the same", im.e.e_phnum = 2; im.p[1] = im.p[0]);
	ODD("bss over code", im.e.e_phnum = 2; im.p[1] = im.p[0];
	    im.p[1].p_filesz = 0; im.p[1].p_flags = PF_R | PF_W);
	ODD("not in order", im.e.e_phnum = 2; im.p[1] = im.p[0];
	    im.p[0].p_vaddr += 0x10000);
	ODD("partly", im.e.e_phnum = 2; im.p[1] = im.p[0];
	    im.p[1].p_memsz = 0x20000; im.p[1].p_flags = PF_R | PF_W);
	BAD("the second in the kernel", im.e.e_phnum = 2; im.p[1] = im.p[0];
	    im.p[1].p_vaddr = 0xffff800000000000UL);
	/* Where the stack wants to be. */
	ODD("everywhere", im.e.e_phnum = 2; im.p[1] = im.p[0];
	    im.p[1].p_vaddr = 0x7f0000000000UL; im.p[1].p_filesz = 0;
	    im.p[1].p_memsz = 0xfffff00000UL; im.p[1].p_flags = PF_R | PF_W);
}

static void set_interp(const char *path, size_t len)
{
	im.e.e_phnum = 2;
	im.p[1].p_type = PT_INTERP;
	im.p[1].p_offset = 0x280;
	im.p[1].p_filesz = len;
	im.p[1].p_memsz = len;
	snprintf((char *)&im + 0x280, 0x80, "%s", path);
}

static void interpreters(void)
{
	BAD("missing", set_interp("/no/such/ld.so", 15));
	BAD("without end", set_interp("/no/such/ld.so", 4));
	BAD("empty", set_interp("", 1));
	BAD("length 0", set_interp("/x", 0));
	BAD("longer than a path", set_interp("/x", 5000));
	BAD("huge", set_interp("/x", ~0UL));
	BAD("beyond the end", set_interp("/x", 3); im.p[1].p_offset = 0x9999);
	BAD("a directory", set_interp("/tmp", 5));
	BAD("not a program", set_interp("/dev/null", 10));
	/* A program that is its own interpreter is loaded as one. */
	ODD("itself", set_interp("prog", 5));
}

static void notes(void)
{
	int i;
	uint64_t seed = rng_seed(0x9e3779b97f4a7c15);

	for (i = 0; i < 24; i++) {
		uint32_t *n = (uint32_t *)((char *)&im + 0x280);

		good();
		im.e.e_phnum = 2;
		im.p[1].p_type = PT_NOTE;
		im.p[1].p_offset = 0x280;
		im.p[1].p_filesz = i < 12 ? (uint64_t)i * 4 : rng_next(&seed);
		n[0] = i & 1 ? 6 : (uint32_t)rng_next(&seed);
		n[1] = i & 2 ? 8 : (uint32_t)rng_next(&seed);
		n[2] = 1;
		memcpy(n + 3, "Pando\0\0", 8);
		n[5] = (uint32_t)rng_next(&seed);
		n[6] = (uint32_t)i;
		CHECK(ends("note", SIZE));
	}
}

static void random_changes(void)
{
	uint64_t seed = rng_seed(20260101);
	int i, k;

	for (i = 0; i < 120; i++) {
		good();
		for (k = 0; k < 1 + i % 3; k++)
			((unsigned char *)&im)[rng_below(&seed, 0xb0)] ^=
				(unsigned char)(1u << rng_below(&seed, 8));
		CHECK(ends("random", SIZE));
	}
}

static void scripts(void)
{
	static const char *const texts[] = {
		"#!",	    "#!\n",	"#! \n",	 "#!/no/such\n",
		"#!/tmp\n", "#!prog\n", "#!/dev/null\n", "#!\t/x y z\n",
	};
	unsigned i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		memset(&im, 0, sizeof(im));
		memcpy(&im, texts[i], strlen(texts[i]));
		CHECK(fails(texts[i], strlen(texts[i])));
	}
	memset(&im, '/', sizeof(im));
	memcpy(&im, "#!", 2);
	CHECK(fails("long line", SIZE));
}

static void all_of_them(void)
{
	truncated();
	bad_headers();
	bad_segments();
	overlapping();
	interpreters();
	notes();
	scripts();
	random_changes();
}

static void malformed_files_fail(void)
{
	REQUIRE(enter_scratch());
	a_good_one_runs();
	all_of_them();
	unlink("prog");
	CHECK(leave_scratch());
}

static void nothing_leaks(void)
{
	static struct census before;

	REQUIRE(enter_scratch());
	a_good_one_runs();
	census_take(&before);
	all_of_them();
	if (!census_quiet(&before)) {
		/* A cache that grew once, or a leak that goes on? */
		census_take(&before);
		all_of_them();
		CHECK(census_same(&before));
	}
	unlink("prog");
	CHECK(leave_scratch());
}

TAP_MAIN(malformed_files_fail, nothing_leaks)
