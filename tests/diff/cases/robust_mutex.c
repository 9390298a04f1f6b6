/* SPDX-License-Identifier: MIT */
/* Robust locks: who waits learns that the owner died, however it did. */
#include "diff.h"
#include <pthread.h>

static pthread_mutex_t *lock;

static void *take_and_leave(void *arg)
{
	pthread_mutex_lock(lock);
	return arg;
}

static void take_over(const char *how)
{
	int e = pthread_mutex_lock(lock);

	say("%s: %s\n", how, e == 0 ? "taken" : err_name(e));
	say("consistent %d unlock %d\n", pthread_mutex_consistent(lock),
	    pthread_mutex_unlock(lock));
}

static void holder(int how)
{
	char *argv[] = { "true", NULL };

	pthread_mutex_lock(lock);
	if (how == 1)
		raise(SIGKILL);
	if (how == 2)
		execv("/bin/true", argv);
	_exit(0);
}

int main(void)
{
	/* A list that is a circle, and one that is nowhere. */
	static long circle[3];
	pthread_mutexattr_t attr;
	pthread_t t;
	struct gate g;
	pid_t pid;

	lock = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(lock, &attr);

	pthread_create(&t, NULL, take_and_leave, NULL);
	pthread_join(t, NULL);
	take_over("thread ended");
	for (int how = 0; how < 3; how++) {
		pid = child_do(holder(how));
		waitpid(pid, NULL, 0);
		take_over(how == 0 ? "exit" : how == 1 ? "killed" : "exec");
	}
	gate_init(&g);
	pid = child_do({
		pthread_mutex_lock(lock);
		gate_let(&g);
		nap_ms(20);
		raise(SIGKILL);
	});
	gate_pass(&g);
	take_over("killed while somebody waits");
	waitpid(pid, NULL, 0);

	wait_say("circle", child_do({
			 circle[0] = (long)&circle[2];
			 circle[2] = (long)&circle[2];
			 syscall(SYS_set_robust_list, circle, 24);
		 }));
	wait_say("nowhere",
		 child_do({ syscall(SYS_set_robust_list, 16, 24); }));
	return 0;
}
