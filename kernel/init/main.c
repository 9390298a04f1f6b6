/* SPDX-License-Identifier: MIT */
/*
 * The order in which the kernel comes up.
 *
 * PURPOSE: kernel_main() is the first C function after the architecture's
 * start-up; it initialises the layers from the lowest to the highest, fills
 * the tables of upcalls, seals the kernel's memory, and becomes the idle loop
 * of core 0.  A kernel thread then mounts the root and starts pid 1.
 */
#include <arch/arch_init.h>
#include <arch/hooks.h>
#include <arch/mmu.h>
#include <debug/log.h>
#include <debug/trace.h>
#include <dev/tty.h>
#include <fs/fs.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <mm/aspace.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <obj/desc.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <sched/core.h>
#include <sched/thread.h>
#include <sched/timer.h>
#include <sync/krandom.h>
#include <sys/sys.h>

#include "init.h"

extern const char kernel_build_id[];

/* What the log says of a fault that ends a process, as Linux words it. */
static void log_fault(const struct regs *r, unsigned vector, vaddr_t addr)
{
	const struct thread *t = current_thread();

	if (signal_is_handled(vector == 14 ? 11 : 4))
		return;
	klog("%s[%d]: exception %u at %lx ip %lx sp %lx error %lx", t->name,
	     t->tid, vector, (unsigned long)addr, (unsigned long)r->rip,
	     (unsigned long)r->rsp, (unsigned long)r->error);
}

/* Signals of the processor's exceptions (Intel SDM vol. 3, 6.15). */
static void user_exception(struct regs *r, unsigned vector, vaddr_t addr)
{
	static const struct {
		uint8_t signo, code;
	} table[32] = {
		[0] = { 8, 1 },	     /* #DE: FPE_INTDIV */
		[1] = { 5, 2 },	     /* #DB: TRAP_TRACE */
		[3] = { 5, 0x80 },   /* #BP: SI_KERNEL */
		[4] = { 11, 0x80 },  /* #OF */
		[5] = { 11, 0x80 },  /* #BR */
		[6] = { 4, 2 },	     /* #UD: ILL_ILLOPN */
		[12] = { 7, 0x80 },  /* #SS */
		[13] = { 11, 0x80 }, /* #GP */
		[16] = { 8, 3 },     /* #MF */
		[17] = { 7, 1 },     /* #AC: BUS_ADRALN */
		[19] = { 8, 3 },     /* #XM */
	};
	unsigned v = vector < 32 ? vector : 13;

	/* Where the address says something, it is that of the instruction. */
	if (v == 0 || v == 1 || v == 6 || v == 16 || v == 19)
		addr = r->rip;
	else
		addr = 0;
	log_fault(r, vector, addr);
	signal_force(table[v].signo != 0 ? table[v].signo : 11,
		     table[v].signo != 0 ? table[v].code : 0x80, addr, vector);
}

/* SIGSEGV or SIGBUS for what mm/ could not resolve. */
static void bad_access(struct regs *r, vaddr_t addr, err_t err)
{
	if (err != -ENOMEM)
		log_fault(r, 14, addr);
	switch (err) {
	case -EACCES:
		signal_force(11, 2, addr, 14); /* SEGV_ACCERR */
		break;
	case -ENXIO:
		signal_force(7, 2, addr, 14); /* BUS_ADRERR */
		break;
	case -ENOMEM:
		klog("out of memory: process %d (%s) is killed",
		     current_thread()->tid, current_thread()->name);
		proc_kill(current_proc(), 9);
		break;
	default:
		signal_force(11, 1, addr, 14); /* SEGV_MAPERR */
		break;
	}
}

static bool page_fault(struct regs *r, vaddr_t addr, unsigned flags)
{
	struct thread *t = current_thread();
	struct aspace *as = current_aspace();
	err_t err;

	if (t == NULL || t->proc == NULL || as == NULL)
		return false;
	t->acct.minflt++;
	err = aspace_fault(as, addr, flags);
	trace(TR_PAGE_FAULT, addr, flags, err);
	if (err == 0)
		return true;
	if ((flags & FAULT_USER) == 0) {
		/* A copy for the kernel: it gets -EFAULT. */
		if (err == -ENOMEM)
			bad_access(r, addr, err);
		return false;
	}
	bad_access(r, addr, err);
	return true;
}

/* A mapping keeps the description it was made from. */
static void mapping_get(void *file)
{
	desc_get(file);
}

static void mapping_put(void *file)
{
	desc_put(file);
}

static void fill_trap_ops(void)
{
	map_file_ops.get = mapping_get;
	map_file_ops.put = mapping_put;
	trap_ops.page_fault = page_fault;
	trap_ops.user_exception = user_exception;
	trap_ops.user_work = proc_user_work;
	trap_ops.timer = sched_timer_irq;
	trap_ops.ipi = sched_ipi_irq;
}

static void init_thread(void *arg)
{
	(void)arg;
	if (boot_options.ktest)
		init_ktest();
	init_user();
}

void kernel_main(void)
{
	struct frame_stats st;
	struct thread *t;

	arch_init_early();
	klog("%s", kernel_build_id);
	boot_options_parse();
	frame_init();
	slab_init();
	mm_init();
	krandom_init(boot_options.seed, boot_options.have_seed);
	aspace_randomise = boot_options.kaslr && !boot_options.have_seed;
	sched_init();
	arch_init_machine();
	arch_init_clock();
	clock_init();
	fill_trap_ops();
	init_panic_dump();
	sys_init();
	proc_init();
	dev_init();
	fs_init();
	trace_enable(boot_options.trace);
	frame_get_stats(&st);
	klog("memory: %llu KiB managed, %llu KiB free",
	     (unsigned long long)st.total * 4, (unsigned long long)st.free * 4);
	if (kthread_spawn("init", init_thread, NULL, &t) != 0)
		panic("no memory for the first thread");
	thread_put(t);
	mmu_seal_kernel();
	sched_enter();
}
