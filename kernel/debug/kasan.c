/* SPDX-License-Identifier: MIT */
/*
 * KASAN: the compiler calls in before every access, and a byte of shadow for
 * each 8 bytes of the direct map says whether it is allowed: 0 all eight,
 * 1 to 7 that many from the start, above that none.
 *
 * Freed objects wait in a quarantine, first in, first out, so that a late
 * access finds them poisoned.  This file is compiled without the checks.
 */
#include <debug/kasan.h>
#include <lib/assert.h>
#include <lib/string.h>

#if CONFIG_KASAN

#define POISONED   0xff
#define QUARANTINE 1024u

static uint8_t *shadow; /* IMMUTABLE after frame_init() */
static vaddr_t shadow_base;
static uint64_t shadow_size;

static struct {
	char busy; /* ATOMIC; a lock that no rank is needed for: a leaf */
	uint32_t head, n;
	struct {
		const void *cache;
		void *obj;
	} slots[QUARANTINE];
} quarantine;

void kasan_init(uint8_t *s, vaddr_t base, uint64_t size)
{
	shadow_base = base;
	shadow_size = size;
	__atomic_store_n(&shadow, s, __ATOMIC_RELEASE);
}

static uint8_t *shadow_of(vaddr_t at)
{
	if (shadow == NULL || at - shadow_base >= shadow_size)
		return NULL;
	return shadow + ((at - shadow_base) >> 3);
}

void kasan_poison(const void *p, size_t n)
{
	uint8_t *s = shadow_of((vaddr_t)p);

	if (s != NULL)
		memset(s, POISONED, (n + 7) / 8);
}

void kasan_unpoison(const void *p, size_t n)
{
	uint8_t *s = shadow_of((vaddr_t)p);

	if (s == NULL)
		return;
	memset(s, 0, n / 8);
	if (n % 8 != 0)
		s[n / 8] = n % 8;
}

static bool byte_ok(vaddr_t at)
{
	const uint8_t *s = shadow_of(at);

	return s == NULL || *s == 0 || (*s < 8 && (at & 7) < *s);
}

static bool range_ok(vaddr_t at, size_t n)
{
	vaddr_t last = at + n - 1;

	if (n == 0)
		return true;
	/* A poisoned stretch between two good bytes is met granule-wise. */
	for (; at < last; at = (at | 7) + 1) {
		vaddr_t end = (at | 7) < last ? (at | 7) : last;

		if (!byte_ok(end))
			return false;
	}
	return byte_ok(last);
}

static inline void check(vaddr_t at, size_t n, const char *what, void *pc)
{
	if (likely(range_ok(at, n)))
		return;
	/* The report itself may touch what is poisoned. */
	__atomic_store_n(&shadow, NULL, __ATOMIC_RELAXED);
	panic("KASAN: %s of %zu bytes at %p, which is free or beyond an "
	      "object, from %p",
	      what, n, (void *)at, pc);
}

static void quarantine_lock(void)
{
	while (__atomic_test_and_set(&quarantine.busy, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
}

static void quarantine_unlock(void)
{
	__atomic_clear(&quarantine.busy, __ATOMIC_RELEASE);
}

void *kasan_quarantine(const void *cache, void *obj, const void **old_cache)
{
	void *old = NULL;
	uint32_t at;

	quarantine_lock();
	at = (quarantine.head + quarantine.n) % QUARANTINE;
	if (quarantine.n == QUARANTINE) {
		old = quarantine.slots[at].obj;
		*old_cache = quarantine.slots[at].cache;
		quarantine.head = (quarantine.head + 1) % QUARANTINE;
	} else {
		quarantine.n++;
	}
	quarantine.slots[at].obj = obj;
	quarantine.slots[at].cache = cache;
	quarantine_unlock();
	return old;
}

void *kasan_quarantine_pop(const void **old_cache)
{
	void *old = NULL;

	*old_cache = NULL;
	quarantine_lock();
	if (quarantine.n != 0) {
		old = quarantine.slots[quarantine.head].obj;
		*old_cache = quarantine.slots[quarantine.head].cache;
		quarantine.head = (quarantine.head + 1) % QUARANTINE;
		quarantine.n--;
	}
	quarantine_unlock();
	return old;
}

/* ---- what the compiler calls ---- */

#define KASAN_ACCESS(size) \
	void __asan_load##size##_noabort(vaddr_t at); \
	void __asan_load##size##_noabort(vaddr_t at) \
	{ \
		check(at, size, "read", __builtin_return_address(0)); \
	} \
	void __asan_store##size##_noabort(vaddr_t at); \
	void __asan_store##size##_noabort(vaddr_t at) \
	{ \
		check(at, size, "write", __builtin_return_address(0)); \
	}

KASAN_ACCESS(1)
KASAN_ACCESS(2)
KASAN_ACCESS(4)
KASAN_ACCESS(8)
KASAN_ACCESS(16)

void __asan_loadN_noabort(vaddr_t at, size_t n);
void __asan_loadN_noabort(vaddr_t at, size_t n)
{
	check(at, n, "read", __builtin_return_address(0));
}

void __asan_storeN_noabort(vaddr_t at, size_t n);
void __asan_storeN_noabort(vaddr_t at, size_t n)
{
	check(at, n, "write", __builtin_return_address(0));
}

void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
}

/* clang turns the plain ones into these. */
void *__asan_memcpy(void *dst, const void *src, size_t n);
void *__asan_memcpy(void *dst, const void *src, size_t n)
{
	check((vaddr_t)src, n, "read", __builtin_return_address(0));
	check((vaddr_t)dst, n, "write", __builtin_return_address(0));
	return memcpy(dst, src, n);
}

void *__asan_memmove(void *dst, const void *src, size_t n);
void *__asan_memmove(void *dst, const void *src, size_t n)
{
	check((vaddr_t)src, n, "read", __builtin_return_address(0));
	check((vaddr_t)dst, n, "write", __builtin_return_address(0));
	return memmove(dst, src, n);
}

void *__asan_memset(void *dst, int c, size_t n);
void *__asan_memset(void *dst, int c, size_t n)
{
	check((vaddr_t)dst, n, "write", __builtin_return_address(0));
	return memset(dst, c, n);
}

#endif
