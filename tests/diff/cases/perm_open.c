/* SPDX-License-Identifier: MIT */
/* Opening, creating and removing as an ordinary user. */
#include "diff.h"

static void try_all(const char *who)
{
	say("-- %s\n", who);
	show(open("r", O_RDONLY) >= 0);
	show(open("r", O_WRONLY) >= 0);
	show(open("w", O_RDONLY) >= 0);
	show(open("w", O_WRONLY) >= 0);
	show(open("w", O_RDWR) >= 0);
	show(open("w", O_WRONLY | O_TRUNC) >= 0);
	show(open("r", O_RDONLY | O_TRUNC) >= 0);
	show(open("new", O_RDWR | O_CREAT, 0644) >= 0);
	show(open("d/new", O_RDWR | O_CREAT, 0644) >= 0);
	show(mkdir("sub", 0755));
	show(rename("r", "s"));
	show(rename("s", "r"));
	show(unlink("d/f"));
	show(symlink("x", "y"));
	show(unlink("y"));
	show(rmdir("empty"));
	show(truncate("r", 0));
	show(truncate("w", 0));
	show(opendir("d") != NULL);
	show(open("unreadable", O_RDONLY) >= 0);
	show(stat("unreadable/f", &(struct stat){ 0 }));
	show(open("unsearchable", O_RDONLY) >= 0);
	show(stat("unsearchable/f", &(struct stat){ 0 }));
	show(chdir("unreadable"));
	show(chdir("../unsearchable"));
}

int main(void)
{
	put_file("r", "r");
	put_file("w", "w");
	must(chmod("r", 0444));
	must(chmod("w", 0222));
	must(mkdir("d", 0755));
	put_file("d/f", "f");
	must(mkdir("empty", 0755));
	must(mkdir("unreadable", 0755));
	must(mkdir("unsearchable", 0755));
	put_file("unreadable/f", "");
	put_file("unsearchable/f", "");
	must(chmod("unreadable", 0711));
	must(chmod("unsearchable", 0644));
	wait_say("user", child_do(become(1234, 1234); try_all("user")));
	try_all("root");
	return 0;
}
