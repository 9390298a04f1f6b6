/* SPDX-License-Identifier: MIT */
/* Calls that do not exist answer -ENOSYS and are counted. */
#include "../guest.h"

#include <pando.h>

static uint64_t tries_of(uint64_t nr)
{
	static struct pando_call_count counts[256];
	int64_t n = pando_call_counts(counts, 256), i;

	for (i = 0; i < n && i < 256; i++)
		if (counts[i].nr == nr)
			return counts[i].count;
	return 0;
}

static void they_answer_enosys(void)
{
	static const long nrs[] = { 4095, 4200,	   4352,      4608, 4864,
				    5119, 5120,	   8191,      1023, 700,
				    -1,	  1 << 20, 0x7fffffff };
	unsigned i;

	for (i = 0; i < sizeof(nrs) / sizeof(nrs[0]); i++)
		CHECK(pando_call4(nrs[i], 1, 2, 3, 4) == -ENOSYS);
}

static void they_are_counted(void)
{
	uint64_t before = tries_of(4200);
	int i;

	for (i = 0; i < 7; i++)
		CHECK(pando_call0(4200) == -ENOSYS);
	if (before == 0 && tries_of(4200) == 0) {
		SKIP("the table is full");
		return;
	}
	CHECK(tries_of(4200) == before + 7);
}

/* More different ones than there is room for. */
static void the_count_is_bounded(void)
{
	long nr;

	for (nr = 6000; nr < 7000; nr++)
		CHECK(pando_call0(nr) == -ENOSYS);
	CHECK(pando_call_counts(NULL, 0) < 1000);
	CHECK(pando_nop() == 0);
}

TAP_MAIN(they_answer_enosys, they_are_counted, the_count_is_bounded)
