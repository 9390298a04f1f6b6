/* SPDX-License-Identifier: MIT */
/* Named pipes: opening order, O_NONBLOCK, and what stat says. */
#include "diff.h"

int main(void)
{
	struct stat st;
	char buf[16];
	pid_t pid;
	int fd;

	show(mkfifo("f", 0640));
	show(mkfifo("f", 0640));
	show(stat("f", &st));
	fact(S_ISFIFO(st.st_mode));
	say("mode %o size %ld\n", st.st_mode & 07777, (long)st.st_size);
	show(open("f", O_WRONLY | O_NONBLOCK));
	show(open("f", O_RDONLY | O_NONBLOCK));
	show(read(3, buf, sizeof(buf)));
	show(open("f", O_WRONLY | O_NONBLOCK));
	show(read(3, buf, sizeof(buf)));
	show(write(4, "abc", 3));
	show(read(3, buf, sizeof(buf)));
	show(close(4));
	show(read(3, buf, sizeof(buf)));
	show(close(3));

	/* Blocking opens meet. */
	pid = child_do({
		int w = open("f", O_WRONLY);

		must(write(w, "hello", 5));
	});
	fd = open("f", O_RDONLY);
	show(fd);
	show(read(fd, buf, sizeof(buf)));
	show(read(fd, buf, sizeof(buf)));
	wait_say("writer", pid);
	show(lseek(fd, 0, SEEK_SET));
	show(close(fd));
	show(open("f", O_RDWR));
	show(open("f", O_RDONLY | O_DIRECTORY));
	show(truncate("f", 0));
	show(unlink("f"));
	show(write(3, "x", 1));
	show(read(3, buf, 1));
	return 0;
}
