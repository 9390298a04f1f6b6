/* SPDX-License-Identifier: MIT */
/* mkdir and rmdir with their refusals. */
#include "diff.h"

int main(void)
{
	show(mkdir("d", 0777));
	say("%04o\n", file_mode("d"));
	show(mkdir("d", 0777));
	show(mkdir("d/", 0777));
	show(mkdir("d/.", 0777));
	show(mkdir("d/..", 0777));
	show(mkdir("/", 0777));
	show(mkdir("", 0777));
	show(mkdir("no/d", 0777));
	show(mkdir("new/", 0700));
	say("%04o\n", file_mode("new"));
	show(mkdir("bits", 07777));
	say("%04o\n", file_mode("bits"));
	put_file("f", "");
	show(mkdir("f", 0777));
	show(mkdir("f/d", 0777));
	must(symlink("d", "l"));
	show(mkdir("l", 0777));
	show(mkdir("l/in", 0777));
	show(rmdir("d"));
	show(rmdir("l/in"));
	show(rmdir("l"));
	show(rmdir("l/"));
	show(rmdir("f"));
	show(rmdir("missing"));
	show(rmdir(""));
	show(rmdir("."));
	show(rmdir("d/."));
	show(rmdir("d/.."));
	show(rmdir("d/"));
	show(rmdir("d"));
	show(mkdirat(99, "x", 0777));
	show(mkdir(BAD_PTR, 0777));
	return 0;
}
