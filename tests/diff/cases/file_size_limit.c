/* SPDX-License-Identifier: MIT */
/* RLIMIT_FSIZE: a partial write, then SIGXFSZ or EFBIG. */
#include "diff.h"

int main(void)
{
	static char buf[1000];
	struct rlimit rl = { 2500, RLIM_INFINITY };

	must(setrlimit(RLIMIT_FSIZE, &rl));
	show(open("f", O_RDWR | O_CREAT, 0644));
	wait_say("default", child_do({
			 for (int i = 0; i < 4; i++)
				 show(write(3, buf, sizeof(buf)));
		 }));
	on_signal(SIGXFSZ, SIG_IGN, 0);
	show(write(3, buf, sizeof(buf)));
	show(pwrite(3, buf, sizeof(buf), 5000));
	show(ftruncate(3, 2600));
	show(ftruncate(3, 100));
	show(truncate("f", 2501));
	show(pwrite(3, buf, 600, 2000));
	show(lseek(3, 0, SEEK_END));
	return 0;
}
