/* SPDX-License-Identifier: MIT */
/*
 * A relative link starts from its own directory, an absolute one from the
 * root.
 */
#include "diff.h"

int main(void)
{
	char cwd[PATH_MAX], abs[PATH_MAX + 16];

	must(mkdir("d", 0755));
	must(mkdir("d/e", 0755));
	put_file("d/f", "in d");
	put_file("f", "at the top");
	must(symlink("f", "d/rel"));
	must(symlink("../f", "d/up"));
	must(symlink("e/../f", "d/round"));
	must(symlink("./././/f", "d/dots"));
	must(symlink("d/e", "dir"));
	must(symlink("d/e/", "dirslash"));
	must(getcwd(cwd, sizeof(cwd)));
	snprintf(abs, sizeof(abs), "%s/f", cwd);
	must(symlink(abs, "d/e/abs"));
	say_file("d/rel");
	say_file("d/up");
	say_file("d/round");
	say_file("d/dots");
	say_file("d/e/abs");
	say_file("dir/../f");
	say_file("dirslash/../f");
	say_file("dir/abs/");
	put_file("dir/new", "through a link");
	say_file("d/e/new");
	must(chdir("dir"));
	say_file("../f");
	must(chdir("../.."));
	say_file("f");
	/* Written through, not replaced. */
	put_file("d/up", "changed");
	say_file("f");
	fact(file_mode("d/up") == 0777);
	return 0;
}
