/* SPDX-License-Identifier: MIT */
/* Hard links: counts, one file by several names, refusals. */
#include "diff.h"

static void tell(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		say("%s: %s\n", path, err_name(errno));
	else
		say("%s: nlink %d\n", path, (int)st.st_nlink);
}

int main(void)
{
	struct stat a, b;

	put_file("f", "one");
	tell("f");
	show(link("f", "g"));
	tell("f");
	tell("g");
	must(stat("f", &a));
	must(stat("g", &b));
	fact(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	put_file("g", "two");
	say_file("f");
	show(link("f", "g"));
	show(link("missing", "x"));
	show(link("f", "no/x"));
	show(link("f", "x/"));
	must(mkdir("d", 0755));
	tell("d");
	show(link("d", "e"));
	must(mkdir("d/a", 0755));
	must(mkdir("d/b", 0755));
	tell("d");
	tell("d/a");
	must(rename("d/a", "moved"));
	tell("d");
	must(rmdir("d/b"));
	tell("d");
	must(symlink("f", "s"));
	show(link("s", "t"));
	tell("s");
	tell("f");
	show(linkat(AT_FDCWD, "s", AT_FDCWD, "u", AT_SYMLINK_FOLLOW));
	tell("f");
	show(unlink("f"));
	tell("g");
	say_file("g");
	show(rename("g", "u"));
	tell("g");
	tell("u");
	show(linkat(AT_FDCWD, "u", AT_FDCWD, "v", 0x4000));
	return 0;
}
