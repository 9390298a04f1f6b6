/* SPDX-License-Identifier: MIT */
/* Three hundred short processes, thirty at a time; no status is lost. */
#include "diff.h"

int main(void)
{
	long sum = 0;
	int alive = 0, made = 0, st;

	while (made < 300 || alive > 0) {
		if (made < 300 && alive < 30) {
			child_do(_exit(made % 200));
			made++;
			alive++;
			continue;
		}
		if (wait(&st) == -1)
			break;
		alive--;
		sum += WEXITSTATUS(st);
	}
	show(made);
	show(alive);
	show(sum);
	show(wait(&st));
	return 0;
}
