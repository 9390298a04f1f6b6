/* SPDX-License-Identifier: MIT */
/*
 * The kernel's allocator on top of malloc: counted, and with fault points.
 */
#include <stdlib.h>
#include <string.h>

#include <debug/fault.h>
#include <host.h>
#include <lib/assert.h>
#include <mm/slab.h>

struct kmem_cache {
	const char *name;
	size_t size;
	uint64_t live;
};

static size_t live_objects;

size_t host_live_objects(void)
{
	return __atomic_load_n(&live_objects, __ATOMIC_RELAXED);
}

void *kmalloc(size_t size)
{
	void *p;

	if (fault_point("kmalloc"))
		return NULL;
	p = malloc(size);
	if (p == NULL)
		return NULL;
	memset(p, 0xa5, size);
	__atomic_add_fetch(&live_objects, 1, __ATOMIC_RELAXED);
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
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return kzalloc(total);
}

void kfree(void *p)
{
	if (p == NULL)
		return;
	kassert(host_live_objects() != 0);
	__atomic_sub_fetch(&live_objects, 1, __ATOMIC_RELAXED);
	free(p);
}

char *kstrdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = kmalloc(n);

	return copy == NULL ? NULL : memcpy(copy, s, n);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size,
				     size_t align)
{
	static struct kmem_cache caches[64];
	static unsigned used;
	struct kmem_cache *c = &caches[used++];

	(void)align;
	kassert(used <= 64);
	c->name = name;
	c->size = size;
	return c;
}

void *kmem_cache_alloc(struct kmem_cache *c)
{
	void *p = kmalloc(c->size);

	if (p != NULL)
		__atomic_add_fetch(&c->live, 1, __ATOMIC_RELAXED);
	return p;
}

void *kmem_cache_zalloc(struct kmem_cache *c)
{
	void *p = kmem_cache_alloc(c);

	if (p != NULL)
		memset(p, 0, c->size);
	return p;
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	if (obj == NULL)
		return;
	kassert(c->live != 0);
	__atomic_sub_fetch(&c->live, 1, __ATOMIC_RELAXED);
	kfree(obj);
}

void kmem_drain(void)
{
}
