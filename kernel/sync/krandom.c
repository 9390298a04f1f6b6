/* SPDX-License-Identifier: MIT */
/*
 * Seeded at boot from the processor's generator and the time-stamp counter.
 * With `seed=N` on the command line (reproducible runs) from N alone.
 */
#include <arch/cpu.h>
#include <lib/rng.h>
#include <sync/krandom.h>
#include <sync/spinlock.h>

static struct spinlock lock = SPINLOCK_INIT(RNG);
static struct rng state; /* GUARDED_BY(lock) */

void krandom_init(uint64_t seed, bool deterministic)
{
	uint64_t word = seed;
	unsigned i;

	rng_init(&state);
	rng_seed_mix(&state, &word, sizeof(word));
	if (deterministic)
		return;
	for (i = 0; i < 4; i++) {
		if (!cpu_random(&word))
			word = cpu_tsc();
		rng_seed_mix(&state, &word, sizeof(word));
	}
	word = cpu_tsc();
	rng_seed_mix(&state, &word, sizeof(word));
}

void krandom_bytes(void *out, size_t n)
{
	uint8_t *p = out;
	size_t part;

	while (n > 0) {
		part = n < 256 ? n : 256;
		spin_lock(&lock);
		rng_bytes(&state, p, part);
		spin_unlock(&lock);
		p += part;
		n -= part;
	}
}

uint64_t krandom_u64(void)
{
	uint64_t v;

	krandom_bytes(&v, sizeof(v));
	return v;
}

void krandom_mix(const void *data, size_t n)
{
	spin_lock(&lock);
	rng_seed_mix(&state, data, n);
	spin_unlock(&lock);
}
