/* SPDX-License-Identifier: MIT */
/* Clocks move forward only; sleeping takes at least what was asked. */
#include "diff.h"

static long long now(clockid_t c)
{
	struct timespec ts = { 0, 0 };

	must(clock_gettime(c, &ts));
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int main(void)
{
	static const clockid_t clk[] = {
		CLOCK_REALTIME,		  CLOCK_MONOTONIC,
		CLOCK_BOOTTIME,		  CLOCK_MONOTONIC_RAW,
		CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID
	};
	struct timespec ts;
	struct timeval tv;
	long long a, b;
	time_t t;

	for (size_t i = 0; i < sizeof(clk) / sizeof(clk[0]); i++) {
		bool back = false;

		a = now(clk[i]);
		for (int k = 0; k < 2000; k++) {
			b = now(clk[i]);
			back |= b < a;
			a = b;
		}
		say("clock %d goes back: %d\n", clk[i], back);
	}
	a = now(CLOCK_MONOTONIC);
	nap_ms(5);
	b = now(CLOCK_MONOTONIC);
	fact(b - a >= 5000000);
	show(gettimeofday(&tv, NULL));
	fact(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	fact(tv.tv_sec > 1700000000);
	t = time(NULL);
	fact(t >= tv.tv_sec && t - tv.tv_sec < 100);
	show(syscall(SYS_clock_gettime, 99, &ts));
	show(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, BAD_PTR));
	show(clock_getres(CLOCK_MONOTONIC, &ts));
	fact(ts.tv_sec == 0 && ts.tv_nsec >= 1);
	show(clock_getres(99, &ts));
	show(clock_gettime(CLOCK_REALTIME_COARSE, &ts));
	show(clock_gettime(CLOCK_MONOTONIC_COARSE, &ts));
	return 0;
}
