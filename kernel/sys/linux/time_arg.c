/* SPDX-License-Identifier: MIT */
/* Times between the forms of the ABI and nanoseconds. */
#include "linux_impl.h"

#define SEC_MAX ((int64_t)(INT64_MAX / (int64_t)NSEC_PER_SEC))

err_t timespec_get(uint64_t addr, struct linux_timespec *ts)
{
	return get_user(ts, UPTR_CONST(struct linux_timespec, addr));
}

bool timespec_valid(const struct linux_timespec *ts)
{
	return ts->tv_sec >= 0 && ts->tv_nsec >= 0 &&
	       ts->tv_nsec < (int64_t)NSEC_PER_SEC;
}

nsec_t timespec_ns(const struct linux_timespec *ts)
{
	if (ts->tv_sec >= SEC_MAX)
		return INT64_MAX;
	return (nsec_t)ts->tv_sec * NSEC_PER_SEC + (nsec_t)ts->tv_nsec;
}

struct linux_timespec ns_timespec(nsec_t ns)
{
	return (struct linux_timespec){ (int64_t)(ns / NSEC_PER_SEC),
					(int64_t)(ns % NSEC_PER_SEC) };
}

struct linux_timeval ns_timeval(nsec_t ns)
{
	return (struct linux_timeval){ (int64_t)(ns / NSEC_PER_SEC),
				       (int64_t)(ns % NSEC_PER_SEC /
						 NSEC_PER_USEC) };
}

nsec_t deadline_after(nsec_t span)
{
	nsec_t now = clock_monotonic();

	return span >= INT64_MAX - now ? (nsec_t)INT64_MAX : now + span;
}
