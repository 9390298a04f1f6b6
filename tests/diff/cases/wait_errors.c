/* SPDX-License-Identifier: MIT */
/* wait4 with wrong arguments; a bad status pointer still collects the child. */
#include "diff.h"

int main(void)
{
	int st;
	struct rusage ru;
	pid_t pid;

	show(wait4(-1, &st, 0x100, NULL));
	show(wait4(INT_MIN, &st, 0, NULL));
	pid = child_do(_exit(4));
	show(wait4(pid, &st, 0x00800000, NULL));
	show(wait4(pid, BAD_PTR, 0, NULL));
	show(wait4(pid, &st, 0, NULL));
	pid = child_do(_exit(5));
	show(wait4(pid, &st, 0, BAD_PTR));
	show(wait4(pid, &st, 0, NULL));
	pid = child_do(_exit(6));
	memset(&ru, 0xff, sizeof(ru));
	fact(wait4(pid, &st, 0, &ru) == pid);
	say_status("with rusage", st);
	fact(ru.ru_utime.tv_sec >= 0 && ru.ru_utime.tv_sec < 100);
	fact(ru.ru_stime.tv_usec >= 0 && ru.ru_stime.tv_usec < 1000000);
	pid = child_do(_exit(7));
	fact(wait4(pid, NULL, 0, NULL) == pid);
	return 0;
}
