/* SPDX-License-Identifier: MIT */
/* Times, clocks and timers. */
#pragma once

#include <stdint.h>

struct linux_timespec {
	int64_t tv_sec, tv_nsec;
};

struct linux_timeval {
	int64_t tv_sec, tv_usec;
};

struct linux_itimerspec {
	struct linux_timespec it_interval, it_value;
};

struct linux_itimerval {
	struct linux_timeval it_interval, it_value;
};

struct linux_timezone {
	int32_t tz_minuteswest, tz_dsttime;
};

struct linux_tms {
	int64_t tms_utime, tms_stime, tms_cutime, tms_cstime;
};

struct linux_utimbuf {
	int64_t actime, modtime;
};

struct linux_sigevent {
	uint64_t sigev_value;
	int32_t sigev_signo;
	int32_t sigev_notify;
	int32_t sigev_tid;
	int32_t pad[11];
};
_Static_assert(sizeof(struct linux_timespec) == 16, "timespec");
_Static_assert(sizeof(struct linux_itimerspec) == 32, "itimerspec");
_Static_assert(sizeof(struct linux_tms) == 32, "tms");
_Static_assert(sizeof(struct linux_sigevent) == 64, "sigevent");

#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2
#define SIGEV_THREAD_ID 4

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID	 3
#define CLOCK_MONOTONIC_RAW	 4
#define CLOCK_REALTIME_COARSE	 5
#define CLOCK_MONOTONIC_COARSE	 6
#define CLOCK_BOOTTIME		 7
#define CLOCK_REALTIME_ALARM	 8
#define CLOCK_BOOTTIME_ALARM	 9
#define CLOCK_TAI		 11

#define TIMER_ABSTIME 1

#define ITIMER_REAL    0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF    2

/* Clock ticks a second that times(2) and AT_CLKTCK speak of. */
#define LINUX_USER_HZ 100
