/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

struct linux_sysinfo {
	int64_t uptime;
	uint64_t loads[3];
	uint64_t totalram, freeram, sharedram, bufferram;
	uint64_t totalswap, freeswap;
	uint16_t procs, pad;
	uint32_t pad2;
	uint64_t totalhigh, freehigh;
	uint32_t mem_unit, pad3;
};
_Static_assert(sizeof(struct linux_sysinfo) == 112, "sysinfo");
#define SI_LOAD_SHIFT 16

/* syslog(2): what to do. */
#define SYSLOG_CLOSE	     0
#define SYSLOG_OPEN	     1
#define SYSLOG_READ	     2
#define SYSLOG_READ_ALL	     3
#define SYSLOG_READ_CLEAR    4
#define SYSLOG_CLEAR	     5
#define SYSLOG_CONSOLE_OFF   6
#define SYSLOG_CONSOLE_ON    7
#define SYSLOG_CONSOLE_LEVEL 8
#define SYSLOG_SIZE_UNREAD   9
#define SYSLOG_SIZE_BUFFER   10

#define GRND_NONBLOCK 1u
#define GRND_RANDOM   2u
#define GRND_INSECURE 4u
