/* SPDX-License-Identifier: MIT */
/* rename of files: over others, over itself, over directories. */
#include "diff.h"

int main(void)
{
	struct stat a, b;

	put_file("a", "A");
	put_file("b", "B");
	must(stat("a", &a));
	show(rename("a", "c"));
	must(stat("c", &b));
	fact(a.st_ino == b.st_ino);
	show(access("a", F_OK));
	show(rename("c", "b"));
	say_file("b");
	show(access("c", F_OK));
	show(rename("b", "b"));
	say_file("b");
	show(rename("missing", "x"));
	show(rename("b", "no/x"));
	show(rename("b", ""));
	show(rename("", "x"));
	show(rename("b", "x/"));
	show(rename("b/", "x"));
	must(mkdir("d", 0755));
	show(rename("b", "d"));
	show(rename("d", "b"));
	show(rename("b", "d/b"));
	say_file("d/b");
	/* Two names of one file: nothing happens. */
	must(link("d/b", "h"));
	show(rename("d/b", "h"));
	show(access("d/b", F_OK));
	show(access("h", F_OK));
	/* The link is renamed, not what it points to. */
	must(symlink("h", "s"));
	show(rename("s", "t"));
	say_file("t");
	show(readlink("t", (char[8]){ 0 }, 8));
	put_file("z", "Z");
	show(rename("z", "t"));
	say_file("h");
	say_file("t");
	/* An open file that is replaced lives on. */
	show(open("h", O_RDONLY));
	put_file("n", "N");
	show(rename("n", "h"));
	must(fstat(3, &a));
	show(a.st_nlink);
	return 0;
}
