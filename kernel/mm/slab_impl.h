/* SPDX-License-Identifier: MIT */
/* Private to slab.c, kmalloc.c and slab_info.c. */
#pragma once

#include <lib/list.h>
#include <mm/slab.h>
#include <sync/spinlock.h>

#include "mm_impl.h"

/* A full or empty stack of objects; cap is 0 in the stand-in. */
struct magazine {
	struct magazine *next; /* GUARDED_BY(depot) */
	uint16_t n, cap;
	void *objs[];
};

/* At the start of each slab, which is aligned to its size. */
struct slab {
	struct kmem_cache *cache; /* IMMUTABLE */
	struct list link;	  /* GUARDED_BY(cache->lock) */
	void *free;		  /* GUARDED_BY(cache->lock); through objects */
	uint32_t nfree;		  /* GUARDED_BY(cache->lock) */
	uint32_t pad;
};

struct kmem_cache {
	const char *name;  /* IMMUTABLE */
	size_t size;	   /* IMMUTABLE; what was asked for */
	size_t stride;	   /* IMMUTABLE; from object to object */
	uint32_t first;	   /* IMMUTABLE; offset of the first object */
	uint32_t per_slab; /* IMMUTABLE */
	uint16_t idx;	   /* IMMUTABLE; in mm_core.mags */
	uint16_t mag_cap;  /* IMMUTABLE; 0: no magazines */
	uint8_t order;	   /* IMMUTABLE; of a slab */
	struct spinlock lock;
	struct list partial;	     /* GUARDED_BY(lock) slabs with some free */
	struct list empty;	     /* GUARDED_BY(lock) slabs with all free */
	uint32_t nempty;	     /* GUARDED_BY(lock) */
	uint32_t nfull_mags;	     /* GUARDED_BY(lock) */
	struct magazine *full_mags;  /* GUARDED_BY(lock) */
	struct magazine *empty_mags; /* GUARDED_BY(lock) */
	uint64_t nslabs;	     /* GUARDED_BY(lock) */
	uint64_t nfree; /* GUARDED_BY(lock) objects free in slabs */
};

extern struct kmem_cache slab_caches[SLAB_CACHES];
extern uint32_t slab_ncaches; /* ATOMIC */

/* The cache of an object that kmalloc() or a cache gave out. */
static inline struct kmem_cache *slab_cache_of(const void *obj, uint8_t kind)
{
	uint64_t size = PAGE_SIZE << (kind & KIND_ORDER);
	const struct slab *s =
		(const struct slab *)((vaddr_t)obj & ~(size - 1));

	return s->cache;
}

/* Give an object back past the quarantine. */
void slab_free_now(struct kmem_cache *c, void *obj);
void kmalloc_init(void);
