/* SPDX-License-Identifier: MIT */
/* Private memory after fork: each process keeps what it wrote. */
#include "diff.h"

#define N 64

int main(void)
{
	char *p = mmap(NULL, N * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static int data = 5;
	int local = 6;
	struct gate a, b;
	pid_t pid;
	bool ok = true;

	gate_init(&a);
	gate_init(&b);
	for (int i = 0; i < N; i++)
		p[i * PAGE] = (char)i;
	pid = child_do({
		for (int i = 0; i < N; i += 2)
			p[i * PAGE] = 'c';
		data = local = 50;
		gate_let(&a);
		gate_pass(&b);
		for (int i = 0; i < N; i++)
			ok &= p[i * PAGE] == (i % 2 == 0 ? 'c' : (char)i);
		fact(ok);
		show(data + local);
		wait_say("grandchild", child_do(p[0] = 'g'; show(p[0])));
		show(p[0]);
	});
	gate_pass(&a);
	for (int i = 0; i < N; i++)
		ok &= p[i * PAGE] == (char)i;
	fact(ok);
	show(data + local);
	for (int i = 0; i < N; i++)
		p[i * PAGE] = 'p';
	gate_let(&b);
	wait_say("child", pid);
	fact(p[0] == 'p' && p[(N - 1) * PAGE] == 'p');
	/* Many children of one page, all at once. */
	for (int i = 0; i < 20; i++)
		child_do(p[0] = (char)i; _exit(p[0] == (char)i ? 1 : 2));
	for (int i = 0, st; i < 20; i++) {
		wait(&st);
		ok &= WEXITSTATUS(st) == 1;
	}
	fact(ok);
	show(p[0]);
	return 0;
}
