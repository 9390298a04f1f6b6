/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: the per-core blocks and how to find one.
 *
 * LOCKING: the table is written while a core is being brought up and read
 * without a lock: an entry is published with release and never changes.
 */
#include <arch/arch_init.h>
#include <arch/hooks.h>
#include <arch/impl/cpu_impl.h>
#include <lib/assert.h>
#include <lib/atomic.h>

_Static_assert(offsetof(struct percpu, self) == 0, "asm.h");
_Static_assert(offsetof(struct percpu, thread) == PC_THREAD, "asm.h");
_Static_assert(offsetof(struct percpu, kstack_top) == PC_KSTACK_TOP, "asm.h");
_Static_assert(offsetof(struct percpu, user_rsp) == PC_USER_RSP, "asm.h");
_Static_assert(offsetof(struct percpu, context_word) == PC_CONTEXT, "asm.h");
_Static_assert(offsetof(struct percpu, canary) == PC_CANARY, "asm.h");
_Static_assert(offsetof(struct regs, r11) == REGS_R11, "asm.h");
_Static_assert(offsetof(struct regs, vector) == REGS_VECTOR, "asm.h");
_Static_assert(offsetof(struct regs, rip) == REGS_RIP, "asm.h");
_Static_assert(sizeof(struct regs) == REGS_SIZE, "asm.h");
_Static_assert(REGS_SYSCALL == 256, "entry.S");
_Static_assert(offsetof(struct trap_ops, syscall) == OPS_SYSCALL, "asm.h");
_Static_assert(offsetof(struct trap_ops, user_work) == OPS_USER_WORK, "asm.h");

struct trap_ops trap_ops __ro_after_init;

struct percpu percpu_boot __section(".percpu") __aligned(CACHE_LINE) = {
	.self = &percpu_boot,
	.context_word = 1,
};

static struct percpu *cores[MAX_CORES] = { &percpu_boot };
static unsigned ncores_present = 1;

struct percpu *percpu_of(coreid_t id)
{
	if (id >= MAX_CORES)
		return NULL;
	/* Pairs with the release in percpu_register(). */
	return atomic_load_acquire(&cores[id]);
}

void percpu_register(coreid_t id, struct percpu *pc)
{
	kassert(id < MAX_CORES && cores[id] == NULL);
	pc->self = pc;
	pc->id = id;
	atomic_store_release(&cores[id], pc);
}

unsigned core_count_present(void)
{
	return atomic_load_relaxed(&ncores_present);
}

void percpu_set_present(unsigned n)
{
	atomic_store_relaxed(&ncores_present, n == 0	      ? 1
					      : n > MAX_CORES ? MAX_CORES
							      : n);
}
