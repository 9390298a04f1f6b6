/* SPDX-License-Identifier: MIT */
/* futex: mismatch, time-outs, waking, requeue, errors. */
#include "diff.h"

int main(void)
{
	int *word = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct timespec ts = { 0, 1000000 }, bad = { 0, -1 }, past = { 1, 0 };
	int st, woken = 0;
	pid_t pid;

	show(syscall(SYS_futex, word, 0, 1, NULL));
	show(syscall(SYS_futex, word, 0, 0, &ts));
	show(syscall(SYS_futex, word, 128, 0, &ts));
	show(syscall(SYS_futex, word, 0, 0, &bad));
	/* WAIT_BITSET takes a moment, not a duration. */
	show(syscall(SYS_futex, word, 9, 0, &past, NULL, -1));
	show(syscall(SYS_futex, word, 9, 0, &past, NULL, 0));
	show(syscall(SYS_futex, word, 1, 1));
	show(syscall(SYS_futex, (char *)word + 1, 0, 0, &ts));
	show(syscall(SYS_futex, (char *)word + 1, 1, 1));
	show(syscall(SYS_futex, word, 77, 0, NULL));
	show(syscall(SYS_futex, NULL, 1, 1));
	pid = child_do({
		long r = syscall(SYS_futex, word, 0, 0, NULL);

		_exit(r == 0 || errno == EAGAIN ? 3 : 4);
	});
	word[1] = 1;
	while (waitpid(pid, &st, WNOHANG) == 0) {
		woken += (int)syscall(SYS_futex, word, 1, 1);
		nap_ms(1);
	}
	say_status("waiter", st);
	show(woken);
	/* Moved to another word, then woken there. */
	pid = child_do(
		_exit(syscall(SYS_futex, word, 0, 0, NULL) == 0 ? 5 : 6));
	while (syscall(SYS_futex, word, 3, 0, 1, word + 4, 0) == 0)
		nap_ms(1);
	show(syscall(SYS_futex, word, 1, 10));
	show(syscall(SYS_futex, word + 4, 1, 10));
	wait_say("requeued", pid);
	show(syscall(SYS_futex, word, 4, 0, 1, word + 4, 9));
	return 0;
}
