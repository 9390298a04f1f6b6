/* SPDX-License-Identifier: MIT */
/* The name of a thread: set, get, cut at 15 bytes, inherited, reset by exec. */
#include "diff.h"

static void tell(void)
{
	char name[17];

	memset(name, 'z', sizeof(name));
	name[16] = '\0';
	show(prctl(PR_GET_NAME, name));
	say("[%s]\n", name);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		tell();
		return 0;
	}
	tell();
	show(prctl(PR_SET_NAME, "short"));
	tell();
	show(prctl(PR_SET_NAME, "0123456789abcdefghij"));
	tell();
	wait_say("child", child_do(tell()));
	show(prctl(PR_SET_NAME, ""));
	tell();
	show(prctl(PR_SET_NAME, BAD_PTR));
	show(prctl(PR_GET_NAME, BAD_PTR));
	show(prctl(12345, 0, 0, 0, 0));
	must(symlink(argv[0], "a-rather-long-link-name"));
	wait_say("exec", child_do(execl("a-rather-long-link-name", "other", "x",
					NULL)));
	return 0;
}
