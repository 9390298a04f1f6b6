/* SPDX-License-Identifier: MIT */
/* setpgid, getpgid, setsid and getsid with all their refusals. */
#include "diff.h"

int main(int argc, char **argv)
{
	struct gate up, go;
	pid_t kid, me = getpid();

	if (argc > 1) {
		gate_let(&(struct gate){ { -1, atoi(argv[1]) } });
		gate_pass(&(struct gate){ { atoi(argv[2]), -1 } });
		return 0;
	}
	/* The case starts as the leader of its session. */
	fact(getsid(0) == me && getpgrp() == me);
	show(setsid());
	show(setpgid(0, 0));
	show(getpgid(0x3ffffffe));
	show(getsid(0x3ffffffe));
	show(setpgid(0x3ffffffe, 0));
	show(setpgid(0, -1));
	show(setpgid(-1, 0));
	show(setpgid(1, 0));

	gate_init(&up);
	gate_init(&go);
	kid = child_do({
		show(setpgid(0, 0x3ffffffe));
		show(setpgid(0, getppid()));
		show(setpgid(0, 0));
		fact(getpgrp() == getpid());
		show(setpgid(getppid(), 0));
		show(setsid());
		gate_let(&up);
		gate_pass(&go);
	});
	gate_pass(&up);
	fact(getpgid(kid) == kid);
	fact(getsid(kid) == me);
	show(setpgid(kid, me));
	fact(getpgid(kid) == me);
	gate_let(&go);
	wait_say("kid", kid);

	kid = child_do({
		fact(setsid() == getpid());
		fact(getpgrp() == getpid() && getsid(0) == getpid());
		show(setpgid(0, getppid()));
		gate_let(&up);
		gate_pass(&go);
	});
	gate_pass(&up);
	show(setpgid(kid, kid));
	show(setpgid(kid, me));
	fact(getsid(kid) == kid);
	gate_let(&go);
	wait_say("session", kid);

	/* After exec the parent may no longer move it. */
	kid = child_do({
		char a[8], b[8];

		snprintf(a, sizeof(a), "%d", up.fd[1]);
		snprintf(b, sizeof(b), "%d", go.fd[0]);
		execl(argv[0], argv[0], a, b, NULL);
	});
	gate_pass(&up);
	show(setpgid(kid, kid));
	gate_let(&go);
	wait_say("after exec", kid);
	return 0;
}
