/* SPDX-License-Identifier: MIT */
/* A populate that would take hours can be killed. */
#include "diff.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

int main(void)
{
	struct gate g;
	pid_t pid;

	gate_init(&g);
	pid = child_do({
		char *p = mmap(NULL, 1L << 38, PROT_READ,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			       0);
		fact(p != MAP_FAILED);
		gate_let(&g);
		madvise(p, 1L << 38, MADV_POPULATE_READ);
		pause();
	});
	gate_pass(&g);
	nap_ms(5);
	kill(pid, SIGKILL);
	wait_say("populating", pid);
	return 0;
}
