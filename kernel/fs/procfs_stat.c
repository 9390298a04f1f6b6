/* SPDX-License-Identifier: MIT */
/* /proc/PID/stat, statm and status, field by field as proc(5) has them. */
#include <arch/percpu.h>
#include <fs/procfs.h>
#include <lib/bits.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <obj/handles.h>
#include <proc/proc_attr.h>
#include <proc/signal.h>

#include "procfs_impl.h"

#define TICK	     (NSEC_PER_SEC / 100)
#define NICE_0_PRIO  20
#define PF_RANDOMIZE 0x400000u
#define ALL_CAPS     UINT64_C(0x1ffffffffff)
#define LAST_CAP     40
typedef unsigned long long ull;

/* Everything that stat and status say, gathered first. */
struct figures {
	char name[17];
	char state;
	int32_t pid, tgid, ppid, pgid, sid, tty_nr, tpgid;
	int nice;
	unsigned threads, core;
	bool waits;
	bool no_new_privs;
	nsec_t start;
	struct rusage_info use, children;
	struct aspace_stats mem; /* zero when it is gone */
	sigset_bits sets[5];	 /* pending, shared, blocked, ignored, caught */
	uint64_t affinity[4];
};

static void gather_terminal(struct figures *f, struct proc *p)
{
	struct tty *tty = proc_session_tty(p);

	f->tpgid = -1;
	if (tty == NULL || procfs_hooks.tty_figures == NULL)
		return;
	procfs_hooks.tty_figures(tty, &f->tty_nr, &f->tpgid);
	if (f->tpgid == 0)
		f->tpgid = -1;
}

static void gather_thread(struct figures *f, struct thread *t, bool alone)
{
	f->state = thread_letter(t);
	f->nice = t->nice;
	f->core = t->core;
	f->waits = f->state != 'R';
	f->no_new_privs = thread_attr(t)->no_new_privs;
	memcpy(f->affinity, t->affinity, sizeof(f->affinity));
	if (!alone)
		return;
	thread_times(t, &f->use.user_ns, &f->use.sys_ns);
	f->use.minflt = t->acct.minflt;
	f->use.majflt = t->acct.majflt;
	f->use.nvcsw = t->acct.nvcsw;
	f->use.nivcsw = t->acct.nivcsw;
	memcpy(f->name, t->name, 16);
}

static void gather(struct figures *f, struct proc_node *n)
{
	struct proc *p = n->proc;
	struct thread *t = proc_node_thread(n);
	struct aspace *as = proc_get_aspace(p);

	*f = (struct figures){ .state = 'Z' };
	proc_name(p, f->name);
	f->tgid = proc_pid_in(p, viewer_ns());
	f->pid = n->thread != NULL ? thread_tid_in(n->thread, viewer_ns())
				   : f->tgid;
	f->ppid = proc_ppid(p);
	f->pgid = pid_local(viewer_ns(), proc_pgid(p));
	f->sid = pid_local(viewer_ns(), proc_sid(p));
	f->threads = proc_thread_count(p);
	f->start = n->thread != NULL ? n->thread->start_time
				     : proc_start_time(p);
	gather_terminal(f, p);
	proc_usage(p, &f->use);
	proc_children_usage(p, &f->children);
	if (as != NULL) {
		aspace_get_stats(as, &f->mem);
		aspace_put(as);
	}
	if (t != NULL) {
		gather_thread(f, t, n->thread != NULL);
		if (proc_sig(p) != NULL)
			signal_sets(p, t, f->sets);
		thread_put(t);
	}
	if (proc_state(p) == PROC_TOREAP)
		f->state = 'Z';
}

/* --- stat --- */

static void stat_memory(struct text *t, struct proc *p, const struct figures *f)
{
	vaddr_t code[2] = { 0 }, data[2] = { 0 }, stack = 0, brk = 0;

	proc_code_area(p, &code[0], &code[1], &data[0], &data[1], &stack, &brk);
	/* 23 vsize to 30 kstkeip */
	text_printf(t, "%llu %llu %llu %llu %llu %llu 0 0 ",
		    (ull)f->mem.virt_pages * PAGE_SIZE, (ull)f->mem.rss_pages,
		    (ull)proc_limit(p, LIMIT_RSS), (ull)code[0], (ull)code[1],
		    (ull)stack);
	/* 31 signal to 38 exit_signal; only the first 32 signals */
	text_printf(t, "%u %u %u %u %u 0 0 17 ",
		    (unsigned)(f->sets[0] | f->sets[1]) & INT32_MAX,
		    (unsigned)f->sets[2] & INT32_MAX,
		    (unsigned)f->sets[3] & INT32_MAX,
		    (unsigned)f->sets[4] & INT32_MAX, f->waits ? 1u : 0u);
	/* 39 processor to 44 cguest_time, 45 to 47 */
	text_printf(t, "%u 0 0 0 0 0 %llu %llu %llu ", f->core, (ull)data[0],
		    (ull)data[1], (ull)brk);
}

err_t proc_show_stat(struct proc_node *n, struct text *t)
{
	vaddr_t arg[2] = { 0 }, env[2] = { 0 };
	struct figures f;

	gather(&f, n);
	text_printf(t, "%d (%s) %c %d %d %d %d %d %u ", f.pid, f.name, f.state,
		    f.ppid, f.pgid, f.sid, f.tty_nr, f.tpgid, PF_RANDOMIZE);
	text_printf(t, "%llu %llu %llu %llu %llu %llu %llu %llu ",
		    (ull)f.use.minflt, (ull)f.children.minflt,
		    (ull)f.use.majflt, (ull)f.children.majflt,
		    (ull)f.use.user_ns / TICK, (ull)f.use.sys_ns / TICK,
		    (ull)f.children.user_ns / TICK,
		    (ull)f.children.sys_ns / TICK);
	text_printf(t, "%d %d %u 0 %llu ", NICE_0_PRIO + f.nice, f.nice,
		    f.threads, (ull)f.start / TICK);
	stat_memory(t, n->proc, &f);
	proc_arg_area(n->proc, &arg[0], &arg[1], &env[0], &env[1]);
	text_printf(t, "%llu %llu %llu %llu %d\n", (ull)arg[0], (ull)arg[1],
		    (ull)env[0], (ull)env[1],
		    f.state == 'Z' ? proc_exit_status(n->proc) : 0);
	return 0;
}

err_t proc_show_statm(struct proc_node *n, struct text *t)
{
	struct aspace *as = proc_get_aspace(n->proc);
	struct aspace_stats st = { 0 };

	if (as != NULL) {
		aspace_get_stats(as, &st);
		aspace_put(as);
	}
	text_printf(t, "%llu %llu %llu %llu 0 %llu 0\n", (ull)st.virt_pages,
		    (ull)st.rss_pages, (ull)min(st.text_pages, st.rss_pages),
		    (ull)st.text_pages, (ull)(st.data_pages + st.stack_pages));
	return 0;
}

/* --- status --- */

static const char *state_name(char letter)
{
	switch (letter) {
	case 'R':
		return "R (running)";
	case 'D':
		return "D (disk sleep)";
	case 'T':
		return "T (stopped)";
	case 'Z':
		return "Z (zombie)";
	case 'X':
		return "X (dead)";
	case 'I':
		return "I (idle)";
	default:
		return "S (sleeping)";
	}
}

static void status_owner(struct text *t, struct proc *p)
{
	struct handles *h = proc_get_handles(p);
	const struct cred *c = proc_cred(p);
	unsigned size = 64, i;

	text_printf(t, "Uid:\t%u\t%u\t%u\t%u\n", c->uid, c->euid, c->suid,
		    c->fsuid);
	text_printf(t, "Gid:\t%u\t%u\t%u\t%u\n", c->gid, c->egid, c->sgid,
		    c->fsgid);
	if (h != NULL) {
		size = max(size, 1u << log2_up(handles_count(h)));
		handles_put(h);
	}
	text_printf(t, "FDSize:\t%u\nGroups:\t", size);
	for (i = 0; i < c->ngroups; i++)
		text_printf(t, "%u ", c->groups[i]);
	text_str(t, "\n");
	cred_put(c);
}

static void kib(struct text *t, const char *name, uint64_t pages)
{
	text_printf(t, "%s:\t%8llu kB\n", name, (ull)pages * 4);
}

static void status_memory(struct text *t, const struct aspace_stats *m)
{
	if (m->virt_pages == 0)
		return;
	kib(t, "VmPeak", m->virt_pages);
	kib(t, "VmSize", m->virt_pages);
	kib(t, "VmLck", 0);
	kib(t, "VmPin", 0);
	kib(t, "VmHWM", m->peak_rss_pages);
	kib(t, "VmRSS", m->rss_pages);
	kib(t, "VmData", m->data_pages);
	kib(t, "VmStk", m->stack_pages);
	kib(t, "VmExe", m->text_pages);
	kib(t, "VmLib", 0);
	kib(t, "VmPTE", m->table_pages);
	kib(t, "VmSwap", 0);
}

static void status_signals(struct text *t, struct proc *p,
			   const struct figures *f)
{
	static const char *const names[5] = { "SigPnd", "ShdPnd", "SigBlk",
					      "SigIgn", "SigCgt" };
	unsigned i;

	text_printf(t, "Threads:\t%u\nSigQ:\t0/%llu\n", f->threads,
		    (ull)proc_limit(p, LIMIT_SIGPENDING));
	for (i = 0; i < 5; i++)
		text_printf(t, "%s:\t%016llx\n", names[i], (ull)f->sets[i]);
}

static void status_rights(struct text *t, struct proc *p,
			  const struct figures *f)
{
	const struct cred *c = proc_cred(p);
	ull caps = c->euid == 0 ? ALL_CAPS : 0;

	cred_put(c);
	text_printf(t, "CapInh:\t%016llx\nCapPrm:\t%016llx\n", (ull)0, caps);
	text_printf(t, "CapEff:\t%016llx\nCapBnd:\t%016llx\n", caps,
		    (ull)ALL_CAPS);
	text_printf(t, "CapAmb:\t%016llx\nNoNewPrivs:\t%d\nSeccomp:\t0\n",
		    (ull)0, f->no_new_privs ? 1 : 0);
}

/* Those cores that exist, as a mask and as a list of ranges. */
static void status_cores(struct text *t, const uint64_t affinity[4])
{
	unsigned n = core_count_online(), i, first;
	const char *comma = "";

	text_str(t, "Cpus_allowed:\t");
	for (i = (n + 31) / 32; i-- != 0;) {
		uint64_t word = affinity[i / 2] >> (32 * (i % 2));

		if (n - i * 32 < 32)
			word &= (UINT64_C(1) << (n - i * 32)) - 1;
		text_printf(t, n > 32 ? "%s%08x" : "%s%x", comma,
			    (unsigned)(word & UINT32_MAX));
		comma = ",";
	}
	text_str(t, "\nCpus_allowed_list:\t");
	comma = "";
	for (i = 0; i < n; i++) {
		first = i;
		while (i < n && (affinity[i / 64] >> (i % 64) & 1) != 0)
			i++;
		if (i == first)
			continue;
		text_printf(t, "%s%u", comma, first);
		if (i - first > 1)
			text_printf(t, "-%u", i - 1);
		comma = ",";
	}
	text_str(t, "\nMems_allowed:\t1\nMems_allowed_list:\t0\n");
}

err_t proc_show_status(struct proc_node *n, struct text *t)
{
	struct fsctx *fs = proc_get_fsctx(n->proc);
	struct figures f;

	gather(&f, n);
	text_str(t, "Name:\t");
	text_escaped(t, f.name, "");
	text_str(t, "\n");
	if (fs != NULL) {
		text_printf(t, "Umask:\t%04o\n", fsctx_umask(fs));
		fsctx_put(fs);
	}
	text_printf(t, "State:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\n",
		    state_name(f.state), f.tgid, f.pid);
	text_printf(t, "PPid:\t%d\nTracerPid:\t0\n", f.ppid);
	status_owner(t, n->proc);
	text_printf(t, "NStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n",
		    f.tgid, f.pid, f.pgid, f.sid);
	status_memory(t, &f.mem);
	status_signals(t, n->proc, &f);
	status_rights(t, n->proc, &f);
	status_cores(t, f.affinity);
	text_printf(t, "voluntary_ctxt_switches:\t%llu\n", (ull)f.use.nvcsw);
	text_printf(t, "nonvoluntary_ctxt_switches:\t%llu\n",
		    (ull)f.use.nivcsw);
	return 0;
}
