/* SPDX-License-Identifier: MIT */
/* A megabyte through a pipe with odd sizes; nothing is lost or reordered. */
#include "diff.h"

int main(void)
{
	static unsigned char buf[9973];
	unsigned int sum = 0, pos = 0;
	int p[2];
	ssize_t n;
	pid_t pid;
	bool good = true;

	must(pipe(p));
	pid = child_do({
		unsigned int at = 0, size = 1;

		close(p[0]);
		while (at < 1 << 20) {
			size = size * 7 % sizeof(buf) + 1;
			if (size > (1u << 20) - at)
				size = (1u << 20) - at;
			for (unsigned int i = 0; i < size; i++)
				buf[i] = (unsigned char)((at + i) * 31 >> 3);
			must(write(p[1], buf, size));
			at += size;
		}
	});
	close(p[1]);
	while ((n = read(p[0], buf, 1 + pos % 7919)) > 0)
		for (ssize_t i = 0; i < n; i++, pos++) {
			good &= buf[i] == (unsigned char)(pos * 31 >> 3);
			sum = sum * 33 + buf[i];
		}
	show(n);
	show(pos);
	fact(good);
	say("sum %u\n", sum);
	wait_say("writer", pid);
	return 0;
}
