/* SPDX-License-Identifier: MIT */
/* /proc's own entries: figures of the whole system. */
#include <arch/cpu.h>
#include <arch/hooks.h>
#include <arch/mmu.h>
#include <arch/percpu.h>
#include <debug/log.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <ns/chardev.h>
#include <proc/uts.h>
#include <sched/core.h>
#include <sched/timer.h>

#include "procfs_impl.h"

#define TICK	       (NSEC_PER_SEC / 100)
#define ISA_IRQS       16u
#define KIB_OF(frames) ((unsigned long long)(frames)*4)

extern const char kernel_build_id[] __weak;

static uint64_t slab_bytes(void)
{
	struct kmem_stats st;
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; kmem_cache_stats(i, &st); i++)
		sum += st.live * st.size;
	return sum;
}

static err_t show_meminfo(struct proc_node *n, struct text *t)
{
	static const char *const zero[] = {
		"Buffers",   "Cached",	 "SwapCached", "Active",    "Inactive",
		"SwapTotal", "SwapFree", "Dirty",      "Writeback", "Shmem",
	};
	struct frame_stats st;
	uint64_t slab = slab_bytes() / 1024;
	size_t i;

	(void)n;
	frame_get_stats(&st);
	text_printf(t, "MemTotal:       %8llu kB\n", KIB_OF(st.total));
	text_printf(t, "MemFree:        %8llu kB\n", KIB_OF(st.free));
	text_printf(t, "MemAvailable:   %8llu kB\n", KIB_OF(st.free));
	for (i = 0; i < array_size(zero); i++)
		text_printf(t, "%s:%*s%8u kB\n", zero[i],
			    (int)(15 - strlen(zero[i])), "", 0u);
	text_printf(t, "Slab:           %8llu kB\n", (unsigned long long)slab);
	text_printf(t, "SReclaimable:   %8u kB\n", 0u);
	text_printf(t, "SUnreclaim:     %8llu kB\n", (unsigned long long)slab);
	text_printf(t, "KernelStack:    %8llu kB\n",
		    (unsigned long long)core_count_online() * KSTACK_SIZE /
			    1024);
	text_printf(t, "CommitLimit:    %8llu kB\n", KIB_OF(st.total));
	text_printf(t, "Committed_AS:   %8llu kB\n",
		    KIB_OF(st.total - st.free));
	text_printf(t, "VmallocTotal:   %8llu kB\n",
		    (unsigned long long)(HEAP_SIZE / 1024));
	return 0;
}

static void cpu_line(struct text *t, const char *name,
		     const struct sched_stats *s)
{
	text_printf(t, "%s %llu 0 %llu %llu 0 %llu 0 0 0 0\n", name,
		    (unsigned long long)(s->user_ns / TICK),
		    (unsigned long long)(s->sys_ns / TICK),
		    (unsigned long long)(s->idle_ns / TICK),
		    (unsigned long long)(s->irq_ns / TICK));
}

static void add_stats(struct sched_stats *sum, coreid_t core)
{
	struct sched_stats s;
	unsigned i;

	sched_get_stats(core, &s);
	sum->switches += s.switches;
	sum->running += s.running;
	sum->idle_ns += s.idle_ns;
	sum->user_ns += s.user_ns;
	sum->sys_ns += s.sys_ns;
	sum->irq_ns += s.irq_ns;
	sum->timers_fired += s.timers_fired;
	sum->threads = s.threads;
	for (i = 0; i < 3; i++)
		sum->loadavg[i] += s.loadavg[i];
}

static struct sched_stats all_stats(void)
{
	struct sched_stats sum = { 0 };
	coreid_t core;

	for (core = 0; core < core_count_online(); core++)
		add_stats(&sum, core);
	return sum;
}

static uint64_t all_irqs(void)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < ISA_IRQS; i++)
		sum += irq_count(i);
	return sum;
}

static err_t show_stat(struct proc_node *n, struct text *t)
{
	struct sched_stats sum = all_stats(), one;
	coreid_t core;
	unsigned i;

	(void)n;
	cpu_line(t, "cpu ", &sum);
	for (core = 0; core < core_count_online(); core++) {
		sched_get_stats(core, &one);
		text_printf(t, "cpu%u", core);
		cpu_line(t, "", &one);
	}
	text_printf(t, "intr %llu", (unsigned long long)all_irqs());
	for (i = 0; i < ISA_IRQS; i++)
		text_printf(t, " %llu", (unsigned long long)irq_count(i));
	text_printf(t, "\nctxt %llu\nbtime %llu\nprocesses %llu\n",
		    (unsigned long long)sum.switches,
		    (unsigned long long)(clock_boot_realtime() / NSEC_PER_SEC),
		    (unsigned long long)proc_forks_total());
	text_printf(t, "procs_running %llu\nprocs_blocked 0\n",
		    (unsigned long long)sum.running);
	return 0;
}

static void seconds(struct text *t, nsec_t ns, char end)
{
	text_printf(t, "%llu.%02llu%c", (unsigned long long)(ns / NSEC_PER_SEC),
		    (unsigned long long)(ns / TICK % 100), end);
}

static err_t show_uptime(struct proc_node *n, struct text *t)
{
	struct sched_stats sum = all_stats();

	(void)n;
	seconds(t, clock_monotonic(), ' ');
	seconds(t, sum.idle_ns, '\n');
	return 0;
}

static err_t show_loadavg(struct proc_node *n, struct text *t)
{
	struct sched_stats sum = all_stats();
	uint64_t half = (UINT64_C(1) << LOADAVG_SHIFT) / 200, l;
	unsigned i;

	(void)n;
	for (i = 0; i < 3; i++) {
		l = sum.loadavg[i] + half;
		text_printf(
			t, "%llu.%02llu ",
			(unsigned long long)(l >> LOADAVG_SHIFT),
			(unsigned long long)((l & ((1u << LOADAVG_SHIFT) - 1)) *
						     100 >>
					     LOADAVG_SHIFT));
	}
	text_printf(t, "%llu/%u %llu\n", (unsigned long long)sum.running,
		    threads_count(), (unsigned long long)proc_forks_total());
	return 0;
}

static void show_core(struct text *t, coreid_t core, const char *brand,
		      const char *features)
{
	unsigned long long hz = cpu_tsc_hz();
	unsigned n = core_count_online();
	char vendor[13];

	cpu_vendor(vendor);
	text_printf(t, "processor\t: %u\nvendor_id\t: %s\n", core, vendor);
	text_printf(t, "model name\t: %s\n", brand);
	text_printf(t, "cpu MHz\t\t: %llu.%03llu\n", hz / 1000000,
		    hz / 1000 % 1000);
	text_printf(t, "physical id\t: 0\nsiblings\t: %u\ncore id\t\t: %u\n", n,
		    core);
	text_printf(t, "cpu cores\t: %u\napicid\t\t: %u\n", n,
		    percpu_of(core)->apic_id);
	text_printf(t, "fpu\t\t: yes\nfpu_exception\t: yes\nwp\t\t: yes\n");
	text_printf(t, "flags\t\t: %s\n", features);
	text_printf(t, "bogomips\t: %llu.%02llu\nclflush size\t: 64\n",
		    hz / 500000, hz / 5000 % 100);
	text_printf(t, "cache_alignment\t: 64\n\n");
}

static err_t show_cpuinfo(struct proc_node *n, struct text *t)
{
	char brand[64], *features;
	coreid_t core;

	(void)n;
	features = kmalloc(2048);
	if (features == NULL)
		return -ENOMEM;
	cpu_brand(brand, sizeof(brand));
	cpu_feature_names(features, 2048);
	for (core = 0; core < core_count_online(); core++)
		show_core(t, core, brand, features);
	kfree(features);
	return 0;
}

static err_t show_filesystems(struct proc_node *n, struct text *t)
{
	const struct fs_type *fs;

	(void)n;
	for (fs = fs_type_first(); fs != NULL; fs = fs->next)
		text_printf(t, "%s\t%s\n", fs->nodev ? "nodev" : "", fs->name);
	return 0;
}

static err_t show_version(struct proc_node *n, struct text *t)
{
	const char *id = kernel_build_id;

	(void)n;
	__asm__("" : "+r"(id)); /* it may be missing */
	text_printf(t, "%s version %s (%s) %s\n", UTS_SYSNAME, UTS_RELEASE,
		    id != NULL ? id : "pando", UTS_VERSION);
	return 0;
}

static err_t show_cmdline(struct proc_node *n, struct text *t)
{
	(void)n;
	text_printf(t, "%s\n", boot_cmdline());
	return 0;
}

static err_t show_interrupts(struct proc_node *n, struct text *t)
{
	static const char *const names[ISA_IRQS] = {
		[3] = "ttyS1",
		[4] = "ttyS0",
	};
	struct sched_stats st;
	coreid_t core;
	unsigned i;

	(void)n;
	text_str(t, "           CPU0\n");
	for (i = 0; i < ISA_IRQS; i++)
		if (irq_count(i) != 0 || names[i] != NULL)
			text_printf(t,
				    "%3u: %10llu   IO-APIC %4u-edge      %s\n",
				    i, (unsigned long long)irq_count(i), i,
				    names[i] != NULL ? names[i] : "");
	text_str(t, "LOC:");
	for (core = 0; core < core_count_online(); core++) {
		sched_get_stats(core, &st);
		text_printf(t, " %10llu", (unsigned long long)st.timers_fired);
	}
	text_str(t, "   Timers fired\n");
	return 0;
}

static err_t show_devices(struct proc_node *n, struct text *t)
{
	static const struct {
		uint32_t major;
		const char *name;
	} majors[] = {
		{ 1, "mem" },
		{ 4, "ttyS" },
		{ 5, "/dev/tty" },
		{ 136, "pts" },
	};
	const struct chardev *c;
	size_t i;

	(void)n;
	text_str(t, "Character devices:\n");
	for (i = 0; i < array_size(majors); i++) {
		for (c = chardev_first(); c != NULL; c = c->next)
			if (c->major == majors[i].major)
				break;
		if (c != NULL)
			text_printf(t, "%3u %s\n", majors[i].major,
				    majors[i].name);
	}
	text_str(t, "\nBlock devices:\n");
	return 0;
}

static err_t show_partitions(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "major minor  #blocks  name\n\n");
	return 0;
}

static err_t show_swaps(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	return 0;
}

static err_t show_nothing(struct proc_node *n, struct text *t)
{
	(void)n;
	(void)t;
	return 0;
}

static err_t show_kmsg(struct proc_node *n, struct text *t)
{
	size_t pos = 0, got;
	char buf[256];

	(void)n;
	while ((got = klog_read(&pos, buf, sizeof(buf))) != 0)
		text_put(t, buf, got);
	return 0;
}

static err_t show_vmstat(struct proc_node *n, struct text *t)
{
	struct frame_stats st;

	(void)n;
	frame_get_stats(&st);
	text_printf(t, "nr_free_pages %llu\n", (unsigned long long)st.free);
	text_printf(t, "nr_slab_unreclaimable %llu\n",
		    (unsigned long long)(slab_bytes() / PAGE_SIZE));
	return 0;
}

/* --- links to the caller --- */

static err_t link_self(struct proc_node *n, struct text *t)
{
	struct proc *p = current_proc();

	(void)n;
	if (p == NULL)
		return -ENOENT;
	text_printf(t, "%d", proc_pid_in(p, proc_pidns(p)));
	return 0;
}

static err_t link_thread_self(struct proc_node *n, struct text *t)
{
	struct proc *p = current_proc();

	(void)n;
	if (p == NULL)
		return -ENOENT;
	text_printf(t, "%d/task/%d", proc_pid_in(p, proc_pidns(p)),
		    thread_tid_in(current_thread(), proc_pidns(p)));
	return 0;
}

static err_t link_mounts(struct proc_node *n, struct text *t)
{
	(void)n;
	text_str(t, "self/mounts");
	return 0;
}

#define ROOT_LINK(name_, link_) \
	{ \
		.name = (name_), .mode = MODE_LNK | 0777, .link = (link_) \
	}

static const struct proc_entry entries[] = {
	PROC_FILE("cmdline", 0444, show_cmdline),
	PROC_FILE("cpuinfo", 0444, show_cpuinfo),
	PROC_FILE("devices", 0444, show_devices),
	PROC_FILE("diskstats", 0444, show_nothing),
	PROC_FILE("filesystems", 0444, show_filesystems),
	PROC_FILE("interrupts", 0444, show_interrupts),
	PROC_DIR("kernel", &proc_kernel_dir),
	PROC_FILE("kmsg", 0400, show_kmsg),
	PROC_FILE("loadavg", 0444, show_loadavg),
	PROC_FILE("meminfo", 0444, show_meminfo),
	ROOT_LINK("mounts", link_mounts),
	PROC_FILE("partitions", 0444, show_partitions),
	ROOT_LINK("self", link_self),
	PROC_FILE("stat", 0444, show_stat),
	PROC_FILE("swaps", 0444, show_swaps),
	PROC_DIR("sys", &proc_sys_dir),
	{ .name = "sysrq-trigger",
	  .mode = MODE_REG | 0200,
	  .store = proc_sysrq_store },
	ROOT_LINK("thread-self", link_thread_self),
	PROC_FILE("uptime", 0444, show_uptime),
	PROC_FILE("version", 0444, show_version),
	PROC_FILE("vmstat", 0444, show_vmstat),
};

static const struct proc_dir root_dir = {
	.entries = entries,
	.nentries = array_size(entries),
	.member = &proc_pid_entry,
	.find = proc_pid_find,
	.next = proc_pid_next,
};

const struct proc_entry proc_root_entry = PROC_DIR("/", &root_dir);
