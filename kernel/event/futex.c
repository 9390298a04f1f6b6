/* SPDX-License-Identifier: MIT */
/*
 * Futexes.
 *
 * PURPOSE  Sleep while a user word has a value; wake by naming the word.
 * OBJECTS  A table of buckets, each a lock and a list; struct futex_waiter on
 *          the stack of each sleeper, in order of arrival.
 * LOCKING  The bucket's lock (FUTEX) is held while the word is read and the
 *          waiter queued, and while a waker looks: a store before the wake is
 *          seen by the reader, or the waiter by the waker.  The word is read
 *          without taking faults; if its page is absent, the lock is dropped,
 *          the page brought in, and all begins again.  Two buckets are locked
 *          in order of address.
 * LIFETIME A waiter leaves under the lock of the bucket it is in, which
 *          requeue may change; a waker holds that lock while it wakes, so
 *          neither waiter nor thread vanish under it.  Keys are compared and
 *          never followed: an object that goes away and one that comes to
 *          the same address cause a spurious wake at worst.
 */
#include <event/futex.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/hash.h>
#include <mm/aspace.h>
#include <mm/ucopy.h>
#include <sched/waitq.h>

#define BUCKET_BITS 8
#define NBUCKETS    (1u << BUCKET_BITS)

struct futex_key {
	const void *space; /* aspace, or object of a shared mapping */
	uint64_t offset;   /* address, or offset in the object */
};

struct bucket {
	struct spinlock lock; /* rank FUTEX */
	struct list waiters;  /* GUARDED_BY(lock); zeroes: never used */
} __aligned(CACHE_LINE);

struct futex_waiter {
	struct list link;      /* GUARDED_BY(bucket->lock) */
	struct futex_key key;  /* GUARDED_BY(bucket->lock) */
	struct bucket *bucket; /* ATOMIC; changes under both buckets' locks */
	struct thread *thread; /* IMMUTABLE */
	uint32_t bitset;       /* IMMUTABLE */
	bool woken;	       /* GUARDED_BY(bucket->lock) */
};

static struct bucket table[NBUCKETS] = {
	[0 ... NBUCKETS - 1] = { .lock = SPINLOCK_INIT(FUTEX) },
};

static struct bucket *bucket_of(const struct futex_key *key)
{
	uint64_t h = hash_combine((uintptr_t)key->space, key->offset);

	return &table[hash_bucket(hash_u64(h), BUCKET_BITS)];
}

static inline bool key_equal(const struct futex_key *a,
			     const struct futex_key *b)
{
	return a->space == b->space && a->offset == b->offset;
}

static inline struct list *waiters_of(struct bucket *b)
{
	if (unlikely(b->waiters.next == NULL))
		list_init(&b->waiters);
	return &b->waiters;
}

/* The word in a shared mapping, if that is what it is. */
static err_t key_from_region(struct aspace *as, vaddr_t addr,
			     struct futex_key *key)
{
	struct region_info info;

	if (as == NULL || !aspace_next_region(as, addr, &info))
		return -EFAULT;
	if (info.file != NULL)
		map_file_ops.put(info.file);
	if (info.start > addr)
		return -EFAULT;
	if ((info.flags & REG_SHARED) != 0 && info.obj != NULL) {
		key->space = info.obj;
		key->offset = info.offset + (addr - info.start);
	}
	return 0;
}

static err_t key_make(const struct uref *word, bool shared,
		      struct futex_key *key)
{
	struct aspace *as = word->as != NULL ? word->as : current_aspace();

	if ((word->addr & 3) != 0)
		return -EINVAL;
	if (!user_range_ok(word->addr, sizeof(uint32_t)))
		return -EFAULT;
	key->space = as;
	key->offset = word->addr;
	return shared ? key_from_region(as, word->addr, key) : 0;
}

static err_t word_prefault(const struct uref *word, bool write)
{
	return user_prefault(word->addr, sizeof(uint32_t), write) == 0
		       ? 0
		       : -EFAULT;
}

/* Locks the bucket that @w is in now. */
static struct bucket *lock_bucket_of(struct futex_waiter *w)
	NO_TSA /* which lock it is depends on w->bucket */
{
	struct bucket *b;

	for (;;) {
		b = atomic_load_acquire(&w->bucket);
		spin_lock(&b->lock);
		if (likely(b == atomic_load_relaxed(&w->bucket)))
			return b;
		spin_unlock(&b->lock);
	}
}

/* Queued: wait until woken. */
static err_t sleep_queued(struct futex_waiter *w, nsec_t deadline)
	NO_TSA /* which lock it is depends on w->bucket */
{
	struct bucket *b;
	err_t err;

	for (;;) {
		err = thread_wait(deadline);
		b = lock_bucket_of(w);
		if (w->woken) {
			err = 0;
			break;
		}
		if (err) {
			list_del(&w->link);
			break;
		}
		/* Woken for nothing; the next wake comes under the lock. */
		thread_prepare_wait(WAIT_FUTEX);
		spin_unlock(&b->lock);
	}
	spin_unlock(&b->lock);
	return err;
}

err_t futex_wait(struct uref word, uint32_t val, uint32_t bitset,
		 nsec_t deadline, bool shared)
{
	struct futex_waiter w = { .bitset = bitset };
	uint32_t now;
	err_t err;

	if (bitset == 0)
		return -EINVAL;
	w.thread = current_thread();
	for (;;) {
		err = key_make(&word, shared, &w.key);
		if (err)
			return err;
		w.bucket = bucket_of(&w.key);
		spin_lock(&w.bucket->lock);
		err = ucopy_load32_nofault(&word, &now);
		if (likely(!err))
			break;
		spin_unlock(&w.bucket->lock);
		err = word_prefault(&word, false);
		if (err)
			return err;
	}
	if (now != val) {
		spin_unlock(&w.bucket->lock);
		return -EAGAIN;
	}
	thread_prepare_wait(WAIT_FUTEX);
	list_add_tail(waiters_of(w.bucket), &w.link);
	spin_unlock(&w.bucket->lock);

	err = sleep_queued(&w, deadline);
	thread_finish_wait();
	return err;
}

/* Under the bucket's lock.  Returns how many. */
static unsigned wake_matching(struct bucket *b, const struct futex_key *key,
			      unsigned n, uint32_t bitset)
{
	struct list *it, *tmp, *head = waiters_of(b);
	struct futex_waiter *w;
	unsigned woken = 0;

	list_foreach_safe(it, tmp, head) {
		if (woken == n)
			break;
		w = list_entry(it, struct futex_waiter, link);
		if (!key_equal(&w->key, key) || (w->bitset & bitset) == 0)
			continue;
		list_del(&w->link);
		w->woken = true;
		thread_wake(w->thread);
		woken++;
	}
	return woken;
}

err_t futex_wake(struct uref word, unsigned n, uint32_t bitset, bool shared,
		 unsigned *woken)
{
	struct futex_key key;
	struct bucket *b;
	err_t err;

	*woken = 0;
	if (bitset == 0)
		return -EINVAL;
	err = key_make(&word, shared, &key);
	if (err)
		return err;
	b = bucket_of(&key);
	spin_lock(&b->lock);
	*woken = wake_matching(b, &key, n, bitset);
	spin_unlock(&b->lock);
	return 0;
}

static void lock_two(struct bucket *a, struct bucket *b)
	NO_TSA /* one lock or two */
{
	struct bucket *first = a < b ? a : b;

	spin_lock(&first->lock);
	if (a != b)
		spin_lock_second(first == a ? &b->lock : &a->lock);
}

static void unlock_two(struct bucket *a, struct bucket *b)
	NO_TSA /* one lock or two */
{
	if (a != b)
		spin_unlock(&b->lock);
	spin_unlock(&a->lock);
}

/* Under both locks. */
static unsigned move_matching(struct bucket *from, const struct futex_key *key,
			      struct bucket *to,
			      const struct futex_key *new_key, unsigned n)
{
	struct list *it, *tmp, *head = waiters_of(from), *dst = waiters_of(to);
	struct futex_waiter *w;
	unsigned moved = 0;

	if (key_equal(key, new_key))
		return 0;
	list_foreach_safe(it, tmp, head) {
		if (moved == n)
			break;
		w = list_entry(it, struct futex_waiter, link);
		if (!key_equal(&w->key, key))
			continue;
		list_del(&w->link);
		w->key = *new_key;
		list_add_tail(dst, &w->link);
		atomic_store_release(&w->bucket, to);
		moved++;
	}
	return moved;
}

err_t futex_requeue(struct uref from, unsigned nwake, struct uref to,
		    unsigned nmove, const uint32_t *expected, bool shared,
		    unsigned *count) NO_TSA /* lock_two() */
{
	struct futex_key k1, k2;
	struct bucket *b1, *b2;
	uint32_t now;
	err_t err;

	*count = 0;
	for (;;) {
		err = key_make(&from, shared, &k1);
		if (!err)
			err = key_make(&to, shared, &k2);
		if (err)
			return err;
		b1 = bucket_of(&k1);
		b2 = bucket_of(&k2);
		lock_two(b1, b2);
		if (expected == NULL)
			break;
		err = ucopy_load32_nofault(&from, &now);
		if (!err && now == *expected)
			break;
		unlock_two(b1, b2);
		if (!err)
			return -EAGAIN;
		err = word_prefault(&from, false);
		if (err)
			return err;
	}
	*count = wake_matching(b1, &k1, nwake, FUTEX_BITSET_MATCH_ANY);
	*count += move_matching(b1, &k1, b2, &k2, nmove);
	unlock_two(b1, b2);
	return 0;
}

/* Fields of FUTEX_WAKE_OP's argument. */
enum {
	OP_SET,
	OP_ADD,
	OP_OR,
	OP_ANDN,
	OP_XOR
};
enum {
	CMP_EQ,
	CMP_NE,
	CMP_LT,
	CMP_LE,
	CMP_GT,
	CMP_GE
};

static int32_t sign_extend12(uint32_t v)
{
	return (int32_t)((v & 0xfff) ^ 0x800) - 0x800;
}

static err_t op_apply(uint32_t op, uint32_t old, uint32_t *out)
{
	uint32_t arg = (uint32_t)sign_extend12(op >> 12);

	if ((op >> 31) != 0)
		arg = UINT32_C(1) << (arg & 31);
	switch (op >> 28 & 7) {
	case OP_SET:
		*out = arg;
		return 0;
	case OP_ADD:
		*out = old + arg;
		return 0;
	case OP_OR:
		*out = old | arg;
		return 0;
	case OP_ANDN:
		*out = old & ~arg;
		return 0;
	case OP_XOR:
		*out = old ^ arg;
		return 0;
	default:
		return -ENOSYS;
	}
}

static err_t op_compare(uint32_t op, uint32_t old, bool *out)
{
	int32_t a = (int32_t)old, b = sign_extend12(op);

	switch (op >> 24 & 15) {
	case CMP_EQ:
		*out = a == b;
		return 0;
	case CMP_NE:
		*out = a != b;
		return 0;
	case CMP_LT:
		*out = a < b;
		return 0;
	case CMP_LE:
		*out = a <= b;
		return 0;
	case CMP_GT:
		*out = a > b;
		return 0;
	case CMP_GE:
		*out = a >= b;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* Atomically; -EFAULT: prefault and try again. */
static err_t word_update(const struct uref *word, uint32_t op, uint32_t *out)
{
	uint32_t old, seen, new_value;
	err_t err;

	err = ucopy_load32_nofault(word, &old);
	while (!err) {
		err = op_apply(op, old, &new_value);
		if (err)
			break;
		seen = old;
		err = ucopy_cas32_nofault(word, &seen, new_value);
		if (!err && seen == old)
			break;
		old = seen;
	}
	*out = err ? 0 : old;
	return err;
}

err_t futex_wake_op(struct uref word, unsigned n, struct uref other,
		    unsigned n_other, uint32_t op, bool shared, unsigned *woken)
	NO_TSA /* lock_two() */
{
	struct futex_key k1, k2;
	struct bucket *b1, *b2;
	uint32_t old = 0;
	bool match;
	err_t err;

	*woken = 0;
	err = op_apply(op, 0, &old);
	if (!err)
		err = op_compare(op, 0, &match);
	if (err)
		return err;
	for (;;) {
		err = key_make(&word, shared, &k1);
		if (!err)
			err = key_make(&other, shared, &k2);
		if (err)
			return err;
		b1 = bucket_of(&k1);
		b2 = bucket_of(&k2);
		lock_two(b1, b2);
		err = word_update(&other, op, &old);
		if (!err)
			break;
		unlock_two(b1, b2);
		if (err != -EFAULT)
			return err;
		err = word_prefault(&other, true);
		if (err)
			return err;
	}
	*woken = wake_matching(b1, &k1, n, FUTEX_BITSET_MATCH_ANY);
	err = op_compare(op, old, &match);
	if (!err && match)
		*woken +=
			wake_matching(b2, &k2, n_other, FUTEX_BITSET_MATCH_ANY);
	unlock_two(b1, b2);
	return err;
}
