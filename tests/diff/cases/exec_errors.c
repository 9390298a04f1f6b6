/* SPDX-License-Identifier: MIT */
/* Why exec fails, in Linux's words. */
#include "diff.h"

static void put_mode(const char *path, const char *text, size_t n, mode_t mode)
{
	int fd = must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700));

	must(write(fd, text, n));
	must(fchmod(fd, mode));
	close(fd);
}

static long run(const char *path)
{
	char *argv[] = { "x", NULL };

	return execve(path, argv, argv + 1);
}

int main(int argc, char **argv)
{
	static char name[300], whole[5000];
	char head[64];
	int fd;

	if (argc > 1 || argv[1] != NULL)
		return 55;
	show(run("missing"));
	show(run(""));
	show(run("missing/x"));
	must(mkdir("dir", 0755));
	show(run("dir"));
	show(run("."));
	put_mode("text", "hello\n", 6, 0755);
	show(run("text"));
	show(run("text/"));
	show(run("text/x"));
	put_mode("empty", "", 0, 0755);
	show(run("empty"));
	put_mode("noexec", "#!/bin/busybox sh\n", 18, 0644);
	show(run("noexec"));
	put_mode("elf4", "\177ELF", 4, 0755);
	show(run("elf4"));
	fd = must(open(argv[0], O_RDONLY));
	must(read(fd, head, sizeof(head)));
	put_mode("header", head, sizeof(head), 0755);
	show(run("header"));
	head[4] = 1;
	put_mode("class32", head, sizeof(head), 0755);
	show(run("class32"));
	head[4] = 2;
	head[18] = 40;
	put_mode("machine", head, sizeof(head), 0755);
	show(run("machine"));
	head[18] = 62;
	head[16] = ET_REL;
	put_mode("object", head, sizeof(head), 0755);
	show(run("object"));
	must(symlink("loop", "loop"));
	show(run("loop"));
	must(symlink("gone", "dangling"));
	show(run("dangling"));
	memset(name, 'n', sizeof(name) - 1);
	show(run(name));
	memset(whole, '/', sizeof(whole) - 1);
	show(run(whole));
	show(run(BAD_PTR));
	show(execve(argv[0], BAD_PTR, NULL));
	show(execve(argv[0], argv, BAD_PTR));
	show(run("/dev/null"));
	wait_say("other user", child_do({
			 put_mode("root-only", "#!/bin/busybox sh\n", 18, 0700);
			 become(1234, 1234);
			 show(run("root-only"));
		 }));
	return 0;
}
