/* SPDX-License-Identifier: MIT */
/* NAME_MAX and PATH_MAX, and a tree deeper than PATH_MAX. */
#include "diff.h"

int main(void)
{
	static char name[300], path[PATH_MAX + 10];
	int depth;

	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	show(mkdir(name, 0755));
	show(open(name, O_RDONLY));
	show(rmdir(name));
	name[255] = 'n';
	name[256] = '\0';
	show(mkdir(name, 0755));
	show(open(name, O_RDONLY));
	show(open(name, O_RDWR | O_CREAT, 0644));
	show(unlink(name));
	show(symlink("x", name));
	show(rename(".", name));
	/* 4,095 characters are a path, 4,096 are not. */
	for (int i = 0; i < PATH_MAX + 8; i += 2)
		memcpy(path + i, "./", 2);
	path[PATH_MAX - 1] = '\0';
	show(access(path, F_OK));
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	show(access(path, F_OK));
	show(mkdir(path, 0755));
	memset(name, 'd', 200);
	name[200] = '\0';
	for (depth = 0; depth < 30; depth++) {
		must(mkdir(name, 0755));
		must(chdir(name));
	}
	show(depth);
	put_file("deep", "found");
	say_file("deep");
	/* The C library asks with a buffer of PATH_MAX. */
	show_ok(syscall(SYS_getcwd, path, PATH_MAX) == -1 ? -1 : 0);
	must(unlink("deep"));
	for (depth = 0; depth < 30; depth++) {
		must(chdir(".."));
		must(rmdir(name));
	}
	show(depth);
	return 0;
}
