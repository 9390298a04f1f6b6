/* SPDX-License-Identifier: MIT */
/* User and group ids: set, saved, effective, groups, and the way back. */
#include "diff.h"

static void tell(void)
{
	uid_t r, e, s;
	gid_t gr, ge, gs;

	must(getresuid(&r, &e, &s));
	must(getresgid(&gr, &ge, &gs));
	say("uid %d %d %d gid %d %d %d\n", r, e, s, gr, ge, gs);
}

static void temporary(void)
{
	must(seteuid(100));
	tell();
	show(setuid(200));
	show(seteuid(200));
	show(seteuid(0));
	tell();
	show(setreuid(100, 200));
	tell();
	show(setreuid(200, 100));
	tell();
	show(setreuid(0, -1));
}

static void resuid(void)
{
	show(setresuid(1, 2, 3));
	tell();
	show(setresuid(-1, 3, -1));
	tell();
	show(setresuid(4, -1, -1));
	show(setresuid(3, 1, 2));
	tell();
	show(setresgid(1, -1, -1));
}

static void groups(void)
{
	gid_t g[4] = { 30, 10, 20, 10 }, out[8];
	int n;

	show(setgroups(4, g));
	show(getgroups(0, out));
	show(getgroups(2, out));
	n = (int)show(getgroups(8, out));
	for (int i = 0; i < n; i++)
		say(" %d", out[i]);
	say("\n");
	show(getgroups(-1, out));
	must(setgid(5));
	must(setuid(5));
	show(setgroups(0, NULL));
	show(getgroups(8, out));
	show(setgid(30));
	show(setgid(6));
	tell();
}

static void drop(void)
{
	show(setgid(1234));
	show(setuid(1234));
	tell();
	show(setuid(0));
	show(setgid(0));
	show(seteuid(0));
	show(setuid(1234));
	show(setuid(-1));
}

int main(void)
{
	tell();
	show(getgroups(0, NULL));
	try_in_child("temporary", temporary);
	try_in_child("resuid", resuid);
	try_in_child("groups", groups);
	try_in_child("drop", drop);
	show(setgroups(100000, BAD_PTR));
	tell();
	return 0;
}
