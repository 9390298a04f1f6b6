/* SPDX-License-Identifier: MIT */
/* getrlimit, setrlimit and prlimit: rules for soft and hard limits. */
#include "diff.h"

static void tell(int which)
{
	struct rlimit rl;

	show(getrlimit(which, &rl));
	say("%lld %lld\n", (long long)rl.rlim_cur, (long long)rl.rlim_max);
}

int main(void)
{
	struct rlimit rl = { 100, 200 }, old;
	pid_t kid;

	show(setrlimit(RLIMIT_NOFILE, &rl));
	tell(RLIMIT_NOFILE);
	rl.rlim_cur = 201;
	show(setrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = rl.rlim_max = 150;
	wait_say("inherited", child_do(tell(RLIMIT_NOFILE)));
	show(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &rl, &old));
	say("%lld %lld\n", (long long)old.rlim_cur, (long long)old.rlim_max);
	wait_say("user", child_do({
			 become(1234, 1234);
			 rl.rlim_max = 151;
			 show(setrlimit(RLIMIT_NOFILE, &rl));
			 rl.rlim_max = rl.rlim_cur = 120;
			 show(setrlimit(RLIMIT_NOFILE, &rl));
			 show(syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE,
				      NULL, &old));
		 }));
	rl.rlim_cur = 5000;
	rl.rlim_max = 6000;
	show(setrlimit(RLIMIT_CPU, &rl));
	tell(RLIMIT_CPU);
	kid = child_do(for (;;) pause());
	rl.rlim_cur = rl.rlim_max = 50;
	show(syscall(SYS_prlimit64, kid, RLIMIT_NOFILE, &rl, &old));
	say("%lld\n", (long long)old.rlim_cur);
	kill(kid, SIGKILL);
	wait_say("kid", kid);
	show(getrlimit(99, &rl));
	show(setrlimit(-1, &rl));
	show(syscall(SYS_prlimit64, 0x3ffffffe, RLIMIT_NOFILE, NULL, &old));
	tell(RLIMIT_NOFILE);
	return 0;
}
