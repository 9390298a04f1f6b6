/* SPDX-License-Identifier: MIT */
/* What ps, top, free, mount and C libraries read in /proc is there. */
#include "../guest.h"
#include <dirent.h>

static const char *const global_files[] = {
	"/proc/meminfo",
	"/proc/stat",
	"/proc/uptime",
	"/proc/loadavg",
	"/proc/cpuinfo",
	"/proc/mounts",
	"/proc/filesystems",
	"/proc/version",
	"/proc/interrupts",
	"/proc/sys/kernel/hostname",
	"/proc/sys/kernel/ostype",
	"/proc/sys/kernel/osrelease",
	"/proc/sys/kernel/pid_max",
	"/proc/sys/kernel/random/boot_id",
	"/proc/sys/kernel/random/uuid",
	"/proc/sys/vm/overcommit_memory",
};

/* Of a process; those that may be empty are in the second list. */
static const char *const process_files[] = {
	"stat", "status", "statm",  "cmdline", "comm",
	"maps", "mounts", "limits", "io",      "environ",
};

static void files_can_be_read(void)
{
	char buf[256];
	unsigned i;

	for (i = 0; i < sizeof(global_files) / sizeof(global_files[0]); i++)
		if (!CHECK(slurp(global_files[i], buf, sizeof(buf)) > 0))
			note("%s", global_files[i]);
	CHECK(slurp("/proc/cmdline", buf, sizeof(buf)) >= 0);
}

static void each_process_has_its_files(void)
{
	char path[64], buf[256];
	struct stat st;
	unsigned i;

	for (i = 0; i < sizeof(process_files) / sizeof(process_files[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", getpid(),
			 process_files[i]);
		if (!CHECK(slurp(path, buf, sizeof(buf)) > 0))
			note("%s", path);
	}
	CHECK(access("/proc/self/wchan", F_OK) == 0);
	CHECK(stat("/proc/self/task", &st) == 0 && S_ISDIR(st.st_mode));
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	CHECK(slurp(path, buf, sizeof(buf)) > 0);
}

static ssize_t link_of(const char *path, char *buf, size_t size)
{
	ssize_t n = readlink(path, buf, size - 1);

	if (n >= 0)
		buf[n] = '\0';
	return n;
}

static void links_lead_somewhere(void)
{
	char buf[256], mine[32];
	struct stat a, b;
	int fd = open("/dev/null", O_RDONLY);

	snprintf(mine, sizeof(mine), "%d", getpid());
	CHECK(link_of("/proc/self", buf, sizeof(buf)) > 0 &&
	      strcmp(buf, mine) == 0);
	CHECK(chdir("/tmp") == 0 &&
	      link_of("/proc/self/cwd", buf, sizeof(buf)) > 0 &&
	      strcmp(buf, "/tmp") == 0);
	CHECK(link_of("/proc/self/root", buf, sizeof(buf)) == 1);
	CHECK(link_of("/proc/self/exe", buf, sizeof(buf)) > 1 &&
	      strstr(buf, "proc_files") != NULL);
	snprintf(mine, sizeof(mine), "/proc/self/fd/%d", fd);
	CHECK(link_of(mine, buf, sizeof(buf)) > 0 &&
	      strcmp(buf, "/dev/null") == 0);
	CHECK(stat(mine, &a) == 0 && stat("/dev/null", &b) == 0 &&
	      a.st_rdev == b.st_rdev);
	snprintf(mine, sizeof(mine), "/proc/self/fdinfo/%d", fd);
	CHECK(slurp(mine, buf, sizeof(buf)) > 0 && strstr(buf, "pos:") == buf);
	close(fd);
}

static long field(const char *path, const char *name)
{
	static char buf[4096];
	const char *p;

	if (slurp(path, buf, sizeof(buf)) <= 0)
		return -1;
	p = strstr(buf, name);
	return p == NULL ? -1 : atol(p + strlen(name));
}

static void figures_are_true(void)
{
	long before, after, size = 8 << 20;
	double up1 = 0, up2 = 0, idle;
	char buf[512], *p;
	int pid = 0, ppid = 0;
	char st = 0;

	CHECK(field("/proc/self/status", "Pid:") == getpid());
	CHECK(field("/proc/self/status", "PPid:") == getppid());
	CHECK(field("/proc/self/status", "Threads:") == 1);
	CHECK(slurp("/proc/self/stat", buf, sizeof(buf)) > 0);
	CHECK(sscanf(buf, "%d (%*[^)]) %c %d", &pid, &st, &ppid) == 3);
	CHECK(pid == getpid() && st == 'R' && ppid == getppid());
	before = field("/proc/self/status", "VmRSS:");
	p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 1, (size_t)size);
	after = field("/proc/self/status", "VmRSS:");
	CHECK(after - before >= size / 1024 - 200 &&
	      after - before <= size / 1024 + 200);
	munmap(p, (size_t)size);
	CHECK(field("/proc/meminfo", "MemTotal:") >
	      field("/proc/meminfo", "MemFree:"));
	CHECK(field("/proc/meminfo", "MemAvailable:") > 0);
	CHECK(slurp("/proc/uptime", buf, sizeof(buf)) > 0 &&
	      sscanf(buf, "%lf %lf", &up1, &idle) == 2);
	nap_us(30000);
	CHECK(slurp("/proc/uptime", buf, sizeof(buf)) > 0 &&
	      sscanf(buf, "%lf %lf", &up2, &idle) == 2);
	CHECK(up2 > up1 && up1 > 0);
	CHECK(slurp("/proc/sys/kernel/ostype", buf, sizeof(buf)) > 0 &&
	      strcmp(buf, "Linux\n") == 0);
}

static void maps_show_the_regions(void)
{
	static char buf[8192];
	char *p = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	unsigned long start, end, hit = 0;
	char *line, *save = NULL, prot[8];

	CHECK(slurp("/proc/self/maps", buf, sizeof(buf)) > 0);
	CHECK(strstr(buf, "[stack]") != NULL);
	CHECK(strstr(buf, "proc_files") != NULL);
	for (line = strtok_r(buf, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		CHECK(sscanf(line, "%lx-%lx %7s", &start, &end, prot) == 3);
		CHECK(start < end && strlen(prot) == 4);
		if (start <= (unsigned long)p && (unsigned long)p < end)
			hit += strcmp(prot, "r--p") == 0;
	}
	CHECK(hit == 1);
	munmap(p, 3 * PAGE);
}

/* Each process once, this one among them. */
static void the_list_is_complete(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	int me = 0, child = 0, bad = 0;
	pid_t pid = fork();

	if (pid == 0) {
		die_with_parent();
		pause();
	}
	REQUIRE(dir != NULL);
	while ((d = readdir(dir)) != NULL) {
		me += atoi(d->d_name) == getpid();
		child += atoi(d->d_name) == pid;
		bad += d->d_name[0] == '\0';
	}
	closedir(dir);
	CHECK(me == 1 && child == 1 && bad == 0);
	kill(pid, SIGKILL);
	/* As long as it is not collected, it shows as dead. */
	CHECK(await_state(pid, "Z"));
	reap(pid);
}

/* Open files of one that is gone give an error, not another's figures. */
static void files_of_the_dead(void)
{
	char path[64], buf[64];
	pid_t pid = fork();
	int fd, dir;

	if (pid == 0) {
		die_with_parent();
		pause();
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	CHECK(fd >= 0 && dir >= 0);
	kill(pid, SIGKILL);
	reap(pid);
	CHECK(read(fd, buf, sizeof(buf)) == -1 && errno == ESRCH);
	CHECK(openat(dir, "stat", O_RDONLY) == -1 &&
	      (errno == ENOENT || errno == ESRCH));
	CHECK(access(path, F_OK) == -1 && errno == ENOENT);
	close(fd);
	close(dir);
}

static void read_everything(void)
{
	files_can_be_read();
	each_process_has_its_files();
	links_lead_somewhere();
	the_list_is_complete();
	files_of_the_dead();
}

static void nothing_leaks(void)
{
	CHECK(leak_free(read_everything));
}

TAP_MAIN(files_can_be_read, each_process_has_its_files, links_lead_somewhere,
	 figures_are_true, maps_show_the_regions, the_list_is_complete,
	 files_of_the_dead, nothing_leaks)
