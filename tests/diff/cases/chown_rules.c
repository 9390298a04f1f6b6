/* SPDX-License-Identifier: MIT */
/* chown: -1 keeps, who may give away, what happens to set-id bits. */
#include "diff.h"

static void tell(const char *path)
{
	struct stat st;

	must(lstat(path, &st));
	say("%s: %d:%d %04o\n", path, (int)st.st_uid, (int)st.st_gid,
	    st.st_mode & 07777);
}

int main(void)
{
	gid_t extra = 55;

	must(chmod(".", 0777));
	put_file("f", "x");
	tell("f");
	show(chown("f", 1234, 100));
	tell("f");
	show(chown("f", -1, 200));
	tell("f");
	show(chown("f", 5, -1));
	tell("f");
	must(chmod("f", 06755));
	show(chown("f", 1234, 55));
	tell("f");
	must(chmod("f", 02644));
	show(chown("f", -1, -1));
	tell("f");
	must(symlink("f", "l"));
	show(lchown("l", 7, 8));
	tell("l");
	tell("f");
	show(chown("l", 1234, 55));
	tell("f");
	show(chown("missing", 1, 1));
	show(fchown(99, 1, 1));
	wait_say("owner", child_do({
			 must(setgroups(1, &extra));
			 must(setgid(1234));
			 must(setuid(1234));
			 show(chown("f", 1234, 55));
			 show(chown("f", -1, 1234));
			 tell("f");
			 show(chown("f", -1, 55));
			 tell("f");
			 show(chown("f", -1, 99));
			 show(chown("f", 0, -1));
			 show(chown("f", 1234, -1));
			 show(open("f", O_RDONLY));
			 show(fchown(3, -1, 1234));
			 tell("f");
		 }));
	wait_say("other", child_do({
			 become(4321, 4321);
			 show(chown("f", -1, -1));
			 show(chown("f", 4321, -1));
			 show(chown("f", -1, 4321));
		 }));
	must(mkdir("d", 0755));
	show(chown("d", 9, 9));
	tell("d");
	return 0;
}
