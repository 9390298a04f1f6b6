/* SPDX-License-Identifier: MIT */
/* A pipe: order, partial reads, end of file, zero lengths, wrong ends. */
#include "diff.h"

int main(void)
{
	int p[2];
	char buf[64];
	struct stat st;

	show(pipe(p));
	show(p[0]);
	show(p[1]);
	show(write(p[1], "hello", 5));
	show(write(p[1], " world", 6));
	show(write(p[1], "", 0));
	show(read(p[0], buf, 3));
	show(read(p[0], buf + 3, 60));
	say("[%.11s]\n", buf);
	show(read(p[0], buf, 0));
	show(read(p[1], buf, 1));
	show(write(p[0], buf, 1));
	show(lseek(p[0], 0, SEEK_SET));
	show(pread(p[0], buf, 1, 0));
	show(pwrite(p[1], buf, 1, 0));
	show(ftruncate(p[1], 0));
	show(fsync(p[1]));
	show(fstat(p[0], &st));
	fact(S_ISFIFO(st.st_mode));
	say("mode %o nlink %d size %ld blksize %ld\n", st.st_mode & 07777,
	    (int)st.st_nlink, (long)st.st_size, (long)st.st_blksize);
	show(write(p[1], "tail", 4));
	show(close(p[1]));
	show(read(p[0], buf, 64));
	show(read(p[0], buf, 64));
	show(read(p[0], buf, 64));
	show(close(p[0]));
	show(read(p[0], buf, 1));
	show(pipe(BAD_PTR));
	/* A failed pipe leaves no descriptors. */
	show(open("/dev/null", O_RDONLY));
	return 0;
}
