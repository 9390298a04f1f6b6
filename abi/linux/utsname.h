/* SPDX-License-Identifier: MIT */
#pragma once

#define LINUX_UTS_LEN 65

struct linux_utsname {
	char sysname[LINUX_UTS_LEN], nodename[LINUX_UTS_LEN];
	char release[LINUX_UTS_LEN], version[LINUX_UTS_LEN];
	char machine[LINUX_UTS_LEN], domainname[LINUX_UTS_LEN];
};
_Static_assert(sizeof(struct linux_utsname) == 390, "utsname");
