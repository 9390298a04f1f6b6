/* SPDX-License-Identifier: MIT */
/* What the system is and how it is: names, figures, log, random bytes. */
#include <abi/linux/sysinfo.h>
#include <abi/linux/utsname.h>
#include <debug/log.h>
#include <lib/atomic.h>
#include <mm/frame.h>
#include <mm/slab.h>
#include <proc/uts.h>
#include <sync/krandom.h>
#include <sync/park.h>

#include "linux_impl.h"

#define LOG_SIZE 65536
#define CHUNK	 256u

int64_t linux_uname(struct regs *r)
{
	struct linux_utsname *u = kzalloc(sizeof(*u));
	err_t err;

	if (u == NULL)
		return -ENOMEM;
	str_copy(u->sysname, sizeof(u->sysname), UTS_SYSNAME);
	uts_hostname(u->nodename);
	str_copy(u->release, sizeof(u->release), UTS_RELEASE);
	str_copy(u->version, sizeof(u->version), UTS_VERSION);
	str_copy(u->machine, sizeof(u->machine), UTS_MACHINE);
	uts_domainname(u->domainname);
	err = put_user(UPTR(struct linux_utsname, ARG0(r)), u);
	kfree(u);
	return err;
}

static int64_t set_uts(struct regs *r, void (*set)(const char *s, size_t n))
{
	int32_t len = arg_int(ARG1(r));
	char name[UTS_NAME_SIZE];
	err_t err;

	if (current_cred()->euid != 0)
		return -EPERM;
	if (len < 0 || len >= (int32_t)UTS_NAME_SIZE)
		return -EINVAL;
	err = copy_from_user(name, UPTR_CONST(void, ARG0(r)), (size_t)len);
	if (err == 0)
		set(name, (size_t)len);
	return err;
}

int64_t linux_sethostname(struct regs *r)
{
	return set_uts(r, uts_set_hostname);
}

int64_t linux_setdomainname(struct regs *r)
{
	return set_uts(r, uts_set_domainname);
}

int64_t linux_sysinfo(struct regs *r)
{
	struct linux_sysinfo si = { .mem_unit = 1 };
	struct sched_stats st;
	struct frame_stats fr;

	frame_get_stats(&fr);
	sched_get_stats(0, &st);
	si.uptime = (int64_t)(clock_monotonic() / NSEC_PER_SEC);
	for (unsigned i = 0; i < 3; i++)
		si.loads[i] = st.loadavg[i] << (SI_LOAD_SHIFT - 11);
	si.totalram = fr.total * PAGE_SIZE;
	si.freeram = fr.free * PAGE_SIZE;
	si.procs = (uint16_t)min_t(unsigned, threads_count(), UINT16_MAX);
	return put_user(UPTR(struct linux_sysinfo, ARG0(r)), &si);
}

/* --- syslog --- */

static size_t log_cleared; /* ATOMIC; READ_ALL shows what came after */
static size_t log_taken;   /* ATOMIC; READ continues here */

/* From *@pos on to the user, up to @len bytes. */
static int64_t copy_log(size_t *pos, uint64_t to, size_t len)
{
	size_t done = 0, n;
	char buf[CHUNK];

	while (done < len) {
		n = klog_read(pos, buf, min_t(size_t, len - done, CHUNK));
		if (n == 0)
			break;
		if (copy_to_user(UPTR(char, to + done), buf, n) != 0)
			return -EFAULT;
		done += n;
	}
	return (int64_t)done;
}

static int64_t read_all(uint64_t to, int32_t len, bool clear)
{
	size_t end = klog_end(), room = min_t(size_t, (size_t)len, LOG_SIZE);
	size_t pos = atomic_load_relaxed(&log_cleared);
	int64_t ret;

	/* The newest that fit. */
	if (end - pos > room)
		pos = end - room;
	ret = copy_log(&pos, to, min_t(size_t, end - pos, room));
	if (ret >= 0 && clear)
		atomic_store_relaxed(&log_cleared, end);
	return ret;
}

static int64_t read_new(uint64_t to, int32_t len)
{
	size_t pos = atomic_load_relaxed(&log_taken);
	int64_t ret = copy_log(&pos, to, (size_t)len);

	if (ret > 0)
		atomic_store_relaxed(&log_taken, pos);
	return ret;
}

int64_t linux_syslog(struct regs *r)
{
	int32_t what = arg_int(ARG0(r)), len = arg_int(ARG2(r));
	bool reads = what >= SYSLOG_READ && what <= SYSLOG_READ_CLEAR;

	if (what != SYSLOG_READ_ALL && what != SYSLOG_SIZE_BUFFER &&
	    current_cred()->euid != 0)
		return -EPERM;
	if (reads && (ARG1(r) == 0 || len < 0))
		return -EINVAL;
	switch (what) {
	case SYSLOG_CLOSE:
	case SYSLOG_OPEN:
		return 0;
	case SYSLOG_READ:
		return len == 0 ? 0 : read_new(ARG1(r), len);
	case SYSLOG_READ_ALL:
	case SYSLOG_READ_CLEAR:
		return len == 0 ? 0
				: read_all(ARG1(r), len,
					   what == SYSLOG_READ_CLEAR);
	case SYSLOG_CLEAR:
		atomic_store_relaxed(&log_cleared, klog_end());
		return 0;
	case SYSLOG_CONSOLE_OFF:
		klog_console_level = KLOG_ERROR;
		return 0;
	case SYSLOG_CONSOLE_ON:
		klog_console_level = KLOG_INFO;
		return 0;
	case SYSLOG_CONSOLE_LEVEL:
		if (len < 1 || len > 8)
			return -EINVAL;
		klog_console_level = len <= 4	? KLOG_ERROR
				     : len <= 5 ? KLOG_WARN
				     : len <= 7 ? KLOG_INFO
						: KLOG_DEBUG;
		return 0;
	case SYSLOG_SIZE_UNREAD:
		return (int64_t)min_t(
			size_t, klog_end() - atomic_load_relaxed(&log_taken),
			LOG_SIZE);
	case SYSLOG_SIZE_BUFFER:
		return LOG_SIZE;
	default:
		return -EINVAL;
	}
}

int64_t linux_getrandom(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG2(r);
	size_t len = min_t(size_t, ARG1(r), INT32_MAX), done = 0;
	uint8_t buf[CHUNK];

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) ==
	    (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	while (done < len) {
		size_t n = min_t(size_t, len - done, sizeof(buf));

		krandom_bytes(buf, n);
		if (copy_to_user(UPTR(void, ARG0(r) + done), buf, n) != 0)
			return done > 0 ? (int64_t)done : -EFAULT;
		done += n;
		if (done % PAGE_SIZE == 0) {
			sched_point();
			if (thread_work(current_thread()) & WORK_KILL)
				break;
		}
	}
	mem_wipe(buf, sizeof(buf));
	return (int64_t)done;
}
