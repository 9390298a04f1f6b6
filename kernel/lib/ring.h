/* SPDX-License-Identifier: MIT */
/*
 * Ring of bytes for one producer and one consumer, without a lock.
 *
 * The size is a power of two.  head and tail run freely and are masked on
 * use, so all bytes can be filled.  Several producers, or consumers, need a
 * lock of their own among themselves.
 */
#pragma once

#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <lib/types.h>

struct ring {
	uint8_t *buf;  /* IMMUTABLE; the owner's */
	uint32_t mask; /* IMMUTABLE; size - 1 */
	uint32_t head; /* ATOMIC; written by the consumer */
	uint32_t tail; /* ATOMIC; written by the producer */
};

static inline void ring_init(struct ring *r, void *buf, uint32_t size)
{
	kassert(is_pow2(size));
	r->buf = buf;
	r->mask = size - 1;
	r->head = 0;
	r->tail = 0;
}

static inline uint32_t ring_size(const struct ring *r)
{
	return r->mask + 1;
}

/* Exact for the consumer, a lower bound for nobody else. */
static inline uint32_t ring_used(const struct ring *r)
{
	/* Pairs with the release in ring_produced(). */
	return atomic_load_acquire(&r->tail) - atomic_load_acquire(&r->head);
}

static inline uint32_t ring_free(const struct ring *r)
{
	return ring_size(r) - ring_used(r);
}

static inline bool ring_empty(const struct ring *r)
{
	return ring_used(r) == 0;
}

static inline bool ring_full(const struct ring *r)
{
	return ring_used(r) > r->mask;
}

/* The producer: where the next bytes go, and how many fit in one piece. */
static inline uint8_t *ring_write_span(const struct ring *r, uint32_t *n)
{
	uint32_t at = atomic_load_relaxed(&r->tail) & r->mask;

	*n = min(ring_free(r), ring_size(r) - at);
	return r->buf + at;
}

/* The producer: the first @n bytes of the span are there. */
static inline void ring_produced(struct ring *r, uint32_t n)
{
	/* Pairs with the acquire in ring_used(). */
	atomic_store_release(&r->tail, atomic_load_relaxed(&r->tail) + n);
}

/* The consumer: where the next bytes are, and how many in one piece. */
static inline const uint8_t *ring_read_span(const struct ring *r, uint32_t *n)
{
	uint32_t at = atomic_load_relaxed(&r->head) & r->mask;

	*n = min(ring_used(r), ring_size(r) - at);
	return r->buf + at;
}

/* The consumer: the first @n bytes of the span are not needed any more. */
static inline void ring_consumed(struct ring *r, uint32_t n)
{
	/* Pairs with the acquire in ring_used() as the producer calls it. */
	atomic_store_release(&r->head, atomic_load_relaxed(&r->head) + n);
}

/* False when the ring is full. */
static inline bool ring_put(struct ring *r, uint8_t byte)
{
	if (ring_full(r))
		return false;
	r->buf[atomic_load_relaxed(&r->tail) & r->mask] = byte;
	ring_produced(r, 1);
	return true;
}

/* False when the ring is empty. */
static inline bool ring_get(struct ring *r, uint8_t *byte)
{
	if (ring_empty(r))
		return false;
	*byte = r->buf[atomic_load_relaxed(&r->head) & r->mask];
	ring_consumed(r, 1);
	return true;
}

/* As many of @n bytes as fit; returns how many. */
static inline size_t ring_write(struct ring *r, const void *data, size_t n)
{
	const uint8_t *from = data;
	size_t done = 0;
	uint8_t *to;
	uint32_t len;

	while (done < n) {
		to = ring_write_span(r, &len);
		if (len == 0)
			break;
		len = (uint32_t)min_t(size_t, len, n - done);
		memcpy(to, from + done, len);
		ring_produced(r, len);
		done += len;
	}
	return done;
}

/* As many of @n bytes as there are; returns how many. */
static inline size_t ring_read(struct ring *r, void *data, size_t n)
{
	uint8_t *to = data;
	size_t done = 0;
	const uint8_t *from;
	uint32_t len;

	while (done < n) {
		from = ring_read_span(r, &len);
		if (len == 0)
			break;
		len = (uint32_t)min_t(size_t, len, n - done);
		memcpy(to + done, from, len);
		ring_consumed(r, len);
		done += len;
	}
	return done;
}
