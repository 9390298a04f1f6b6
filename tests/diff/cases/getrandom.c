/* SPDX-License-Identifier: MIT */
/* getrandom: lengths, flags, different answers. */
#include "diff.h"

int main(void)
{
	unsigned char a[300], b[300];
	int seen[256] = { 0 }, kinds = 0;

	show(getrandom(a, sizeof(a), 0));
	show(getrandom(b, sizeof(b), GRND_NONBLOCK));
	fact(memcmp(a, b, sizeof(a)) != 0);
	for (size_t i = 0; i < sizeof(a); i++)
		seen[a[i]] = seen[b[i]] = 1;
	for (int i = 0; i < 256; i++)
		kinds += seen[i];
	fact(kinds > 150);
	show(getrandom(a, 0, 0));
	show(getrandom(a, 10, 0x100));
	show(getrandom(a, 10, GRND_RANDOM));
	show(getrandom(BAD_PTR, 10, 0));
	return 0;
}
