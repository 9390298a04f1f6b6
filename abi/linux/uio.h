/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

struct linux_iovec {
	uint64_t iov_base, iov_len;
};
#define LINUX_IOV_MAX 1024
/* One call moves at most this: INT_MAX rounded down to a page. */
#define LINUX_RW_MAX 0x7ffff000u

#define RWF_HIPRI  1u
#define RWF_DSYNC  2u
#define RWF_SYNC   4u
#define RWF_NOWAIT 8u
#define RWF_APPEND 16u

#define XATTR_CREATE   1u
#define XATTR_REPLACE  2u
#define XATTR_NAME_LEN 255u
#define XATTR_SIZE_LEN 65536u
#define XATTR_LIST_LEN 65536u
