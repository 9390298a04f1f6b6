/* SPDX-License-Identifier: MIT */
/* statfs and fstatfs: sane figures. */
#include "diff.h"

int main(void)
{
	struct statfs s, f;

	put_file("f", "");
	show(statfs(".", &s));
	fact(s.f_bsize == 4096);
	fact(s.f_namelen == 255);
	fact(s.f_bfree <= s.f_blocks);
	fact(s.f_bavail <= s.f_blocks);
	show(open("f", O_RDONLY));
	show(fstatfs(3, &f));
	fact(f.f_type == s.f_type);
	show(statfs("missing", &s));
	show(statfs("f/x", &s));
	show(fstatfs(99, &s));
	show(syscall(SYS_statfs, ".", BAD_PTR));
	show(statfs("/proc", &s));
	fact(s.f_type == 0x9fa0);
	return 0;
}
