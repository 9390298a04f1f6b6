/* SPDX-License-Identifier: MIT */
/*
 * The first native calls: 4096 to 4351, the core.
 *
 * Reads and writes name a handle and an offset; the description's own offset
 * is neither used nor moved, except with offset ~0, or where the
 * object is a stream.
 */
#include <debug/log.h>
#include <mm/uio.h>

#include "../sys_impl.h"

#include <gen/native_syscalls.h>

#define NATIVE_SYSCALL(nr, name, handler, nargs) \
	int64_t handler(struct regs *r);
#include <gen/native_syscalls.h>
#undef NATIVE_SYSCALL

#define OFFSET_CURRENT UINT64_MAX
#define IO_MAX	       UINT64_C(0x7ffff000)
#define LOG_LINE_MAX   200
#define COUNTS_MAX     128

struct call_count {
	uint64_t nr, count;
};

int64_t native_nop(struct regs *r)
{
	(void)r;
	return 0;
}

int64_t native_getpid(struct regs *r)
{
	struct proc *p = self_proc();

	(void)r;
	return proc_pid_in(p, proc_pidns(p));
}

int64_t native_getppid(struct regs *r)
{
	(void)r;
	return proc_ppid(self_proc());
}

int64_t native_exit(struct regs *r)
{
	proc_exit((int)(ARG0(r) & 0xff) << 8);
}

static int64_t native_io(struct regs *r, bool write)
{
	struct handles *h = proc_handles(self_proc());
	struct borrowed b = handle_borrow(h, (int)(uint32_t)ARG0(r));
	uint64_t at = ARG3(r), len = ARG2(r);
	struct uio u;
	int64_t ret;

	if (b.d == NULL)
		return -EBADF;
	if (!user_range_ok(ARG1(r), len)) {
		ret = -EFAULT;
	} else {
		uio_init_user(&u, ARG1(r), len < IO_MAX ? len : IO_MAX);
		if (at == OFFSET_CURRENT || b.d->ops->stream)
			ret = write ? desc_write(b.d, &u) : desc_read(b.d, &u);
		else
			ret = write ? desc_write_at(b.d, &u, at)
				    : desc_read_at(b.d, &u, at);
	}
	handle_return(b);
	return ret;
}

int64_t native_read(struct regs *r)
{
	return native_io(r, false);
}

int64_t native_write(struct regs *r)
{
	return native_io(r, true);
}

int64_t native_close(struct regs *r)
{
	return handle_close(proc_handles(self_proc()), (int)(uint32_t)ARG0(r));
}

/* A line for the kernel log, marked with who said it. */
int64_t native_log(struct regs *r)
{
	char line[LOG_LINE_MAX + 1];
	uint64_t len = ARG1(r);
	err_t err;

	if (len > LOG_LINE_MAX)
		return -EMSGSIZE;
	err = copy_from_user(line, UPTR_CONST(char, ARG0(r)), len);
	if (err)
		return err;
	for (uint64_t i = 0; i < len; i++) {
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	}
	line[len] = '\0';
	klog("pid %d: %s", proc_pid(self_proc()), line);
	return 0;
}

/*
 * Up to @n pairs (number, count) of calls that nobody answered; returns how
 * many there are.
 */
int64_t native_call_counts(struct regs *r)
{
	uint64_t to = ARG0(r), n = ARG1(r);
	struct call_count c;
	unsigned i;

	for (i = 0; i < COUNTS_MAX && sys_unknown_next(i, &c.nr, &c.count);
	     i++) {
		if (i < n && copy_to_user(UPTR(void, to + i * sizeof(c)), &c,
					  sizeof(c)) != 0)
			return -EFAULT;
	}
	return i;
}
