/* SPDX-License-Identifier: MIT */
/* Symbolic links: loops, depth, dangling ones, creation errors. */
#include "diff.h"

int main(void)
{
	char from[16], to[16];

	put_file("f", "end");
	must(symlink("b", "a"));
	must(symlink("a", "b"));
	show(open("a", O_RDONLY));
	show(open("a/x", O_RDONLY));
	show(chdir("a"));
	show(open("a", O_RDWR | O_CREAT, 0644));
	/* A chain of 40 works, one of 41 does not. */
	must(symlink("f", "l0"));
	for (int i = 1; i < 41; i++) {
		snprintf(from, sizeof(from), "l%d", i - 1);
		snprintf(to, sizeof(to), "l%d", i);
		must(symlink(from, to));
	}
	show(open("l39", O_RDONLY));
	show(open("l40", O_RDONLY));
	must(symlink("nowhere", "dangling"));
	show(open("dangling", O_RDONLY));
	show(symlink("x", "dangling"));
	show(symlink("x", "f"));
	show(symlink("", "empty"));
	show(symlink("x", ""));
	show(symlink("x", "no/y"));
	show(symlink("x", "new/"));
	show(mkdir("dangling", 0755));
	show(mkdir("dangling/x", 0755));
	show(unlink("dangling/"));
	show(rmdir("dangling"));
	show(mknod("dangling", S_IFREG | 0644, 0));
	return 0;
}
