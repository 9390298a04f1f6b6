/* SPDX-License-Identifier: MIT */
/*
 * The trace ring.
 *
 * LOCKING  A ring is written by its core alone, interrupts off for the few
 *          instructions of a record; readers of other cores' rings may see a
 *          record that is being replaced, and the time tells.
 */
#include <arch/cpu.h>
#include <arch/percpu.h>
#include <debug/trace.h>
#include <lib/atomic.h>
#include <lib/fmt.h>
#include <proc/proc.h>
#include <sched/thread.h>

#define RING_CORES   8 /* cores with a ring of their own; others share */
#define RING_RECORDS 1024u

struct trace_ring {
	uint64_t count; /* ATOMIC; records ever written */
	struct trace_record rec[RING_RECORDS];
};

const char *(*trace_call_name)(uint64_t nr);
bool trace_on;
static struct trace_ring rings[RING_CORES];

static const char *const shown[] = {
#define TRACE_EVENT(name, text, format, args) [TR_##name] = text,
#include <debug/trace_events.def>
#undef TRACE_EVENT
};

void trace_enable(bool on)
{
	atomic_store_relaxed(&trace_on, on);
}

void trace_write(enum trace_event event, uint64_t a, uint64_t b, uint64_t c)
{
	irqflags_t flags = irq_save();
	struct trace_ring *ring = &rings[core_id() % RING_CORES];
	const struct thread *t = current_thread();
	uint64_t n = atomic_fetch_add_relaxed(&ring->count, 1);

	ring->rec[n % RING_RECORDS] = (struct trace_record){
		.tsc = cpu_tsc(),
		.arg = { a, b, c },
		.tid = t == NULL ? 0 : t->tid,
		.core = (uint16_t)core_id(),
		.event = (uint16_t)event,
	};
	irq_restore(flags);
}

bool trace_get(coreid_t core, unsigned i, struct trace_record *out)
{
	const struct trace_ring *ring = &rings[core % RING_CORES];
	uint64_t count = atomic_load_acquire(&ring->count);
	uint64_t first = count > RING_RECORDS ? count - RING_RECORDS : 0;

	if (first + i >= count)
		return false;
	*out = ring->rec[(first + i) % RING_RECORDS];
	return true;
}

/* The table's argument lists name a, b and c through I and U. */
#define I(v) ((long long)r->arg[ARG_##v])
#define U(v) ((unsigned long long)r->arg[ARG_##v])
/* The tables of names look after numbers that are none. */
#define THREAD(v)	    thread_state_name((enum thread_state)U(v))
#define REASON(v)	    wait_reason_name((enum wait_reason)U(v))
#define PROCESS(v)	    proc_state_name((enum proc_state)U(v))
#define CALL(v)		    call_name(r->arg[ARG_##v])
#define EXPAND(...)	    __VA_ARGS__
#define PRINT_ARGS(f, args) kscnprintf(buf, size, f, EXPAND args)
enum {
	ARG_a,
	ARG_b,
	ARG_c
};

static const char *call_name(uint64_t nr)
{
	const char *s = NULL;

	if (trace_call_name != NULL)
		s = trace_call_name(nr);
	return s != NULL ? s : "unknown";
}

static size_t format_args(const struct trace_record *r, char *buf, size_t size)
{
	switch ((enum trace_event)r->event) {
#define TRACE_EVENT(name, text, format, args) \
	case TR_##name: \
		return PRINT_ARGS(format, args);
#include <debug/trace_events.def>
#undef TRACE_EVENT
	case TRACE_NEVENTS:
		break;
	}
	return kscnprintf(buf, size, "?");
}

size_t trace_format(const struct trace_record *r, char *buf, size_t size)
{
	size_t n;

	n = kscnprintf(buf, size, "%llu %u %d %s ", (unsigned long long)r->tsc,
		       (unsigned)r->core, r->tid,
		       r->event < TRACE_NEVENTS ? shown[r->event] : "?");
	return n + format_args(r, buf + n, size - n);
}

void trace_tail(unsigned n, void (*print)(const char *fmt, ...))
{
	const struct trace_ring *ring = &rings[core_id() % RING_CORES];
	uint64_t count = atomic_load_relaxed(&ring->count);
	uint64_t i = count > n ? count - n : 0;
	char line[128];

	if (count > RING_RECORDS && i < count - RING_RECORDS)
		i = count - RING_RECORDS;
	for (; i < count; i++) {
		trace_format(&ring->rec[i % RING_RECORDS], line, sizeof(line));
		print("%s", line);
	}
}

void trace_clear(void)
{
	unsigned i;

	for (i = 0; i < RING_CORES; i++)
		atomic_store_relaxed(&rings[i].count, 0);
}

void state_history_add(struct state_history *h, unsigned from, unsigned to)
{
	uint32_t i = h->count++ % STATE_HISTORY;

	h->entry[i].tsc = cpu_tsc();
	h->entry[i].core = (uint16_t)core_id();
	h->entry[i].from = (uint8_t)from;
	h->entry[i].to = (uint8_t)to;
}

void state_history_print(const struct state_history *h, const char *what,
			 const char *(*name)(unsigned state),
			 void (*print)(const char *fmt, ...))
{
	uint32_t i = h->count > STATE_HISTORY ? h->count - STATE_HISTORY : 0;

	for (; i < h->count; i++)
		print("%s: %s -> %s, core %u, tsc %llu", what,
		      name(h->entry[i % STATE_HISTORY].from),
		      name(h->entry[i % STATE_HISTORY].to),
		      (unsigned)h->entry[i % STATE_HISTORY].core,
		      (unsigned long long)h->entry[i % STATE_HISTORY].tsc);
}
