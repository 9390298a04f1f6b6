/* SPDX-License-Identifier: MIT */
/* open: creation, truncation, access modes, what a descriptor may then do. */
#include "diff.h"

int main(void)
{
	char buf[32];
	struct stat st;

	show(open("f", O_RDONLY));
	show(open("f", O_RDWR | O_CREAT, 0640));
	say("%04o\n", file_mode("f"));
	show(write(3, "hello", 5));
	show(open("f", O_RDONLY));
	show(write(4, "x", 1));
	show(ftruncate(4, 0));
	show(open("f", O_WRONLY));
	show(read(5, buf, 1));
	/* The mode counts for the file, not for this descriptor. */
	show(open("g", O_RDWR | O_CREAT, 0));
	show(write(6, "data", 4));
	say("%04o\n", file_mode("g"));
	show(open("f", O_RDWR | O_CREAT | O_EXCL, 0644));
	show(open("h", O_RDWR | O_CREAT | O_EXCL, 07777));
	say("%04o\n", file_mode("h"));
	show(open("f", O_WRONLY | O_TRUNC));
	must(fstat(3, &st));
	show(st.st_size);
	show(read(4, buf, 1));
	show(open("f", 3));
	show(read(9, buf, 1));
	show(write(9, buf, 1));
	show(open("f", O_RDONLY | O_TRUNC));
	must(symlink("target", "link"));
	show(open("link", O_RDWR | O_CREAT | O_EXCL, 0644));
	show(open("link", O_RDWR));
	show(open("link", O_RDWR | O_CREAT, 0644));
	say("%04o\n", file_mode("target"));
	show(open("", O_RDONLY));
	show(open("no/f", O_RDWR | O_CREAT, 0644));
	show(open("f/", O_RDONLY));
	show(open("new/", O_RDWR | O_CREAT, 0644));
	show(open(BAD_PTR, O_RDONLY));
	show(creat("f", 0600));
	say("%04o\n", file_mode("f"));
	return 0;
}
