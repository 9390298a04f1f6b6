/* SPDX-License-Identifier: MIT */
/* Directories: how they may be opened and what they answer. */
#include "diff.h"

int main(void)
{
	char buf[64];
	struct stat st;

	must(mkdir("d", 0755));
	put_file("f", "x");
	show(open("d", O_WRONLY));
	show(open("d", O_RDWR));
	show(open("d", O_RDONLY | O_CREAT, 0644));
	show(open("d", O_RDONLY | O_TRUNC));
	show(open("f", O_RDONLY | O_DIRECTORY));
	show(open("nothing", O_RDONLY | O_DIRECTORY));
	show(open("d", O_RDONLY));
	show(read(3, buf, sizeof(buf)));
	show(write(3, buf, 1));
	show(pread(3, buf, 1, 0));
	show(ftruncate(3, 0));
	show(fstat(3, &st));
	fact(S_ISDIR(st.st_mode));
	fact(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 3, 0) == MAP_FAILED &&
	     errno == ENODEV);
	show(open("d/", O_RDONLY | O_DIRECTORY));
	show(open("d/.", O_RDONLY));
	show(openat(3, "x", O_RDWR | O_CREAT, 0644));
	show(openat(3, "../f", O_RDONLY));
	show(openat(7, "y", O_RDONLY));
	show(openat(99, "y", O_RDONLY));
	show_ok(openat(99, "/", O_RDONLY));
	show(openat(3, "", O_RDONLY));
	show(fsync(3));
	return 0;
}
