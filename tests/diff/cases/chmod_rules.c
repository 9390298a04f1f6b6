/* SPDX-License-Identifier: MIT */
/* chmod: who may, which bits stay, links, descriptors. */
#include "diff.h"

int main(void)
{
	must(chmod(".", 0777));
	put_file("f", "x");
	show(chmod("f", 07777));
	say("%04o\n", file_mode("f"));
	show(chmod("f", 0100000 | 0600));
	say("%04o\n", file_mode("f"));
	show(chmod("missing", 0600));
	must(symlink("f", "l"));
	show(chmod("l", 0640));
	say("%04o %04o\n", file_mode("f"), file_mode("l"));
	show(open("f", O_RDONLY));
	show(fchmod(3, 0444));
	say("%04o\n", file_mode("f"));
	show(fchmod(99, 0));
	show(fchmodat(AT_FDCWD, "f", 0604, 0));
	say("%04o\n", file_mode("f"));
	wait_say("other user", child_do({
			 become(1234, 1234);
			 show(chmod("f", 0666));
			 show(fchmod(3, 0666));
			 put_file("own", "mine");
			 show(chmod("own", 06755));
			 say("%04o\n", file_mode("own"));
			 /* Writing takes the set-id bits away. */
			 put_file("own", "again");
			 say("%04o\n", file_mode("own"));
		 }));
	/* A group that the owner is not in: the set-gid bit goes. */
	must(chown("own", 1234, 77));
	wait_say("foreign group", child_do({
			 become(1234, 1234);
			 show(chmod("own", 02755));
			 say("%04o\n", file_mode("own"));
		 }));
	show(chmod("own", 02755));
	say("%04o\n", file_mode("own"));
	return 0;
}
