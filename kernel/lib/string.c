/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings.
 *
 * Up to 64 bytes are moved by plain loads and stores that overlap in the
 * middle, all loads before all stores, which makes memmove of them too.
 * Above that a REP instruction moves 8 bytes a step: the fewest instructions
 * where each step counts as one.  The direction flag is never set, so that
 * an interrupt at any place finds it as C wants it.
 *
 * On a host the names of C belong to its C library: this file's own are then
 * called pando_memcpy and so on, and only its test knows them.
 */
#include <lib/annot.h>

#if PANDO_HOST
#define memcpy	pando_memcpy
#define memmove pando_memmove
#define memset	pando_memset
#define memcmp	pando_memcmp
#define memchr	pando_memchr
#define strlen	pando_strlen
#define strnlen pando_strnlen
#define strcmp	pando_strcmp
#define strncmp pando_strncmp
#define strchr	pando_strchr
#define strrchr pando_strrchr
#endif

#include <lib/minmax.h>
#include <lib/string.h>

#if !PANDO_HOST
#undef memcpy
#undef memset
#undef memcmp
#endif

/* Words at any address. */
struct word64 {
	uint64_t v;
} __packed;
struct word32 {
	uint32_t v;
} __packed;
struct word16 {
	uint16_t v;
} __packed;

static __always_inline uint64_t get64(const void *p)
{
	const struct word64 *w = p;

	return w->v;
}

static __always_inline void put64(void *p, uint64_t v)
{
	struct word64 *w = p;

	w->v = v;
}

static __always_inline uint32_t get32(const void *p)
{
	const struct word32 *w = p;

	return w->v;
}

static __always_inline void put32(void *p, uint32_t v)
{
	struct word32 *w = p;

	w->v = v;
}

static __always_inline uint16_t get16(const void *p)
{
	const struct word16 *w = p;

	return w->v;
}

static __always_inline void put16(void *p, uint16_t v)
{
	struct word16 *w = p;

	w->v = v;
}

/* 0 to 15 bytes, which may overlap. */
static __always_inline void move_below_16(void *d, const void *s, size_t n)
{
	uint64_t a, b;

	if (n >= 8) {
		a = get64(s);
		b = get64(s + n - 8);
		put64(d, a);
		put64(d + n - 8, b);
	} else if (n >= 4) {
		a = get32(s);
		b = get32(s + n - 4);
		put32(d, (uint32_t)a);
		put32(d + n - 4, (uint32_t)b);
	} else if (n >= 2) {
		a = get16(s);
		b = get16(s + n - 2);
		put16(d, (uint16_t)a);
		put16(d + n - 2, (uint16_t)b);
	} else if (n != 0) {
		*(uint8_t *)d = *(const uint8_t *)s;
	}
}

/* 16 to 32 bytes, which may overlap. */
static __always_inline void move_16_to_32(void *d, const void *s, size_t n)
{
	uint64_t a = get64(s);
	uint64_t b = get64(s + 8);
	uint64_t y = get64(s + n - 16);
	uint64_t z = get64(s + n - 8);

	put64(d, a);
	put64(d + 8, b);
	put64(d + n - 16, y);
	put64(d + n - 8, z);
}

/* 33 to 64 bytes, which may overlap. */
static __always_inline void move_33_to_64(void *d, const void *s, size_t n)
{
	uint64_t a0 = get64(s), a1 = get64(s + 8);
	uint64_t a2 = get64(s + 16), a3 = get64(s + 24);
	uint64_t z3 = get64(s + n - 32), z2 = get64(s + n - 24);
	uint64_t z1 = get64(s + n - 16), z0 = get64(s + n - 8);

	put64(d, a0);
	put64(d + 8, a1);
	put64(d + 16, a2);
	put64(d + 24, a3);
	put64(d + n - 32, z3);
	put64(d + n - 24, z2);
	put64(d + n - 16, z1);
	put64(d + n - 8, z0);
}

static __always_inline void move_small(void *d, const void *s, size_t n)
{
	if (n < 16)
		move_below_16(d, s, n);
	else if (n <= 32)
		move_16_to_32(d, s, n);
	else
		move_33_to_64(d, s, n);
}

/* More than 8 bytes; not to an address inside the source. */
static __always_inline void move_up(void *d, const void *s, size_t n)
{
	uint64_t last = get64(s + n - 8);
	void *end = d + n - 8;
	size_t words = n / 8;

	__asm__ volatile("rep movsq"
			 : "+D"(d), "+S"(s), "+c"(words)
			 :
			 : "memory");
	put64(end, last);
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	if (likely(n <= 64))
		move_small(dst, src, n);
	else
		move_up(dst, src, n);
	return dst;
}

/* More than 64 bytes, from the end; the head is read before it is covered. */
static void move_down(void *d, const void *s, size_t n)
{
	uint64_t h0 = get64(s), h1 = get64(s + 8);
	uint64_t h2 = get64(s + 16), h3 = get64(s + 24);
	uint64_t a, b, c, e;

	for (; n >= 32; n -= 32) {
		a = get64(s + n - 8);
		b = get64(s + n - 16);
		c = get64(s + n - 24);
		e = get64(s + n - 32);
		put64(d + n - 8, a);
		put64(d + n - 16, b);
		put64(d + n - 24, c);
		put64(d + n - 32, e);
	}
	put64(d, h0);
	put64(d + 8, h1);
	put64(d + 16, h2);
	put64(d + 24, h3);
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (likely(n <= 64))
		move_small(dst, src, n);
	else if ((uintptr_t)dst - (uintptr_t)src >= n)
		move_up(dst, src, n);
	else
		move_down(dst, src, n);
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	uint64_t v = (uint8_t)c * UINT64_C(0x0101010101010101);
	size_t words = n / 8;
	void *d = dst;

	if (n < 8) {
		if (n >= 4) {
			put32(d, (uint32_t)v);
			put32(d + n - 4, (uint32_t)v);
		} else if (n >= 2) {
			put16(d, (uint16_t)v);
			put16(d + n - 2, (uint16_t)v);
		} else if (n != 0) {
			*(uint8_t *)d = (uint8_t)v;
		}
		return dst;
	}
	put64(d + n - 8, v);
	if (n <= 32) {
		put64(d, v);
		if (n > 16) {
			put64(d + 8, v);
			put64(d + n - 16, v);
		}
		return dst;
	}
	__asm__ volatile("rep stosq"
			 : "+D"(d), "+c"(words)
			 : "a"(v)
			 : "memory");
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;
	uint64_t x, y;

	for (; n >= 8; n -= 8, p += 8, q += 8) {
		x = get64(p);
		y = get64(q);
		if (x == y)
			continue;
		x = __builtin_bswap64(x);
		y = __builtin_bswap64(y);
		return x < y ? -1 : 1;
	}
	for (; n != 0; n--, p++, q++) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const uint8_t *p = s;

	for (; n != 0; n--, p++) {
		if (*p == (uint8_t)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	/* The asm keeps compilers from making a call to strlen of it. */
	while (*p != '\0') {
		p++;
		__asm__("" : "+r"(p));
	}
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] != '\0')
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n != 0; n--, a++, b++) {
		if (*a != *b || *a == '\0')
			return (uint8_t)*a - (uint8_t)*b;
	}
	return 0;
}

/* 0x80 in each byte of @w that is 0; above the first there may be others. */
static inline __no_asan uint64_t zero_bytes(uint64_t w)
{
	return (w - UINT64_C(0x0101010101010101)) & ~w &
	       UINT64_C(0x8080808080808080);
}

/*
 * Eight bytes at a time, some of which may lie beyond the end of the string,
 * but never in another page: sanitizers are told not to look.
 */
__no_asan size_t str_until(const char *s, char c)
{
	uint64_t all = UINT64_C(0x0101010101010101) * (uint8_t)c, w, found;
	const char *p = s;

	for (;;) {
		if (likely(((uintptr_t)p & PAGE_MASK) <= PAGE_SIZE - 8)) {
			__builtin_memcpy(&w, p, sizeof(w));
			found = zero_bytes(w) | zero_bytes(w ^ all);
			if (found != 0)
				break;
			p += 8;
		} else {
			if (*p == '\0' || *p == c)
				return (size_t)(p - s);
			p++;
		}
	}
	return (size_t)(p - s) + (size_t)__builtin_ctzll(found) / 8;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (*s == '\0')
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (*s == '\0')
			return (char *)(uintptr_t)found;
	}
}

bool str_copy(char *dst, size_t size, const char *src)
{
	size_t n = strnlen(src, size);

	if (n < size) {
		memcpy(dst, src, n + 1);
		return false;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return true;
}

bool str_copy_n(char *dst, size_t size, const char *src, size_t n)
{
	size_t len = strnlen(src, n);
	bool cut = len >= size;

	if (cut)
		len = size - 1;
	memcpy(dst, src, len);
	dst[len] = '\0';
	return cut;
}

bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
	while (*prefix != '\0') {
		if (*s++ != *prefix++)
			return false;
	}
	return true;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s);
	size_t m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

void mem_wipe(void *p, size_t n)
{
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

bool mem_is_zero(const void *p, size_t n)
{
	for (; n >= 8; n -= 8, p += 8) {
		if (get64(p) != 0)
			return false;
	}
	for (; n != 0; n--, p++) {
		if (*(const uint8_t *)p != 0)
			return false;
	}
	return true;
}
