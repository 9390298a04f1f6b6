/* SPDX-License-Identifier: MIT */
/* RLIMIT_NPROC holds for users and not for root. */
#include "diff.h"

int main(void)
{
	struct rlimit rl = { 3, 3 };
	uid_t uid = 50000 + (uid_t)getpid() % 9999;
	struct gate g;

	must(setrlimit(RLIMIT_NPROC, &rl));
	gate_init(&g);
	for (int i = 0; i < 5; i++)
		child_do(gate_pass(&g));
	say("root has five\n");
	for (int i = 0; i < 5; i++)
		gate_let(&g);
	while (wait(NULL) > 0)
		;
	wait_say("user", child_do({
			 /* An id that no other process has. */
			 become(uid, uid);
			 for (int i = 0; i < 4; i++) {
				 pid_t pid = fork();

				 if (pid == 0) {
					 gate_pass(&g);
					 _exit(0);
				 }
				 say("fork %s\n",
				     pid > 0 ? "ok" : err_name(errno));
			 }
			 for (int i = 0; i < 4; i++)
				 gate_let(&g);
			 while (wait(NULL) > 0)
				 ;
			 wait_say("again", child_do(_exit(1)));
		 }));
	return 0;
}
