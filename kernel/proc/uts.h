/* SPDX-License-Identifier: MIT */
/* What uname(2) and /proc say the system is called. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

#define UTS_SYSNAME "Linux"
/* At least 6.1: libraries refuse what is older than they know. */
#define UTS_RELEASE "6.1.0-pando"
#define UTS_VERSION "#1 Pando many-core kernel"
#define UTS_MACHINE "x86_64"

#define UTS_NAME_SIZE 65u /* with the terminator */

/* Context: any but irq.  Locks: take USER, nothing under it. */
void uts_hostname(char out[UTS_NAME_SIZE]);
void uts_domainname(char out[UTS_NAME_SIZE]);
/* @n bytes, cut to fit; the caller has checked who asks. */
void uts_set_hostname(const char *s, size_t n);
void uts_set_domainname(const char *s, size_t n);
