/* SPDX-License-Identifier: MIT */
/* futex: the words themselves are event/'s business. */
#include <abi/linux/futex.h>
#include <event/futex.h>
#include <proc/proc_attr.h>
#include <sched/waitq.h>

#include "linux_impl.h"

static struct uref word_at(uint64_t addr)
{
	return (struct uref){ NULL, addr, sizeof(uint32_t) };
}

static int64_t wait_again(struct restart_block *rb)
{
	err_t err = futex_wait(word_at(rb->arg[0]), (uint32_t)rb->arg[1],
			       (uint32_t)rb->arg[2], rb->arg[3],
			       rb->arg[4] != 0);

	return err == -EINTR ? -ERESTART_RESTARTBLOCK : err;
}

static int64_t wait_on(uint64_t addr, uint32_t val, uint32_t bitset,
		       nsec_t deadline, bool shared)
{
	struct restart_block *rb;
	err_t err;

	err = futex_wait(word_at(addr), val, bitset, deadline, shared);
	if (err != -EINTR)
		return err;
	if (deadline == NO_DEADLINE)
		return -ERESTARTSYS;
	rb = &thread_attr(current_thread())->restart;
	rb->fn = wait_again;
	rb->arg[0] = addr;
	rb->arg[1] = val;
	rb->arg[2] = bitset;
	rb->arg[3] = deadline;
	rb->arg[4] = shared;
	return -ERESTART_RESTARTBLOCK;
}

/* FUTEX_WAIT counts from now, the bitset form names a moment. */
static err_t deadline_get(uint64_t addr, int cmd, bool realtime,
			  nsec_t *deadline)
{
	struct linux_timespec ts;
	nsec_t at, now;
	err_t err;

	*deadline = NO_DEADLINE;
	if (addr == 0)
		return 0;
	err = timespec_get(addr, &ts);
	if (err)
		return err;
	if (!timespec_valid(&ts))
		return -EINVAL;
	at = timespec_ns(&ts);
	if (cmd == FUTEX_WAIT) {
		*deadline = deadline_after(at);
	} else if (realtime) {
		now = clock_realtime();
		*deadline = at > now ? deadline_after(at - now) : 1;
	} else {
		*deadline = at;
	}
	return 0;
}

static int64_t requeue(struct regs *r, bool compare, bool shared)
{
	uint32_t expected = (uint32_t)ARG5(r);
	unsigned count = 0;
	err_t err;

	if (arg_int(ARG2(r)) < 0 || arg_int(ARG3(r)) < 0)
		return -EINVAL;
	err = futex_requeue(word_at(ARG0(r)), (unsigned)ARG2(r),
			    word_at(ARG4(r)), (unsigned)ARG3(r),
			    compare ? &expected : NULL, shared, &count);
	return err ? err : (int64_t)count;
}

int64_t linux_futex(struct regs *r)
{
	int op = arg_int(ARG1(r)), cmd = op & FUTEX_CMD_MASK;
	bool shared = (op & FUTEX_PRIVATE_FLAG) == 0;
	bool realtime = (op & FUTEX_CLOCK_REALTIME) != 0;
	uint32_t bits = FUTEX_BITSET_MATCH_ANY;
	nsec_t deadline = NO_DEADLINE;
	unsigned count = 0;
	err_t err;

	if (cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET) {
		err = deadline_get(ARG3(r), cmd, realtime, &deadline);
		if (err)
			return err;
	} else if (realtime) {
		return -ENOSYS;
	}
	/* The parameter that only the bitset forms have. */
	if (cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAKE_BITSET)
		bits = (uint32_t)ARG5(r);
	switch (cmd) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return wait_on(ARG0(r), (uint32_t)ARG2(r), bits, deadline,
			       shared);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		/* At least one, whatever was asked: as on Linux. */
		err = futex_wake(word_at(ARG0(r)),
				 arg_int(ARG2(r)) <= 0 ? 1 : (unsigned)ARG2(r),
				 bits, shared, &count);
		return err ? err : (int64_t)count;
	case FUTEX_REQUEUE:
		return requeue(r, false, shared);
	case FUTEX_CMP_REQUEUE:
		return requeue(r, true, shared);
	case FUTEX_WAKE_OP:
		err = futex_wake_op(word_at(ARG0(r)), (unsigned)ARG2(r),
				    word_at(ARG4(r)), (unsigned)ARG3(r),
				    (uint32_t)ARG5(r), shared, &count);
		return err ? err : (int64_t)count;
	default:
		return -ENOSYS;
	}
}
