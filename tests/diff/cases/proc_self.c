/* SPDX-License-Identifier: MIT */
/* /proc/self: exe, cwd, root, fd, comm, cmdline, stat and status. */
#include "diff.h"

static void say_link(const char *path)
{
	char buf[PATH_MAX];
	ssize_t n = readlink(path, buf, sizeof(buf) - 1);

	if (n == -1) {
		say("%s: %s\n", path, err_name(errno));
		return;
	}
	buf[n] = '\0';
	if (strncmp(buf, "pipe:[", 6) == 0)
		strcpy(buf, "pipe:[n]");
	say("%s -> %s\n", path,
	    buf[0] == '/' && strlen(buf) > 1 ? strrchr(buf, '/') : buf);
}

static char *slurp(const char *path)
{
	static char buf[8192];
	int fd = must(open(path, O_RDONLY));
	ssize_t n, have = 0;

	while ((n = read(fd, buf + have, sizeof(buf) - 1 - have)) > 0)
		have += n;
	buf[have] = '\0';
	close(fd);
	return buf;
}

int main(int argc, char **argv)
{
	char path[64], real[PATH_MAX], *s;
	int p[2], pid, ppid, pgrp, sid;
	char state;

	if (argc > 1) {
		int fd = open("/proc/self/cmdline", O_RDONLY);
		char buf[200];
		ssize_t n = read(fd, buf, sizeof(buf));

		for (ssize_t i = 0; i < n; i++)
			if (buf[i] == '\0')
				buf[i] = '|';
		say("[%.*s]\n", (int)n, buf);
		return 0;
	}
	say_link("/proc/self/exe");
	say_link("/proc/self/cwd");
	say_link("/proc/self/root");
	must(pipe(p));
	put_file("f", "x");
	must(open("f", O_RDONLY));
	say_link("/proc/self/fd/0");
	say_link("/proc/self/fd/3");
	say_link("/proc/self/fd/5");
	say_link("/proc/self/fd/99");
	must(unlink("f"));
	say_link("/proc/self/fd/5");
	snprintf(path, sizeof(path), "/proc/%d/exe", getpid());
	s = realpath(path, real);
	fact(s != NULL && strcmp(strrchr(s, '/'), "/proc_self") == 0);
	say_file("/proc/self/comm");
	must(prctl(PR_SET_NAME, "renamed"));
	say_file("/proc/self/comm");
	s = slurp("/proc/self/stat");
	show(sscanf(s, "%d (renamed) %c %d %d %d", &pid, &state, &ppid, &pgrp,
		    &sid));
	fact(pid == getpid() && ppid == getppid() && pgrp == getpgrp() &&
	     sid == getsid(0));
	say("state %c\n", state);
	s = slurp("/proc/self/status");
	fact(strstr(s, "Name:\trenamed\n") == s);
	fact(strstr(s, "\nState:\tR") != NULL);
	fact(strstr(s, "\nUid:\t0\t0\t0\t0\n") != NULL);
	snprintf(path, sizeof(path), "\nPid:\t%d\n", getpid());
	fact(strstr(s, path) != NULL);
	s = slurp("/proc/self/maps");
	fact(strstr(s, "[stack]") != NULL);
	fact(strstr(s, "r-xp") != NULL);
	show(open("/proc/self/nothing", O_RDONLY));
	show(open("/proc/0x1", O_RDONLY));
	show(open("/proc/999999999", O_RDONLY));
	show(mkdir("/proc/x", 0755));
	wait_say("cmdline", child_do(execl(argv[0], "first", "second", "",
					   "last one", NULL)));
	return 0;
}
