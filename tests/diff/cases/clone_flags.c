/* SPDX-License-Identifier: MIT */
/* clone: refused combinations, what is shared, and the tid words. */
#include "diff.h"

static long do_clone(unsigned long flags, int *ptid, int *ctid)
{
	return syscall(SYS_clone, flags, NULL, ptid, ctid, 0);
}

int main(void)
{
	int *word = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char dir[PATH_MAX];
	long pid;
	int st, fd, seen;

	show(do_clone(CLONE_SIGHAND | SIGCHLD, NULL, NULL));
	show(do_clone(CLONE_THREAD | SIGCHLD, NULL, NULL));
	show(do_clone(CLONE_THREAD | CLONE_VM | SIGCHLD, NULL, NULL));
	show(do_clone(CLONE_FS | CLONE_NEWNS | SIGCHLD, NULL, NULL));

	/* CLONE_FILES and CLONE_FS: a child's changes are the parent's. */
	must(mkdir("sub", 0755));
	pid = do_clone(CLONE_FILES | CLONE_FS | SIGCHLD, NULL, NULL);
	if (pid == 0) {
		fd = open("sub", O_RDONLY);
		show(fd);
		must(chdir("sub"));
		umask(077);
		_exit(1);
	}
	wait_say("sharing", (pid_t)pid);
	show(fcntl(3, F_GETFD));
	getcwd(dir, sizeof(dir));
	fact(strlen(dir) > 4 && strcmp(dir + strlen(dir) - 4, "/sub") == 0);
	say("umask %03o\n", umask(022));

	/* The words: parent's is written before clone returns. */
	word[0] = word[1] = 0;
	pid = do_clone(CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
			       CLONE_CHILD_CLEARTID | SIGCHLD,
		       &word[0], &word[1]);
	if (pid == 0) {
		fact(word[0] == getpid());
		fact(word[1] == getpid());
		_exit(2);
	}
	seen = word[0];
	wait_say("tid words", (pid_t)pid);
	fact(seen == pid);
	/* Cleared only where others still use the memory. */
	fact(word[1] == pid);

	/* Another exit signal: only __WALL or __WCLONE see such a child. */
	pid = do_clone(0, NULL, NULL);
	if (pid == 0)
		_exit(3);
	show(waitpid((pid_t)pid, &st, 0));
	fact(waitpid((pid_t)pid, &st, __WCLONE) == pid);
	say_status("no signal", st);
	on_signal(SIGUSR2, SIG_IGN, 0);
	pid = do_clone(SIGUSR2, NULL, NULL);
	if (pid == 0)
		_exit(4);
	fact(waitpid((pid_t)pid, &st, __WALL) == pid);
	say_status("USR2", st);
	return 0;
}
