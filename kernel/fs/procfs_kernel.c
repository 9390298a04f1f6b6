/* SPDX-License-Identifier: MIT */
/* /proc/kernel: the inside of this kernel, for those who work on it. */
#include <arch/mmu.h>
#include <arch/percpu.h>
#include <debug/trace.h>
#include <fs/procfs.h>
#include <lib/minmax.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <sched/core.h>
#include <sched/thread.h>
#include <sync/epoch.h>
#include <sync/spinlock.h>

#include "procfs_impl.h"

static err_t show_trace(struct proc_node *n, struct text *t)
{
	struct trace_record r;
	char line[160];
	coreid_t core;
	unsigned i;

	(void)n;
	for (core = 0; core < core_count_present(); core++)
		for (i = 0; trace_get(core, i, &r); i++) {
			text_put(t, line, trace_format(&r, line, sizeof(line)));
			text_str(t, "\n");
		}
	return 0;
}

/* 0 off, 1 on, c: forget. */
static err_t store_trace(struct proc_node *n, const char *s, size_t len)
{
	(void)n;
	if (len == 0)
		return -EINVAL;
	switch (s[0]) {
	case '0':
	case '1':
		trace_enable(s[0] == '1');
		return 0;
	case 'c':
		trace_clear();
		return 0;
	default:
		return -EINVAL;
	}
}

/* What is given back late, and what caches keep: so counts are exact. */
static void settle(void)
{
	epoch_flush();
	sched_drain_stacks();
	kmem_drain();
}

static err_t show_slabs(struct proc_node *n, struct text *t)
{
	struct kmem_stats st;
	unsigned i;

	(void)n;
	settle();
	text_printf(t, "%-20s %8s %10s %8s %8s\n", "name", "size", "live",
		    "slabs", "frames");
	for (i = 0; kmem_cache_stats(i, &st); i++)
		text_printf(t, "%-20s %8llu %10llu %8llu %8llu\n", st.name,
			    (unsigned long long)st.size,
			    (unsigned long long)st.live,
			    (unsigned long long)st.slabs,
			    (unsigned long long)st.frames);
	return 0;
}

static err_t show_frames(struct proc_node *n, struct text *t)
{
	struct frame_stats st;

	(void)n;
	settle();
	frame_get_stats(&st);
	text_printf(t, "total %llu\nfree %llu\nkernel_reserved %llu\n",
		    (unsigned long long)st.total, (unsigned long long)st.free,
		    (unsigned long long)st.kernel_reserved);
	text_printf(t, "stack_lists %u\n", kstack_list_frames());
	return 0;
}

static err_t show_unknown(struct proc_node *n, struct text *t)
{
	uint64_t nr = 0, count = 0;
	const char *name;
	unsigned i;

	(void)n;
	if (procfs_hooks.unknown_next == NULL)
		return 0;
	for (i = 0; procfs_hooks.unknown_next(i, &nr, &count); i++) {
		name = procfs_hooks.call_name != NULL
			       ? procfs_hooks.call_name(nr)
			       : NULL;
		text_printf(t, "%llu %s %llu\n", (unsigned long long)nr,
			    name != NULL ? name : "-",
			    (unsigned long long)count);
	}
	return 0;
}

static err_t show_locks(struct proc_node *n, struct text *t)
{
	static const struct {
		const char *name, *where;
		unsigned rank;
		bool irq;
	} ranks[] = {
#define LOCK_RANK(name_, value, irq_, where_) \
	{ .name = #name_, .where = (where_), .rank = (value), .irq = (irq_) },
#include <sync/lock_ranks.def>
#undef LOCK_RANK
	};
	size_t i;

	(void)n;
	for (i = 0; i < array_size(ranks); i++)
		text_printf(t, "%4u %-12s %s %s\n", ranks[i].rank,
			    ranks[i].name, ranks[i].irq ? "irq" : "-  ",
			    ranks[i].where);
	return 0;
}

/* A name and a number a line; sums over all cores. */
static err_t show_counters(struct proc_node *n, struct text *t)
{
	struct sched_stats st;
	uint64_t cr3 = 0, tlb = 0, entries = 0, switches = 0, messages = 0;
	uint64_t timers = 0;
	const struct percpu *pc;
	coreid_t core;

	(void)n;
	for (core = 0; core < core_count_online(); core++) {
		pc = percpu_of(core);
		sched_get_stats(core, &st);
		cr3 += pc->nr_cr3_loads;
		tlb += pc->nr_tlb_flushes;
		entries += pc->nr_entries;
		switches += st.switches;
		messages += st.messages;
		timers += st.timers_fired;
	}
	text_printf(t, "cr3_loads %llu\ntlb_flushes %llu\nentries %llu\n",
		    (unsigned long long)cr3, (unsigned long long)tlb,
		    (unsigned long long)entries);
	text_printf(t, "switches %llu\nmessages %llu\ntimers %llu\n",
		    (unsigned long long)switches, (unsigned long long)messages,
		    (unsigned long long)timers);
	text_printf(t, "processes %u\nthreads %u\nforks %llu\n", proc_count(),
		    threads_count(), (unsigned long long)proc_forks_total());
	text_printf(t, "epoch_outstanding %u\nwx_pages %u\n",
		    __atomic_load_n(&epoch_outstanding, __ATOMIC_RELAXED),
		    mmu_check_wx());
	return 0;
}

static const struct proc_entry entries[] = {
	PROC_FILE("counters", 0444, show_counters),
	PROC_FILE("frames", 0444, show_frames),
	PROC_FILE("locks", 0444, show_locks),
	PROC_FILE("slabs", 0444, show_slabs),
	{ .name = "trace",
	  .mode = MODE_REG | 0600,
	  .show = show_trace,
	  .store = store_trace },
	PROC_FILE("unknown_calls", 0444, show_unknown),
};

const struct proc_dir proc_kernel_dir = {
	.entries = entries,
	.nentries = array_size(entries),
};
