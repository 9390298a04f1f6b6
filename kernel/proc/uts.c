/* SPDX-License-Identifier: MIT */
/* Host and domain name: the names of the system that can change. */
#include <lib/string.h>
#include <proc/uts.h>
#include <sync/spinlock.h>

/* Nothing is taken under it. */
static struct spinlock lock = SPINLOCK_INIT(USER);
static char hostname[UTS_NAME_SIZE] GUARDED_BY(lock) = "pando";
static char domainname[UTS_NAME_SIZE] GUARDED_BY(lock) = "(none)";

void uts_hostname(char out[UTS_NAME_SIZE])
{
	spin_lock(&lock);
	memcpy(out, hostname, UTS_NAME_SIZE);
	spin_unlock(&lock);
}

void uts_domainname(char out[UTS_NAME_SIZE])
{
	spin_lock(&lock);
	memcpy(out, domainname, UTS_NAME_SIZE);
	spin_unlock(&lock);
}

void uts_set_hostname(const char *s, size_t n)
{
	spin_lock(&lock);
	(void)str_copy_n(hostname, sizeof(hostname), s, n);
	spin_unlock(&lock);
}

void uts_set_domainname(const char *s, size_t n)
{
	spin_lock(&lock);
	(void)str_copy_n(domainname, sizeof(domainname), s, n);
	spin_unlock(&lock);
}
