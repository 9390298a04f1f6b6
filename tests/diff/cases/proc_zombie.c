/* SPDX-License-Identifier: MIT */
/* /proc of a child: running, zombie, collected. */
#include "diff.h"

static char state_of(pid_t pid)
{
	char path[40], buf[256], *close_paren;
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd == -1)
		return '-';
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	buf[n < 0 ? 0 : n] = '\0';
	close_paren = strrchr(buf, ')');
	return close_paren == NULL ? '?' : close_paren[2];
}

int main(void)
{
	struct gate g;
	char path[40];
	pid_t pid;
	int st;

	gate_init(&g);
	pid = child_do(gate_pass(&g));
	while (state_of(pid) != 'S')
		nap_ms(1);
	say("waiting %c\n", state_of(pid));
	must(kill(pid, SIGSTOP));
	waitpid(pid, &st, WUNTRACED);
	say("stopped %c\n", state_of(pid));
	must(kill(pid, SIGCONT));
	gate_let(&g);
	waitid(P_PID, pid, NULL, WEXITED | WNOWAIT);
	say("zombie %c\n", state_of(pid));
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	say("cmdline %s\n", open(path, O_RDONLY) >= 0 ? "opens" : "fails");
	show(read(5, path, 1));
	wait_say("child", pid);
	say("gone %c\n", state_of(pid));
	return 0;
}
