/* SPDX-License-Identifier: MIT */
/*
 * Shadow memory that says which bytes of the heap may be touched.  It covers
 * the direct map; addresses elsewhere are not checked.
 */
#pragma once

#include <lib/types.h>

#if CONFIG_KASAN
/* @shadow: one byte for each 8 of [base, base + size), zeroed. */
void kasan_init(uint8_t *shadow, vaddr_t base, uint64_t size);
/* @p is 8-aligned.  Any access to a poisoned byte panics. */
void kasan_poison(const void *p, size_t n);
void kasan_unpoison(const void *p, size_t n);
/*
 * Put a freed object aside: returns an older one to be really freed, or
 * NULL.  Both belong to the cache @cache, whatever that is.
 */
void *kasan_quarantine(const void *cache, void *obj, const void **old_cache);
/* Takes the oldest out, or NULL: when memory is short, or counts matter. */
void *kasan_quarantine_pop(const void **old_cache);
#else
static inline void kasan_init(uint8_t *shadow, vaddr_t base, uint64_t size)
{
	(void)shadow;
	(void)base;
	(void)size;
}

static inline void kasan_poison(const void *p, size_t n)
{
	(void)p;
	(void)n;
}

static inline void kasan_unpoison(const void *p, size_t n)
{
	(void)p;
	(void)n;
}

static inline void *kasan_quarantine(const void *cache, void *obj,
				     const void **old_cache)
{
	*old_cache = cache;
	return obj;
}

static inline void *kasan_quarantine_pop(const void **old_cache)
{
	*old_cache = NULL;
	return NULL;
}
#endif
