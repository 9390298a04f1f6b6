/* SPDX-License-Identifier: MIT */
/* The raw call: small buffers, the end, rewinding, wrong descriptors. */
#include "diff.h"

struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

int main(void)
{
	static char buf[4096] __attribute__((aligned(8)));
	int total = 0, calls = 0, bad = 0;
	char name[16];
	long n;

	must(mkdir("d", 0755));
	show(open("d", O_RDONLY | O_DIRECTORY));
	show(syscall(SYS_getdents64, 3, buf, 4));
	show(syscall(SYS_getdents64, 3, buf, sizeof(buf)));
	show(syscall(SYS_getdents64, 3, buf, sizeof(buf)));
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "d/%d", i);
		put_file(name, "");
	}
	show(lseek(3, 0, SEEK_SET));
	while ((n = syscall(SYS_getdents64, 3, buf, 100)) > 0) {
		calls++;
		for (long at = 0; at < n;) {
			struct entry *e = (void *)(buf + at);

			bad += e->reclen % 8 != 0 || e->ino == 0 ||
			       e->reclen < 20 + strlen(e->name);
			at += e->reclen;
			total++;
		}
	}
	show(n);
	show(total);
	show(bad);
	fact(calls > 10);
	show(lseek(3, 0, SEEK_SET));
	fact(syscall(SYS_getdents64, 3, buf, sizeof(buf)) > 50 * 24);
	put_file("f", "");
	show(open("f", O_RDONLY));
	show(syscall(SYS_getdents64, 4, buf, sizeof(buf)));
	show(syscall(SYS_getdents64, 99, buf, sizeof(buf)));
	show(lseek(3, 0, SEEK_SET));
	show(syscall(SYS_getdents64, 3, BAD_PTR, sizeof(buf)));
	show(open("gone", O_RDONLY));
	must(mkdir("gone", 0755));
	show(open("gone", O_RDONLY));
	must(rmdir("gone"));
	show(syscall(SYS_getdents64, 5, buf, sizeof(buf)));
	return 0;
}
