/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   Handle tables: small numbers to open descriptions, up to HANDLES_MAX.
 *
 * OBJECTS
 *   struct chunk    64 slots, with a bit each for "used" and "cloexec".  The
 *                   first one is part of the table.  Chunks never move and
 *                   live as long as the table.
 *   struct dir      pointers to the chunks and a bit each for "full"; it is
 *                   replaced by one of twice the size when it is too small.
 *   hint            no slot below it is free.
 *
 * LOCKING
 *   Changes are made under h->lock (HANDLES), except by the only user of a
 *   table, who needs none (see handles_user_add).  Lookups take no lock: they
 *   read directory, chunk and slot, each published with a release, and take a
 *   reference that may be refused.  What they may still be reading (an old
 *   directory, a description) is freed after an epoch.
 *
 * LIFETIME
 *   The table is counted.  A used slot holds one reference to its
 *   description, dropped outside the lock because the last one may sleep.
 */
#include <lib/assert.h>
#include <lib/atomic.h>
#include <lib/bitmap.h>
#include <lib/bits.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/ref.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <obj/desc.h>
#include <obj/handles.h>
#include <sync/epoch.h>
#include <sync/park.h>
#include <sync/spinlock.h>

#define CHUNK 64u

struct chunk {
	uint64_t used;		   /* GUARDED_BY(h->lock) */
	uint64_t cloexec;	   /* GUARDED_BY(h->lock) */
	struct desc *slots[CHUNK]; /* ATOMIC; strong */
	uint8_t rights[CHUNK];	   /* GUARDED_BY(h->lock) */
};

struct dir {
	struct epoch_item epoch; /* PRIVATE(handles.c) */
	unsigned nchunks;	 /* IMMUTABLE; a power of two */
	uint64_t *full;		 /* IMMUTABLE; bits GUARDED_BY(h->lock) */
	struct chunk **chunks;	 /* IMMUTABLE; entries ATOMIC */
};

struct handles {
	struct ref ref;
	uint32_t users;	      /* ATOMIC */
	bool locks;	      /* ATOMIC; handles_note_locks() */
	struct spinlock lock; /* rank HANDLES */
	struct dir *dir;      /* ATOMIC; written under lock */
	unsigned hint;	      /* GUARDED_BY(lock) */
	unsigned count;	      /* GUARDED_BY(lock); ATOMIC to read */
	struct dir dir0;      /* IMMUTABLE; the directory at first */
	uint64_t full0;	      /* GUARDED_BY(lock); its bits */
	struct chunk *chunk0; /* IMMUTABLE; its only entry */
	struct chunk first;   /* GUARDED_BY(lock) */
};

/* --- locking: the only user of a table needs no lock --- */

static inline bool table_lock(struct handles *h) NO_TSA
{
	/* Pairs with the release in handles_user_del(). */
	if (likely(atomic_load_acquire(&h->users) == 1))
		return false;
	spin_lock(&h->lock);
	return true;
}

static inline void table_unlock(struct handles *h, bool locked) NO_TSA
{
	if (locked)
		spin_unlock(&h->lock);
}

void handles_user_add(struct handles *h)
{
	(void)atomic_fetch_add(&h->users, 1);
}

void handles_user_del(struct handles *h)
{
	kassert(atomic_fetch_sub(&h->users, 1) != 0);
}

/* --- chunks --- */

static inline struct chunk *chunk_of(struct handles *h, unsigned fd)
{
	/* Pairs with the release in grow(). */
	struct dir *dir = atomic_load_acquire(&h->dir);
	unsigned c = fd / CHUNK;

	if (unlikely(c >= dir->nchunks))
		return NULL;
	/* Pairs with the release in chunk_make(). */
	return atomic_load_acquire(&dir->chunks[c]);
}

static void dir_free(struct epoch_item *item)
{
	kfree(container_of(item, struct dir, epoch));
}

/* One allocation: the struct, the pointers, the bits. */
static struct dir *dir_create(unsigned nchunks)
{
	size_t ptrs = nchunks * sizeof(struct chunk *);
	size_t bits = BITMAP_WORDS(nchunks) * sizeof(uint64_t);
	struct dir *dir = kzalloc(sizeof(*dir) + ptrs + bits);

	if (dir == NULL)
		return NULL;
	dir->nchunks = nchunks;
	dir->chunks = (struct chunk **)(dir + 1);
	dir->full = (uint64_t *)(void *)(dir->chunks + nchunks);
	return dir;
}

/* So many chunks that @c is one of them.  Locked, or the only user. */
static err_t grow(struct handles *h, unsigned c)
{
	struct dir *old = h->dir, *dir;
	unsigned n = old->nchunks, i;

	if (c < n)
		return 0;
	while (n <= c)
		n *= 2;
	dir = dir_create(n);
	if (dir == NULL)
		return -ENOMEM;
	for (i = 0; i < old->nchunks; i++)
		dir->chunks[i] = old->chunks[i];
	memcpy(dir->full, old->full,
	       BITMAP_WORDS(old->nchunks) * sizeof(uint64_t));
	/* Pairs with the acquire in chunk_of(). */
	atomic_store_release(&h->dir, dir);
	if (old != &h->dir0)
		epoch_defer(&old->epoch, dir_free);
	return 0;
}

/* The chunk of @fd, made if need be.  Locked, or the only user. */
static err_t chunk_make(struct handles *h, unsigned fd, struct chunk **out)
{
	struct chunk *c = chunk_of(h, fd);
	err_t err;

	if (likely(c != NULL)) {
		*out = c;
		return 0;
	}
	err = grow(h, fd / CHUNK);
	if (err)
		return err;
	c = kzalloc(sizeof(*c));
	if (c == NULL)
		return -ENOMEM;
	/* Pairs with the acquire in chunk_of(). */
	atomic_store_release(&h->dir->chunks[fd / CHUNK], c);
	*out = c;
	return 0;
}

/* The same with the chunk as the result; NULL: out of memory. */
static __noinline struct chunk *chunk_made(struct handles *h, unsigned fd)
{
	struct chunk *c;

	return chunk_make(h, fd, &c) != 0 ? NULL : c;
}

/*
 * The lowest free slot >= @min and its chunk; *@chunk is NULL where it still
 * has to be made.
 */
static inline unsigned find_free(struct handles *h, unsigned min,
				 struct chunk **chunk)
{
	struct dir *dir = h->dir;
	unsigned at = max(min, h->hint), c = at / CHUNK;
	uint64_t free_bits;

	while (c < dir->nchunks && dir->chunks[c] != NULL) {
		*chunk = dir->chunks[c];
		free_bits = ~(*chunk)->used & ~UINT64_C(0) << (at % CHUNK);
		if (likely(free_bits != 0))
			return c * CHUNK + (unsigned)__builtin_ctzll(free_bits);
		c = (unsigned)bitmap_find_clear(dir->full, dir->nchunks, c + 1);
		at = c * CHUNK;
	}
	*chunk = NULL;
	return at;
}

static uint8_t rights_of(const struct desc *d)
{
	unsigned r = RIGHT_MAP | RIGHT_DUP | RIGHT_TRANSFER | RIGHT_CONTROL;

	if (desc_readable(d))
		r |= RIGHT_READ;
	if (desc_writable(d))
		r |= RIGHT_WRITE;
	return (uint8_t)r;
}

static __always_inline void slot_set(struct handles *h, struct chunk *c,
				     unsigned fd, struct desc *d,
				     unsigned flags)
{
	unsigned bit = fd % CHUNK;
	uint64_t mask = UINT64_C(1) << bit;

	c->used |= mask;
	if ((flags & HANDLE_CLOEXEC) != 0)
		c->cloexec |= mask;
	else
		c->cloexec &= ~mask;
	c->rights[bit] = rights_of(d);
	if (c->used == ~UINT64_C(0))
		bitmap_set(h->dir->full, fd / CHUNK);
	if (fd == h->hint)
		h->hint = fd + 1;
	atomic_store_relaxed(&h->count, h->count + 1);
	/* Pairs with the acquire in slot_lookup(). */
	atomic_store_release(&c->slots[bit], d);
}

/* The description whose reference is now the caller's, or NULL. */
static inline struct desc *slot_clear(struct handles *h, unsigned fd)
{
	struct chunk *c = chunk_of(h, fd);
	unsigned bit = fd % CHUNK;
	struct desc *d;

	if (c == NULL || c->slots[bit] == NULL)
		return NULL;
	d = c->slots[bit];
	atomic_store_release(&c->slots[bit], NULL);
	c->used &= ~(UINT64_C(1) << bit);
	c->cloexec &= ~(UINT64_C(1) << bit);
	bitmap_clear(h->dir->full, fd / CHUNK);
	if (fd < h->hint)
		h->hint = fd;
	atomic_store_relaxed(&h->count, h->count - 1);
	return d;
}

/* --- tables --- */

err_t handles_create(struct handles **out)
{
	struct handles *h = kzalloc(sizeof(*h));

	if (h == NULL)
		return -ENOMEM;
	ref_init(&h->ref, 1);
	spin_init(&h->lock, RANK_HANDLES);
	h->chunk0 = &h->first;
	h->dir0.nchunks = 1;
	h->dir0.full = &h->full0;
	h->dir0.chunks = &h->chunk0;
	h->dir = &h->dir0;
	*out = h;
	return 0;
}

/* The slots of one chunk, with the source's lock held. */
static err_t copy_chunk(struct handles *to, unsigned first,
			const struct chunk *from)
{
	uint64_t used = from->used;
	struct chunk *c;
	unsigned bit;
	err_t err;

	if (used == 0)
		return 0;
	err = chunk_make(to, first, &c);
	if (err)
		return err;
	for (; used != 0; used &= used - 1) {
		bit = (unsigned)__builtin_ctzll(used);
		desc_get(from->slots[bit]);
		c->slots[bit] = from->slots[bit];
		c->rights[bit] = from->rights[bit];
	}
	c->used = from->used;
	c->cloexec = from->cloexec;
	to->count += bit_count(c->used);
	if (c->used == ~UINT64_C(0))
		bitmap_set(to->dir->full, first / CHUNK);
	return 0;
}

err_t handles_copy(struct handles *from, struct handles **out)
{
	struct handles *to;
	struct chunk *c;
	unsigned i, n;
	bool locked;
	err_t err;

	err = handles_create(&to);
	if (err)
		return err;
	n = atomic_load_acquire(&from->dir)->nchunks;
	for (i = 0; i < n && !err; i++) {
		c = chunk_of(from, i * CHUNK);
		if (c == NULL)
			continue;
		locked = table_lock(from);
		err = copy_chunk(to, i * CHUNK, c);
		table_unlock(from, locked);
		if (i % 16 == 15)
			sched_point();
	}
	if (err) {
		handles_put(to);
		return err;
	}
	to->hint = find_free(to, 0, &c);
	*out = to;
	return 0;
}

void handles_get(struct handles *h)
{
	ref_get(&h->ref);
}

static void chunk_close_all(struct chunk *c)
{
	unsigned bit;

	for (; c->used != 0; c->used &= c->used - 1) {
		bit = (unsigned)__builtin_ctzll(c->used);
		desc_put(c->slots[bit]);
	}
}

void handles_put(struct handles *h)
{
	struct dir *dir;
	unsigned i;

	if (!ref_put(&h->ref))
		return;
	dir = h->dir;
	for (i = 0; i < dir->nchunks; i++) {
		if (dir->chunks[i] == NULL)
			continue;
		chunk_close_all(dir->chunks[i]);
		if (dir->chunks[i] != &h->first)
			kfree(dir->chunks[i]);
		sched_point();
	}
	if (dir != &h->dir0)
		kfree(dir);
	kfree(h);
}

bool handles_shared(const struct handles *h)
{
	return ref_read(&h->ref) != 1;
}

unsigned handles_users(const struct handles *h)
{
	return atomic_load_relaxed(&h->users);
}

void handles_note_locks(struct handles *h)
{
	atomic_store_relaxed(&h->locks, true);
}

bool handles_noted_locks(const struct handles *h)
{
	return atomic_load_relaxed(&h->locks);
}

/* --- one handle --- */

err_t handle_install(struct handles *h, struct desc *d, int min, unsigned flags,
		     uint64_t limit, int *out)
{
	struct chunk *c = NULL;
	unsigned fd;
	bool locked;
	err_t err;

	limit = min_t(uint64_t, limit, HANDLES_MAX);
	if (min < 0 || (uint64_t)min >= limit)
		return min == 0 ? -EMFILE : -EINVAL;
	locked = table_lock(h);
	err = 0;
	fd = find_free(h, (unsigned)min, &c);
	if (unlikely(fd >= limit)) {
		err = -EMFILE;
	} else if (unlikely(c == NULL)) {
		c = chunk_made(h, fd);
		if (c == NULL)
			err = -ENOMEM;
	}
	if (likely(!err)) {
		/* From the hint on, the search saw only used ones before it. */
		if ((unsigned)min <= h->hint)
			h->hint = fd;
		slot_set(h, c, fd, d, flags);
		*out = (int)fd;
	}
	table_unlock(h, locked);
	return err;
}

/* Locked, or the only user: search, and make the chunk. */
static __noinline err_t prepare_slow(struct handles *h, uint64_t limit)
{
	struct chunk *c;
	err_t err = 0;
	unsigned fd = find_free(h, 0, &c);

	if (fd >= limit)
		err = -EMFILE;
	else if (unlikely(c == NULL))
		err = chunk_make(h, fd, &c);
	return err;
}

err_t handle_prepare(struct handles *h, uint64_t limit)
{
	bool locked = table_lock(h);
	const struct chunk *c = chunk_of(h, h->hint);
	err_t err = 0;

	limit = min_t(uint64_t, limit, HANDLES_MAX);
	/* Nearly always there is one in the chunk where the search begins. */
	if (unlikely(c == NULL || ~c->used >> (h->hint % CHUNK) == 0 ||
		     h->hint + CHUNK > limit))
		err = prepare_slow(h, limit);
	table_unlock(h, locked);
	return err;
}

err_t handle_install_at(struct handles *h, struct desc *d, int fd,
			unsigned flags, uint64_t limit)
{
	struct desc *old;
	struct chunk *c;
	bool locked;
	err_t err;

	limit = min_t(uint64_t, limit, HANDLES_MAX);
	if (fd < 0 || (uint64_t)fd >= limit)
		return -EBADF;
	locked = table_lock(h);
	err = chunk_make(h, (unsigned)fd, &c);
	if (err) {
		table_unlock(h, locked);
		return err;
	}
	old = slot_clear(h, (unsigned)fd);
	slot_set(h, c, (unsigned)fd, d, flags);
	table_unlock(h, locked);
	if (old != NULL)
		desc_put(old);
	return 0;
}

/* What is in a slot, without a reference. */
static inline struct desc *slot_peek(struct handles *h, int fd)
{
	struct chunk *c;

	if (unlikely(fd < 0))
		return NULL;
	c = chunk_of(h, (unsigned)fd);
	if (unlikely(c == NULL))
		return NULL;
	/* Pairs with the release in slot_set(). */
	return atomic_load_acquire(&c->slots[(unsigned)fd % CHUNK]);
}

err_t handle_lookup(struct handles *h, int fd, struct desc **out)
{
	struct desc *d;

	for (;;) {
		d = slot_peek(h, fd);
		if (d == NULL)
			return -EBADF;
		/* Refused: the slot has just been cleared or changed. */
		if (!desc_tryget(d))
			continue;
		if (likely(slot_peek(h, fd) == d))
			break;
		desc_put(d);
	}
	*out = d;
	return 0;
}

/* Apart, so that the fast way has nothing on the stack. */
static __noinline struct borrowed borrow_counted(struct handles *h, int fd)
{
	struct borrowed b = { .d = NULL, .counted = false };

	b.counted = handle_lookup(h, fd, &b.d) == 0;
	return b;
}

struct borrowed handle_borrow(struct handles *h, int fd)
{
	if (likely(atomic_load_acquire(&h->users) == 1))
		return (struct borrowed){ slot_peek(h, fd), false };
	return borrow_counted(h, fd);
}

err_t handle_close(struct handles *h, int fd)
{
	struct desc *d;
	bool locked;

	if (fd < 0)
		return -EBADF;
	locked = table_lock(h);
	d = slot_clear(h, (unsigned)fd);
	table_unlock(h, locked);
	if (d == NULL)
		return -EBADF;
	desc_put(d);
	return 0;
}

err_t handle_get_flags(struct handles *h, int fd, unsigned *flags)
{
	struct chunk *c;

	if (slot_peek(h, fd) == NULL)
		return -EBADF;
	c = chunk_of(h, (unsigned)fd);
	*flags = bitmap_test(&c->cloexec, (unsigned)fd % CHUNK) ? HANDLE_CLOEXEC
								: 0;
	return 0;
}

err_t handle_get_rights(struct handles *h, int fd, unsigned *rights)
{
	if (slot_peek(h, fd) == NULL)
		return -EBADF;
	*rights = chunk_of(h, (unsigned)fd)->rights[(unsigned)fd % CHUNK];
	return 0;
}

err_t handle_set_flags(struct handles *h, int fd, unsigned flags)
{
	bool locked = table_lock(h);
	struct chunk *c;
	err_t err = -EBADF;

	if (slot_peek(h, fd) != NULL) {
		c = chunk_of(h, (unsigned)fd);
		if ((flags & HANDLE_CLOEXEC) != 0)
			bitmap_set(&c->cloexec, (unsigned)fd % CHUNK);
		else
			bitmap_clear(&c->cloexec, (unsigned)fd % CHUNK);
		err = 0;
	}
	table_unlock(h, locked);
	return err;
}

/* --- many handles --- */

/* Close those of @mask (bits of chunk @i) that are in use. */
static void close_masked(struct handles *h, unsigned i, uint64_t mask,
			 bool only_cloexec)
{
	struct chunk *c;
	struct desc *d;
	uint64_t bits;
	bool locked;

	for (;;) {
		locked = table_lock(h);
		c = chunk_of(h, i * CHUNK);
		bits = c == NULL ? 0 : c->used & mask;
		if (only_cloexec && bits != 0)
			bits &= c->cloexec;
		d = bits == 0 ? NULL
			      : slot_clear(h, i * CHUNK +
						      (unsigned)__builtin_ctzll(
							      bits));
		table_unlock(h, locked);
		if (d == NULL)
			return;
		desc_put(d);
	}
}

static unsigned table_chunks(struct handles *h)
{
	return atomic_load_acquire(&h->dir)->nchunks;
}

void handles_close_on_exec(struct handles *h)
{
	unsigned i;

	for (i = 0; i < table_chunks(h); i++) {
		close_masked(h, i, ~UINT64_C(0), true);
		if (i % 64 == 63)
			sched_point();
	}
}

/* Bits of chunk @i that lie in [first, last]. */
static uint64_t range_mask(unsigned i, unsigned first, unsigned last)
{
	uint64_t mask = ~UINT64_C(0);

	if (first / CHUNK == i)
		mask &= ~UINT64_C(0) << (first % CHUNK);
	if (last / CHUNK == i)
		mask &= ~UINT64_C(0) >> (CHUNK - 1 - last % CHUNK);
	return mask;
}

void handles_close_range(struct handles *h, unsigned first, unsigned last,
			 bool cloexec)
{
	struct chunk *c;
	unsigned i;
	bool locked;

	for (i = first / CHUNK; i <= last / CHUNK && i < table_chunks(h); i++) {
		if (i % 64 == 63)
			sched_point();
		if (!cloexec) {
			close_masked(h, i, range_mask(i, first, last), false);
			continue;
		}
		locked = table_lock(h);
		c = chunk_of(h, i * CHUNK);
		if (c != NULL)
			c->cloexec |= c->used & range_mask(i, first, last);
		table_unlock(h, locked);
	}
}

int handle_next(struct handles *h, int fd)
{
	unsigned i, at = fd < 0 ? 0 : (unsigned)fd;
	struct chunk *c;
	uint64_t bits;

	for (i = at / CHUNK; i < table_chunks(h); i++) {
		c = chunk_of(h, i * CHUNK);
		if (c == NULL)
			continue;
		bits = atomic_load_relaxed(&c->used);
		if (i == at / CHUNK)
			bits &= ~UINT64_C(0) << (at % CHUNK);
		if (bits != 0)
			return (int)(i * CHUNK) + __builtin_ctzll(bits);
	}
	return -1;
}

unsigned handles_count(struct handles *h)
{
	return atomic_load_relaxed(&h->count);
}
