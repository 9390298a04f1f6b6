/* SPDX-License-Identifier: MIT */
/* The native calls of the core: what they do, and how they fail. */
#include "../guest.h"

#include <pando.h>

static void nop_does_nothing(void)
{
	CHECK(pando_nop() == 0);
	CHECK(pando_nop() == 0);
}

static void ids_are_those_of_libc(void)
{
	pid_t me = getpid(), pid;

	CHECK(pando_getpid() == me);
	CHECK(pando_getppid() == getppid());
	pid = fork();
	if (pid == 0) {
		CHECK(pando_getpid() == getpid() && pando_getppid() == me);
		tap_child_exit();
	}
	CHECK(exited_with(reap(pid), 0));
}

static void reads_and_writes_name_an_offset(void)
{
	char buf[8] = { 0 };
	int fd;

	REQUIRE(enter_scratch());
	fd = open("file", O_RDWR | O_CREAT, 0600);
	REQUIRE(fd >= 0);
	CHECK(pando_write(fd, "abcdef", 6, 0) == 6);
	/* The description's own offset did not move. */
	CHECK(lseek(fd, 0, SEEK_CUR) == 0);
	CHECK(pando_write(fd, "XY", 2, 2) == 2);
	CHECK(pando_read(fd, buf, 6, 0) == 6 && memcmp(buf, "abXYef", 6) == 0);
	CHECK(pando_read(fd, buf, 8, 6) == 0);
	CHECK(pando_read(fd, buf, 3, PANDO_AT_CURRENT) == 3);
	CHECK(pando_read(fd, buf, 8, PANDO_AT_CURRENT) == 3 &&
	      memcmp(buf, "Yef", 3) == 0);
	CHECK(lseek(fd, 0, SEEK_CUR) == 6);
	CHECK(pando_write_all(fd, "end", 3) == 0);
	CHECK(lseek(fd, 0, SEEK_CUR) == 9);
	CHECK(pando_close(fd) == 0 && pando_close(fd) == -EBADF);
	CHECK(unlink("file") == 0 && leave_scratch());
}

static void streams_have_no_offset(void)
{
	char buf[4] = { 0 };
	int fd[2];

	REQUIRE(pipe(fd) == 0);
	CHECK(pando_write(fd[1], "xyz", 3, 1000) == 3);
	CHECK(pando_read(fd[0], buf, 4, PANDO_AT_CURRENT) == 3);
	CHECK(strcmp(buf, "xyz") == 0);
	pando_close(fd[0]);
	pando_close(fd[1]);
}

static void mistakes_are_errors(void)
{
	char c = 'c';

	CHECK(pando_read(999, &c, 1, 0) == -EBADF);
	CHECK(pando_write(-1, &c, 1, 0) == -EBADF);
	CHECK(pando_close(999) == -EBADF);
	CHECK(pando_log((void *)16, 4) == -EFAULT);
	CHECK(pando_log("x", 100000) == -EMSGSIZE);
	CHECK(pando_call4(NATIVE_NR_read, 0, ~0UL, ~0UL, 0) < 0);
	CHECK(pando_call4(NATIVE_NR_write, 1, 1UL << 47, 8, ~0UL) == -EFAULT);
	CHECK(pando_call4(NATIVE_NR_call_counts, ~0UL, ~0UL, 0, 0) <= 0);
}

static void logging(void)
{
	CHECK(pando_logf("a line from %s %d", "test", 1) == 0);
	CHECK(pando_logf("control characters \n\t\033 are shown as marks") ==
	      0);
	CHECK(pando_log("", 0) == 0);
}

static void exit_has_a_code(void)
{
	pid_t pid = fork();

	if (pid == 0)
		pando_exit(23);
	CHECK(exited_with(reap(pid), 23));
	pid = fork();
	if (pid == 0)
		pando_exit(0x1ff);
	CHECK(exited_with(reap(pid), 255));
}

TAP_MAIN(nop_does_nothing, ids_are_those_of_libc,
	 reads_and_writes_name_an_offset, streams_have_no_offset,
	 mistakes_are_errors, logging, exit_has_a_code)
