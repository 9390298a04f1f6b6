/* SPDX-License-Identifier: MIT */
/* User registers: a fresh set, and a harmless one. */
#include <arch/impl/x86.h>
#include <arch/regs.h>
#include <lib/string.h>

void regs_init_user(struct regs *r, vaddr_t entry, vaddr_t sp)
{
	memset(r, 0, sizeof(*r));
	r->rip = entry;
	r->rsp = sp;
	r->cs = SEL_USER_CS;
	r->ss = SEL_USER_DS;
	r->rflags = RFLAGS_FIXED | RFLAGS_IF;
}

void regs_sanitize_user(struct regs *r)
{
	r->cs = SEL_USER_CS;
	r->ss = SEL_USER_DS;
	r->rflags = (r->rflags & (RFLAGS_USER | RFLAGS_ID)) | RFLAGS_FIXED |
		    RFLAGS_IF;
	/* No system call any more: neither restarted nor left by SYSRET. */
	regs_touch(r);
}
