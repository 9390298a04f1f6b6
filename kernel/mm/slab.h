/* SPDX-License-Identifier: MIT */
/*
 * Objects of one size, with a magazine on each core; and kmalloc on top.
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/types.h>

struct kmem_cache;

struct kmem_stats {
	const char *name;
	size_t size;
	uint64_t live; /* objects handed out */
	uint64_t slabs;
	uint64_t frames; /* in all slabs */
};

void slab_init(void);
/* Never fails: the structs come from a boot-time table. @name is borrowed. */
struct kmem_cache *kmem_cache_create(const char *name, size_t size,
				     size_t align);
/* Context: not irq; no sleep.  NULL when memory is out. */
__must_check void *kmem_cache_alloc(struct kmem_cache *c);
__must_check void *kmem_cache_zalloc(struct kmem_cache *c);
void kmem_cache_free(struct kmem_cache *c, void *obj);

/* Any size; above a page from frames.  NULL when memory is out. */
__must_check void *kmalloc(size_t size);
__must_check void *kzalloc(size_t size);
/* @n * @size with overflow check. */
__must_check void *kcalloc(size_t n, size_t size);
void kfree(void *p);
__must_check char *kstrdup(const char *s);

/* Statistics of the @i-th cache; false past the end. */
bool kmem_cache_stats(unsigned i, struct kmem_stats *out);
/* Give the magazines back, so that counts are exact (tests). */
void kmem_drain(void);

/*
 * Kernel stacks: @size bytes mapped in the heap range with an unmapped guard
 * page below.  Returns the top, 0 when memory is out.
 */
__must_check vaddr_t kstack_alloc(void);
void kstack_free(vaddr_t top);
/* Frames that list unused places for stacks: they come and go. */
uint32_t kstack_list_frames(void);
/*
 * Unmap stacks beyond those worth keeping.  Once there are other cores, only
 * this does it.  Context: thread, no spinlock, interrupts on.
 */
void kstack_trim(void);
#define KSTACK_SIZE (CONFIG_DEBUG || CONFIG_KASAN ? 16384u : 8192u)
