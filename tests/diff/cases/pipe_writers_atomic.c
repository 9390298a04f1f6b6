/* SPDX-License-Identifier: MIT */
/* Writes of up to PIPE_BUF by several processes are never mixed. */
#include "diff.h"

int main(void)
{
	static char buf[4000];
	int count[4] = { 0 }, p[2], mixed = 0;
	size_t have = 0;
	ssize_t n;

	must(pipe(p));
	for (int w = 0; w < 4; w++)
		child_do({
			memset(buf, 'a' + w, sizeof(buf));
			for (int i = 0; i < 25; i++)
				must(write(p[1], buf, sizeof(buf)));
		});
	close(p[1]);
	while ((n = read(p[0], buf + have, sizeof(buf) - have)) > 0) {
		have += (size_t)n;
		if (have < sizeof(buf))
			continue;
		have = 0;
		if (!all_bytes(buf, sizeof(buf), (unsigned char)buf[0]))
			mixed++;
		else
			count[buf[0] - 'a']++;
	}
	show(mixed);
	for (int w = 0; w < 4; w++)
		show(count[w]);
	while (wait(NULL) > 0)
		;
	return 0;
}
