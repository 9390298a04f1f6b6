/* SPDX-License-Identifier: MIT */
/*
 * The trace: a ring of small records on each core.  Off, it costs one
 * predictable branch at each point.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

enum trace_event {
#define TRACE_EVENT(name, shown, format, args) TR_##name,
#include <debug/trace_events.def>
#undef TRACE_EVENT
	TRACE_NEVENTS,
};

struct trace_record {
	uint64_t tsc;
	uint64_t arg[3];
	int32_t tid;
	uint16_t core;
	uint16_t event;
};

extern bool trace_on; /* ATOMIC */
/* sys/: the name of a system call, or NULL. */
extern const char *(*trace_call_name)(uint64_t nr);
/* By init/ (`trace` on the command line) or through /proc. */
void trace_enable(bool on);

void trace_write(enum trace_event event, uint64_t a, uint64_t b, uint64_t c);

#define trace(event, a, b, c) \
	do { \
		if (unlikely(__atomic_load_n(&trace_on, __ATOMIC_RELAXED))) \
			trace_write((event), (uint64_t)(a), (uint64_t)(b), \
				    (uint64_t)(c)); \
	} while (0)

/*
 * The @i-th record of core @core, 0 the oldest; false past the newest.
 * Records written meanwhile may make it skip or repeat some.
 */
bool trace_get(coreid_t core, unsigned i, struct trace_record *out);
/* One line without newline; returns its length, cut to @size. */
size_t trace_format(const struct trace_record *r, char *buf, size_t size);
/* The last @n records of this core, for panics. */
void trace_tail(unsigned n, void (*print)(const char *fmt, ...));
/* Forget what was recorded. */
void trace_clear(void);

/*
 * The last few states of an object, kept in the object and printed when
 * something is wrong with it.
 */
#define STATE_HISTORY 8
struct state_history {
	uint32_t count;
	struct {
		uint64_t tsc;
		uint16_t core;
		uint8_t from, to;
	} entry[STATE_HISTORY];
};
/* Under the lock that guards the state. */
void state_history_add(struct state_history *h, unsigned from, unsigned to);
void state_history_print(const struct state_history *h, const char *what,
			 const char *(*name)(unsigned state),
			 void (*print)(const char *fmt, ...));
