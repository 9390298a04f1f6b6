/* SPDX-License-Identifier: MIT */
/* Ten thousand descriptors: growth, lowest number first, fork, closing. */
#include "../guest.h"

#define MANY 10000

static bool raise_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0)
		return false;
	if (l.rlim_max < MANY)
		l.rlim_max = MANY;
	l.rlim_cur = MANY;
	return setrlimit(RLIMIT_NOFILE, &l) == 0;
}

static void fill(void)
{
	int fd, last = 2;

	while ((fd = dup(0)) >= 0) {
		if (fd != last + 1 && last != 2)
			break;
		last = fd;
	}
	CHECK(fd == -1 && errno == EMFILE);
	CHECK(last == MANY - 1);
}

static void holes_are_filled_lowest_first(void)
{
	CHECK(close(77) == 0 && close(5000) == 0 && close(9998) == 0);
	CHECK(dup(0) == 77);
	CHECK(dup(0) == 5000);
	CHECK(fcntl(0, F_DUPFD, 6000) == 9998);
	CHECK(dup(0) == -1 && errno == EMFILE);
	CHECK(dup2(0, MANY) == -1 && errno == EBADF);
	CHECK(fcntl(0, F_DUPFD, MANY) == -1 && errno == EINVAL);
}

/* Without a free number nothing is created, cut or opened. */
static void a_full_table_changes_nothing(void)
{
	struct stat st;
	int fd[2];

	unlink("/tmp/handle_new");
	CHECK(open("/tmp/handle_new", O_CREAT | O_RDWR, 0600) == -1 &&
	      errno == EMFILE);
	CHECK(access("/tmp/handle_new", F_OK) == -1 && errno == ENOENT);
	CHECK(open("/tmp/handle_file", O_TRUNC | O_RDWR) == -1 &&
	      errno == EMFILE);
	CHECK(stat("/tmp/handle_file", &st) == 0 && st.st_size == 4);
	CHECK(open("/nonexistent", O_RDONLY) == -1 && errno == EMFILE);
	CHECK(pipe(fd) == -1 && errno == EMFILE);
	/* With room for one, a pipe takes none. */
	CHECK(close(1234) == 0);
	CHECK(pipe(fd) == -1 && errno == EMFILE);
	CHECK(dup(0) == 1234);
}

static void fork_copies_all(void)
{
	pid_t pid = fork();
	int i;

	if (pid == 0) {
		for (i = 3; i < MANY; i += 97)
			if (fcntl(i, F_GETFD) < 0)
				_exit(1);
		for (i = 3; i < MANY; i++)
			close(i);
		_exit(fcntl(9000, F_GETFD) == -1 ? 0 : 2);
	}
	CHECK(exited_with(reap(pid), 0));
	CHECK(fcntl(9000, F_GETFD) == 0);
}

static void close_them(void)
{
	int i, bad = 0;

	for (i = 3; i < MANY; i++)
		bad += close(i) != 0;
	CHECK(bad == 0);
	CHECK(close(3) == -1 && errno == EBADF);
}

static void ten_thousand(void)
{
	static struct census before;
	int round, i;

	REQUIRE(raise_limit());
	for (i = 3; i < MANY; i++)
		close(i);
	i = open("/tmp/handle_file", O_CREAT | O_TRUNC | O_RDWR, 0600);
	CHECK(write(i, "text", 4) == 4 && close(i) == 0);
	for (round = 0; round < 2; round++) {
		if (round == 1)
			census_take(&before);
		fill();
		holes_are_filled_lowest_first();
		a_full_table_changes_nothing();
		fork_copies_all();
		close_them();
	}
	CHECK(census_same(&before));
	unlink("/tmp/handle_file");
}

static void in_a_child(void)
{
	if (fcntl(0, F_GETFD) == -1)
		CHECK(open("/dev/null", O_RDWR) == 0);
	CHECK(exited_with(in_child(ten_thousand), 0));
}

TAP_MAIN(in_a_child)
