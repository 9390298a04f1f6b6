/* SPDX-License-Identifier: MIT */
/* umask applies to everything that is created, and only then. */
#include "diff.h"

static void all(void)
{
	must(open("f", O_RDWR | O_CREAT, 0666));
	must(mkdir("d", 0777));
	must(mkfifo("p", 0666));
	must(mknod("n", S_IFREG | 0666, 0));
	say("%04o %04o %04o %04o\n", file_mode("f"), file_mode("d"),
	    file_mode("p"), file_mode("n"));
	must(unlink("f"));
	must(rmdir("d"));
	must(unlink("p"));
	must(unlink("n"));
}

int main(void)
{
	say("%03o\n", umask(0));
	all();
	say("%03o\n", umask(077));
	all();
	say("%03o\n", umask(0777));
	all();
	say("%03o\n", umask(01777));
	say("%03o\n", umask(0123));
	all();
	put_file("x", "");
	show(chmod("x", 0777));
	say("%04o\n", file_mode("x"));
	wait_say("child", child_do(say("%03o\n", umask(0))));
	say("%03o\n", umask(022));
	return 0;
}
