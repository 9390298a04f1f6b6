/* SPDX-License-Identifier: MIT */
/* An unlinked file lives as long as somebody has it open. */
#include "diff.h"

int main(void)
{
	char buf[32];
	struct stat st;

	put_file("f", "still here");
	show(open("f", O_RDWR));
	show(unlink("f"));
	show(unlink("f"));
	show(access("f", F_OK));
	show(fstat(3, &st));
	show(st.st_nlink);
	show(read(3, buf, sizeof(buf)));
	show(write(3, "!", 1));
	show(open("f", O_RDWR | O_CREAT | O_EXCL, 0644));
	show(write(4, "new", 3));
	show(pread(3, buf, sizeof(buf), 0));
	say("[%.11s]\n", buf);
	say_file("f");
	must(mkdir("d", 0755));
	show(unlink("d"));
	show(unlink("."));
	show(unlink("missing"));
	show(unlink("f/"));
	show(unlink("f/x"));
	show(unlink(""));
	show(unlinkat(AT_FDCWD, "d", 0));
	show(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
	show(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
	show(unlinkat(AT_FDCWD, "f", 0x4000));
	must(symlink("f", "l"));
	show(unlink("l"));
	say_file("f");
	return 0;
}
