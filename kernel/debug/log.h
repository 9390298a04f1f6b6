/* SPDX-License-Identifier: MIT */
/*
 * The kernel log.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

enum klog_level {
	KLOG_ERROR,
	KLOG_WARN,
	KLOG_INFO,
	KLOG_DEBUG,
};

/*
 * One whole line; the newline is added.
 * Context: any.
 * Locks:   takes CONSOLE, a leaf.
 */
void klog(const char *fmt, ...) __printf(1, 2);
/* The same with a level; klog() is KLOG_INFO. */
void klog_at(enum klog_level level, const char *fmt, ...) __printf(2, 3);

/*
 * The last 64 KiB of the log, newest overwriting oldest.  *@pos is a position
 * in all that was ever logged, 0 for the oldest that is left; it moves on
 * past what was copied.
 * Context: any.
 * Returns: bytes copied, 0 when there is nothing newer.
 */
size_t klog_read(size_t *pos, char *buf, size_t n);
/* Position after the newest byte: where klog_read() would find nothing. */
size_t klog_end(void);
/*
 * Where lines go besides the debug port, if their level is at most
 * klog_console_level; set by dev/.  Called with interrupts off under the
 * log's lock: it must not log, sleep, or take a lock that is held elsewhere
 * while logging.
 */
extern void (*klog_console)(const char *s, size_t n);
extern int klog_console_level;
/* From now on no lock is taken: the kernel is dying.  For panic only. */
void klog_panic_mode(void);
