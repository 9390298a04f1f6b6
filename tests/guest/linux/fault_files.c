/* SPDX-License-Identifier: MIT */
/* The n-th allocation of calls on files, directories and pipes fails. */
#include "../sweep.h"
#include <poll.h>
#include <sys/file.h>

static int open_close(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	if (fd == -1)
		return errno;
	return close(fd) == 0 ? 0 : errno;
}

static int create_write(void)
{
	static const char data[3 * PAGE];
	int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0600);
	int e = 0;
	ssize_t n;

	if (fd == -1)
		return errno;
	n = write(fd, data, sizeof(data));
	if (n == -1)
		e = errno == ENOSPC ? ENOMEM : errno;
	if (close(fd) != 0 || unlink("file") != 0)
		e = EPROTO;
	return e;
}

static int make_pipe(void)
{
	int fd[2], e = 0;
	char c = 0;

	if (pipe(fd) != 0)
		return errno;
	if (write(fd[1], "x", 1) != 1)
		e = errno;
	else if (read(fd[0], &c, 1) != 1 || c != 'x')
		e = errno;
	close(fd[0]);
	close(fd[1]);
	return e;
}

static int make_dirs(void)
{
	int e = 0;

	if (mkdir("d", 0700) != 0)
		return errno;
	if (mkdir("d/e", 0700) != 0)
		e = errno;
	else if (rmdir("d/e") != 0)
		e = errno;
	/* Removing must work later if it failed now. */
	if (e)
		rmdir("d/e");
	if (rmdir("d") != 0 && (rmdir("d") != 0))
		e = EPROTO;
	return e;
}

static int names(void)
{
	int e = 0, fd = open("a", O_WRONLY | O_CREAT, 0600);

	if (fd == -1)
		return errno;
	close(fd);
	if (symlink("a", "l") != 0 || link("a", "b") != 0 ||
	    rename("b", "c") != 0 || mknod("f", S_IFIFO | 0600, 0) != 0)
		e = errno;
	unlink("l");
	unlink("b");
	unlink("c");
	unlink("f");
	if (unlink("a") != 0 && unlink("a") != 0)
		e = EPROTO;
	return e;
}

static int duplicates(void)
{
	int fd = dup(1), e = 0, high;

	if (fd == -1)
		return errno;
	/* Far up, so that the table has to grow. */
	high = fcntl(fd, F_DUPFD, 900);
	if (high == -1)
		e = errno;
	else
		close(high);
	close(fd);
	return e;
}

static int walk_and_stat(void)
{
	struct stat st;

	if (stat("/proc/self/fd/../status", &st) != 0 || stat("/tmp", &st) != 0)
		return errno;
	return access("/", R_OK) == 0 ? 0 : errno;
}

static int read_proc(void)
{
	static const char *const paths[] = {
		"/proc/self/maps", "/proc/self/stat",	 "/proc/meminfo",
		"/proc/mounts",	   "/proc/self/cmdline",
	};
	char buf[512];

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int fd = open(paths[i], O_RDONLY), e = 0;

		if (fd == -1)
			return errno;
		if (read(fd, buf, sizeof(buf)) <= 0)
			e = errno;
		close(fd);
		if (e)
			return e;
	}
	return 0;
}

static int list_dir(void)
{
	char buf[1024];
	int fd = open("/proc", O_RDONLY | O_DIRECTORY), e = 0;

	if (fd == -1)
		return errno;
	if (syscall(SYS_getdents64, fd, buf, sizeof(buf)) <= 0)
		e = errno;
	close(fd);
	return e;
}

static int waits(void)
{
	struct pollfd p[40];
	struct timespec ts = { 0, 1000 };
	int i, e = 0;

	for (i = 0; i < 40; i++)
		p[i] = (struct pollfd){ 0, POLLIN, 0 };
	if (poll(p, 40, 0) == -1)
		e = errno;
	if (nanosleep(&ts, NULL) != 0)
		e = errno;
	return e;
}

static int locks(void)
{
	int fd = open("/dev/null", O_RDWR), e = 0;

	if (fd == -1)
		return errno;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		e = errno;
	close(fd);
	return e;
}

static int change_dir(void)
{
	char buf[256];

	if (chdir("/tmp") != 0 || getcwd(buf, sizeof(buf)) == NULL ||
	    chdir("/") != 0)
		return errno;
	return 0;
}

static void opening(void)
{
	sweep("open", open_close);
	sweep("walk and stat", walk_and_stat);
	sweep_child("chdir, getcwd", change_dir);
	sweep("dup", duplicates);
}

static void changing(void)
{
	REQUIRE(enter_scratch());
	sweep("creat and write", create_write);
	sweep("mkdir", make_dirs);
	sweep("links, rename, mknod", names);
	CHECK(leave_scratch());
}

static void pipes_and_waits(void)
{
	sweep("pipe", make_pipe);
	sweep("poll, nanosleep", waits);
	sweep("flock", locks);
}

static void reading(void)
{
	sweep("/proc files", read_proc);
	sweep("getdents64", list_dir);
}

SWEEP_MAIN(opening, changing, pipes_and_waits, reading)
