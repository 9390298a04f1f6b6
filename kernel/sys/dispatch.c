/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: from the syscall instruction to the function that answers.
 *
 * A number below 1024 is a Linux call, from 4096 on a native one; the tables
 * are made from abi/linux/syscalls.tbl and abi/native/syscalls.tbl.  A call
 * that is in no table, or is there with "-", answers -ENOSYS and is counted.
 *
 * CALLERS: the entry code through trap_ops.syscall; /proc for the counts.
 * LOCKING: none; the table of counts is filled with compare-and-exchange.
 * This path is the shortest in the kernel: every instruction here is paid by
 * every call.
 */
#include <arch/hooks.h>
#include <debug/trace.h>
#include <fs/procfs.h>
#include <lib/atomic.h>
#include <lib/minmax.h>
#include <sched/kthread.h>

#include "sys_impl.h"

#include <gen/linux_syscalls.h>
#include <gen/native_syscalls.h>

#define LINUX_LIMIT  1024u
#define NATIVE_FIRST 4096u
#define NR_UNKNOWN   128

#define LINUX_SYSCALL(nr, name, handler, nargs) int64_t handler(struct regs *r);
#include <gen/linux_syscalls.h>
#undef LINUX_SYSCALL
#define NATIVE_SYSCALL(nr, name, handler, nargs) \
	int64_t handler(struct regs *r);
#include <gen/native_syscalls.h>
#undef NATIVE_SYSCALL

static const syscall_fn linux_table[LINUX_NR_MAX + 1] = {
#define LINUX_SYSCALL(nr, name, handler, nargs) [nr] = handler,
#include <gen/linux_syscalls.h>
#undef LINUX_SYSCALL
};
_Static_assert(LINUX_NR_MAX < LINUX_LIMIT, "Linux numbers end below 1024");

static const syscall_fn native_table[NATIVE_NR_MAX - NATIVE_FIRST + 1] = {
#define NATIVE_SYSCALL(nr, name, handler, nargs) [nr - NATIVE_FIRST] = handler,
#include <gen/native_syscalls.h>
#undef NATIVE_SYSCALL
};

static const struct {
	uint16_t nr;
	const char *name;
} names[] = {
#define LINUX_SYSCALL(nr, name, handler, nargs) { nr, #name },
#define LINUX_SYSCALL_MISSING(nr, name, nargs)	{ nr, #name },
#include <gen/linux_syscalls.h>
#undef LINUX_SYSCALL
#undef LINUX_SYSCALL_MISSING
#define NATIVE_SYSCALL(nr, name, handler, nargs) { nr, #name },
#define NATIVE_SYSCALL_MISSING(nr, name, nargs)	 { nr, #name },
#include <gen/native_syscalls.h>
#undef NATIVE_SYSCALL
#undef NATIVE_SYSCALL_MISSING
};

/* Calls that nobody answered; slots are taken once and kept. */
static struct {
	uint64_t key;	/* ATOMIC; number + 1, 0: free */
	uint64_t count; /* ATOMIC */
} unknown[NR_UNKNOWN];

int64_t sys_unknown(uint64_t nr)
{
	uint64_t key = nr + 1, old;

	for (unsigned i = 0; i < NR_UNKNOWN; i++) {
		old = atomic_load_relaxed(&unknown[i].key);
		if (old == 0 && atomic_cas_relaxed(&unknown[i].key, &old, key))
			old = key;
		if (old == key) {
			atomic_inc_relaxed(&unknown[i].count);
			break;
		}
	}
	return -ENOSYS;
}

bool sys_unknown_next(unsigned i, uint64_t *nr, uint64_t *count)
{
	uint64_t key;

	if (i >= NR_UNKNOWN)
		return false;
	key = atomic_load_relaxed(&unknown[i].key);
	if (key == 0)
		return false;
	*nr = key - 1;
	*count = atomic_load_relaxed(&unknown[i].count);
	return true;
}

const char *sys_call_name(uint64_t nr)
{
	for (unsigned i = 0; i < array_size(names); i++) {
		if (names[i].nr == nr)
			return names[i].name;
	}
	return NULL;
}

/* Numbers that are no plain Linux call with a handler. */
static __noinline int64_t dispatch_other(struct regs *r, uint32_t nr)
{
	if (nr >= NATIVE_FIRST && nr <= NATIVE_NR_MAX &&
	    native_table[nr - NATIVE_FIRST] != NULL)
		return native_table[nr - NATIVE_FIRST](r);
	return sys_unknown(nr);
}

/*
 * A stack in reserve for the case that the call blocks.  Leaving must work
 * without memory: exits and returns from signals use the core's last reserve.
 */
static __noinline bool refill(struct regs *r)
{
	uint32_t nr = (uint32_t)regs_syscall_nr(r);
	err_t err = core_refill_spare();

	if (nr == LINUX_NR_exit || nr == LINUX_NR_exit_group ||
	    nr == LINUX_NR_rt_sigreturn)
		return true;

	if (err)
		regs_set_result(r, err);
	return err == 0;
}

static inline int64_t answer(struct regs *r, uint32_t nr)
{
	syscall_fn fn;

	if (likely(nr <= LINUX_NR_MAX)) {
		fn = linux_table[nr];
		if (likely(fn != NULL))
			return fn(r);
	}
	return dispatch_other(r, nr);
}

/*
 * -ERESTART* never reaches user space: the edge turns it into a new call or
 * -EINTR.  Asking for the edge here, because what interrupted the call (a
 * stop, say) may be over before the thread gets there.
 */
static inline void give_result(struct regs *r, int64_t result)
{
	regs_set_result(r, result);
	if (unlikely((uint64_t)result + 516 <= 4))
		thread_set_work(current_thread(), WORK_TASK);
}

static __noinline void dispatch_traced(struct regs *r)
{
	uint32_t nr = (uint32_t)regs_syscall_nr(r);

	trace_write(TR_SYSCALL_ENTER, nr, ARG0(r), ARG1(r));
	give_result(r, answer(r, nr));
	trace(TR_SYSCALL_EXIT, nr, r->rax, 0);
}

void sys_dispatch(struct regs *r)
{
	if (unlikely(!core_has_spare()) && !refill(r))
		return;
	if (unlikely(atomic_load_relaxed(&trace_on))) {
		dispatch_traced(r);
		return;
	}
	/* The upper half of the number does not count, as on Linux. */
	give_result(r, answer(r, (uint32_t)regs_syscall_nr(r)));
}

void sys_init(void)
{
	trap_ops.syscall = sys_dispatch;
	procfs_hooks.unknown_next = sys_unknown_next;
	procfs_hooks.call_name = sys_call_name;
	trace_call_name = sys_call_name;
	signal_frame_init();
	flock_init();
	posix_timers_init();
}
