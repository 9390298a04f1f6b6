/* SPDX-License-Identifier: MIT */
/* chdir, fchdir and getcwd, also in a directory that was moved or removed. */
#include "diff.h"

static char base[PATH_MAX];

static void where(void)
{
	char cwd[PATH_MAX];
	size_t n = strlen(base);

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		say("getcwd: %s\n", err_name(errno));
	else if (strncmp(cwd, base, n) == 0)
		say("at [%s]\n", cwd + n);
	else
		say("at elsewhere\n");
}

int main(void)
{
	char small[4];

	must(getcwd(base, sizeof(base)));
	must(mkdir("a", 0755));
	must(mkdir("a/b", 0755));
	must(symlink("a/b", "l"));
	put_file("f", "");
	where();
	show(chdir("a/b"));
	where();
	show(chdir(".."));
	where();
	show(chdir("../l"));
	where();
	show(chdir("../../f"));
	show(chdir("missing"));
	show(chdir(""));
	show(open("../..", O_RDONLY));
	show(fchdir(3));
	where();
	show(open("f", O_RDONLY));
	show(fchdir(4));
	show(fchdir(99));
	show(syscall(SYS_getcwd, small, sizeof(small)));
	show(syscall(SYS_getcwd, BAD_PTR, 100));
	fact(syscall(SYS_getcwd, base, sizeof(base)) == (long)strlen(base) + 1);
	must(chdir("a/b"));
	must(rename("../../a", "../../z"));
	where();
	wait_say("child", child_do(must(chdir("..")); where()));
	where();
	must(rmdir("../b"));
	where();
	show(open("x", O_RDWR | O_CREAT, 0644));
	show(open(".", O_RDONLY));
	show(mkdir("y", 0755));
	show(chdir(".."));
	where();
	show(fchdir(3));
	where();
	return 0;
}
