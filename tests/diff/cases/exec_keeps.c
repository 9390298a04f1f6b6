/* SPDX-License-Identifier: MIT */
/* What a process keeps over exec. */
#include "diff.h"

int main(int argc, char **argv)
{
	char text[32], cwd[PATH_MAX];
	struct rlimit rl;
	int fd;

	if (argc > 1) {
		fact(getpid() == atoi(argv[1]));
		fact(getsid(0) == atoi(argv[2]));
		getcwd(cwd, sizeof(cwd));
		say("cwd ends in %s\n", strrchr(cwd, '/'));
		say("umask %03o\n", umask(0));
		show(getpriority(PRIO_PROCESS, 0));
		getrlimit(RLIMIT_NOFILE, &rl);
		show(rl.rlim_cur);
		fact(alarm(0) > 900);
		show(lseek(3, 0, SEEK_CUR));
		show(wait(NULL) > 0);
		show(getuid());
		show(getgid());
		show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
		show(prctl(PR_GET_DUMPABLE));
		return 0;
	}
	must(mkdir("sub", 0755));
	must(chdir("sub"));
	umask(027);
	must(setpriority(PRIO_PROCESS, 0, 5));
	rl.rlim_cur = 100;
	rl.rlim_max = 200;
	must(setrlimit(RLIMIT_NOFILE, &rl));
	alarm(1000);
	fd = must(open("f", O_RDWR | O_CREAT, 0644));
	must(write(fd, "abc", 3));
	child_do(_exit(0));
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(chmod(".", 0777));
	must(setgid(1234));
	must(setuid(1234));
	snprintf(text, sizeof(text), "%d", getpid());
	execl(argv[0], argv[0], text, text, NULL);
	return 1;
}
