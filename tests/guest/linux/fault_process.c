/* SPDX-License-Identifier: MIT */
/* The n-th allocation of fork, vfork, clone and exec fails, for every n. */
#include "../sweep.h"
#include <sched.h>

#define NOT_FIRED 10
#define FIRED	  11

/* As exec'd: say whether the fault was met on the way here. */
__attribute__((constructor)) static void maybe_exec_child(void)
{
	const char *fd = getenv("GUEST_FAIL_FD");

	if (fd == NULL)
		return;
	sweep_fd = atoi(fd);
	_exit(sweep_fired() ? FIRED : NOT_FIRED);
}

static int fork_and_exit(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(3);
	if (pid == -1)
		return errno;
	return exited_with(reap(pid), 3) ? 0 : EPROTO;
}

static int vfork_and_exit(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(3);
	if (pid == -1)
		return errno;
	return exited_with(reap(pid), 3) ? 0 : EPROTO;
}

static char thread_stack[16384] __attribute__((aligned(16)));
static volatile int thread_word;

static int thread_main(void *arg)
{
	(void)arg;
	syscall(SYS_exit, 0);
	return 0;
}

/* A thread that ends by itself; its tid word is cleared when it is gone. */
static int clone_thread(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		    CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
		    CLONE_CHILD_CLEARTID;
	int e;

	thread_word = 1;
	if (clone(thread_main, thread_stack + sizeof(thread_stack), flags, NULL,
		  (int *)(uintptr_t)&thread_word, NULL,
		  (int *)(uintptr_t)&thread_word) == -1) {
		e = errno;
		return e;
	}
	/* Not by futex: it could fail here for the fault. */
	while (thread_word != 0)
		sched_yield();
	return 0;
}

static int clone_sharing_files(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | CLONE_FS | SIGCHLD,
				   0, 0, 0, 0);

	if (pid == 0)
		_exit(3);
	if (pid == -1)
		return errno;
	return exited_with(reap(pid), 3) ? 0 : EPROTO;
}

static void fork_fails_cleanly(void)
{
	sweep("fork", fork_and_exit);
}

static void vfork_fails_cleanly(void)
{
	sweep("vfork", vfork_and_exit);
}

static void clone_fails_cleanly(void)
{
	sweep("clone", clone_thread);
	sweep("clone with shared parts", clone_sharing_files);
}

/* False when the fault was not met. */
static bool exec_once(unsigned n)
{
	char fd[32], *argv[] = { (char *)"x", (char *)"argument", NULL };
	char *envp[] = { fd, (char *)"B=2", NULL };
	pid_t pid = fork();
	int st;

	if (pid == 0) {
		snprintf(fd, sizeof(fd), "GUEST_FAIL_FD=%d", sweep_fd);
		sweep_arm(n);
		execve("/proc/self/exe", argv, envp);
		_exit(sweep_error_ok(errno) ? 20 : 21);
	}
	st = reap(pid);
	if (exited_with(st, NOT_FIRED))
		return false;
	/* Past the point of no return, a failure kills. */
	if (!CHECK(exited_with(st, 20) || exited_with(st, FIRED) ||
		   WIFSIGNALED(st)))
		note("exec: fault %u: status %#x", n, st);
	return true;
}

static unsigned exec_round(void)
{
	unsigned n;

	for (n = 1; n < SWEEP_MAX; n++)
		if (!exec_once(n))
			break;
	CHECK(n > 1 && n < SWEEP_MAX);
	return n - 1;
}

static void exec_fails_cleanly(void)
{
	static struct census before;
	unsigned n;

	exec_once(0);
	CHECK(!exec_once(0));
	census_take(&before);
	n = exec_round();
	if (!census_quiet(&before)) {
		census_take(&before);
		exec_round();
		CHECK(census_same(&before));
	}
	note("exec: %u fault points", n);
}

SWEEP_MAIN(fork_fails_cleanly, vfork_fails_cleanly, clone_fails_cleanly,
	   exec_fails_cleanly)
