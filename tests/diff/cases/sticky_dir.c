/* SPDX-License-Identifier: MIT */
/* In a sticky directory only owners remove and rename. */
#include "diff.h"

int main(void)
{
	must(mkdir("t", 0777));
	must(chmod("t", 01777));
	put_file("t/root", "r");
	put_file("t/other", "o");
	must(chown("t/other", 99, 99));
	must(mkdir("t/dir", 0777));
	wait_say("user", child_do({
			 become(1234, 1234);
			 put_file("t/mine", "m");
			 show(unlink("t/root"));
			 show(unlink("t/other"));
			 show(rename("t/root", "t/x"));
			 show(rename("t/mine", "t/root"));
			 show(rename("t/mine", "t/x"));
			 show(rmdir("t/dir"));
			 show(unlink("t/x"));
			 show(unlink("t/missing"));
		 }));
	must(chown("t", 1234, 0));
	wait_say("owner of the directory", child_do({
			 become(1234, 1234);
			 show(unlink("t/root"));
			 show(rename("t/other", "t/y"));
		 }));
	/* A set-gid directory passes its group on. */
	must(mkdir("g", 0777));
	must(chown("g", 0, 77));
	must(chmod("g", 02777));
	wait_say("group", child_do({
			 struct stat st;

			 become(1234, 1234);
			 put_file("g/f", "");
			 must(mkdir("g/d", 0755));
			 must(stat("g/f", &st));
			 show(st.st_gid);
			 must(stat("g/d", &st));
			 show(st.st_gid);
			 say("%04o\n", file_mode("g/d"));
		 }));
	return 0;
}
