/* SPDX-License-Identifier: MIT */
/* Times of files: set, now, omit, who may; and which calls move them. */
#include "diff.h"

static void tell(const char *path)
{
	struct stat st;

	must(lstat(path, &st));
	say("%s: atime %ld.%09ld mtime %ld.%09ld\n", path,
	    (long)st.st_atim.tv_sec, st.st_atim.tv_nsec,
	    (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static bool mtime_moved(const char *path)
{
	struct stat st;

	must(lstat(path, &st));
	return st.st_mtim.tv_sec > 1000000;
}

int main(void)
{
	struct timespec t[2] = { { 1000, 5 }, { 2000, 999999999 } };
	struct timespec old[2] = { { 500, 0 }, { 600, 0 } };
	struct timespec bad[2] = { { 1, 0 }, { 1, 1000000000 } };
	struct timespec now[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	struct timespec omit[2] = { { 0, UTIME_OMIT }, { 77, 0 } };
	struct timespec none[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };

	put_file("f", "x");
	must(symlink("f", "l"));
	show(utimensat(AT_FDCWD, "f", t, 0));
	tell("f");
	show(utimensat(AT_FDCWD, "f", omit, 0));
	tell("f");
	show(utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW));
	tell("l");
	show(utimensat(AT_FDCWD, "l", old, 0));
	tell("f");
	show(utimensat(AT_FDCWD, "f", bad, 0));
	show(utimensat(AT_FDCWD, "f", none, 0));
	tell("f");
	show(utimensat(AT_FDCWD, "missing", none, 0));
	show(utimensat(AT_FDCWD, "missing", t, 0));
	show(open("f", O_RDWR));
	show(futimens(3, t));
	tell("f");
	show(utimensat(AT_FDCWD, "f", now, 0));
	fact(mtime_moved("f"));
	show(utimensat(AT_FDCWD, "f", old, 0));
	show(utimensat(AT_FDCWD, "f", NULL, 0));
	fact(mtime_moved("f"));
	show(utimensat(AT_FDCWD, "f", t, 0x4000));

	must(futimens(3, old));
	must(write(3, "y", 1));
	fact(mtime_moved("f"));
	must(futimens(3, old));
	must(chmod("f", 0666));
	fact(!mtime_moved("f"));
	must(ftruncate(3, 100));
	fact(mtime_moved("f"));
	must(mkdir("d", 0755));
	must(utimensat(AT_FDCWD, "d", old, 0));
	put_file("d/f", "");
	fact(mtime_moved("d"));
	must(utimensat(AT_FDCWD, "d", old, 0));
	put_file("d/f", "again");
	fact(!mtime_moved("d"));
	must(unlink("d/f"));
	fact(mtime_moved("d"));
	wait_say("user", child_do({
			 become(1234, 1234);
			 show(utimensat(AT_FDCWD, "f", old, 0));
			 show(utimensat(AT_FDCWD, "f", NULL, 0));
			 show(utimensat(AT_FDCWD, "d", NULL, 0));
		 }));
	return 0;
}
