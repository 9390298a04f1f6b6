/* SPDX-License-Identifier: MIT */
/* posix_spawn with file actions, attributes and a missing program. */
#include "diff.h"

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	char *child_argv[] = { argv[0], "child", NULL };
	char *env[] = { "K=v", NULL };
	sigset_t s;
	pid_t pid;
	int err;

	if (argc > 1) {
		struct sigaction sa;
		const char *k = getenv("K");

		sigprocmask(SIG_BLOCK, NULL, &s);
		sigaction(SIGUSR1, NULL, &sa);
		say("K %s leader %d HUP %d USR1 ignored %d fd7 %s\n",
		    k == NULL ? "-" : k, getpgrp() == getpid(),
		    sigismember(&s, SIGHUP), sa.sa_handler == SIG_IGN,
		    fcntl(7, F_GETFD) == -1 ? "closed" : "open");
		return 66;
	}
	on_signal(SIGUSR1, SIG_IGN, 0);
	err = posix_spawn(&pid, argv[0], NULL, NULL, child_argv, env);
	wait_say("plain", pid);
	show(err);

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 7, "made", O_WRONLY | O_CREAT,
					 0644);
	posix_spawn_file_actions_adddup2(&fa, 7, 1);
	posix_spawnattr_init(&at);
	sigemptyset(&s);
	sigaddset(&s, SIGHUP);
	posix_spawnattr_setsigmask(&at, &s);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	posix_spawnattr_setsigdefault(&at, &s);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGMASK |
					      POSIX_SPAWN_SETSIGDEF |
					      POSIX_SPAWN_SETPGROUP);
	show(posix_spawn(&pid, argv[0], &fa, &at, child_argv, env));
	wait_say("with actions", pid);
	say_file("made");

	say("missing: %s\n", err_name(posix_spawn(&pid, "no/such", NULL, NULL,
						  child_argv, env)));
	posix_spawn_file_actions_addclose(&fa, 99);
	posix_spawn_file_actions_addopen(&fa, 8, "no/such", O_RDONLY, 0);
	say("bad action: %s\n",
	    err_name(posix_spawn(&pid, argv[0], &fa, NULL, child_argv, env)));
	show(wait(NULL));
	return 0;
}
