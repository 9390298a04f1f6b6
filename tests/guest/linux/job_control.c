/* SPDX-License-Identifier: MIT */
/* Sessions, groups, stop and continue, as a shell uses them. */
#include "../guest.h"
#include <sys/ioctl.h>
#include <termios.h>

static int stopped_by(pid_t pid, int options)
{
	int st;

	if (waitpid(pid, &st, options | WUNTRACED) != pid || !WIFSTOPPED(st))
		return -1;
	return WSTOPSIG(st);
}

static void idle_for_ever(void)
{
	die_with_parent();
	for (;;)
		pause();
}

static pid_t group_member(pid_t group)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, group);
		idle_for_ever();
	}
	setpgid(pid, group == 0 ? pid : group);
	return pid;
}

static void a_pipeline_stops_and_goes_on(void)
{
	static const int sigs[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	pid_t p[3];
	unsigned i, k;
	int st;

	p[0] = group_member(0);
	p[1] = group_member(p[0]);
	p[2] = group_member(p[0]);
	CHECK(getpgid(p[2]) == p[0]);
	for (k = 0; k < 4; k++) {
		CHECK(kill(-p[0], sigs[k]) == 0);
		for (i = 0; i < 3; i++)
			CHECK(stopped_by(p[i], 0) == sigs[k]);
		CHECK(state_of(p[1]) == 'T');
		/* Told once only. */
		CHECK(waitpid(-p[0], &st, WUNTRACED | WNOHANG) == 0);
		CHECK(kill(-p[0], SIGCONT) == 0);
		for (i = 0; i < 3; i++)
			CHECK(waitpid(p[i], &st, WCONTINUED) == p[i] &&
			      WIFCONTINUED(st));
	}
	CHECK(kill(-p[0], SIGTERM) == 0);
	for (i = 0; i < 3; i++)
		CHECK(killed_by(reap(p[i]), SIGTERM));
	CHECK(kill(-p[0], 0) == -1 && errno == ESRCH);
}

static void stopped_ones_can_be_killed(void)
{
	pid_t pid = group_member(0);

	CHECK(kill(pid, SIGSTOP) == 0 && stopped_by(pid, 0) == SIGSTOP);
	/* Other signals wait until it goes on. */
	CHECK(kill(pid, SIGTERM) == 0);
	CHECK(state_of(pid) == 'T');
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(killed_by(reap(pid), SIGKILL));
	pid = group_member(0);
	CHECK(kill(pid, SIGSTOP) == 0 && stopped_by(pid, 0) == SIGSTOP);
	CHECK(kill(pid, SIGTERM) == 0 && kill(pid, SIGCONT) == 0);
	CHECK(killed_by(reap(pid), SIGTERM));
}

static void session_leader(void)
{
	pid_t me = getpid(), child;

	CHECK(setsid() == me);
	CHECK(getsid(0) == me && getpgrp() == me);
	CHECK(setsid() == -1 && errno == EPERM);
	CHECK(setpgid(0, 0) == -1 && errno == EPERM);
	child = fork();
	if (child == 0) {
		CHECK(getsid(0) == me && getpgrp() == me);
		CHECK(setpgid(0, 0) == 0 && getpgrp() == getpid());
		/* A group of another session cannot be joined. */
		CHECK(setpgid(0, getppid() + 0) == 0);
		CHECK(setpgid(0, 1) == -1 && errno == EPERM);
		tap_child_exit();
	}
	CHECK(exited_with(reap(child), 0));
	CHECK(open("/dev/tty", O_RDWR) == -1 && errno == ENXIO);
}

static void sessions_and_groups(void)
{
	CHECK(exited_with(in_child(session_leader), 0));
}

/*
 * A group becomes orphaned with a stopped member: HUP and CONT.  @how tells
 * through a pipe what it got.
 */
static int told[2];

static void on_hup(int sig)
{
	char c = sig == SIGHUP ? 'H' : 'C';

	(void)!write(told[1], &c, 1);
}

static void orphaned_group_gets_hup_and_cont(void)
{
	char got[2] = { 0, 0 };
	pid_t leader;

	REQUIRE(pipe(told) == 0);
	leader = fork();
	if (leader == 0) {
		pid_t pid;

		setsid();
		pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			signal(SIGHUP, on_hup);
			signal(SIGCONT, on_hup);
			raise(SIGSTOP);
			_exit(0);
		}
		stopped_by(pid, 0);
		_exit(0);
	}
	CHECK(exited_with(reap(leader), 0));
	close(told[1]);
	CHECK(read(told[0], got, 1) == 1 && read(told[0], got + 1, 1) == 1);
	CHECK(got[0] != got[1]);
	/* The end of file: it is dead. */
	CHECK(read(told[0], got, 1) == 0);
	close(told[0]);
}

/* In an orphaned group the terminal's stop signals do nothing. */
static void orphaned_group_ignores_tstp(void)
{
	int fd[2], st;
	pid_t leader;
	char c;

	REQUIRE(pipe(fd) == 0);
	leader = fork();
	if (leader == 0) {
		setsid();
		/* Its parent is in another session: orphaned. */
		raise(SIGTSTP);
		raise(SIGTTIN);
		raise(SIGTTOU);
		(void)!write(fd[1], "x", 1);
		_exit(6);
	}
	CHECK(read(fd[0], &c, 1) == 1);
	CHECK(waitpid(leader, &st, WUNTRACED) == leader && exited_with(st, 6));
	close(fd[0]);
	close(fd[1]);
}

/* Background reads and writes of a terminal: its own session. */
static void background_reader(int fd)
{
	char c;

	die_with_parent();
	setpgid(0, 0);
	(void)!read(fd, &c, 1);
	_exit(0);
}

static void with_terminal(void)
{
	struct termios t;
	int fd, st;
	pid_t pid;

	setsid();
	fd = open("/dev/ttyS0", O_RDWR | O_NOCTTY);
	if (fd == -1)
		_exit(77);
	CHECK(ioctl(fd, TIOCSCTTY, 1) == 0);
	CHECK(tcgetpgrp(fd) == getpid());
	CHECK(tcgetsid(fd) == getpid());
	CHECK(tcgetattr(fd, &t) == 0);
	pid = fork();
	if (pid == 0)
		background_reader(fd);
	CHECK(stopped_by(pid, 0) == SIGTTIN);
	/* In the foreground it may read: it sleeps there. */
	CHECK(tcsetpgrp(fd, pid) == 0);
	CHECK(kill(pid, SIGCONT) == 0);
	CHECK(await_state(pid, "S"));
	CHECK(kill(pid, SIGKILL) == 0 && killed_by(reap(pid), SIGKILL));
	/* We are in the background now: TTOU, which we ignore, then it works. */
	signal(SIGTTOU, SIG_IGN);
	CHECK(tcsetpgrp(fd, getpid()) == 0);
	signal(SIGTTOU, SIG_DFL);
	t.c_lflag |= TOSTOP;
	CHECK(tcsetattr(fd, TCSANOW, &t) == 0);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		(void)!write(fd, "\n", 1);
		_exit(0);
	}
	CHECK(stopped_by(pid, 0) == SIGTTOU);
	t.c_lflag &= ~(tcflag_t)TOSTOP;
	CHECK(tcsetattr(fd, TCSANOW, &t) == 0);
	CHECK(kill(pid, SIGCONT) == 0);
	CHECK(waitpid(pid, &st, 0) == pid && exited_with(st, 0));
	CHECK(ioctl(fd, TIOCNOTTY) == 0 || errno == ENOTTY);
}

static void a_terminal_of_its_own(void)
{
	struct sigaction sa = { 0 };
	pid_t pid;
	int st;

	if (!on_pando()) {
		SKIP("needs a free serial line");
		return;
	}
	pid = fork();
	if (pid == 0) {
		/* The hang-up at the end of the session. */
		sa.sa_handler = SIG_IGN;
		sigaction(SIGHUP, &sa, NULL);
		with_terminal();
		tap_child_exit();
	}
	st = reap(pid);
	if (exited_with(st, 77))
		SKIP("no serial line");
	else
		CHECK(exited_with(st, 0));
}

TAP_MAIN(a_pipeline_stops_and_goes_on, stopped_ones_can_be_killed,
	 sessions_and_groups, orphaned_group_gets_hup_and_cont,
	 orphaned_group_ignores_tstp, a_terminal_of_its_own)
