/* SPDX-License-Identifier: MIT */
/* Eight processes compute with floating point at the same time. */
#include "diff.h"

static double series(int seed)
{
	double x = seed, sum = 0;

	for (int i = 1; i < 4000; i++) {
		x = x * 1.0000001 + 1.0 / i;
		sum += x / (i + seed);
		if (i % 400 == 0)
			sched_yield();
	}
	return sum;
}

static long double series87(int seed)
{
	long double x = seed, sum = 0;

	for (int i = 1; i < 4000; i++) {
		x = x * 1.0000001L + 1.0L / i;
		sum += x / (i + seed);
		if (i % 300 == 0)
			sched_yield();
	}
	return sum;
}

int main(void)
{
	int bad = 0, st;

	for (int k = 1; k <= 8; k++)
		child_do({
			double a = series(k);
			long double b = series87(k);

			for (int i = 0; i < 3; i++)
				if (series(k) != a || series87(k) != b)
					_exit(1);
		});
	while (wait(&st) > 0)
		bad += st != 0;
	show(bad);
	say("%.12f %.15Lf\n", series(3), series87(5));
	return 0;
}
