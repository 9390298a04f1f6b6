/* SPDX-License-Identifier: MIT */
/*
 * Runs differential cases one after the other, on Linux and on Pando alike.
 *
 *	diffrun SCRATCH TIMEOUT NAME=PATH...
 *	diffrun SCRATCH TIMEOUT @LISTFILE
 *
 * Each case gets a fresh directory below SCRATCH, its own session, an empty
 * standard input, default signals and a small fixed environment.  A PATH that
 * ends in .sh is run by busybox' shell, with every applet found in PATH.
 * Standard output receives, per case, as it happens:
 *
 *	@> NAME				it starts
 *	@@ NAME BYTES STATUS		it ended: "exit N", "signal N" or
 *	BYTES bytes, and a newline	"timeout"; its output (1 and 2)
 *
 * and at last "@. end".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUSYBOX	   "/bin/busybox"
#define OUTPUT_MAX (1 << 20)

static const char *scratch;
static unsigned int time_limit;
static volatile sig_atomic_t timed_out;
static volatile pid_t running;
static char bin_dir[256];

static void die(const char *what)
{
	dprintf(2, "diffrun: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t r = write(1, p, n);

		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			die("write");
		p += r;
		n -= (size_t)r;
	}
}

/* Removes what a case left behind; children first, links not followed. */
static void remove_tree(const char *path)
{
	char sub[4096];
	struct dirent *e;
	DIR *d;

	if (unlink(path) == 0 || errno == ENOENT)
		return;
	(void)chmod(path, 0700);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if ((size_t)snprintf(sub, sizeof(sub), "%s/%s", path,
				     e->d_name) < sizeof(sub))
			remove_tree(sub);
	}
	if (d != NULL)
		closedir(d);
	(void)rmdir(path);
}

/*
 * What a case that was given up left in its session, whatever groups it made.
 */
static void kill_session(pid_t session)
{
	char path[64], buf[512], *p;
	int pid, sid, fd;
	struct dirent *e;
	DIR *d = opendir("/proc");

	while (d != NULL && (e = readdir(d)) != NULL) {
		pid = atoi(e->d_name);
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		fd = pid > 0 ? open(path, O_RDONLY) : -1;
		if (fd == -1)
			continue;
		memset(buf, 0, sizeof(buf));
		(void)!read(fd, buf, sizeof(buf) - 1);
		close(fd);
		p = strrchr(buf, ')');
		if (p != NULL && sscanf(p, ") %*c %*d %*d %d", &sid) == 1 &&
		    sid == session)
			kill(pid, SIGKILL);
	}
	if (d != NULL)
		closedir(d);
}

static void on_alarm(int sig)
{
	(void)sig;
	timed_out = 1;
	if (running > 0) {
		kill(-running, SIGKILL);
		kill(running, SIGKILL);
	}
}

static void set_limit(int which, rlim_t value)
{
	struct rlimit rl;

	if (getrlimit(which, &rl) == 0) {
		if (rl.rlim_max == RLIM_INFINITY || rl.rlim_max > value)
			rl.rlim_cur = value;
		(void)setrlimit(which, &rl);
	}
}

/* In the child: the same surroundings on every system, then the case. */
static void run_case(const char *dir, const char *name, const char *path,
		     int out)
{
	char path_env[300], link_name[300];
	char *env[] = { path_env, "HOME=/", "TZ=UTC0", NULL };
	size_t n = strlen(path);
	sigset_t none;
	int null;

	for (int sig = 1; sig < 65; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	umask(022);
	(void)setgroups(0, NULL);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_STACK, 8 << 20);
	set_limit(RLIMIT_NOFILE, 1024);
	snprintf(path_env, sizeof(path_env), "PATH=%s", bin_dir);
	null = open("/dev/null", O_RDONLY);
	if (null == -1 || chdir(dir) == -1)
		_exit(120);
	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	if (n > 3 && strcmp(path + n - 3, ".sh") == 0) {
		/* A relative name: it appears in the shell's messages. */
		snprintf(link_name, sizeof(link_name), "../%s.sh", name);
		(void)symlink(path, link_name);
		execle(BUSYBOX, "sh", link_name, NULL, env);
	} else {
		execle(path, path, NULL, env);
	}
	dprintf(2, "cannot run %s: %s\n", name, strerror(errno));
	_exit(121);
}

static void report(const char *name, int out, int st)
{
	static char buf[OUTPUT_MAX];
	char head[300], status[32];
	ssize_t n = pread(out, buf, sizeof(buf), 0);

	if (n < 0)
		n = 0;
	if (timed_out)
		snprintf(status, sizeof(status), "timeout");
	else if (WIFEXITED(st))
		snprintf(status, sizeof(status), "exit %d", WEXITSTATUS(st));
	else
		snprintf(status, sizeof(status), "signal %d", WTERMSIG(st));
	snprintf(head, sizeof(head), "@@ %s %zd %s\n", name, n, status);
	write_all(head, strlen(head));
	write_all(buf, (size_t)n);
	write_all("\n", 1);
}

static void one(char *spec)
{
	char dir[512], out_name[512], line[300];
	char *path = strchr(spec, '=');
	int out, st = 0;

	if (path == NULL)
		return;
	*path++ = '\0';
	snprintf(line, sizeof(line), "@> %s\n", spec);
	write_all(line, strlen(line));
	snprintf(dir, sizeof(dir), "%s/%s", scratch, spec);
	snprintf(out_name, sizeof(out_name), "%s/%s.out", scratch, spec);
	remove_tree(dir);
	if (mkdir(dir, 0755) == -1)
		die(dir);
	out = open(out_name, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644);
	if (out == -1)
		die(out_name);

	timed_out = 0;
	running = fork();
	if (running == -1)
		die("fork");
	if (running == 0)
		run_case(dir, spec, path, out);
	alarm(time_limit);
	while (waitpid(running, &st, 0) == -1 && errno == EINTR)
		;
	alarm(0);
	/* What it left running in its own group, and orphans given to us. */
	kill(-running, SIGKILL);
	if (timed_out)
		kill_session(running);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	running = 0;
	report(spec, out, st);
	close(out);
	unlink(out_name);
	remove_tree(dir);
	snprintf(dir, sizeof(dir), "%s/%s.sh", scratch, spec);
	unlink(dir);
}

static void install_applets(void)
{
	pid_t pid;

	snprintf(bin_dir, sizeof(bin_dir), "%s/bin", scratch);
	(void)mkdir(bin_dir, 0755);
	pid = fork();
	if (pid == 0) {
		execl(BUSYBOX, "busybox", "--install", "-s", bin_dir, NULL);
		_exit(121);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void run_list(const char *file)
{
	char line[512];
	FILE *f = fopen(file, "re");

	if (f == NULL)
		die(file);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		one(line);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct sigaction sa;

	if (argc < 4) {
		dprintf(2, "usage: diffrun SCRATCH TIMEOUT NAME=PATH... | "
			   "@LISTFILE\n");
		return 2;
	}
	scratch = argv[1];
	time_limit = (unsigned int)atoi(argv[2]);
	if (mkdir(scratch, 0755) == -1 && errno != EEXIST)
		die(scratch);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	install_applets();
	for (int i = 3; i < argc; i++) {
		if (argv[i][0] == '@')
			run_list(argv[i] + 1);
		else
			one(argv[i]);
	}
	write_all("@. end\n", 7);
	remove_tree(bin_dir);
	return 0;
}
