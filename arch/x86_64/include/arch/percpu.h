/* SPDX-License-Identifier: MIT */
/*
 * Per-core data, found through the gs segment.  The first fields have fixed
 * offsets that assembly and the compiler (stack canary) rely on.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct aspace;
struct core;
struct kthread;
struct thread;

struct percpu {
	struct percpu *self;   /*  0: IMMUTABLE */
	struct thread *thread; /*  8: PRIVATE(this core) current thread */
	uint64_t kstack_top;   /* 16: PRIVATE(this core) rsp at kernel entry */
	uint64_t user_rsp;     /* 24: PRIVATE(this core) scratch at entry */
	uint64_t context_word; /* 32: ATOMIC; 0 in user mode or idle */
	uint64_t canary;       /* 40: PRIVATE(this core) of the kthread */
	struct kthread *kthread; /* 48: PRIVATE(this core) stack in use */
	struct core *core;	 /* 56: IMMUTABLE; sched/ owns the struct */
	coreid_t id;		 /* 64: IMMUTABLE; dense core number */
	uint32_t irq_depth;	 /* 68: PRIVATE(this core) nested interrupts */
	struct aspace *aspace; /* 72: PRIVATE(this core) whose tables are on */
	uint32_t apic_id;      /* 80: IMMUTABLE */
	uint32_t lock_depth;   /* 84: PRIVATE(this core) spinlocks held */
	struct thread *fpu_owner; /* 88: PRIVATE(this core) live FPU state */
	uint64_t nr_cr3_loads;	  /* 96: PRIVATE(this core) statistics */
	uint64_t nr_tlb_flushes;  /* 104: PRIVATE(this core) statistics */
	uint64_t nr_entries; /* 112: PRIVATE(this core) slow-path entries */
	uint64_t arch[16];   /* 120: PRIVATE(arch/) */
};

#define PERCPU_READ(field) \
	({ \
		__typeof__(((struct percpu *)0)->field) v_; \
		__asm__ volatile( \
			"mov %%gs:%c1, %0" \
			: "=r"(v_) \
			: "i"(__builtin_offsetof(struct percpu, field))); \
		v_; \
	})

/* One instruction, so interrupts of this core cannot tear it. */
#define PERCPU_INC(field) \
	__asm__ volatile("incq %%gs:%c0" \
			 : \
			 : "i"(__builtin_offsetof(struct percpu, field)) \
			 : "memory")

static inline struct percpu *this_percpu(void)
{
	return PERCPU_READ(self);
}

static inline coreid_t core_id(void)
{
	return PERCPU_READ(id);
}

static inline struct thread *current_thread(void)
{
	return PERCPU_READ(thread);
}

static inline bool in_irq(void)
{
	return PERCPU_READ(irq_depth) != 0;
}

/* The block of core @id, or NULL beyond the cores found. */
struct percpu *percpu_of(coreid_t id);
/* Cores that the machine describes (at least 1), up to MAX_CORES. */
unsigned core_count_present(void);
