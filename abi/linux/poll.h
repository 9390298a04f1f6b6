/* SPDX-License-Identifier: MIT */
/* poll and select.  Event bits: obj/desc.h has the same as POLL_*. */
#pragma once

#include <stdint.h>

#define POLLIN	   0x0001u
#define POLLPRI	   0x0002u
#define POLLOUT	   0x0004u
#define POLLERR	   0x0008u
#define POLLHUP	   0x0010u
#define POLLNVAL   0x0020u
#define POLLRDNORM 0x0040u
#define POLLRDBAND 0x0080u
#define POLLWRNORM 0x0100u
#define POLLWRBAND 0x0200u
#define POLLMSG	   0x0400u
#define POLLRDHUP  0x2000u

struct linux_pollfd {
	int32_t fd;
	int16_t events, revents;
};
_Static_assert(sizeof(struct linux_pollfd) == 8, "pollfd");

/* The sixth argument of pselect6. */
struct linux_sigset_arg {
	uint64_t set, size;
};
