/* SPDX-License-Identifier: MIT */
/*
 * Writers and readers of many pipes, of all sizes, some of them killed at a
 * random moment.  Each byte that arrives is the right one, and nothing of the
 * pipes stays behind.
 */
#include "../guest/guest.h"
#include <poll.h>

#define ROUNDS 60
#define BYTES  300000

static unsigned char byte_at(uint64_t seed, size_t i)
{
	return (unsigned char)((seed + i) * 2654435761u >> 13);
}

static void writer(int fd, uint64_t seed)
{
	static unsigned char buf[40000];
	size_t done = 0, n, i;
	ssize_t w;

	signal(SIGPIPE, SIG_DFL);
	while (done < BYTES) {
		n = 1 + rng_below(&seed, sizeof(buf));
		if (n > BYTES - done)
			n = BYTES - done;
		for (i = 0; i < n; i++)
			buf[i] = byte_at(7, done + i);
		for (i = 0; i < n; i += (size_t)w) {
			w = write(fd, buf + i, n - i);
			if (w <= 0)
				_exit(1);
		}
		done += n;
	}
	_exit(0);
}

/* Reads everything; the number of wrong bytes. */
static size_t read_all(int fd, uint64_t *s, size_t *total)
{
	static unsigned char buf[50000];
	size_t bad = 0, i;
	ssize_t n;

	*total = 0;
	while ((n = read(fd, buf, 1 + rng_below(s, sizeof(buf)))) > 0) {
		for (i = 0; i < (size_t)n; i++)
			bad += buf[i] != byte_at(7, *total + i);
		*total += (size_t)n;
	}
	return bad + (n < 0);
}

static void whole_streams(uint64_t seed)
{
	uint64_t s = seed;
	int fd[2], i;
	size_t total;
	pid_t pid;

	for (i = 0; i < 12; i++) {
		REQUIRE(pipe(fd) == 0);
		pid = fork();
		if (pid == 0) {
			close(fd[0]);
			writer(fd[1], rng_next(&s) | 1);
		}
		close(fd[1]);
		CHECK(read_all(fd[0], &s, &total) == 0 && total == BYTES);
		CHECK(exited_with(reap(pid), 0));
		close(fd[0]);
	}
}

/* One side goes away in the middle. */
static void broken_streams(uint64_t seed)
{
	uint64_t s = seed;
	char buf[1000];
	int fd[2], i;
	size_t total;
	pid_t pid;

	for (i = 0; i < ROUNDS; i++) {
		REQUIRE(pipe(fd) == 0);
		pid = fork();
		if (pid == 0) {
			close(fd[0]);
			writer(fd[1], s | 1);
		}
		close(fd[1]);
		CHECK(read(fd[0], buf, sizeof(buf)) > 0);
		if (rng_below(&s, 2) == 0) {
			kill(pid, SIGKILL);
			CHECK(WIFSIGNALED(reap(pid)));
			read_all(fd[0], &s, &total);
			close(fd[0]);
		} else {
			close(fd[0]);
			CHECK(killed_by(reap(pid), SIGPIPE));
		}
	}
}

/* A ring of processes hands a token round through as many pipes. */
static void ring(uint64_t seed)
{
	enum {
		N = 24,
		LAPS = 200
	};
	int in, fd[2], first[2], i;
	pid_t pid[N];
	char c = 't';

	(void)seed;
	REQUIRE(pipe(first) == 0);
	in = first[0];
	for (i = 0; i < N; i++) {
		REQUIRE(pipe(fd) == 0);
		pid[i] = fork();
		if (pid[i] == 0) {
			close(first[1]);
			close(fd[0]);
			while (read(in, &c, 1) == 1)
				if (write(fd[1], &c, 1) != 1)
					_exit(1);
			_exit(0);
		}
		close(in);
		close(fd[1]);
		in = fd[0];
	}
	for (i = 0; i < LAPS; i++)
		CHECK(write(first[1], &c, 1) == 1 && read(in, &c, 1) == 1);
	close(first[1]);
	for (i = 0; i < N; i++)
		CHECK(exited_with(reap(pid[i]), 0));
	CHECK(read(in, &c, 1) == 0);
	close(in);
}

static void twice(void (*fn)(uint64_t seed))
{
	static struct census before;
	uint64_t seed = rng_seed(777);

	fn(seed);
	census_take(&before);
	fn(seed + 2);
	if (census_quiet(&before))
		return;
	/* A cache that grew once, or a leak that goes on? */
	census_take(&before);
	fn(seed + 4);
	CHECK(census_same(&before));
}

static void streams_arrive_whole(void)
{
	twice(whole_streams);
}

static void ends_may_vanish(void)
{
	twice(broken_streams);
}

static void a_ring_of_pipes(void)
{
	twice(ring);
}

TAP_MAIN(streams_arrive_whole, ends_may_vanish, a_ring_of_pipes)
