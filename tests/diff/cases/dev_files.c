/* SPDX-License-Identifier: MIT */
/* /dev/null, zero, full, random, urandom. */
#include "diff.h"

int main(void)
{
	static unsigned char a[64], b[64];
	unsigned char c[8] = "ABCDEFG";

	show(open("/dev/null", O_RDWR));
	show(read(3, a, 10));
	show(write(3, a, 10));
	show(open("/dev/zero", O_RDWR));
	show(read(4, c, 7));
	fact(all_bytes(c, 8, 0));
	show(write(4, c, 7));
	show(open("/dev/full", O_RDWR));
	memcpy(c, "ABCDEFG", 8);
	show(read(5, c, 7));
	fact(all_bytes(c, 8, 0));
	show(write(5, c, 7));
	show(write(5, c, 0));
	show(open("/dev/urandom", O_RDONLY));
	show(read(6, a, 64));
	show(read(6, b, 64));
	fact(memcmp(a, b, 64) != 0);
	show(open("/dev/random", O_RDONLY));
	show(read(7, a, 64));
	fact(memcmp(a, b, 64) != 0);
	show(open("/dev/null", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644));
	show(open("/dev/null", O_RDONLY | O_DIRECTORY));
	show(open("/dev/null/x", O_RDONLY));
	show(open("/dev/nonexistent", O_RDONLY));
	return 0;
}
