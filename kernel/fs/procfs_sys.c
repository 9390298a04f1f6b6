/* SPDX-License-Identifier: MIT */
/* /proc/sys: settings, a value a file. */
#include <lib/minmax.h>
#include <lib/string.h>
#include <obj/handles.h>
#include <proc/uts.h>
#include <sync/krandom.h>
#include <sync/spinlock.h>

#include "procfs_impl.h"

#define PID_MAX	      (1u << 30)
#define THREADS_MAX   (1u << 20)
#define PIPE_SIZE_MAX 1048576u

static err_t show_ostype(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, UTS_SYSNAME "\n");
	return 0;
}

static err_t show_osrelease(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, UTS_RELEASE "\n");
	return 0;
}

static err_t show_version(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, UTS_VERSION "\n");
	return 0;
}

static err_t show_hostname(struct proc_node *n, struct text *t)
{
	char name[UTS_NAME_SIZE];

	(void)n;
	uts_hostname(name);
	text_printf(t, "%s\n", name);
	return 0;
}

static err_t show_domainname(struct proc_node *n, struct text *t)
{
	char name[UTS_NAME_SIZE];

	(void)n;
	uts_domainname(name);
	text_printf(t, "%s\n", name);
	return 0;
}

/* Up to the first newline, as Linux' strings end. */
static size_t value_length(const char *s, size_t len)
{
	const char *end = memchr(s, '\n', len);

	return end != NULL ? (size_t)(end - s) : len;
}

static err_t store_hostname(struct proc_node *n, const char *s, size_t len)
{
	(void)n;
	uts_set_hostname(s, value_length(s, len));
	return 0;
}

static err_t store_domainname(struct proc_node *n, const char *s, size_t len)
{
	(void)n;
	uts_set_domainname(s, value_length(s, len));
	return 0;
}

/* A file that always says the same number. */
#define CONSTANT(func, format, ...) \
	static err_t func(struct proc_node *n, struct text *t) \
	{ \
		(void)n; \
		text_printf(t, format "\n", __VA_ARGS__); \
		return 0; \
	}
CONSTANT(show_pid_max, "%u", PID_MAX)
CONSTANT(show_threads_max, "%u", THREADS_MAX)
CONSTANT(show_ngroups_max, "%u", CRED_NGROUPS_MAX)
CONSTANT(show_cap_last, "%u", 40u)
CONSTANT(show_overflow, "%u", 65534u)
CONSTANT(show_printk, "%u\t%u\t%u\t%u", 4u, 4u, 1u, 7u)
CONSTANT(show_256, "%u", 256u)
CONSTANT(show_zero, "%u", 0u)
CONSTANT(show_swappiness, "%u", 60u)
CONSTANT(show_max_map, "%u", 65530u)
CONSTANT(show_mmap_min, "%u", 4096u)
CONSTANT(show_handles_max, "%u", HANDLES_MAX)
CONSTANT(show_file_max, "%llu", (unsigned long long)INT64_MAX)
CONSTANT(show_pipe_max, "%u", PIPE_SIZE_MAX)

/* RFC 4122, version 4. */
static void put_uuid(struct text *t, const uint8_t b[16])
{
	unsigned i, v;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_str(t, "-");
		v = b[i];
		if (i == 6)
			v = (v & 0x0f) | 0x40;
		if (i == 8)
			v = (v & 0x3f) | 0x80;
		text_printf(t, "%02x", v);
	}
	text_str(t, "\n");
}

static err_t show_uuid(struct proc_node *n, struct text *t)
{
	uint8_t b[16];

	(void)n;
	krandom_bytes(b, sizeof(b));
	put_uuid(t, b);
	return 0;
}

/* One for each boot: made when it is first asked for. */
static err_t show_boot_id(struct proc_node *n, struct text *t)
{
	static struct spinlock guard = SPINLOCK_INIT(USER);
	static uint8_t id[16]; /* GUARDED_BY(guard) */
	static bool ready;     /* GUARDED_BY(guard); id is final */
	uint8_t fresh[16];

	(void)n;
	krandom_bytes(fresh, sizeof(fresh));
	spin_lock(&guard);
	if (!ready)
		memcpy(id, fresh, sizeof(id));
	ready = true;
	memcpy(fresh, id, sizeof(id));
	spin_unlock(&guard);
	put_uuid(t, fresh);
	return 0;
}

static const struct proc_entry random_entries[] = {
	PROC_FILE("boot_id", 0444, show_boot_id),
	PROC_FILE("entropy_avail", 0444, show_256),
	PROC_FILE("poolsize", 0444, show_256),
	PROC_FILE("uuid", 0444, show_uuid),
};

static const struct proc_dir random_dir = {
	.entries = random_entries,
	.nentries = array_size(random_entries),
};

#define SETTING(name_, show_, store_) \
	{ \
		.name = (name_), .mode = MODE_REG | 0644, .show = (show_), \
		.store = (store_) \
	}

static const struct proc_entry kernel_entries[] = {
	PROC_FILE("cap_last_cap", 0444, show_cap_last),
	SETTING("domainname", show_domainname, store_domainname),
	SETTING("hostname", show_hostname, store_hostname),
	PROC_FILE("ngroups_max", 0444, show_ngroups_max),
	PROC_FILE("osrelease", 0444, show_osrelease),
	PROC_FILE("ostype", 0444, show_ostype),
	PROC_FILE("overflowgid", 0444, show_overflow),
	PROC_FILE("overflowuid", 0444, show_overflow),
	PROC_FILE("pid_max", 0444, show_pid_max),
	PROC_FILE("printk", 0444, show_printk),
	PROC_DIR("random", &random_dir),
	PROC_FILE("threads-max", 0444, show_threads_max),
	PROC_FILE("version", 0444, show_version),
};

static const struct proc_dir kernel_dir = {
	.entries = kernel_entries,
	.nentries = array_size(kernel_entries),
};

static const struct proc_entry vm_entries[] = {
	PROC_FILE("max_map_count", 0444, show_max_map),
	PROC_FILE("mmap_min_addr", 0444, show_mmap_min),
	PROC_FILE("overcommit_memory", 0444, show_zero),
	PROC_FILE("swappiness", 0444, show_swappiness),
};

static const struct proc_dir vm_dir = {
	.entries = vm_entries,
	.nentries = array_size(vm_entries),
};

static const struct proc_entry fs_entries[] = {
	PROC_FILE("file-max", 0444, show_file_max),
	PROC_FILE("nr_open", 0444, show_handles_max),
	PROC_FILE("pipe-max-size", 0444, show_pipe_max),
};

static const struct proc_dir fs_dir = {
	.entries = fs_entries,
	.nentries = array_size(fs_entries),
};

static const struct proc_entry sys_entries[] = {
	PROC_DIR("fs", &fs_dir),
	PROC_DIR("kernel", &kernel_dir),
	PROC_DIR("vm", &vm_dir),
};

const struct proc_dir proc_sys_dir = {
	.entries = sys_entries,
	.nentries = array_size(sys_entries),
};
