/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Objects of one size, fast on every core.
 *
 * OBJECTS
 *   struct kmem_cache  one kind of object; made at boot, never destroyed.
 *   struct slab        2^order frames cut into objects, header first.
 *   struct magazine    a stack of free objects.  Each core has two for each
 *                      cache and alternates between them, so that it goes to
 *                      the depot (full and empty magazines, in the cache)
 *                      at most once in a magazine's worth of operations.
 *
 * LOCKING
 *   SLAB, one in each cache, guards its slabs and depot.  It is not held
 *   while frames or magazines are allocated.  Magazines of a core belong to
 *   it; an allocation may run the shrinker, which empties them, so pointers
 *   to them are read again after one.
 *
 * LIFETIME
 *   A slab with no object in use is kept while there are two such at most.
 *   The debug flavour fills freed objects and checks them when they are
 *   handed out again; a second free of the same object panics.
 *
 * CALLERS
 *   Everyone, in thread context or with interrupts off, not in interrupts.
 *
 * NOT DONE HERE
 *   Emptying other cores' magazines; slab colouring.
 */
#include <debug/fault.h>
#include <debug/kasan.h>
#include <lib/assert.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <mm/frame.h>

#include "slab_impl.h"

#define MAX_EMPTY     2u /* slabs a cache keeps for nothing */
#define MAX_FULL_MAGS 16u
#define MAG_SIZES     3

#define POISON	   0x6b
#define STATE_LIVE UINT64_C(0x6576696c2d6a626f)
#define STATE_FREE UINT64_C(0x656572662d6a626f)

struct kmem_cache slab_caches[SLAB_CACHES];
uint32_t slab_ncaches;

static struct magazine mag_none; /* capacity 0: every use takes the slow way */
static struct kmem_cache *mag_caches[MAG_SIZES];
static const uint16_t mag_caps[MAG_SIZES] = { 6, 14, 30 };

void slab_core_init(struct mm_core *mc)
{
	unsigned i;

	for (i = 0; i < SLAB_CACHES; i++) {
		mc->mags[i].loaded = &mag_none;
		mc->mags[i].prev = &mag_none;
	}
}

/* ---- free objects; their memory is poisoned for KASAN ---- */

static __no_asan __noinline void *obj_next(const void *obj)
{
	return *(void *const *)obj;
}

static __no_asan __noinline void obj_set_next(void *obj, void *next)
{
	*(void **)obj = next;
}

static inline uint64_t *obj_state(const struct kmem_cache *c, void *obj)
{
	return (uint64_t *)((uintptr_t)obj + align_up(c->size, 8));
}

static __no_asan __noinline void debug_alloc(struct kmem_cache *c, void *obj)
{
	uint64_t *state = obj_state(c, obj);
	const uint8_t *p = obj;
	size_t i;

	if (*state != STATE_FREE)
		panic("slab %s: %p handed out twice, or overrun", c->name, obj);
	*state = STATE_LIVE;
	for (i = 8; i < c->size && i < 256; i++)
		if (p[i] != POISON)
			panic("slab %s: %p+%zu written after free", c->name,
			      obj, i);
}

static __no_asan __noinline void debug_free(struct kmem_cache *c, void *obj)
{
	uint64_t *state = obj_state(c, obj);
	uint8_t *p = obj;
	size_t i;

	if (*state == STATE_FREE)
		panic("slab %s: %p freed twice", c->name, obj);
	if (*state != STATE_LIVE)
		panic("slab %s: %p freed after an overrun, or not ours",
		      c->name, obj);
	*state = STATE_FREE;
	for (i = 8; i < c->size; i++)
		p[i] = POISON;
}

/* ---- slabs ---- */

static __no_asan __noinline void slab_fill(struct kmem_cache *c, struct slab *s)
{
	uint8_t *obj = (uint8_t *)s + c->first;
	uint32_t i;
	size_t k;

	for (i = c->per_slab; i-- > 0;) {
		uint8_t *o = obj + i * c->stride;

		obj_set_next(o, s->free);
		s->free = o;
		if (CONFIG_DEBUG) {
			*obj_state(c, o) = STATE_FREE;
			for (k = 8; k < c->size; k++)
				o[k] = POISON;
		}
	}
}

static struct slab *slab_create(struct kmem_cache *c)
{
	paddr_t pa = frame_alloc_order(c->order, 0);
	struct slab *s;
	unsigned i;

	if (pa == 0)
		return NULL;
	for (i = 0; i < 1u << c->order; i++)
		frame_kinds[pfn_of(pa) + i] = (uint8_t)(KIND_SLAB | c->order);
	s = phys_to_virt(pa);
	s->cache = c;
	s->free = NULL;
	s->nfree = c->per_slab;
	list_init(&s->link);
	slab_fill(c, s);
	kasan_poison((uint8_t *)s + c->first, c->stride * c->per_slab);
	return s;
}

static void slab_destroy(struct kmem_cache *c, struct slab *s)
{
	paddr_t pa = virt_to_phys(s);
	unsigned i;

	for (i = 0; i < 1u << c->order; i++)
		frame_kinds[pfn_of(pa) + i] = 0;
	kasan_unpoison(s, PAGE_SIZE << c->order);
	frame_free_order(pa, c->order);
}

/* With the lock held; NULL when no slab has a free one. */
static void *slab_take_locked(struct kmem_cache *c)
{
	struct slab *s;
	void *obj;

	if (!list_empty(&c->partial)) {
		s = list_first(&c->partial, struct slab, link);
	} else if (!list_empty(&c->empty)) {
		s = list_first(&c->empty, struct slab, link);
		list_del(&s->link);
		list_add(&c->partial, &s->link);
		c->nempty--;
	} else {
		return NULL;
	}
	obj = s->free;
	s->free = obj_next(obj);
	c->nfree--;
	if (--s->nfree == 0)
		list_del(&s->link);
	return obj;
}

/* Returns 1 when a slab was given back. */
static unsigned slab_give_locked(struct kmem_cache *c, void *obj)
{
	uint64_t size = PAGE_SIZE << c->order;
	struct slab *s = (struct slab *)((vaddr_t)obj & ~(size - 1));

	kassert_dbg(s->cache == c);
	obj_set_next(obj, s->free);
	s->free = obj;
	c->nfree++;
	s->nfree++;
	if (s->nfree == c->per_slab) {
		list_del(&s->link);
		if (c->nempty >= MAX_EMPTY) {
			c->nslabs--;
			c->nfree -= c->per_slab;
			slab_destroy(c, s);
			return 1;
		}
		list_add(&c->empty, &s->link);
		c->nempty++;
	} else if (s->nfree == 1) {
		list_add(&c->partial, &s->link);
	}
	return 0;
}

/* An object straight from a slab, making one when there is none. */
static void *slab_take(struct kmem_cache *c)
{
	struct slab *s;
	void *obj;

	spin_lock(&c->lock);
	obj = slab_take_locked(c);
	spin_unlock(&c->lock);
	if (obj != NULL)
		return obj;

	s = slab_create(c);
	if (s == NULL)
		return NULL;
	spin_lock(&c->lock);
	list_add(&c->empty, &s->link);
	c->nempty++;
	c->nslabs++;
	c->nfree += c->per_slab;
	obj = slab_take_locked(c);
	spin_unlock(&c->lock);
	return obj;
}

static void slab_give(struct kmem_cache *c, void *obj)
{
	spin_lock(&c->lock);
	(void)slab_give_locked(c, obj);
	spin_unlock(&c->lock);
}

/* ---- magazines ---- */

static struct magazine *mag_create(uint16_t cap)
{
	struct magazine *m = NULL;
	unsigned i;

	for (i = 0; i < MAG_SIZES && mag_caps[i] < cap;)
		i++;
	if (i < MAG_SIZES)
		m = slab_take(mag_caches[i]);
	if (m == NULL)
		return NULL;
	if (CONFIG_DEBUG)
		debug_alloc(mag_caches[i], m);
	kasan_unpoison(m, mag_caches[i]->size);
	m->next = NULL;
	m->n = 0;
	m->cap = cap;
	return m;
}

static void mag_destroy(struct magazine *m)
{
	unsigned i;

	for (i = 0; mag_caps[i] < m->cap;)
		i++;
	if (CONFIG_DEBUG)
		debug_free(mag_caches[i], m);
	kasan_poison(m, mag_caches[i]->size);
	slab_give(mag_caches[i], m);
}

static void mag_push_locked(struct magazine **list, struct magazine *m)
{
	m->next = *list;
	*list = m;
}

static struct magazine *mag_pop_locked(struct magazine **list)
{
	struct magazine *m = *list;

	if (m != NULL)
		*list = m->next;
	return m;
}

static unsigned mag_flush_locked(struct kmem_cache *c, struct magazine *m)
{
	unsigned freed = 0;

	while (m->n != 0)
		freed += slab_give_locked(c, m->objs[--m->n]);
	return freed;
}

/* A full magazine of the depot for the empty one in p->prev. */
static bool mag_exchange(struct kmem_cache *c, struct mag_pair *p)
{
	struct magazine *m;

	spin_lock(&c->lock);
	m = mag_pop_locked(&c->full_mags);
	if (m != NULL) {
		c->nfull_mags--;
		if (p->prev != &mag_none)
			mag_push_locked(&c->empty_mags, p->prev);
		p->prev = p->loaded;
		p->loaded = m;
	}
	spin_unlock(&c->lock);
	return m != NULL;
}

static __noinline void *alloc_slow(struct kmem_cache *c)
{
	struct mm_core *mc = mm_core_make();
	struct mag_pair *p;
	struct magazine *m;

	if (mc == NULL || c->mag_cap == 0)
		return slab_take(c);
	p = &mc->mags[c->idx];
	if (p->prev->n != 0) {
		m = p->prev;
		p->prev = p->loaded;
		p->loaded = m;
		return m->objs[--m->n];
	}
	if (mag_exchange(c, p))
		return p->loaded->objs[--p->loaded->n];

	if (p->loaded == &mag_none) {
		m = mag_create(c->mag_cap);
		if (m == NULL)
			return slab_take(c);
		/* The shrinker only ever puts mag_none back. */
		p->loaded = m;
	}
	/* Half a magazine at once, from what slabs there are. */
	spin_lock(&c->lock);
	m = p->loaded;
	while (m->n < m->cap / 2) {
		void *obj = slab_take_locked(c);

		if (obj == NULL)
			break;
		m->objs[m->n++] = obj;
	}
	spin_unlock(&c->lock);
	return m->n != 0 ? m->objs[--m->n] : slab_take(c);
}

/* Room for one more in p->loaded; false: there is none to be had. */
static bool free_room(struct kmem_cache *c, struct mag_pair *p)
{
	struct magazine *m;

	if (p->prev->n < p->prev->cap) {
		m = p->prev;
		p->prev = p->loaded;
		p->loaded = m;
		return true;
	}
	spin_lock(&c->lock);
	m = mag_pop_locked(&c->empty_mags);
	spin_unlock(&c->lock);
	if (m == NULL)
		m = mag_create(c->mag_cap);
	if (m == NULL)
		return false;

	spin_lock(&c->lock);
	if (p->prev == &mag_none) {
		p->prev = p->loaded;
		p->loaded = m;
	} else if (c->nfull_mags < MAX_FULL_MAGS) {
		mag_push_locked(&c->full_mags, p->prev);
		c->nfull_mags++;
		p->prev = p->loaded;
		p->loaded = m;
	} else {
		(void)mag_flush_locked(c, p->prev);
		mag_push_locked(&c->empty_mags, m);
		m = p->prev;
		p->prev = p->loaded;
		p->loaded = m;
	}
	spin_unlock(&c->lock);
	return true;
}

static __noinline void free_slow(struct kmem_cache *c, void *obj)
{
	struct mm_core *mc = mm_core_make();
	struct magazine *m;

	if (mc != NULL && c->mag_cap != 0 && free_room(c, &mc->mags[c->idx])) {
		m = mc->mags[c->idx].loaded;
		if (m->n < m->cap) {
			m->objs[m->n++] = obj;
			return;
		}
	}
	slab_give(c, obj);
}

/* ---- interface ---- */

void *kmem_cache_alloc(struct kmem_cache *c)
{
	struct magazine *m = mm_core()->mags[c->idx].loaded;
	void *obj;

	kassert_dbg(!in_irq());
	if (fault_point("slab"))
		return NULL;
	if (likely(m->n != 0))
		obj = m->objs[--m->n];
	else
		obj = alloc_slow(c);
	if (CONFIG_DEBUG && obj != NULL)
		debug_alloc(c, obj);
	if (CONFIG_KASAN && obj != NULL)
		kasan_unpoison(obj, c->size);
	return obj;
}

void *kmem_cache_zalloc(struct kmem_cache *c)
{
	void *obj = kmem_cache_alloc(c);

	if (obj != NULL)
		memset(obj, 0, c->size);
	return obj;
}

void slab_free_now(struct kmem_cache *c, void *obj)
{
	struct magazine *m = mm_core()->mags[c->idx].loaded;

	if (likely(m->n < m->cap))
		m->objs[m->n++] = obj;
	else
		free_slow(c, obj);
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	kassert_dbg(!in_irq());
	if (obj == NULL)
		return;
	if (CONFIG_DEBUG)
		debug_free(c, obj);
	if (CONFIG_KASAN) {
		const void *old = c;

		kasan_poison(obj, c->size);
		obj = kasan_quarantine(c, obj, &old);
		if (obj == NULL)
			return;
		c = &slab_caches[(const struct kmem_cache *)old - slab_caches];
	}
	slab_free_now(c, obj);
}

/* ---- giving back ---- */

static void pair_drop(struct kmem_cache *c, struct magazine **slot)
{
	struct magazine *m = *slot;

	if (m == &mag_none)
		return;
	*slot = &mag_none;
	spin_lock(&c->lock);
	(void)mag_flush_locked(c, m);
	spin_unlock(&c->lock);
	mag_destroy(m);
}

static void depot_drop(struct kmem_cache *c)
{
	struct magazine *m;

	for (;;) {
		spin_lock(&c->lock);
		m = mag_pop_locked(&c->full_mags);
		if (m != NULL)
			c->nfull_mags--;
		else
			m = mag_pop_locked(&c->empty_mags);
		if (m != NULL)
			(void)mag_flush_locked(c, m);
		spin_unlock(&c->lock);
		if (m == NULL)
			return;
		mag_destroy(m);
	}
}

static unsigned empty_drop(struct kmem_cache *c)
{
	unsigned freed = 0;
	struct slab *s;

	spin_lock(&c->lock);
	while (!list_empty(&c->empty)) {
		s = list_first(&c->empty, struct slab, link);
		list_del(&s->link);
		c->nempty--;
		c->nslabs--;
		c->nfree -= c->per_slab;
		slab_destroy(c, s);
		freed += 1u << c->order;
	}
	spin_unlock(&c->lock);
	return freed;
}

static unsigned slab_shrink(void)
{
	struct mm_core *mc = mm_core();
	uint32_t i, n = atomic_load_acquire(&slab_ncaches);
	unsigned freed = 0;
	const void *old;
	void *obj;

	while (CONFIG_KASAN && (obj = kasan_quarantine_pop(&old)) != NULL)
		slab_give(&slab_caches[(const struct kmem_cache *)old -
				       slab_caches],
			  obj);
	/* From the end: the magazines' own caches come first in the table. */
	for (i = n; i-- > 0;) {
		struct kmem_cache *c = &slab_caches[i];

		if (mc != &mm_core_none) {
			pair_drop(c, &mc->mags[i].loaded);
			pair_drop(c, &mc->mags[i].prev);
		}
		depot_drop(c);
		freed += empty_drop(c);
	}
	return freed;
}

void kmem_drain(void)
{
	kstack_drain();
	(void)table_shrink();
	(void)slab_shrink();
}

/* ---- making caches ---- */

/* The smallest slab that wastes at most an eighth, or the biggest. */
static void choose_order(struct kmem_cache *c)
{
	uint64_t size, room;
	unsigned order;

	for (order = 0; order <= 3; order++) {
		size = PAGE_SIZE << order;
		room = size - c->first;
		c->order = (uint8_t)order;
		c->per_slab = (uint32_t)(room / c->stride);
		if (c->per_slab != 0 &&
		    size - c->per_slab * c->stride <= size / 8)
			break;
	}
	if (c->per_slab == 0)
		panic("slab %s: objects too big", c->name);
}

static struct kmem_cache *cache_init(const char *name, size_t size,
				     size_t align, uint16_t mag_cap)
{
	uint32_t idx = atomic_fetch_add(&slab_ncaches, 1);
	struct kmem_cache *c;

	if (idx >= SLAB_CACHES)
		panic("too many kinds of objects: raise SLAB_CACHES");
	kassert(align == 0 || is_pow2(align));
	align = max_t(size_t, align, 8);
	c = &slab_caches[idx];
	c->name = name;
	c->size = max_t(size_t, size, 8);
	c->stride =
		align_up(align_up(c->size, 8) + (CONFIG_DEBUG ? 8 : 0), align);
	c->first = (uint32_t)align_up(sizeof(struct slab), align);
	c->idx = (uint16_t)idx;
	c->mag_cap = mag_cap;
	choose_order(c);
	spin_init(&c->lock, RANK_SLAB);
	list_init(&c->partial);
	list_init(&c->empty);
	return c;
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size,
				     size_t align)
{
	return cache_init(name, size, align,
			  size <= 256	 ? mag_caps[2]
			  : size <= 1024 ? mag_caps[1]
					 : mag_caps[0]);
}

void slab_init(void)
{
	static const char *const names[MAG_SIZES] = { "magazine-6",
						      "magazine-14",
						      "magazine-30" };
	static struct shrinker shrinker = { .shrink = slab_shrink };
	unsigned i;

	if (mag_caches[0] != NULL)
		return;
	for (i = 0; i < MAG_SIZES; i++)
		mag_caches[i] = cache_init(names[i],
					   sizeof(struct magazine) +
						   mag_caps[i] * sizeof(void *),
					   8, 0);
	frame_add_shrinker(&shrinker);
	kmalloc_init();
}
