/* SPDX-License-Identifier: MIT */
/* Deep trees, long names, and a directory with a thousand entries. */
#include "../guest.h"
#include <dirent.h>
#include <limits.h>

#define DEPTH	600
#define ENTRIES 1000

static void deep(void)
{
	char buf[8192];
	int n, up;

	for (n = 0; n < DEPTH; n++)
		if (mkdir("directory", 0700) != 0 || chdir("directory") != 0)
			break;
	CHECK(n == DEPTH);
	/* Longer than a path can be. */
	CHECK(syscall(SYS_getcwd, buf, sizeof(buf)) == -1 &&
	      errno == ENAMETOOLONG);
	CHECK(syscall(SYS_getcwd, buf, 10) == -1 &&
	      (errno == ERANGE || errno == ENAMETOOLONG));
	for (up = 0; up < n; up++)
		if (chdir("..") != 0 || rmdir("directory") != 0)
			break;
	CHECK(up == n);
	CHECK(getcwd(buf, sizeof(buf)) != NULL &&
	      strstr(buf, "/tmp/guest") == buf);
}

static void a_deep_tree(void)
{
	REQUIRE(enter_scratch());
	deep();
	CHECK(leave_scratch());
}

static void long_names(void)
{
	static char name[PATH_MAX + 10];
	int i;

	REQUIRE(enter_scratch());
	memset(name, 'n', 256);
	CHECK(mkdir(name, 0700) == -1 && errno == ENAMETOOLONG);
	CHECK(open(name, O_CREAT | O_RDWR, 0600) == -1 &&
	      errno == ENAMETOOLONG);
	name[255] = '\0';
	CHECK(mkdir(name, 0700) == 0);
	CHECK(chdir(name) == 0 && chdir("..") == 0);
	CHECK(rename(name, "short") == 0 && rename("short", name) == 0);
	CHECK(rmdir(name) == 0);
	/* A path of 4095 characters is the longest. */
	for (i = 0; i < PATH_MAX - 2; i += 2)
		memcpy(name + i, "./", 2);
	strcpy(name + i, ".");
	CHECK(strlen(name) == PATH_MAX - 1);
	CHECK(access(name, F_OK) == 0);
	strcpy(name + i, "./");
	CHECK(access(name, F_OK) == -1 && errno == ENAMETOOLONG);
	CHECK(leave_scratch());
}

static int count_entries(void)
{
	struct dirent *d;
	DIR *dir = opendir(".");
	int n = 0;

	if (dir == NULL)
		return -1;
	while ((d = readdir(dir)) != NULL)
		n += d->d_name[0] == 'e';
	closedir(dir);
	return n;
}

/* Each entry that stays is seen once, whatever goes meanwhile. */
static int remove_while_reading(void)
{
	static char seen[ENTRIES];
	struct dirent *d;
	DIR *dir = opendir(".");
	int n = 0, i;

	if (dir == NULL)
		return -1;
	memset(seen, 0, sizeof(seen));
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] != 'e')
			continue;
		i = atoi(d->d_name + 1);
		CHECK(seen[i]++ == 0);
		CHECK(unlink(d->d_name) == 0);
		n++;
	}
	closedir(dir);
	return n;
}

static void thousand(void)
{
	char name[32];
	int i, fd, bad = 0;

	for (i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "e%d", i);
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
		bad += fd == -1 || close(fd) != 0;
	}
	CHECK(bad == 0);
	CHECK(count_entries() == ENTRIES);
	CHECK(open("e500", O_CREAT | O_EXCL, 0600) == -1 && errno == EEXIST);
	CHECK(rmdir("../") == -1);
	CHECK(rename("e1", "e2") == 0 && rename("e3", "e1") == 0);
	CHECK(count_entries() == ENTRIES - 1);
	CHECK(rename("e1", "e3") == 0);
	CHECK(remove_while_reading() == ENTRIES - 1);
	CHECK(count_entries() == 0);
}

static void a_thousand_entries(void)
{
	REQUIRE(enter_scratch());
	thousand();
	CHECK(leave_scratch());
}

static void nothing_leaks(void)
{
	static struct census before;
	int round;

	REQUIRE(enter_scratch());
	for (round = 0; round < 2; round++) {
		if (round == 1)
			census_take(&before);
		deep();
		thousand();
	}
	CHECK(census_same(&before));
	CHECK(leave_scratch());
}

TAP_MAIN(a_deep_tree, long_names, a_thousand_entries, nothing_leaks)
