/* SPDX-License-Identifier: MIT */
/* Slashes, dots, dot-dot, files in the middle of a path. */
#include "diff.h"

int main(void)
{
	must(mkdir("d", 0755));
	must(mkdir("d/e", 0755));
	put_file("f", "top");
	put_file("d/f", "in d");
	say_file("./f");
	say_file(".//./f");
	say_file("d//f");
	say_file("d/e/../f");
	say_file("d/e/../../f");
	say_file("d/./e/./.././f");
	say_file("f/");
	say_file("f/.");
	say_file("f/..");
	say_file("f/../f");
	say_file("missing/../f");
	say_file("d/");
	show(access("d/.", F_OK));
	show(access("d/e/", F_OK));
	show(access("d/missing/", F_OK));
	show(access("/..", F_OK));
	show(access("/../../..", F_OK));
	show(access("//", F_OK));
	show(open("f/x", O_RDONLY));
	show(open("f/x/y", O_RDONLY));
	show(mkdir("f/x", 0755));
	show(unlink("f/x"));
	show(rename("f/x", "y"));
	show(rename("f", "f/x"));
	show(link("f/x", "y"));
	show(symlink("x", "f/x"));
	show(chmod("f/x", 0644));
	show(readlink("f/x", (char[4]){ 0 }, 4));
	show(rmdir("f/x"));
	show(truncate("f/x", 0));
	show(mknod("f/x", S_IFREG | 0644, 0));
	return 0;
}
