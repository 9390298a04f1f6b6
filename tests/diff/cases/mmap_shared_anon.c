/* SPDX-License-Identifier: MIT */
/* Shared anonymous memory is one memory in parent and child. */
#include "diff.h"

int main(void)
{
	volatile int *s = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct gate a, b;
	pid_t pid;

	gate_init(&a);
	gate_init(&b);
	fact(s[0] == 0 && s[1024] == 0);
	s[0] = 1;
	pid = child_do({
		show(s[0]);
		s[1] = 2;
		/* A page that nobody had touched before the fork. */
		s[2048] = 3;
		gate_let(&a);
		gate_pass(&b);
		show(s[0]);
		child_do(s[3000] = 7);
		wait(NULL);
	});
	gate_pass(&a);
	show(s[1]);
	show(s[2048]);
	s[0] = 10;
	gate_let(&b);
	wait_say("child", pid);
	show(s[3000]);
	for (int i = 0; i < 4; i++)
		child_do(for (int k = 0; k < 10000; k++) __atomic_fetch_add(
			&s[5], 1, __ATOMIC_SEQ_CST));
	while (wait(NULL) > 0)
		;
	show(s[5]);
	return 0;
}
