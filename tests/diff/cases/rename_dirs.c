/* SPDX-License-Identifier: MIT */
/* rename of directories: empty targets, full ones, into itself, dot names. */
#include "diff.h"

int main(void)
{
	must(mkdir("a", 0755));
	must(mkdir("a/sub", 0755));
	put_file("a/sub/f", "F");
	must(mkdir("empty", 0755));
	must(mkdir("full", 0755));
	put_file("full/x", "X");
	put_file("file", "f");
	show(rename("a", "full"));
	show(rename("a", "a/sub/a"));
	show(rename("a", "a/new"));
	show(rename("a/sub", "a"));
	show(rename("a", "file"));
	show(rename("a", "a"));
	show(rename("a", "empty"));
	say_file("empty/sub/f");
	show(rename("empty/", "back/"));
	say_file("back/sub/f");
	show(rename("back/.", "x"));
	show(rename("back", "."));
	show(rename("back", ".."));
	show(rename("..", "x"));
	/* The working directory follows. */
	must(chdir("back/sub"));
	show(rename("../../back", "../../front"));
	say_file("f");
	say_file("../../front/sub/f");
	show(rename("../../front/sub", "../../full/sub"));
	say_file("../x");
	must(chdir("../.."));
	show(rmdir("front"));
	show(syscall(SYS_renameat2, AT_FDCWD, "full", AT_FDCWD, "file", 1));
	show(syscall(SYS_renameat2, AT_FDCWD, "full", AT_FDCWD, "file", 0x80));
	show(syscall(SYS_renameat2, AT_FDCWD, "full", AT_FDCWD, "file", 2));
	say_file("full");
	say_file("file/x");
	return 0;
}
