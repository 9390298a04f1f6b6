/* SPDX-License-Identifier: MIT */
/*
 * A directory lists each entry exactly once, with its type, also while it
 * changes.
 */
#include "diff.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	static char *names[400];
	struct dirent *e;
	int n = 0;
	DIR *d = opendir(path);

	if (d == NULL) {
		say("%s: %s\n", path, err_name(errno));
		return;
	}
	while ((e = readdir(d)) != NULL && n < 400) {
		names[n] = malloc(strlen(e->d_name) + 8);
		sprintf(names[n++], "%s %d", e->d_name, e->d_type);
	}
	closedir(d);
	qsort(names, (size_t)n, sizeof(names[0]), compare);
	say("%s: %d entries\n", path, n);
	for (int i = 0; i < n; i++)
		if (n < 20 || i % 50 == 0)
			say("  %s\n", names[i]);
}

int main(void)
{
	char name[300];
	struct dirent *e;
	DIR *d;
	int seen = 0;

	list(".");
	put_file("file", "");
	must(mkdir("dir", 0755));
	must(symlink("x", "link"));
	must(mkfifo("fifo", 0644));
	memset(name, 'n', 255);
	name[255] = '\0';
	put_file(name, "");
	list(".");
	list("dir");
	list("missing");
	list("file");
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "dir/entry-%03d", i);
		put_file(name, "");
	}
	list("dir");

	/* Removing while reading: every entry comes by once. */
	d = opendir("dir");
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		seen++;
		must(unlinkat(dirfd(d), e->d_name, 0));
	}
	closedir(d);
	show(seen);
	list("dir");
	return 0;
}
