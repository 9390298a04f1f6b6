/* SPDX-License-Identifier: MIT */
/* access looks at the real ids; owner, group and others each have one class. */
#include "diff.h"

static void tell(const char *path)
{
	say("%s: %d%d%d%d\n", path, access(path, F_OK) == 0,
	    access(path, R_OK) == 0, access(path, W_OK) == 0,
	    access(path, X_OK) == 0);
}

static void make(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	put_file(path, "x");
	must(chown(path, uid, gid));
	must(chmod(path, mode));
}

static void tell_all(void)
{
	tell("owner-none");
	tell("group-none");
	tell("others");
	tell("none");
	tell("exec");
	tell("shut/f");
	tell("search/f");
	show(access("owner-none", R_OK | W_OK));
	show(access("shut/f", F_OK));
}

int main(void)
{
	gid_t extra = 50;

	must(chmod(".", 0755));
	make("owner-none", 0077, 1234, 1);
	make("group-none", 0707, 1, 50);
	make("others", 0006, 1, 1);
	make("none", 0, 1234, 1234);
	make("exec", 0100, 1, 1);
	must(mkdir("shut", 0755));
	must(mkdir("search", 0755));
	make("shut/f", 0666, 1, 1);
	make("search/f", 0666, 1, 1);
	must(chmod("shut", 0744));
	must(chmod("search", 0711));
	say("root\n");
	tell_all();
	wait_say("user", child_do({
			 must(setgroups(1, &extra));
			 must(setgid(1234));
			 must(setuid(1234));
			 tell_all();
		 }));
	wait_say("effective user", child_do({
			 must(setgroups(0, NULL));
			 must(setegid(1234));
			 must(seteuid(1234));
			 say("real\n");
			 tell("others");
			 tell("none");
			 show(faccessat(AT_FDCWD, "none", R_OK, AT_EACCESS));
			 show(open("none", O_RDONLY));
		 }));
	show(access("exec", 8));
	show(access("missing", F_OK));
	show(access("", F_OK));
	show(access(BAD_PTR, F_OK));
	show(syscall(SYS_faccessat2, AT_FDCWD, "exec", R_OK, 0x4000));
	return 0;
}
