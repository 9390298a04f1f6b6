/* SPDX-License-Identifier: MIT */
/* Vectors: order, empty pieces, counts, bad pieces. */
#include "diff.h"

int main(void)
{
	char a[4] = { 0 }, b[8] = { 0 }, c[8] = { 0 };
	struct iovec w[3] = { { "one", 3 }, { BAD_PTR, 0 }, { "twothree", 8 } };
	struct iovec r[3] = { { a, 3 }, { b, 3 }, { c, 7 } };
	static struct iovec many[1025];
	static char byte[1];

	show(open("f", O_RDWR | O_CREAT, 0644));
	show(writev(3, w, 3));
	show(lseek(3, 0, SEEK_SET));
	show(readv(3, r, 3));
	say("[%s] [%s] [%s]\n", a, b, c);
	show(readv(3, r, 3));
	show(writev(3, w, 0));
	show(readv(3, NULL, 0));
	show(writev(3, w, -1));
	for (int i = 0; i < 1025; i++)
		many[i] = (struct iovec){ byte, 1 };
	show(writev(3, many, 1024));
	show(writev(3, many, 1025));
	show(writev(3, BAD_PTR, 1));
	show(preadv(3, r, 3, 1));
	say("[%s] [%s] [%s]\n", a, b, c);
	show(pwritev(3, w, 3, 2000));
	show(lseek(3, 0, SEEK_END));
	w[1] = (struct iovec){ BAD_PTR, 5 };
	show(lseek(3, 0, SEEK_SET));
	show(writev(3, w + 1, 1));
	w[1] = (struct iovec){ byte, (size_t)-1 };
	show(writev(3, w, 3));
	show(writev(99, w, 1));
	show(readv(3, r, 1));
	return 0;
}
