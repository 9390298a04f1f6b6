/* SPDX-License-Identifier: MIT */
/* waitpid(0) and waitpid(-pgid) select by process group. */
#include "diff.h"

int main(void)
{
	struct gate g;
	pid_t same, other;
	int st;

	gate_init(&g);
	same = child_do(_exit(1));
	other = child_do(gate_pass(&g); _exit(2));
	must(setpgid(other, other));
	fact(waitpid(0, &st, 0) == same);
	say_status("own group", st);
	show(waitpid(0, &st, 0));
	show(waitpid(-getpgrp(), &st, WNOHANG));
	show(waitpid(-other, &st, WNOHANG));
	gate_let(&g);
	fact(waitpid(-other, &st, 0) == other);
	say_status("other group", st);
	show(waitpid(-1, &st, 0));
	return 0;
}
