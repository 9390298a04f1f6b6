/* SPDX-License-Identifier: MIT */
/* O_APPEND: every write goes to the end, whatever the offset is. */
#include "diff.h"

int main(void)
{
	char buf[16] = { 0 };

	put_file("f", "base");
	show(open("f", O_RDWR | O_APPEND));
	show(open("f", O_RDWR));
	show(lseek(3, 0, SEEK_CUR));
	show(write(3, "1", 1));
	show(lseek(3, 0, SEEK_CUR));
	show(lseek(3, 0, SEEK_SET));
	show(write(3, "2", 1));
	show(lseek(4, 0, SEEK_END));
	show(write(4, "3", 1));
	show(write(3, "4", 1));
	/* On Linux even pwrite appends. */
	show(pwrite(3, "5", 1, 0));
	show(lseek(3, 1, SEEK_SET));
	show(read(3, buf, 3));
	say("[%s]\n", buf);
	say_file("f");
	for (int i = 0; i < 4; i++)
		child_do(for (int k = 0; k < 50; k++) must(write(3, "ab", 2)));
	while (wait(NULL) > 0)
		;
	show(lseek(4, 0, SEEK_END));
	return 0;
}
