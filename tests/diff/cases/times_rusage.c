/* SPDX-License-Identifier: MIT */
/* CPU time is counted, and a child's is added when it has been waited for. */
#include "diff.h"

static void burn(void)
{
	struct timespec ts;

	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	while (ts.tv_sec == 0 && ts.tv_nsec < 30000000);
}

int main(void)
{
	struct tms t;
	struct rusage ru;

	fact(times(&t) != (clock_t)-1);
	show(t.tms_cutime + t.tms_cstime);
	show(getrusage(RUSAGE_CHILDREN, &ru));
	show(ru.ru_utime.tv_sec + ru.ru_utime.tv_usec);
	wait_say("burner", child_do(burn()));
	must(times(&t));
	fact(t.tms_cutime + t.tms_cstime > 0);
	must(getrusage(RUSAGE_CHILDREN, &ru));
	fact(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec > 0);
	show(getrusage(RUSAGE_SELF, &ru));
	fact(ru.ru_minflt >= 0);
	show(getrusage(7, &ru));
	show(getrusage(RUSAGE_SELF, BAD_PTR));
	show(syscall(SYS_times, BAD_PTR));
	show_ok(syscall(SYS_times, NULL));
	show(sysconf(_SC_CLK_TCK));
	return 0;
}
