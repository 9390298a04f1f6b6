/* SPDX-License-Identifier: MIT */
/*
 * Memory of any size: small from caches of fixed sizes, large from frames.
 * The byte of a frame says which, so that kfree() needs only the address.
 */
#include <debug/fault.h>
#include <debug/kasan.h>
#include <lib/assert.h>
#include <lib/bits.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>

#include "slab_impl.h"

#define KMALLOC_MAX 2048u

static const struct {
	uint16_t size;
	const char *name;
} classes[] = {
	{ 16, "kmalloc-16" },	  { 32, "kmalloc-32" },
	{ 48, "kmalloc-48" },	  { 64, "kmalloc-64" },
	{ 96, "kmalloc-96" },	  { 128, "kmalloc-128" },
	{ 192, "kmalloc-192" },	  { 256, "kmalloc-256" },
	{ 384, "kmalloc-384" },	  { 512, "kmalloc-512" },
	{ 768, "kmalloc-768" },	  { 1024, "kmalloc-1024" },
	{ 1536, "kmalloc-1536" }, { 2048, "kmalloc-2048" },
};

/* By (size - 1) / 16. */
static struct kmem_cache *by_size[KMALLOC_MAX / 16] __ro_after_init;

void kmalloc_init(void)
{
	struct kmem_cache *c;
	unsigned i, slot = 0;

	for (i = 0; i < array_size(classes); i++) {
		/* FPU states and the like want a cache line. */
		c = kmem_cache_create(classes[i].name, classes[i].size,
				      is_aligned(classes[i].size, 64u) ? 64
								       : 16);
		while (slot < classes[i].size / 16u)
			by_size[slot++] = c;
	}
}

static void *alloc_big(size_t size)
{
	unsigned order;
	paddr_t pa;

	if (size > PAGE_SIZE << FRAME_MAX_ORDER)
		return NULL;
	order = log2_up(pages_of(size));
	pa = frame_alloc_order(order, 0);
	if (pa == 0)
		return NULL;
	frame_kinds[pfn_of(pa)] = (uint8_t)(KIND_BIG | order);
	return phys_to_virt(pa);
}

void *kmalloc(size_t size)
{
	struct kmem_cache *c;
	void *p;

	if (unlikely(size > KMALLOC_MAX))
		return alloc_big(size);
	c = by_size[size == 0 ? 0 : (size - 1) / 16];
	p = kmem_cache_alloc(c);
	if (CONFIG_KASAN && p != NULL) {
		kasan_poison(p, c->size);
		kasan_unpoison(p, size);
	}
	return p;
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p != NULL)
		memset(p, 0, size);
	return p;
}

void *kcalloc(size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all))
		return NULL;
	return kzalloc(all);
}

void kfree(void *p)
{
	paddr_t pa;
	uint8_t kind;

	if (p == NULL)
		return;
	pa = virt_to_phys(p);
	kassert(pa >> PAGE_SHIFT < frame_limit);
	kind = frame_kinds[pfn_of(pa)];
	if (likely((kind & KIND_MASK) == KIND_SLAB)) {
		kmem_cache_free(slab_cache_of(p, kind), p);
		return;
	}
	if ((kind & KIND_MASK) != KIND_BIG || (pa & PAGE_MASK) != 0)
		panic("kfree(%p): not from kmalloc()", p);
	frame_kinds[pfn_of(pa)] = 0;
	frame_free_order(pa, kind & KIND_ORDER);
}

char *kstrdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = kmalloc(n);

	if (copy != NULL)
		memcpy(copy, s, n);
	return copy;
}
