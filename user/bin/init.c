/* SPDX-License-Identifier: MIT */
/*
 * init - the first process.
 *
 * With a file /.pando/cmd in the root (NUL-separated words, put there by
 * tools/pando run) it runs that command as the only job and ends with its
 * status.  Otherwise it keeps a login shell on the console.  SIGUSR2 powers
 * off, SIGTERM reboots, SIGUSR1 halts: what busybox's poweroff, reboot and
 * halt send.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 4096

static char *read_file(const char *path, size_t *size)
{
	struct stat st;
	char *buf;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0)
		st.st_size = 0;
	buf = malloc((size_t)st.st_size + 1);
	if (buf == NULL) {
		close(fd);
		return NULL;
	}
	n = read(fd, buf, (size_t)st.st_size);
	close(fd);
	*size = n > 0 ? (size_t)n : 0;
	buf[*size] = '\0';
	return buf;
}

/* Splits NUL-separated words in place. */
static char **split(char *buf, size_t size)
{
	static char *words[WORDS_MAX + 1];
	size_t n = 0, at = 0;

	while (at < size && n < WORDS_MAX) {
		words[n++] = buf + at;
		at += strlen(buf + at) + 1;
	}
	words[n] = NULL;
	return words;
}

static void apply_environment(void)
{
	size_t size, at = 0;
	char *env = read_file("/.pando/env", &size);

	while (env != NULL && at < size) {
		size_t n = strlen(env + at) + 1;

		putenv(env + at);
		at += n;
	}
}

static void apply_directory(void)
{
	size_t size;
	char *cwd = read_file("/.pando/cwd", &size);

	if (cwd == NULL || cwd[0] == '\0' || chdir(cwd) != 0) {
		if (chdir("/root") != 0 && chdir("/") != 0)
			return;
	}
}

static void default_signals(void)
{
	sigset_t none;
	int i;

	for (i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A session of its own, on the console if that is a terminal. */
static void own_session(void)
{
	setsid();
	if (isatty(0))
		ioctl(0, TIOCSCTTY, 0);
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	own_session();
	default_signals();
	execvp(argv[0], argv);
	fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void power(int how)
{
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	usleep(50000);
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	sync();
	if (how == (int)RB_HALT_SYSTEM)
		dprintf(1, "System halted; ctrl-A x leaves QEMU.\n");
	reboot(how);
	_exit(1);
}

static void act_on_signal(int signo)
{
	if (signo == SIGUSR2)
		power(RB_POWER_OFF);
	if (signo == SIGUSR1)
		power(RB_HALT_SYSTEM);
	if (signo == SIGTERM || signo == SIGINT)
		power(RB_AUTOBOOT);
}

/*
 * Reaps everything until @pid ends; its status.  Signals are blocked and
 * taken one by one, so that none comes between a look and the sleep.
 */
static int wait_for(pid_t pid, const sigset_t *signals)
{
	int status, signo;
	pid_t got;

	for (;;) {
		while ((got = waitpid(-1, &status, WNOHANG)) > 0)
			if (got == pid)
				return status;
		if (got < 0 && errno == ECHILD)
			return 0;
		if (sigwait(signals, &signo) == 0)
			act_on_signal(signo);
	}
}

static int run_job(char *cmd, size_t size, const sigset_t *signals)
{
	char **argv = split(cmd, size);
	int status;
	pid_t pid;

	unlink("/.pando/cmd");
	apply_environment();
	apply_directory();
	if (argv[0] == NULL)
		return 127;
	pid = start(argv);
	if (pid < 0)
		return 126;
	status = wait_for(pid, signals);
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	sigaddset(signals, SIGUSR1);
	sigaddset(signals, SIGUSR2);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

int main(void)
{
	static char sh[] = "-sh";
	char *shell[] = { sh, NULL };
	sigset_t signals;
	size_t size;
	char *cmd;

	block_signals(&signals);
	cmd = read_file("/.pando/cmd", &size);
	if (cmd != NULL)
		return run_job(cmd, size, &signals);
	apply_directory();
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			own_session();
			default_signals();
			execv("/bin/sh", shell);
			_exit(127);
		}
		if (pid > 0)
			wait_for(pid, &signals);
		else
			sleep(1);
	}
}
