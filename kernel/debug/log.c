/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: the kernel log: to the debug port always, into a ring in memory
 * for dmesg, and to the console once there is one.
 *
 * LOCKING: a spinlock of its own, below every other: a word with the holder's
 * core, taken with interrupts off.  The holder itself may come again, from an
 * NMI or a fault inside formatting; it then writes without the lock, and the
 * worst is a garbled line.  A panic takes no lock at all.
 */
#include <arch/cpu.h>
#include <arch/percpu.h>
#include <debug/log.h>
#include <lib/atomic.h>
#include <lib/fmt.h>
#include <lib/minmax.h>

#define DEBUG_PORT 0xe9
#define RING_SIZE  65536u
#define LINE_MAX   512u

void (*klog_console)(const char *s, size_t n);
int klog_console_level = KLOG_INFO;

static char ring[RING_SIZE];	/* GUARDED_BY(holder) */
static size_t ring_end;		/* GUARDED_BY(holder); bytes ever written */
static char line_buf[LINE_MAX]; /* GUARDED_BY(holder) */
static uint32_t holder;		/* ATOMIC; core number + 1, 0 if free */
static bool panic_mode;		/* ATOMIC; never reset */
static uint64_t first_stamp;	/* GUARDED_BY(holder) */

struct log_guard {
	irqflags_t flags;
	bool taken;
};

static struct log_guard log_lock(void)
{
	uint32_t me = core_id() + 1, none = 0;
	struct log_guard g = { irq_save(), false };

	if (atomic_load_relaxed(&panic_mode) ||
	    atomic_load_relaxed(&holder) == me)
		return g;
	/* Pairs with the release in log_unlock(). */
	while (!atomic_cas(&holder, &none, me)) {
		none = 0;
		if (atomic_load_relaxed(&panic_mode))
			return g;
		cpu_relax();
	}
	g.taken = true;
	return g;
}

static void log_unlock(struct log_guard g)
{
	if (g.taken)
		atomic_store_release(&holder, 0);
	irq_restore(g.flags);
}

void klog_panic_mode(void)
{
	atomic_store_relaxed(&panic_mode, true);
}

static void ring_put(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		ring[(ring_end + i) % RING_SIZE] = s[i];
	ring_end += n;
}

/* Microseconds since the first line; 0 while the rate is unknown. */
static uint64_t stamp_us(void)
{
	uint64_t hz = cpu_tsc_hz(), now = cpu_tsc();

	if (first_stamp == 0)
		first_stamp = now;
	if (hz < 1000000)
		return 0;
	return (now - first_stamp) / (hz / 1000000);
}

static __printf(2, 0) void log_line(enum klog_level level, const char *fmt,
				    va_list ap)
{
	struct log_guard g = log_lock();
	uint64_t us = stamp_us();
	size_t n;

	n = kscnprintf(line_buf, LINE_MAX, "[%5llu.%06llu] ",
		       (unsigned long long)(us / 1000000),
		       (unsigned long long)(us % 1000000));
	/* One byte is kept for the newline. */
	n += min_t(size_t, kvsnprintf(line_buf + n, LINE_MAX - 1 - n, fmt, ap),
		   LINE_MAX - 2 - n);
	line_buf[n++] = '\n';
	debug_port_write(DEBUG_PORT, line_buf, n);
	ring_put(line_buf, n);
	if (klog_console != NULL && (int)level <= klog_console_level)
		klog_console(line_buf, n);
	log_unlock(g);
}

void klog(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(KLOG_INFO, fmt, ap);
	va_end(ap);
}

void klog_at(enum klog_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(level, fmt, ap);
	va_end(ap);
}

size_t klog_read(size_t *pos, char *buf, size_t n)
{
	struct log_guard g = log_lock();
	size_t oldest = ring_end > RING_SIZE ? ring_end - RING_SIZE : 0;
	size_t i;

	if (*pos < oldest)
		*pos = oldest;
	n = *pos < ring_end ? min(n, ring_end - *pos) : 0;
	for (i = 0; i < n; i++)
		buf[i] = ring[(*pos + i) % RING_SIZE];
	*pos += n;
	log_unlock(g);
	return n;
}

size_t klog_end(void)
{
	struct log_guard g = log_lock();
	size_t end = ring_end;

	log_unlock(g);
	return end;
}
