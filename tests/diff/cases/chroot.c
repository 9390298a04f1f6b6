/* SPDX-License-Identifier: MIT */
/* A new root: dot-dot stops there, links start there, only root may. */
#include "diff.h"

int main(void)
{
	struct stat a, b;

	must(mkdir("jail", 0755));
	must(mkdir("jail/d", 0755));
	put_file("jail/f", "inside");
	put_file("f", "outside");
	must(symlink("/f", "jail/abs"));
	must(symlink("../../../f", "jail/d/up"));
	show(chroot("f"));
	show(chroot("missing"));
	wait_say("user", child_do(become(1234, 1234); show(chroot("jail"))));
	wait_say("child", child_do({
			 show(chroot("jail"));
			 /* The working directory is still outside. */
			 say_file("f");
			 say_file("/f");
			 say_file("/../../f");
			 must(chdir("/d"));
			 say_file("../f");
			 say_file("../../f");
			 say_file("up");
			 say_file("/abs");
			 must(stat("/", &a));
			 must(stat("/..", &b));
			 fact(a.st_ino == b.st_ino);
			 fact(strcmp(getcwd((char[PATH_MAX]){ 0 }, PATH_MAX),
				     "/d") == 0);
			 say_file("/dev/null");
		 }));
	say_file("f");
	return 0;
}
