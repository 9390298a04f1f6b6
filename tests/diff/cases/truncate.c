/* SPDX-License-Identifier: MIT */
/* truncate and ftruncate: shrink, grow with zeros, errors, open descriptors. */
#include "diff.h"

int main(void)
{
	static char buf[20000];
	struct stat st;

	memset(buf, 'x', sizeof(buf));
	show(open("f", O_RDWR | O_CREAT, 0644));
	show(write(3, buf, sizeof(buf)));
	show(ftruncate(3, 5000));
	show(lseek(3, 0, SEEK_CUR));
	show(read(3, buf, 10));
	show(ftruncate(3, 20000));
	show(pread(3, buf, sizeof(buf), 0));
	fact(all_bytes(buf, 5000, 'x'));
	fact(all_bytes(buf + 5000, 15000, 0));
	show(truncate("f", 3));
	must(fstat(3, &st));
	show(st.st_size);
	show(write(3, "end", 3));
	must(fstat(3, &st));
	show(st.st_size);
	show(pread(3, buf, sizeof(buf), 0));
	fact(all_bytes(buf + 3, 19997, 0));
	show(ftruncate(3, -1));
	show(truncate("f", -1));
	show(truncate("missing", 0));
	show(truncate("", 0));
	show(truncate("f/x", 0));
	show(truncate(".", 0));
	show(ftruncate(99, 0));
	show(ftruncate(0, 0));
	show(truncate("/dev/null", 0));
	show(ftruncate(3, 1L << 40));
	must(fstat(3, &st));
	fact(st.st_size == 1L << 40);
	show(pread(3, buf, 10, (1L << 40) - 5));
	show(ftruncate(3, 0));
	return 0;
}
