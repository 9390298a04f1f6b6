/* SPDX-License-Identifier: MIT */
/* Whatever a process waits for, SIGKILL ends it. */
#include "../guest.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#define FUTEX_WAIT	   0
#define FUTEX_WAIT_PRIVATE 128

#define UNAVAILABLE 77 /* this kernel or machine lacks it */

static int pfd[2];

static void in_read_pipe(void)
{
	char c;

	(void)!read(pfd[0], &c, 1);
}

static void in_readv_pipe(void)
{
	char c;
	struct iovec v = { &c, 1 };

	(void)!readv(pfd[0], &v, 1);
}

static void fill_pipe(void)
{
	static char buf[65536];

	fcntl(pfd[1], F_SETFL, O_NONBLOCK);
	while (write(pfd[1], buf, sizeof(buf)) > 0)
		;
	fcntl(pfd[1], F_SETFL, 0);
}

static void in_write_pipe(void)
{
	fill_pipe();
	(void)!write(pfd[1], "x", 1);
}

static void in_big_write(void)
{
	static char buf[1 << 20];

	(void)!write(pfd[1], buf, sizeof(buf));
}

static void in_sendfile(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	fill_pipe();
	(void)!sendfile(pfd[1], fd, NULL, 100000);
}

static void in_read_tty(void)
{
	int fd;
	char c;

	setsid();
	fd = open(on_pando() ? "/dev/ttyS0" : "/dev/ptmx", O_RDWR | O_NOCTTY);
	if (fd == -1)
		_exit(UNAVAILABLE);
	(void)!read(fd, &c, 1);
}

static void in_open_fifo_read(void)
{
	(void)!open("fifo", O_RDONLY);
}

static void in_open_fifo_write(void)
{
	(void)!open("fifo", O_WRONLY);
}

static void make_sleeper(void)
{
	pid_t me = getpid();

	if (fork() == 0) {
		die_with(me);
		for (;;)
			pause();
	}
}

static void in_wait4(void)
{
	make_sleeper();
	wait(NULL);
}

static void in_waitid(void)
{
	siginfo_t si;

	make_sleeper();
	waitid(P_ALL, 0, &si, WEXITED | WSTOPPED);
}

static void in_nanosleep(void)
{
	struct timespec ts = { 100000, 0 };

	nanosleep(&ts, NULL);
}

static void in_clock_nanosleep(void)
{
	struct timespec ts = { 1 << 30, 0 };

	if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) != 0)
		_exit(UNAVAILABLE);
}

static void in_pause(void)
{
	pause();
}

static void in_sigsuspend(void)
{
	sigset_t set;

	sigfillset(&set);
	sigsuspend(&set);
}

static void in_sigtimedwait(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigwaitinfo(&set, NULL);
}

static void in_poll(void)
{
	struct pollfd p = { pfd[0], POLLIN, 0 };

	poll(&p, 1, -1);
}

static void in_ppoll(void)
{
	struct pollfd p = { pfd[0], POLLIN, 0 };
	sigset_t all;

	sigfillset(&all);
	ppoll(&p, 1, NULL, &all);
}

static void in_select(void)
{
	fd_set r;

	FD_ZERO(&r);
	FD_SET(pfd[0], &r);
	select(pfd[0] + 1, &r, NULL, NULL, NULL);
}

static void in_pselect(void)
{
	struct timespec ts = { 100000, 0 };

	pselect(0, NULL, NULL, NULL, &ts, NULL);
}

static void in_epoll(void)
{
	struct epoll_event ev;
	int fd = epoll_create1(0);

	if (fd == -1)
		_exit(UNAVAILABLE);
	epoll_wait(fd, &ev, 1, -1);
}

static void in_futex(void)
{
	static uint32_t word = 5;

	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 5, NULL, NULL, 0);
}

static void in_futex_shared(void)
{
	uint32_t *word = shared_memory(PAGE);
	struct timespec ts = { 100000, 0 };

	syscall(SYS_futex, word, FUTEX_WAIT, 0, &ts, NULL, 0);
}

static void in_flock(void)
{
	int a = open("lock", O_RDWR | O_CREAT, 0600);
	int b = open("lock", O_RDWR);

	flock(a, LOCK_EX);
	flock(b, LOCK_EX);
}

static void in_record_lock(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open("lock", O_RDWR | O_CREAT, 0600), ready[2];
	pid_t me = getpid();
	char c;

	if (pipe(ready) != 0)
		_exit(1);
	if (fork() == 0) {
		die_with(me);
		c = fcntl(fd, F_SETLK, &l) == 0 ? 'y' : 'n';
		(void)!write(ready[1], &c, 1);
		for (;;)
			pause();
	}
	if (read(ready[0], &c, 1) != 1 || c != 'y')
		_exit(UNAVAILABLE);
	fcntl(fd, F_SETLKW, &l);
}

static void in_vfork(void)
{
	pid_t me = getpid();

	if (vfork() == 0) {
		die_with(me);
		for (;;)
			syscall(SYS_pause);
	}
}

static void in_user_loop(void)
{
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static void in_system_loop(void)
{
	static char buf[1 << 20];
	int fd = open("/dev/zero", O_RDONLY);

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void with_all_blocked(void)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int s = 1; s < 65; s++)
		signal(s, SIG_IGN);
	for (;;)
		pause();
}

static void in_stop(void)
{
	raise(SIGSTOP);
}

/* @letters: how /proc shows one that has got there. */
static void kill_in(const char *name, void (*fn)(void), const char *letters)
{
	pid_t pid;
	int st;

	REQUIRE(pipe(pfd) == 0);
	pid = fork();
	if (pid == 0) {
		die_with_parent();
		fn();
		_exit(1);
	}
	await_state(pid, letters);
	CHECK(kill(pid, SIGKILL) == 0);
	st = reap(pid);
	if (exited_with(st, UNAVAILABLE))
		note("%s: not available here", name);
	else if (!CHECK(killed_by(st, SIGKILL)))
		note("%s: status %#x", name, st);
	close(pfd[0]);
	close(pfd[1]);
}

#define KILL_IN(fn)	 kill_in(#fn, fn, "SD")
#define KILL_RUNNING(fn) kill_in(#fn, fn, "R")
#define KILL_STOPPED(fn) kill_in(#fn, fn, "T")

static void pipes_and_files(void)
{
	REQUIRE(enter_scratch());
	CHECK(mkfifo("fifo", 0600) == 0);
	KILL_IN(in_read_pipe);
	KILL_IN(in_readv_pipe);
	KILL_IN(in_write_pipe);
	KILL_IN(in_big_write);
	KILL_IN(in_sendfile);
	KILL_IN(in_read_tty);
	KILL_IN(in_open_fifo_read);
	KILL_IN(in_open_fifo_write);
	KILL_IN(in_flock);
	KILL_IN(in_record_lock);
	unlink("lock");
	CHECK(unlink("fifo") == 0);
	CHECK(leave_scratch());
}

static void times_and_signals(void)
{
	KILL_IN(in_nanosleep);
	KILL_IN(in_clock_nanosleep);
	KILL_IN(in_pause);
	KILL_IN(in_sigsuspend);
	KILL_IN(in_sigtimedwait);
	KILL_IN(with_all_blocked);
}

static void many_at_once(void)
{
	KILL_IN(in_poll);
	KILL_IN(in_ppoll);
	KILL_IN(in_select);
	KILL_IN(in_pselect);
	KILL_IN(in_epoll);
	KILL_IN(in_futex);
	KILL_IN(in_futex_shared);
}

static void processes(void)
{
	KILL_IN(in_wait4);
	KILL_IN(in_waitid);
	KILL_IN(in_vfork);
	KILL_RUNNING(in_user_loop);
	KILL_RUNNING(in_system_loop);
	KILL_STOPPED(in_stop);
}

static void all_of_them(void)
{
	processes();
	times_and_signals();
	many_at_once();
}

static void nothing_is_left(void)
{
	CHECK(leak_free(all_of_them));
}

TAP_MAIN(pipes_and_files, times_and_signals, many_at_once, processes,
	 nothing_is_left)
